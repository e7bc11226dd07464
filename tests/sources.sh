#!/usr/bin/env bash
# sources.sh PACKAGE...: lwip, bearssl. Their sources as Debian 12 has them, in build/sources/PACKAGE;
# what is there already is left alone. They come from where the machine has its packages from, by apt
# in folders of its own: no root is needed, and /etc/apt and the machine's package lists stay as they
# are. What is unpacked is what the hashes below stand for: each is of the .dsc, which holds those of
# the archives, which dpkg-source checks.
set -euo pipefail
umask 022
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$top/build/sources

die() {
    echo "sources: $*" >&2
    exit 1
}

version_of() {
    case $1 in
        bearssl) echo 0.6+dfsg.1-3 ;;
        lwip) echo 2.1.3+dfsg1-2 ;;
        *) die "no package '$1'" ;;
    esac
}

hash_of() {
    case $1 in
        bearssl) echo 9bd17e07fc9824b0223dcb4ba14adac17981a4d8f1d63b6655819fe8f2ed98d1 ;;
        lwip) echo 8d8f944db8e6d542fc2d6f01559078fb1b5dda71651c67ee5fa3571ed1342c50 ;;
    esac
}

# The machine's own settings hold, such as a proxy's; but nobody else is told of an update. That one
# fails where one of many mirrors has no sources, too: whether ours were found shows later.
prepare_apt() {
    local list
    mkdir -p "$apt"/{sources,state/lists/partial,cache/archives/partial}
    for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
        [ ! -f "$list" ] ||
            sed -E -e 's/^deb(-src)?([[:space:]])/deb-src\2/' -e 's/^Types:.*/Types: deb-src/' \
                "$list" > "$apt/sources/${list##*/}"
    done
    cat > "$apt/apt.conf" << CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$apt/sources";
Dir::State "$apt/state";
Dir::State::Status "/dev/null";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
#clear APT::Update;
CONF
    apt-get -qq -c "$apt/apt.conf" update || true
}

fetch() {
    local package=$1 version
    version=$(version_of "$package")
    echo "sources: fetching $package $version"
    cd "$new"
    apt-get -qq -c "$apt/apt.conf" source --download-only --only-source "$package=$version" ||
        die "cannot fetch $package $version"
    echo "$(hash_of "$package")  ${package}_$version.dsc" | sha256sum --check --quiet ||
        die "this is not the $package that is meant"
    dpkg-source -q --no-copy -x "${package}_$version.dsc" "$package" > dpkg.log 2>&1 ||
        die "dpkg-source: $(cat dpkg.log)"
    mv "$package" "$folder/"
}

[ $# -gt 0 ] || die 'usage: sources.sh bearssl|lwip...'
missing=()
mkdir -p "$folder"
# A second run at the same time waits here, and finds all in place.
exec 9> "$folder/lock"
flock 9
for package; do
    version_of "$package" > /dev/null
    [ -d "$folder/$package" ] || missing+=("$package")
done
[ ${#missing[@]} != 0 ] || exit 0

new=$(mktemp -d "$folder/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
apt=$new/apt
prepare_apt
for package in "${missing[@]}"; do
    (fetch "$package")
done
