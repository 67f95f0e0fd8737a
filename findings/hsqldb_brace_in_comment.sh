#!/bin/sh
# HSQLDB 2.7.4 by JDBC (needs java and mvn): a brace in a comment of a query.
#
# Expected: a comment is skipped, whatever is in it.
# Seen: the driver takes { for a JDBC escape in comments, too, and refuses the query (S1000, Unknown JDBC escape sequence); in a text constant
# it does not.  So no statement may carry JSON in a comment, as tools that label queries write it.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mvn -q -B -Dmaven.repo.local="$folder/maven" dependency:copy -Dartifact=org.hsqldb:hsqldb:2.7.4 -DoutputDirectory="$folder"
cat >Braces.java <<'JAVA'
import java.sql.*;

public class Braces {
    public static void main(String[] arguments) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:hsqldb:mem:braces");
        System.out.println("HSQLDB " + connection.getMetaData().getDatabaseProductVersion());
        for (String query : new String[] {"VALUES (1) /* by job 7 */", "VALUES (1) /* {\"job\": 7} */", "VALUES (1) -- {\"job\": 7}",
                                          "VALUES ('{\"job\": 7}')"}) {
            try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
                rows.next();
                System.out.println(query + " gives " + rows.getString(1));
            } catch (SQLException error) {
                System.out.println(query + " is refused, " + error.getSQLState());
            }
        }
    }
}
JAVA
java -cp hsqldb-2.7.4.jar Braces.java >output
cat output
diff - output <<'SEEN'
HSQLDB 2.7.4
VALUES (1) /* by job 7 */ gives 1
VALUES (1) /* {"job": 7} */ is refused, S1000
VALUES (1) -- {"job": 7} is refused, S1000
VALUES ('{"job": 7}') gives {"job": 7}
SEEN
