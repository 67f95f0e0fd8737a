"""A headless Chromium, driven through its DevTools protocol: https://chromedevtools.github.io/devtools-protocol/"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_program():
    """The browser's program; None if there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One page of one browser.  Use as a context manager."""

    def __init__(self, program):
        import websocket                # a package of test/requirements.txt
        self.folder = tempfile.mkdtemp(prefix="normfreeze-browser-")
        # a sandbox of its own is what Chromium refuses to run without as root
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--force-color-profile=srgb", "--remote-debugging-port=0",
             f"--user-data-dir={self.folder}/profile", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            env={**os.environ, "HOME": self.folder, "LC_ALL": "C.UTF-8"})
        port = self._port()
        targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page")
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.calls = 0
        self.events = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def _port(self):
        """Chromium writes the port that it has chosen into its profile."""
        file = pathlib.Path(self.folder) / "profile/DevToolsActivePort"
        for _ in range(600):
            if file.exists() and "\n" in file.read_text():
                return int(file.read_text().splitlines()[0])
            time.sleep(0.1)
        raise AssertionError("the browser did not start within a minute")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    # ---- protocol ----

    def _receive(self):
        message = json.loads(self.socket.recv())
        if "method" in message:
            self.events.append((message["method"], message["params"]))
        return message

    def call(self, method, **parameters):
        self.calls += 1
        self.socket.send(json.dumps({"id": self.calls, "method": method, "params": parameters}))
        while True:
            message = self._receive()
            if message.get("id") == self.calls:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return message["result"]

    def events_of(self, *methods):
        return [parameters for method, parameters in self.events if method in methods]

    # ---- pages ----

    def open(self, path):
        """Load a file; the events of earlier pages are forgotten."""
        self.events.clear()
        self.call("Page.navigate", url=pathlib.Path(path).as_uri())
        while not self.events_of("Page.loadEventFired"):
            self._receive()

    def run(self, script):
        """The value of an expression of JavaScript, awaited if it is a promise."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{result['exceptionDetails']}\nin {script[:500]}")
        return result["result"].get("value")

    def set_width(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def set_media(self, scheme="light", media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, x, y, width, height, scale=1):
        """A part of the page, as the base64 of a PNG."""
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": scale}
        return self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def complaints(self):
        """What the page wrote to the console, or should not have asked."""
        said = [e["args"] for e in self.events_of("Runtime.consoleAPICalled")]
        said += [e["exceptionDetails"] for e in self.events_of("Runtime.exceptionThrown")]
        said += [e["entry"]["text"] for e in self.events_of("Log.entryAdded")]
        said += [e["message"] for e in self.events_of("Page.javascriptDialogOpening")]
        return said

    def requests(self):
        return [e["request"]["url"] for e in self.events_of("Network.requestWillBeSent")]
