"""examples/services: every service and reader gives the database's bits, and starts with nothing that does not.

The blocks of its README are run as they stand.  Readers are tried with every formula and policy that they know, on values
of all kinds, and with scalers that they must refuse by name.  What a machine has no tools for is skipped, by its name; the
packages of the services in Java are fetched, which takes minutes, with NORMFREEZE_TEST_ALL=1.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import onnx

from common import Server, check, check_equal, check_in, run_scenario, run_tests
from dbt import FLOAT4, INLINE, VALUES, fitted
from report import say_skipped
from server import ROOT

ALL = bool(os.environ.get("NORMFREEZE_TEST_ALL"))
SERVICES = ROOT / "examples" / "services"
GO_ENVIRONMENT = {"GOCACHE": str(ROOT / "build/go-cache"), "GOTOOLCHAIN": "local", "GOPROXY": "off"}

# What a scaler makes of a row with the same value in both columns: bits, or that it is refused.
OUTCOME = """
CREATE FUNCTION outcome(s normfreeze.scaler, v float8) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT string_agg(CASE WHEN y = 'NaN' OR y IS NULL THEN 'nan' ELSE encode(float8send(y), 'hex') END, ' ' ORDER BY i)
            FROM unnest(normfreeze.normalize(ARRAY[v, v], s)) WITH ORDINALITY AS u (y, i));
EXCEPTION WHEN data_exception THEN RETURN 'refused';
END $$"""

# Programs that read [{"scaler": text, "rows": [[bits, ...], ...]}, ...], and write what the readers make of it, a line a scaler.
GO = """package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"example.com/service/normfreeze"
)

func main() {
	var cases []struct {
		Scaler string
		Rows   [][]string
	}
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&cases); err != nil {
		panic(err)
	}
	for _, c := range cases {
		scaler, err := normfreeze.Load([]byte(c.Scaler))
		if err != nil {
			fmt.Println("error: " + strings.ReplaceAll(err.Error(), "\\n", " "))
			continue
		}
		var results []string
		for _, row := range c.Rows {
			values := make([]normfreeze.Number, len(row))
			for i, text := range row {
				bits, _ := strconv.ParseUint(text, 16, 64)
				values[i] = normfreeze.Number(math.Float64frombits(bits))
			}
			outputs, err := scaler.Normalize(values)
			if err != nil {
				results = append(results, "refused")
				continue
			}
			var words []string
			for _, y := range outputs {
				word := fmt.Sprintf("%016x", math.Float64bits(float64(y)))
				if y != y {
					word = "nan"
				}
				words = append(words, word)
			}
			results = append(results, strings.Join(words, " "))
		}
		fmt.Println(strings.Join(results, ";"))
	}
}
"""

NODE = """
import { readFileSync } from "node:fs";
import { Scaler } from "./normfreeze.mjs";
const view = new DataView(new ArrayBuffer(8));
const number = (bits) => (view.setBigUint64(0, BigInt("0x" + bits)), view.getFloat64(0));
const bits = (y) => (Number.isNaN(y) ? "nan" : (view.setFloat64(0, y), view.getBigUint64(0).toString(16).padStart(16, "0")));
for (const { scaler, rows } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    const made = new Scaler(scaler);
    console.log(rows.map((row) => { try { return made.values(row.map(number)).map(bits).join(" "); } catch { return "refused"; } }).join(";"));
  } catch (error) {
    console.log("error: " + error.message.replaceAll("\\n", " "));
  }
}
"""

# A build that may fuse operations, if one may: what a reader without conversions gives there.
FUSED = """package main

import "fmt"

//go:noinline
func scaled(x, a, b float64) float64 { return x*a + b }

func main() { fmt.Println(scaled(0.1, 10, -1) == 0) }
"""


def bits(value):
    return struct.pack(">d", value).hex()


# ---- readers ----

def edited(text, change):
    scaler = json.loads(text)
    change(scaler)
    return json.dumps(scaler)


def refusals(text):
    """What is not read, and what the error has to name."""
    feature = lambda key, value: lambda s: s["features"][0].update({key: value})                    # noqa: E731
    yield edited(text, lambda s: s.update({"format": 2})), "format"
    yield edited(text, lambda s: s.update({"members": []})), "members"
    yield edited(text, lambda s: s.pop("probes")), "probes"
    yield edited(text, lambda s: s.pop("scaler_id")), "id"
    yield edited(text, feature("dtype", "float32")), "dtype"
    yield edited(text, feature("before", [{"formula": "multiply", "parameters": {"factor": 1}, "options": {}, "rounds": True}])), "rounds"
    yield edited(text, feature("before", [{"formula": "log1p", "parameters": {}, "options": {}}])), "log1p"
    yield edited(text, feature("formula", "yeo_johnson")), "yeo_johnson"
    yield edited(text, feature("formula", "toString")), "toString"
    yield edited(text, feature("parameters", {"center": 1})), "scale"
    yield edited(text, feature("missing", "guess")), "guess"
    yield edited(text, feature("outside", "wrap")), "wrap"
    # ends that a reader might take for none
    for clip in ([1], [], [1, 2, 3], [2, 1], ["NaN", 1]):
        yield edited(text, feature("clip", clip)), "clip is "
    yield edited(text, lambda s: s["features"][0].update({"outside": "clip", "range": [1]})), "range is "
    yield edited(text, lambda s: s["features"][0].update({"formula": "sqrt", "domain": "clip"})), "domain_range"
    yield edited(text, lambda s: s["features"][0].update({"formula": "sqrt", "domain": "clip", "domain_range": [1]})), "domain_range"
    yield edited(text, lambda s: s["features"][0]["parameters"].update({"center": s["features"][0]["parameters"]["center"] + 1})), "probe 1"
    yield edited(text, lambda s: s["probes"]["outputs"][4].__setitem__(0, 0.125)), "probe 5"
    yield text[:-30], ""


def cases_of(server, database):
    """Scalers of every formula and policy that the readers know, rows, and what the database makes of these."""
    server.query(OUTCOME, database)
    server.query("CREATE TABLE values AS SELECT row_number() OVER () AS id, v FROM (SELECT unnest('%s'::float8[]) AS v UNION ALL "
                 "SELECT (i * 7919 %% 10007 - 5000) / 700::float8 FROM generate_series(1, 200) AS i) AS u" % VALUES, database)
    values = [float("nan") if v == "" else float(v) for v in server.query("SELECT v FROM values ORDER BY id", database).split("\n")]
    rows = [[bits(v), bits(v)] for v in values]
    cases = []
    for name, sql in INLINE.items():
        if name in FLOAT4:          # which they refuse by name
            continue
        text, outcomes = server.query(f"SELECT normfreeze.bare(s)::text || chr(1) || (SELECT string_agg(outcome(s, v), ';' ORDER BY id) FROM values) "
                                      f"FROM (SELECT {sql} AS s OFFSET 0) AS f", database).split(chr(1))
        cases.append((name, text, rows, outcomes))
    return cases


def check_reader(name, program, environment, cases):
    given = [{"scaler": text, "rows": rows} for _, text, rows, _ in cases]
    refused = list(refusals(cases[0][1]))
    given += [{"scaler": text, "rows": []} for text, _ in refused]
    result = subprocess.run(program, input=json.dumps(given), capture_output=True, text=True, env=environment)
    lines = result.stdout.splitlines()
    if not check_equal(len(lines), len(given), f"{name}: a line for each scaler {result.stderr[-2000:]}"):
        return
    for (case, _, rows, expected), got in zip(cases, lines):
        check_equal(got, expected, f"{name}: {case}, {len(rows)} rows, bit for bit")
    for (_, part), got in zip(refused, lines[len(cases):]):
        check(got.startswith("error: ") and part in got, f"{name} refuses by name: {part}", got)


def check_program(name, program, environment, folder, text):
    """The program beside a reader: rows from standard input, and errors of one line."""
    (folder / "one.json").write_text(text)
    (folder / "set.json").write_text(json.dumps({"format": 2, "members": []}))

    def run_with(file, row):
        return subprocess.run([*program, folder / file], input=row, capture_output=True, text=True, env=environment)

    result = run_with("one.json", '{"b": null, "a": true, "plan": "pro", "tags": [1]}')
    check_equal((result.stderr, result.stdout.count('"values"')), ("", 1), f"{name}: further members of a row, whatever they are")
    for file, row, part in (("one.json", '{"a": 1}', '"b"'), ("one.json", '{"a": "1", "b": 1}', '"a"'), ("one.json", '{"a": 1e400, "b": 1}', '"a"'), ("one.json", "[1, 2]", ""),
                            ("one.json", "null", ""), ("one.json", '{"a": NaN, "b": 1}', ""), ("set.json", "{}", "format 2"), ("none.json", "{}", "none.json")):
        result = run_with(file, row)
        lines = result.stderr.splitlines()
        check(result.returncode == 1 and result.stdout == "" and len(lines) == 1 and part in lines[0], f"{name} says what is wrong with {row} by {file}", result)


def go_reader(folder, cases):
    shutil.copytree(SERVICES / "go", folder / "go")
    (folder / "go/try").mkdir()
    (folder / "go/try/main.go").write_text(GO)
    (folder / "go/fused").mkdir()
    (folder / "go/fused/main.go").write_text(FUSED)
    environment = {**os.environ, **GO_ENVIRONMENT}
    unlaid = subprocess.run(["gofmt", "-l", "."], cwd=folder / "go", capture_output=True, text=True).stdout if shutil.which("gofmt") else ""
    check_equal(unlaid, "", "Go sources are laid out by gofmt")
    # the standard library is compiled for each level, which takes 20 seconds the first time
    fuses = ALL and "fma" in pathlib.Path("/proc/cpuinfo").read_text()
    for level in ["v1"] + ["v3"] * fuses:
        built = subprocess.run(["go", "build", "-o", folder, ".", "./try", "./fused"], cwd=folder / "go", env={**environment, "GOAMD64": level}, capture_output=True, text=True)
        if check_equal((built.returncode, built.stderr), (0, ""), f"Go builds with GOAMD64={level}"):
            check_reader(f"Go ({level})", [folder / "try"], environment, cases)
            check_program("Go", [folder / "service"], environment, folder, cases[0][1])
        if level == "v3":
            check_equal(subprocess.run([folder / "fused"], capture_output=True, text=True).stdout, "false\n", "Go fuses what has no conversions")


def node_reader(folder, cases):
    shutil.copytree(SERVICES / "node", folder / "node")
    (folder / "node/try.mjs").write_text(NODE)
    check_reader("Node", ["node", folder / "node/try.mjs"], None, cases)
    check_program("Node", ["node", folder / "node/score.mjs"], None, folder, cases[0][1])


# ---- services ----

@contextlib.contextmanager
def service(folder, command, environment, announces):
    """The port of a service that is started in a folder, with what it says until it listens; None as the port if it ends instead."""
    process = subprocess.Popen(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = ""
    port = None
    for line in process.stdout:
        said += line
        found = re.search(announces, line)
        if found:
            port = int(found[1])
            break
    try:
        yield port, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ask(port, body, path="/normalize"):
    """The answer's status and content."""
    data = None if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def bits_of(values, sign_of_zero):
    """Bits of an answer's values; what is missing is nan."""
    return " ".join("nan" if v is None else bits(float(v) if sign_of_zero else float(v) + 0.0) for v in values)


def check_service(name, port, scaler_id, rows, outcomes, sign_of_zero=True):
    """One row and batches: the bits of the database, and the id."""
    names = ["a", "b"]
    batch = [dict(zip(names, (None if v != v else v for v in row))) for row in rows]
    expected = outcomes if sign_of_zero else [row.replace("8000000000000000", "0000000000000000") for row in outcomes]
    status, answer = ask(port, batch)
    check_equal((status, answer.get("scaler_id")), (200, scaler_id), f"{name}: a batch, and by which scaler")
    got = [bits_of(row.values(), sign_of_zero) for row in answer.get("values", [])]
    check_equal(got, expected, f"{name}: {len(rows)} rows, bit for bit")
    check_equal([list(row) for row in answer.get("values", [])], [names] * len(rows), f"{name}: results by feature")
    for i in range(0, len(rows), 97):
        status, answer = ask(port, {**batch[i], "further": 1})
        check_equal((status, answer["scaler_id"], bits_of(answer["values"].values(), sign_of_zero)), (200, scaler_id, expected[i]), f"{name}: a row by itself")
    check_equal(ask(port, [])[1].get("values"), [], f"{name}: no rows")
    for what, body, part in (("a feature is lost", {"a": 1}, '"b"'), ("text", {"a": "1", "b": 2}, '"a" is'), ("no object", [1], ""), ("a number", 7, ""), ("null", "null", ""),
                             ("a word", {"a": "NaN", "b": 2}, '"a" is'), ("an array", {"a": 1, "b": [2]}, '"b" is'), ("beyond double", '{"a": 1, "b": 1e400}', '"b" is'),
                             ("no JSON", '{"a": NaN, "b": 1}', ""), ("more than JSON", '{"a": 1, "b": 1} x', "")):
        status, answer = ask(port, body)
        check(status == 422 and part in str(answer.get("error", answer)), f"{name} refuses: {what}", (status, answer))


def python_service(folder, artifact, wrong, of_keys, scaler_id, rows, outcomes):
    def environment(scaler):
        return dict(os.environ, SCALER=str(scaler), PYTHONPATH=str(ROOT / "python"), PYTHONDONTWRITEBYTECODE="1")

    command = [sys.executable, "-m", "uvicorn", "--app-dir", SERVICES / "fastapi", "app:app", "--port", "0"]
    with service(folder, command, environment(artifact), r"running on http://127.0.0.1:(\d+)") as (port, said):
        if check(port, "FastAPI starts", said):
            check_service("FastAPI", port, scaler_id, rows, outcomes)
            check_equal(ask(port, None, "/health"), (200, {"scaler_id": scaler_id, "fingerprint": json.loads(artifact.read_text())["fingerprint"], "features": ["a", "b"]}),
                        "FastAPI: health")
            check_equal(ask(port, {"a": 1})[1]["sqlstate"], "42703", "FastAPI: the database's SQLSTATE")
    with service(folder, command, environment(wrong), r"running on http://127.0.0.1:(\d+)") as (port, said):
        check(port is None and "fingerprint does not match its content" in said, "FastAPI does not start with an edited file", said[-2000:])
    with service(folder, command, environment(of_keys), r"running on http://127.0.0.1:(\d+)") as (port, said):
        check(port is None and "is a set by key" in said, "FastAPI does not start with a set", said[-2000:])


def java_jars():
    """The folder of the packages of the services in Java; None if they are not there, and not to be fetched now."""
    folder = ROOT / "build/services/jars"
    stamp = folder / "pom.xml"
    pom = SERVICES / "java/pom.xml"
    if stamp.exists() and stamp.read_text() == pom.read_text():
        return folder
    cached = pathlib.Path.home() / ".m2/repository/com/microsoft/onnxruntime/onnxruntime"
    if not ALL and not cached.exists():
        return None
    shutil.rmtree(folder, ignore_errors=True)
    fetched = subprocess.run(["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"], capture_output=True, text=True)
    if check_equal(fetched.returncode, 0, f"Maven fetches the packages {fetched.stdout[-2000:]}"):
        shutil.copy(pom, stamp)
    return folder


def java_services(folder, models, unread, scaler_id, rows, outcomes):
    missing = [tool for tool in ("java", "javac", "mvn") if shutil.which(tool) is None]
    jars = None if missing else java_jars()
    if jars is None:
        say_skipped(f"services in Java: {' and '.join(missing) + ' are not there' if missing else 'their packages are not here; NORMFREEZE_TEST_ALL=1 fetches them'}")
        return
    built = subprocess.run(["javac", "-Xlint:all", "-Werror", "-d", folder / "classes", "-cp", f"{jars}/*", *sorted((SERVICES / "java").glob("*.java"))],
                           capture_output=True, text=True)
    if not check_equal((built.returncode, built.stderr), (0, ""), "Java compiles"):
        return
    command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{folder / 'classes'}:{jars}/*", "Service"]
    for name, model in models.items():
        with service(folder, [*command, model, "0"], None, r"listens on port (\d+)") as (port, said):
            if check(port, f"{name} starts", said):
                check_service(name, port, scaler_id, rows, outcomes, sign_of_zero=name != "JPMML")
    for model, part in unread.items():
        with service(folder, [*command, model, "0"], None, r"listens on port (\d+)") as (port, said):
            check(port is None and part in said, f"Java does not start with {model.name}", said[-2000:])


# ---- the README ----

def the_readme(server, folder):
    """Its blocks in one shell, in a copy of its folder; what they print is the block that follows, or with --accept becomes it."""
    if shutil.which("curl") is None:
        say_skipped("the README of the services: curl is not there")
        return
    work = folder / "readme"
    shutil.copytree(SERVICES, work)
    page = (SERVICES / "README.md").read_text()
    blocks = re.findall(r"^```(sql|sh)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", page, re.MULTILINE | re.DOTALL)
    tools = {"mvn": ALL, "java": ALL, "8001": ALL, "go run": shutil.which("go"), "node node": shutil.which("node")}
    script = ""
    for number, (language, code, _) in enumerate(blocks):
        if all(there for tool, there in tools.items() if tool in code):
            script += f"cd {work}\necho ==== {number}\n" + (f"psql -X -q -v ON_ERROR_STOP=1 <<'END'\n{code}END\n" if language == "sql" else code)
    for port in ("8000", "8001", "8002"):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            script = script.replace(port, str(unused.getsockname()[1]))
    path = f"{pathlib.Path(sys.executable).parent}:{server.installation.bindir}:{os.environ['PATH']}"
    environment = {**server.environment(server.new_database("readme")), **GO_ENVIRONMENT, "PATH": path, "PYTHONPATH": str(ROOT / "python"),
                   "PYTHONDONTWRITEBYTECODE": "1", "HOME": os.environ.get("HOME", str(folder))}
    with open(work / "output", "w+") as output:
        process = subprocess.Popen(["bash", "-e", "-c", script], stdout=output, stderr=output, env=environment, start_new_session=True)
        try:
            process.wait(300)
        finally:
            os.killpg(process.pid, signal.SIGKILL)          # the services, too
        output.seek(0)
        parts = re.split(r"^==== (\d+)\n", re.sub(r"\x1b\[\d*m", "", output.read()), flags=re.MULTILINE)
    check_equal(process.returncode, 0, f"the README runs {parts[-1][-2000:]}")
    for number, printed in zip(map(int, parts[1::2]), parts[2::2]):
        expected = blocks[number][2]
        if not check_equal(printed, expected, f"the README: {blocks[number][1].splitlines()[0][:60]}") and "--accept" in sys.argv:
            page = page.replace(f"{blocks[number][1]}```\n```text\n{expected}```", f"{blocks[number][1]}```\n```text\n{printed}```")
            (SERVICES / "README.md").write_text(page)


def scenario(installation):
    with Server(installation, "services") as server, tempfile.TemporaryDirectory(prefix="normfreeze-services-") as made:
        folder = pathlib.Path(made)
        database = server.new_database("services")
        server.query("CREATE EXTENSION normfreeze", database)
        cases = cases_of(server, database)

        def readers_in_go():
            if shutil.which("go") is None:
                say_skipped("the reader in Go: go is not there")
            else:
                go_reader(folder, cases)

        def readers_in_node():
            if shutil.which("node") is None:
                say_skipped("the reader in Node: node is not there")
            else:
                node_reader(folder, cases)

        # everything that all of them can: policies, a value that overflows, both zeros
        scaler = fitted("standard", '{"missing": "median", "features": {"b": {"method": "minmax", "clip": true, "missing": "keep", "outside": "null"}}}')
        text = server.query(f"SELECT normfreeze.bare({scaler})::text", database)
        rows = [[struct.unpack(">d", bytes.fromhex(v))[0] for v in row] for row in cases[0][2]]
        finite = [row for row in rows if row[0] not in (float("inf"), float("-inf"))]             # JSON has no others
        outcomes = dict(zip(map(str, rows), server.query(f"SELECT string_agg(outcome({scaler}, v), ';' ORDER BY id) FROM values", database).split(";")))
        outcomes = [outcomes[str(row)] for row in finite]
        scaler_id = json.loads(text)["scaler_id"]

        def file(name, content):
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            return folder / name

        def services():
            changed = edited(text, lambda s: s["features"][0]["parameters"].update({"center": 5.5}))
            of_keys = server.query(f"SELECT normfreeze.by_key('k', {scaler})::text", database)
            python_service(folder, file("s.json", text), file("wrong.json", changed), file("set.json", of_keys), scaler_id, finite, outcomes)
            pmml = server.query(f"SELECT normfreeze.to_pmml({scaler}, true)", database)
            models = {"ONNX Runtime": file("s.onnx", bytes.fromhex(server.query(f"SELECT encode(normfreeze.to_onnx({scaler}), 'hex')", database))),
                      "JPMML": file("s.pmml", pmml)}
            wrong = file("wrong.pmml", pmml.replace('<Constant dataType="double">5</Constant>', '<Constant dataType="double">5.0000001</Constant>'))
            check(wrong.read_text() != pmml, "a constant was edited")
            foreign = onnx.load(models["ONNX Runtime"])
            del foreign.metadata_props[:]
            unread = {wrong: "do not match", file("unverified.pmml", server.query(f"SELECT normfreeze.to_pmml({scaler})", database)): "to_pmml(scaler, true)",
                      file("foreign.pmml", pmml.replace("normfreeze.scaler_id", "scaler_id")): "no document of to_pmml()",
                      file("foreign.onnx", foreign.SerializeToString()): "no model of to_onnx()"}
            java_services(folder, models, unread, scaler_id, finite, outcomes)

        def readme():
            the_readme(server, folder)

        run_tests([readers_in_go, readers_in_node, services, readme])


if __name__ == "__main__":
    os.umask(0o022)
    run_scenario(scenario)
