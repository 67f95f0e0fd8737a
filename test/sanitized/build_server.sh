#!/bin/bash
# build_server.sh DIR [whole]: a PostgreSQL that notices what usually goes unnoticed, in DIR; prints the path of its pg_config.
#
# It has assertions, and every palloc() ends for AddressSanitizer where the caller said: PostgreSQL tells valgrind what memory
# is whose (its USE_VALGRIND), and two small headers tell AddressSanitizer instead.  The server's own code is compiled without
# instrumentation and without optimization, which takes a quarter of the time: what the extension does with memory is checked
# where the extension is instrumented, and where either calls memcpy(), strlen() and their like.  With "whole" the server is
# instrumented, too.
#
# Built is what the regression tests and attacks need: server, initdb, pg_ctl, psql, libpq, plpgsql and pg_regress.  The source is
# Debian's, by apt, which needs no root; or a release's archive in NORMFREEZE_POSTGRES_SOURCE.  What is there is kept.
# Exit code 2 says that it cannot be had here, and why.
#
# Build the extension against it with COPT='-fsanitize=address,undefined', and run with ASAN_OPTIONS=detect_leaks=0, also pg_config.
set -euo pipefail
dir=$(mkdir -p "${1:?usage: build_server.sh DIR [whole]}" && cd "$1" && pwd)
flags="-O0 -g1"
[ "${2:-}" != whole ] || flags="-O1 -g1 -fno-omit-frame-pointer -fsanitize=address"
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0
pg_config=$dir/pg/bin/pg_config
if [ -f "$dir/complete" ] && [ "$(cat "$dir/complete")" = "$flags" ]; then echo "$pg_config"; exit 0; fi
exec 3>&1 1>&2

cannot() { echo "build_server.sh: $1"; exit 2; }

missing=()
for tool in gcc:gcc make:make bison:bison flex:flex perl:perl pkg-config:pkg-config; do
	command -v "${tool%%:*}" >/dev/null || missing+=("${tool#*:}")
done
[ -f /usr/include/libxml2/libxml/parser.h ] || missing+=(libxml2-dev)
if [ "${#missing[@]}" -gt 0 ]; then
	[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || cannot "missing: ${missing[*]}"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null || cannot "missing: ${missing[*]}"
fi
echo 'int main(void) { return 0; }' | gcc -fsanitize=address,undefined -x c - -o "$dir/probe" || cannot "gcc has no AddressSanitizer"

# The newest source package that this release of Debian has, with lists of packages in a folder of our own.
download() {
	local apt=$dir/apt mirror release major options
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(SUITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/? ' | sort -u | head -n 1)
	[ -n "$mirror" ] || cannot "apt knows no mirror of Debian; NORMFREEZE_POSTGRES_SOURCE may name an archive of PostgreSQL's source"
	release=$(. /etc/os-release && echo "$VERSION_CODENAME")
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	: >"$apt/status"
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror%% *} $release main" >"$apt/sources.list"
	options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State=$apt" -o "Dir::State::status=$apt/status"
		-o "Dir::Cache=$apt/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1 -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none)
	apt-get "${options[@]}" -qq update || cannot "the lists of Debian's source packages cannot be had"
	for major in 19 18 17 16 15; do
		(cd "$dir" && apt-get "${options[@]}" -qq --download-only source "postgresql-$major" 2>/dev/null) && return
	done
	cannot "Debian's source of PostgreSQL cannot be had"
}

archive=${NORMFREEZE_POSTGRES_SOURCE:-}
if [ -z "$archive" ]; then
	compgen -G "$dir/postgresql-*.orig.tar.*" >/dev/null || download
	archive=$(compgen -G "$dir/postgresql-*.orig.tar.*[^c]" | head -n 1)
fi
rm -rf "$dir/source" "$dir/build" "$dir/pg" "$dir/complete"
mkdir -p "$dir/source" "$dir/build" "$dir/headers/valgrind"
tar xf "$archive" -C "$dir/source" --strip-components=1 --exclude=doc --exclude='*/po/*.po'

cat >"$dir/headers/valgrind/memcheck.h" <<'H'
/* PostgreSQL's notes about memory, handed to AddressSanitizer. */
#ifndef NOTES_FOR_SANITIZER_H
#define NOTES_FOR_SANITIZER_H
#include <stddef.h>
void __asan_poison_memory_region(void const volatile *, size_t);
void __asan_unpoison_memory_region(void const volatile *, size_t);
#define VALGRIND_MAKE_MEM_NOACCESS(a, s)        __asan_poison_memory_region((a), (s))
#define VALGRIND_MAKE_MEM_UNDEFINED(a, s)       __asan_unpoison_memory_region((a), (s))
#define VALGRIND_MAKE_MEM_DEFINED(a, s)         __asan_unpoison_memory_region((a), (s))
#define VALGRIND_MEMPOOL_ALLOC(c, a, s)         __asan_unpoison_memory_region((a), (s))
#define VALGRIND_MEMPOOL_CHANGE(c, o, n, s)     __asan_unpoison_memory_region((n), (s))
#define VALGRIND_MEMPOOL_FREE(c, a)             do {} while (0)
#define VALGRIND_CREATE_MEMPOOL(c, r, z)        do {} while (0)
#define VALGRIND_DESTROY_MEMPOOL(c)             do {} while (0)
#define VALGRIND_MEMPOOL_TRIM(c, a, s)          do {} while (0)
#define VALGRIND_CHECK_MEM_IS_DEFINED(a, s)     do {} while (0)
#define VALGRIND_GET_VBITS(a, b, c)             0
#define VALGRIND_PRINTF(...)                    do {} while (0)
#define VALGRIND_COUNT_ERRORS                   0
#define VALGRIND_EXPENSIVE                      0
#endif
H
cp "$dir/headers/valgrind/memcheck.h" "$dir/headers/valgrind/valgrind.h"

cd "$dir/build"
../source/configure -q --prefix="$dir/pg" --enable-cassert --enable-debug --with-libxml --without-readline --without-zlib --without-icu \
	--with-system-tzdata=/usr/share/zoneinfo CC="${CC:-gcc}" \
	CFLAGS="$flags -w -DUSE_VALGRIND -I$dir/headers" LDFLAGS=-fsanitize=address
jobs=-j$(nproc)
make -s "$jobs" -C src/backend generated-headers >/dev/null
for part in port common backend; do
	make -s "$jobs" -C "src/$part" all >/dev/null
done
for part in include makefiles backend interfaces/libpq bin/initdb bin/pg_ctl bin/psql bin/pg_config pl/plpgsql/src; do
	make -s "$jobs" -C "src/$part" install >/dev/null
done
make -s -C config install >/dev/null
make -s -C src install-local >/dev/null
make -s "$jobs" -C src/test/regress pg_regress >/dev/null
pgxs=$(dirname "$("$pg_config" --pgxs)")
mkdir -p "$pgxs/../test/regress"
cp src/test/regress/pg_regress "$pgxs/../test/regress/"
# text search is in no test: the stemmers, which initdb would load, are left out, and the default configuration has none
printf 'CREATE TEXT SEARCH CONFIGURATION pg_catalog.english (COPY = pg_catalog.simple);\n\n' >"$("$pg_config" --sharedir)/snowball_create.sql"
rm -rf "$dir/build" "$dir/source" "$dir/apt" "$dir/probe"
echo "$flags" >"$dir/complete"
"$dir/pg/bin/postgres" --version
echo "$pg_config" >&3
