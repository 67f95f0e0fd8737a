#!/usr/bin/env python3
"""The shared library among others: what it shows of itself, and that it calls no one else's functions."""

import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from common import Installation, Server, Session, check, check_equal, check_error, check_in, errors_of, run, run_scenario, run_tests  # noqa: E402

LIBRARY = "normfreeze.so"
MPFR_LIBRARY = "normfreeze_mpfr.so"

# functions that do little and call others of the library: what a JIT would inline
SMALL_CALLS = """
    SELECT normfreeze.id_of(a), normfreeze.fingerprint(a), normfreeze.bare(a) = b, a = b, a <> b, a < b, a <= b, a > b, a >= b,
        normfreeze.feature_names(a), normfreeze.normalize(ARRAY[x, 2], a), normfreeze.normalize(x, b, 'v2'), normfreeze.denormalize(ARRAY[x, 2], b),
        a::text, a::jsonb, octet_length(normfreeze.scaler_send(b))
    FROM pairs, generate_series(1, 3) AS x ORDER BY pairs.a, x"""


def symbols(library, *options):
    """Names and kinds of the symbols that a library defines."""
    lines = run(["nm", "--defined-only", *options, library], capture_output=True).stdout.splitlines()
    return {line.split()[-1]: line.split()[-2] for line in lines if len(line.split()) == 3}


def dynamic_symbols(library, kinds="--defined-only"):
    """Names of dynamic symbols, without their versions; of undefined ones, those that there must be."""
    lines = run(["nm", "-D", kinds, library], capture_output=True).stdout.splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if line.split()[-2] not in "wv"}


def missing_symbols(library, program):
    """What a library calls that neither the server's program nor what the library itself is linked with has."""
    linked = re.findall(r"(/\S+) \(0x", run(["ldd", library], capture_output=True).stdout)
    return sorted(dynamic_symbols(library, "--undefined-only").difference(*map(dynamic_symbols, [program, *linked])))


def impostor_source(defined):
    """C code of a module that defines every function and variable of ours that C can name, as something else."""
    lines = ['#include "postgres.h"', '#include "fmgr.h"', "PG_MODULE_MAGIC;"]
    for name, kind in sorted(defined.items()):
        if not re.fullmatch(r"[A-Za-z]\w*", name) or name == "Pg_magic_func" or name.startswith("pg_finfo_"):
            continue
        if kind in "Tt":
            lines.append(f'__attribute__((visibility("default"))) void *impostor_{name}(void) __asm__("{name}");'
                         f" void *impostor_{name}(void) {{ return NULL; }}")
        elif kind in "BbDdRr":
            lines.append(f'__attribute__((visibility("default"))) char impostor_{name}[4096] __asm__("{name}") = {{1}};')
    return "\n".join(lines) + "\n"


def prepare(server, database="postgres"):
    server.query("""CREATE EXTENSION normfreeze;
        CREATE TABLE pairs AS SELECT normfreeze.fit(ARRAY[x, x * n], method) AS a, normfreeze.bare(normfreeze.fit(ARRAY[x * x, x], 'minmax', '{"names": ["v1","v2"]}')) AS b
            FROM generate_series(1.5, 50) AS x, generate_series(2, 3) AS n, unnest('{standard,robust,power,l2}'::normfreeze.method[]) AS method
            GROUP BY n, method""", database)


def scenario(installation):
    library = installation.pkglibdir / LIBRARY

    def only_sql_functions_are_visible():
        with Server(installation, "library") as server:
            prepare(server)
            functions = server.query("""SELECT DISTINCT prosrc FROM pg_proc JOIN pg_language AS l ON l.oid = prolang
                WHERE lanname = 'c' AND probin = '$libdir/normfreeze'""").split()
        expected = {"Pg_magic_func", "_PG_init"} | set(functions) | {f"pg_finfo_{name}" for name in functions}
        visible = set(symbols(library, "-D"))
        check_equal(sorted(visible - expected), [], "symbols that nobody looks up")
        check_equal(sorted(expected - visible), [], "functions that the script creates and the library lacks")

        check_equal(sorted(symbols(installation.pkglibdir / MPFR_LIBRARY, "-D")), ["Pg_magic_func", "normfreeze_mpfr_functions"],
                    "what the library of MPFR shows")

    def whatever_is_called_is_linked():
        """Not what happens to be loaded by the server, or by another extension."""
        for name in (LIBRARY, MPFR_LIBRARY):
            check_equal(missing_symbols(installation.pkglibdir / name, installation.bindir / "postgres"), [], f"what {name} calls and is not linked with")

    def mpfr_is_loaded_when_it_is_needed():
        """And that it cannot be is said when the extension is made and when the server starts."""
        with tempfile.TemporaryDirectory(prefix="normfreeze-mpfr-") as folder:
            loading_of_mpfr(Installation(folder))           # of its own: others need the library meanwhile

    def loading_of_mpfr(installation):
        library = installation.pkglibdir / MPFR_LIBRARY
        elsewhere = library.with_suffix(".elsewhere")
        loaded = f"SELECT pg_read_file('/proc/' || pg_backend_pid() || '/maps') ~ '{MPFR_LIBRARY}'"
        scaled = "SELECT md5(string_agg(normfreeze.normalize(x, normfreeze.scaler(normfreeze.scaler_id('l@v1')), 'x')::text, '' ORDER BY x)) FROM v"
        # the logarithm of one of them is so near the middle of two float8s that only MPFR tells
        hard = "SELECT unnest(ARRAY[1.5::float8, 2.5, 39436581 * 0.001::float8]) AS x"
        with Server(installation, "library") as server:
            server.query(f"CREATE EXTENSION normfreeze; CREATE TABLE v AS {hard}; SELECT normfreeze.freeze('l', normfreeze.fit(v, 'log1p')) FROM v")
            with Session(server) as session:
                session.query("SELECT normfreeze.normalize(1.5, normfreeze.scaler(normfreeze.scaler_id('l@v1')), 'x')")
                check_equal(session.query(loaded), "f", "not loaded for most values")
                right = session.query(scaled)
                check_equal(session.query(loaded), "t", "loaded for some")
            library.rename(elsewhere)
            try:
                with Session(server) as session:
                    session.query("SELECT normfreeze.normalize(1.5, normfreeze.scaler(normfreeze.scaler_id('l@v1')), 'x')")
                    check_in(MPFR_LIBRARY, session.do(scaled), "the error names what is missing")
                    check_error(session.do(scaled), "58P01", "and is said again")
                database = server.new_database("other")
                check_in(MPFR_LIBRARY, errors_of(server, "CREATE EXTENSION normfreeze", database), "no extension without it")
                server.stop()
                server.configure(shared_preload_libraries="normfreeze")
                try:
                    server.start()
                except (AssertionError, SystemExit):
                    pass
                check_in(MPFR_LIBRARY, (server.folder / "log").read_text()[-500:], "nor a server that preloads it")
            finally:
                elsewhere.rename(library)
            server.start()
            check_equal([server.query(scaled), server.query(loaded)], [right, "t"], "preloaded")

    def another_library_replaces_nothing():
        source = installation.folder / "impostor.c"
        module = installation.pkglibdir / "normfreeze_impostor.so"
        source.write_text(impostor_source(symbols(library)))
        include = run([installation.program, "--includedir-server"], capture_output=True).stdout.strip()
        run(["gcc", "-w", "-fPIC", "-shared", "-fno-builtin", f"-I{include}", "-o", module, source])
        check(len(symbols(module, "-D")) > 900, "the impostor has all our names")
        results = []
        for settings in ({}, {"shared_preload_libraries": "normfreeze_impostor"}):
            with Server(installation, "impostor", settings) as server:
                prepare(server)
                results.append(server.query(SMALL_CALLS))
        check_equal(results[1], results[0], "what functions return after a library with the same names")
        module.unlink()

    def small_functions_inlined_by_jit():
        with Server(installation, "library") as server:
            prepare(server)
            if server.query("SELECT pg_jit_available()") != "t":
                print("not tested: small_functions_inlined_by_jit (this server has no JIT)")
                return
            plain = server.query("SET jit = off;" + SMALL_CALLS)
            with Session(server, options="-c jit=on -c jit_above_cost=0 -c jit_inline_above_cost=0 -c jit_optimize_above_cost=0") as inlined:
                check_equal(inlined.query(SMALL_CALLS), plain, "small functions inlined")

    run_tests([only_sql_functions_are_visible, whatever_is_called_is_linked, mpfr_is_loaded_when_it_is_needed, another_library_replaces_nothing, small_functions_inlined_by_jit])


if __name__ == "__main__":
    run_scenario(scenario)
