"""One connection that sends statements which may go wrong, and notices what must not come of them."""

import collections
import pathlib
import re
import time

import psycopg
from psycopg import pq

# what a statement may never end in: an internal error, memory that ran out, a statement that does not end
NEVER = ("XX000", "53200", "57014", "57P01", "57P02", "57P03")
STATEMENT_TIMEOUT = 20      # seconds

Outcome = collections.namedtuple("Outcome", "state message detail rows")


class Attacker:
    """Statements run in a transaction each, which is rolled back."""

    def __init__(self, server, logs, database="postgres"):
        self.server = server
        self.logs = pathlib.Path(logs)      # where sanitizers write
        self.database = database
        self.statements = 0
        self.outcomes = collections.Counter()
        self.findings = []
        self.seen = set()                   # one finding of a kind is enough
        self.connection = None
        self.settings = ""

    def connect(self):
        end = time.monotonic() + 120
        while True:
            try:
                self.connection = psycopg.connect(self.server.conninfo(self.database), autocommit=True)
                break
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)
        self.connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}s'; SET client_min_messages = error;" + self.settings)

    def set(self, settings):
        """Settings of the session, also of the next ones."""
        self.settings = settings
        if self.connection:
            self.connection.execute(settings)

    def send(self, sql, parameters=(), types=(), formats=()):
        """Run one statement and roll back; with parameters by the extended protocol."""
        if self.connection is None:
            self.connect()
        self.statements += 1
        raw = self.connection.pgconn
        raw.exec_(b"BEGIN")
        if parameters or types:
            result = raw.exec_params(sql.encode(), parameters, param_types=types or None, param_formats=formats or None)
        else:
            result = raw.exec_(sql.encode("utf-8", "surrogatepass"))
        outcome = self._outcome(result)
        if raw.status != pq.ConnStatus.OK:
            self._lost(sql, parameters)
            return Outcome("lost", outcome.message, "", [])
        raw.exec_(b"ROLLBACK")
        self.outcomes[outcome.state] += 1
        if outcome.state in NEVER:
            self.find(f"{outcome.state} {outcome.message}", sql, parameters)
        self._read_logs(sql, parameters)
        return outcome

    def _outcome(self, result):
        if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            rows = [tuple(None if (value := result.get_value(i, k)) is None else value.decode("utf-8", "replace")
                          for k in range(result.nfields)) for i in range(result.ntuples)]
            return Outcome("ok", "", "", rows)

        def field(name):
            return (result.error_field(name) or b"").decode("utf-8", "replace")

        return Outcome(field(pq.DiagnosticField.SQLSTATE) or "lost", field(pq.DiagnosticField.MESSAGE_PRIMARY),
                       field(pq.DiagnosticField.MESSAGE_DETAIL), [])

    def find(self, what, sql, parameters=()):
        """Note something that must not be; once for what differs in numbers and quotations only."""
        kind = re.sub(r'"[^"]*"|0x[0-9a-f]+|\d+', "#", what.split("\n")[0])[:300]
        if kind in self.seen:
            return
        self.seen.add(kind)
        self.findings.append((what, sql, parameters))
        print(f"FOUND: {what}\n  by: {sql[:4000]}"
              + "".join(f"\n  ${i + 1}: {value!r}"[:8000] for i, value in enumerate(parameters)), flush=True)

    def _lost(self, sql, parameters):
        self.connection.close()
        self.connection = None
        time.sleep(1)               # until the log is written
        if not self._read_logs(sql, parameters):
            log = (self.server.folder / "log").read_text(errors="replace")
            trap = re.findall(r"TRAP: .*|was terminated by signal.*", log)
            self.find(f"the connection was lost: {trap[-1] if trap else log[-500:]}", sql, parameters)

    def _read_logs(self, sql, parameters):
        """Whether a sanitizer has complained, which is a finding."""
        complained = False
        for path in self.logs.iterdir():
            text = path.read_text(errors="replace")
            path.unlink()
            if not text.strip():
                continue
            complained = True
            first = re.search(r"(ERROR: AddressSanitizer: .*|.*runtime error: .*)", text)
            frames = re.findall(r"#\d+ 0x[0-9a-f]+ in (\S+)", text)[:4]
            where = first.group(1) if first else text[:200]
            self.find(f"{where} in {' < '.join(frames)}\n{text[:3000]}", sql, parameters)
        return complained


def quoted(text):
    """A text as a literal of SQL."""
    if "\\" in text:
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + text.replace("'", "''") + "'"


def of_bytes(data):
    return "'\\x" + data.hex() + "'::bytea"
