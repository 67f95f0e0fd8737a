"""The systems that exports_sql.py runs SQL in: PostgreSQL, DuckDB and SQLite.  The others are in other_engines.py.

An engine says what it has no value for, so that it is held against what normalize() makes of the rows as it stores them.
"""

import math
import sqlite3

import duckdb
import psycopg


class Engine:
    """What all have to say; the values here are those of a system with all of IEEE 754."""

    name = line = None          # of the dialect, and in tables
    nan = True                  # NaN is stored and computed with; else it is NULL
    infinite = True             # Infinity is stored; else it is NULL here
    signed_zeros = True         # are stored
    keeps_signs = True          # of zeros in results
    takes_all = False           # takes all values and makes of them what it can store, by itself
    refuses_overflow = refuses_underflow = False    # with an error
    single = True               # has a rounding to float4
    raises = True               # errors of policies
    says_why = True             # in these errors, whatever their length
    sets = True                 # sets by key
    cases_apart = False         # names that differ in case alone are two
    longest_name = 200
    no_names = ()               # that no column can have
    real = "DOUBLE"
    text = "TEXT"
    quote = '"'
    nothing = ""                # behind a SELECT of constants
    kinds = ("INTEGER", "BIGINT", "DECIMAL(20,4)", "REAL")
    booleans = True             # are cast to double precision
    errors = Exception
    most_bytes = None           # that a statement may have
    most_features = 1000        # of one statement, as far as it was tried

    @property
    def peer(self):
        """PostgreSQL's table of the same rows."""
        return "sql_data" if self.nan and self.infinite and self.signed_zeros else f"sql_data_{self.name}"

    def stored(self, rows):
        """Rows as the system has them."""
        return [[self.value(value) for value in row] for row in rows]

    def value(self, value):
        if value is None or (math.isnan(value) and not self.nan) or (math.isinf(value) and not self.infinite):
            return None
        return value if self.signed_zeros or value != 0 else 0.0

    def identifier(self, name):
        """A quoted name; that of rows is plain, since the tests write it so."""
        return name if name == "id" else self.quote + name.replace(self.quote, 2 * self.quote) + self.quote

    def error(self, sql):
        """The message of the error that a query raises, or None."""
        try:
            self.query(sql)
        except self.errors as error:
            return str(error)
        return None

    def load(self, table, columns, rows):
        """A table of an integer id and columns of double precision."""
        self.create(table, [("id", "INTEGER"), *((column, self.real) for column in columns)],
                    [[number, *row] for number, row in enumerate(rows)])

    def create(self, table, columns, rows):
        """A table of columns (name, type), instead of the one there is."""
        quoted = ", ".join(f"{self.identifier(column)} {kind}" for column, kind in columns)
        self.execute(f"DROP TABLE IF EXISTS {table}")
        self.execute(f"CREATE TABLE {table} ({quoted})")
        self.insert(table, rows)


class Postgres(Engine):
    name = "postgres"
    line = "PostgreSQL"
    real = "float8"
    refuses_overflow = refuses_underflow = True
    cases_apart = True
    longest_name = 63
    booleans = False
    errors = psycopg.Error

    def __init__(self, connection):
        self.connection = connection

    def execute(self, sql):
        self.connection.execute(sql.encode())

    def query(self, sql):
        with self.connection.cursor(binary=True) as cursor:
            return cursor.execute(sql.encode()).fetchall()

    def names(self, sql):
        with self.connection.cursor() as cursor:
            return [column.name for column in cursor.execute(sql.encode()).description]

    def insert(self, table, rows):
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class Embedded(Engine):
    """Connections that take ? for parameters."""

    def execute(self, sql):
        self.connection.execute(sql)

    def query(self, sql):
        return self.connection.execute(sql).fetchall()

    def names(self, sql):
        return [column[0] for column in self.connection.execute(sql).description]

    def insert(self, table, rows):
        if rows:
            self.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


class DuckDB(Embedded):
    name = "duckdb"
    line = f"DuckDB {duckdb.__version__}"
    kinds = ("INTEGER", "BIGINT", "DECIMAL(20,4)", "FLOAT")
    errors = duckdb.Error

    def __init__(self):
        self.connection = duckdb.connect()


class SQLite(Embedded):
    name = "sqlite"
    line = f"SQLite {sqlite3.sqlite_version}"
    real = "REAL"
    nan = single = raises = False
    signed_zeros = False
    takes_all = True
    kinds = ("INTEGER", "INTEGER", "NUMERIC", "REAL")
    errors = sqlite3.Error

    def __init__(self):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)


others = [DuckDB, SQLite]       # what makes engines beside PostgreSQL; a test may put others here


def all_engines(connection):
    return Postgres(connection), *(make() for make in others)
