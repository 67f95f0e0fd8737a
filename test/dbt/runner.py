"""dbt, started once: reads the arguments of a command as JSON, one a line, and answers each with a line of JSON.

Runs in a virtual environment of dbt (test/dbt/requirements.txt); starting dbt takes seconds, a command far less.
"""

import json
import os
import sys

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)          # dbt writes its log to standard output

from dbt.cli.main import dbtRunner                    # noqa: E402


def node_of(result):
    node = result.node
    return {"name": node.name, "type": str(node.resource_type), "status": str(getattr(result.status, "value", result.status)),
            "message": result.message or "", "failures": getattr(result, "failures", None)}


def run(arguments):
    log = []
    printed = []
    warnings = []

    def note(event):
        if event.info.name == "PrintEvent":
            printed.append(event.info.msg)
        elif event.info.level != "debug":
            log.append(event.info.msg)
            if event.info.level == "warn":
                warnings.append(event.info.msg)

    outcome = dbtRunner(callbacks=[note]).invoke(arguments)
    results = getattr(outcome.result, "results", None) or []
    nodes = [node_of(result) for result in results if hasattr(result, "node")]
    return {"success": outcome.success, "warnings": warnings, "nodes": nodes, "log": "\n".join(log), "printed": "".join(line + "\n" for line in printed),
            "error": str(outcome.exception) if outcome.exception else ""}


for line in sys.stdin:
    answers.write(json.dumps(run(json.loads(line))) + "\n")
