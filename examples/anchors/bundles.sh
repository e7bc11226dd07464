#!/usr/bin/env bash
# bundles.sh STINT OUT [ROOTS]: for each provider of providers.txt OUT/PROVIDER.c, with the array
# PROVIDER_anchors, from the roots in the folder ROOTS; prints the flash that each root takes.
# All are written, or none is touched.
set -euo pipefail
stint=$1
out=$2
roots=${3:-/usr/share/ca-certificates/mozilla}
providers=$(dirname "${BASH_SOURCE[0]}")/providers.txt

mkdir -p "$out"
new=$(mktemp -d "$out/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
missing=0
while read -r provider names; do
    case $provider in '' | '#'*) continue ;; esac
    files=()
    for name in $names; do
        files+=("$roots/$name.crt")
        if [ ! -r "$roots/$name.crt" ]; then
            echo "anchors: $provider: there is no root $name in $roots" >&2
            missing=1
        fi
    done
    [ $missing = 0 ] || continue
    echo "$provider"
    "$stint" anchors --name "${provider}_anchors" "${files[@]}" 2>&1 > "$new/$provider.c"
done < "$providers"
[ $missing = 0 ] || exit 1
mv "$new"/*.c "$out"
