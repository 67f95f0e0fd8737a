"""The command line."""

from __future__ import annotations

import argparse
import json
import sys

from .apply.scaler import Scaler
from .apply.scaler_set import ScalerSet
from .base.text import Error
from .exchange.dbt_seed import _print_seed
from .exchange.parameter_files import read_parameters
from .exchange.parameters import from_parameters
from .version import __version__


def _main(arguments: list[str] | None = None) -> int:
    """python -m normfreeze verify FILE..., seed FILE..., or parameters FILE"""
    parser = argparse.ArgumentParser(prog="python -m normfreeze", description="Frozen scalers of normfreeze.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="is the JSON of a scaler what was frozen, and does it compute the same here?")
    verify.add_argument("file", nargs="+", help="a file, or - for standard input")
    seed = commands.add_parser("seed", help="the CSV of a dbt seed, with the artifact and the evidence of drift of each scaler")
    seed.add_argument("file", nargs="+", help="the JSON of a scaler with its training profile, as fit() makes it; its name is that of the file")
    seed.add_argument("--label", type=int, default=1, metavar="N", help="the version in the seed")
    parameters = commands.add_parser("parameters", help="the JSON of the scaler that a file of parameters describes: JSON, CSV, npy, npz, C")
    parameters.add_argument("file", nargs=1, help="a file, whose name says what it is")
    parameters.add_argument("--options", default="{}", metavar="JSON", help="the options of from_parameters(), such as '{\"eps\": 1e-8}'")
    parameters.add_argument("--as-read", action="store_true", help="what was read, for from_parameters() of the database, not the scaler")
    failed = 0
    parsed = parser.parse_args(arguments)
    if parsed.command == "seed":
        try:
            _print_seed(parsed.file, parsed.label)
        except (Error, OSError) as error:
            print(error, file=sys.stderr)
            failed = 1
        return failed
    if parsed.command == "parameters":
        try:
            said = read_parameters(parsed.file[0])
            print(json.dumps(said) if parsed.as_read else from_parameters(said, json.loads(parsed.options)).to_json())
        except (Error, OSError, json.JSONDecodeError) as error:
            print(f"{parsed.file[0]}: {error}", file=sys.stderr)
            failed = 1
        return failed
    for name in parsed.file:
        try:
            text = sys.stdin.buffer.read() if name == "-" else open(name, "rb").read()
            found = Scaler.from_json(text)
        except (Error, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = 1
            continue
        what = f"set of {len(found)} keys" if isinstance(found, ScalerSet) else \
            f"{len(found._probes[0]) if found._probes else 'no'} probes agree"
        print(f"{name}: scaler {found.scaler_id} {found.fingerprint}: {what}")
    return failed
