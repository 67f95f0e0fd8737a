#!/bin/bash
# pack.sh: make what others install normfreeze from, of what is committed.
#
#   pack.sh dist [DIR]   the archive normfreeze-VERSION.zip for the PostgreSQL Extension Network, in DIR (build/dist)
#   pack.sh python [DIR] the Python package as a wheel and as an archive of sources, in DIR (build/python); needs Python's
#                        module build
#   pack.sh deb [DIR]    Debian packages for the servers whose headers are installed, in DIR (build/deb); as root, it
#                        installs what that needs
#
# Fails if the work tree differs from what is committed, which would not be packed.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?usage: pack.sh dist|python|deb [DIR]}
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" normfreeze.control)
mkdir -p "${2:-build/$what}"
dir=$(cd "${2:-build/$what}" && pwd)

if [ -n "$(git status --porcelain)" ]; then
    echo "pack.sh: what is not committed would not be packed:" >&2
    git status --short >&2
    exit 1
fi

if [ "$what" = dist ]; then
    git archive --format=zip --prefix="normfreeze-$version/" --output="$dir/normfreeze-$version.zip" HEAD
    echo "$dir/normfreeze-$version.zip"
    exit
fi
if [ "$what" = python ]; then
    source=$(mktemp -d)
    trap 'rm -rf "$source"' EXIT
    git archive HEAD python LICENSE | tar -x -C "$source"
    mv "$source/LICENSE" "$source/python"
    rm "$source/python/normfreeze.py"       # the one file to copy; what is installed is the package
    "${PYTHON:-python3}" -m build --outdir "$dir" "$source/python" >"$source/log" 2>&1 || { cat "$source/log" >&2; exit 1; }
    ls "$dir/normfreeze-$version"*
    exit
fi
[ "$what" = deb ] || { echo "usage: pack.sh dist|python|deb [DIR]" >&2; exit 2; }

needed=(debhelper dpkg-dev fakeroot postgresql-server-dev-all libmpfr-dev libprotobuf-c-dev protobuf-c-compiler)
# the package of all versions is not needed: that of one server brings postgresql-common's debhelper add-on
missing=()
for package in "${needed[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "pack.sh: missing ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# the change log of the package says that of ours: one place states the version
source=$dir/normfreeze-$version
rm -rf "$source"
git archive --format=tar.gz --prefix="normfreeze-$version/" --output="$dir/normfreeze_$version.orig.tar.gz" HEAD -- . ':(exclude)debian'
tar -xzf "$dir/normfreeze_$version.orig.tar.gz" -C "$dir"
git archive HEAD debian | tar -x -C "$source"
cat >"$source/debian/changelog" <<EOF
normfreeze ($version-1) unstable; urgency=medium

  * See /usr/share/doc/postgresql-*-normfreeze/CHANGELOG.md.gz.

 -- $(sed -n 's/^Maintainer: //p' debian/control.in)  $(git log -1 --format=%cD)
EOF
cd "$source"
pg_buildext updatecontrol
dpkg-buildpackage -us -uc
ls "$dir"/*.deb "$dir"/*.dsc
