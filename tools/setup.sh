#!/bin/bash
# setup.sh: make sure that everything needed to build, demonstrate and test is
# there.  As root on Debian it installs what is missing; otherwise it says so.
#
#   setup.sh build      compiler, server and headers
#   setup.sh test       the same, and Python packages in build/venv
#   setup.sh docs       Python packages for the documentation site in build/docs/venv
#   setup.sh format     PostgreSQL's formatter in build/indent, from a package that apt knows
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-build}

have_headers() {
    local config
    config=${PG_CONFIG:-pg_config}
    command -v "$config" >/dev/null && [ -f "$("$config" --includedir-server)/postgres.h" ] &&
        [ -x "$("$config" --bindir)/initdb" ]
}

missing=()
command -v python3 >/dev/null || missing+=(python3)
# ensurepip comes with Debian's python3-venv
[ "$what" = build ] || [ "$what" = format ] || python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
if [ "$what" = build ] || [ "$what" = test ]; then
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    command -v make >/dev/null || missing+=(make)
    [ -f /usr/include/mpfr.h ] || missing+=(libmpfr-dev)
    [ -f /usr/include/protobuf-c/protobuf-c.h ] || missing+=(libprotobuf-c-dev)
    command -v protoc-c >/dev/null || missing+=(protobuf-c-compiler)
    have_headers || missing+=(postgresql-server)
fi

if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        {
            echo "Missing: ${missing[*]}"
            echo "On Debian, as root:"
            echo "  apt-get install gcc libc6-dev make libmpfr-dev libprotobuf-c-dev protobuf-c-compiler \\"
            echo "    python3 python3-venv postgresql postgresql-server-dev-all"
            echo "Elsewhere install a C compiler, make, MPFR, protobuf-c with its compiler, Python 3.9 or later, and"
            echo "PostgreSQL 15 or later with its headers; if its pg_config is not the first on PATH, set PG_CONFIG."
        } >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    packages=("${missing[@]/postgresql-server/postgresql}")
    apt-get install -y -qq "${packages[@]}" >/dev/null
    if [[ " ${missing[*]} " == *" postgresql-server "* ]] && ! have_headers; then
        major=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
        apt-get install -y -qq "postgresql-$major" "postgresql-server-dev-$major" >/dev/null
        have_headers || { echo "PostgreSQL's server and headers are still not there" >&2; exit 1; }
    fi
fi

# the browser of test/scenario/report_page.py, which is skipped without one
if [ "$what" = test ] && ! command -v chromium >/dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: chromium"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; } ||
        echo "chromium cannot be installed: the test of the report will be skipped" >&2
fi

if [ "$what" = test ]; then
    stamp=build/venv/.installed
    if ! cmp -s test/requirements.txt "$stamp"; then
        [ -x build/venv/bin/pip ] || python3 -m venv build/venv
        build/venv/bin/pip install --quiet --disable-pip-version-check -r test/requirements.txt
        # the pandas of before 3.1, whose reader of CSV rounds (test/parity/csv_readers.py)
        build/venv/bin/pip install --quiet --disable-pip-version-check --upgrade --target build/pandas-2 --no-deps \
            pandas==2.3.3 pytz==2025.2
        # axe.min.js, and not the browser driver that comes with it (test/scenario/report_page.py)
        build/venv/bin/pip install --quiet --disable-pip-version-check --upgrade --target build/axe --no-deps \
            axe-playwright-python==0.1.8
        cp test/requirements.txt "$stamp"
    fi
fi

if [ "$what" = docs ]; then
    stamp=build/docs/venv/.installed
    if ! cmp -s docs/requirements.txt "$stamp"; then
        [ -x build/docs/venv/bin/pip ] || python3 -m venv build/docs/venv
        build/docs/venv/bin/pip install --quiet --disable-pip-version-check -r docs/requirements.txt
        cp docs/requirements.txt "$stamp"
    fi
fi

# It is unpacked and not installed: headers of another major version would change what pg_config says.
if [ "$what" = format ] && ! tools/format.py --find >/dev/null 2>&1 && command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    package=$(apt-cache pkgnames postgresql-server-dev- | grep -E '^postgresql-server-dev-(1[89]|[2-9][0-9])$' | sort | tail -n 1 || true)
    if [ -n "$package" ]; then
        echo "Unpacking: $package"
        mkdir -p build/indent
        (cd build/indent && apt-get -o APT::Sandbox::User=root download -qq "$package" && dpkg -x "$package"_*.deb . && rm "$package"_*.deb)
    fi
fi
