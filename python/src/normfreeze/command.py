"""The command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from .apply.scaler import Scaler
from .apply.scaler_set import ScalerSet
from .base.strict_json import _read_float, _without_duplicates
from .base.text import Error
from .exchange.dbt_seed import _SEED_HEADING, _seed_row
from .exchange.parameter_files import read_parameters
from .exchange.parameters import from_parameters
from .version import __version__


def _read_scaler(file: str) -> Scaler | ScalerSet:
    if file == "-":
        return Scaler.from_json(sys.stdin.buffer.read())
    with open(file, "rb") as opened:
        return Scaler.from_json(opened.read())


def _verify_file(file: str, parsed: argparse.Namespace) -> str:
    found = _read_scaler(file)
    what = f"set of {len(found)} keys" if isinstance(found, ScalerSet) else \
        f"{len(found._probes[0]) if found._probes else 'no'} probes agree"
    return f"{file}: scaler {found.scaler_id} {found.fingerprint}: {what}\n"


def _name_of_file(file: str) -> str:
    return os.path.basename(file).removesuffix(".json")


def _seed_of_file(file: str, parsed: argparse.Namespace) -> str:
    name = _name_of_file(file)
    if [_name_of_file(other) for other in parsed.file].count(name) > 1:
        raise Error("22023", f'the seed would have two scalers named "{name}"', hint="Give the files other names.")
    return _seed_row(name, parsed.label, _read_scaler(file))


def _scaler_of_parameters(file: str, parsed: argparse.Namespace) -> str:
    said = read_parameters(file)
    return (json.dumps(said, default=int) if parsed.as_read else from_parameters(said, parsed.options).to_json()) + "\n"


def _options(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_float=_read_float)
    except (Error, json.JSONDecodeError) as problem:
        raise argparse.ArgumentTypeError(f"{problem}: it must be JSON, as in '{{\"eps\": 1e-8}}'") from None


def _main(arguments: list[str] | None = None) -> int:
    """python -m normfreeze verify FILE..., seed FILE..., or parameters FILE"""
    parser = argparse.ArgumentParser(prog="python -m normfreeze", description="Frozen scalers of normfreeze.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="is the JSON of a scaler what was frozen, and does it compute the same here?")
    verify.add_argument("file", nargs="+", help="a file, or - for standard input")
    verify.set_defaults(of_file=_verify_file)
    seed = commands.add_parser("seed", help="the CSV of a dbt seed, with the artifact and the evidence of drift of each scaler")
    seed.add_argument("file", nargs="+", help="the JSON of a scaler with its training profile, as fit() makes it; its name is that of the file")
    seed.add_argument("--label", type=int, default=1, metavar="N", help="the version in the seed")
    seed.set_defaults(of_file=_seed_of_file)
    parameters = commands.add_parser("parameters", help="the JSON of the scaler that a file of parameters describes: JSON, CSV, npy, npz, C, PMML")
    parameters.add_argument("file", nargs=1, help="a file, whose name says what it is")
    parameters.add_argument("--options", type=_options, default="{}", metavar="JSON", help="the options of from_parameters(), such as '{\"eps\": 1e-8}'")
    parameters.add_argument("--as-read", action="store_true", help="what was read, for from_parameters() of the database, not the scaler")
    parameters.set_defaults(of_file=_scaler_of_parameters)
    parsed = parser.parse_args(arguments)
    made, failed = [], False
    for file in parsed.file:
        try:
            made.append(parsed.of_file(file, parsed))
        except (Error, OSError) as error:
            print(f"{file}: {error.strerror if isinstance(error, OSError) else error}", file=sys.stderr)
            failed = True
    if parsed.command == "seed":                # a seed has all its rows, or there is none
        made = [] if failed else [_SEED_HEADING, *made]
    sys.stdout.writelines(made)
    return int(failed)
