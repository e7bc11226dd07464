#!/usr/bin/env bash
# flights.sh STINT DOCUMENT: write the generated parts of docs/starttls.md into DOCUMENT, from one
# real session with Postfix.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
stint=$(realpath "$1")
document=$2
work=$(mktemp -d)
trap '"$top/tests/servers/server" stop "$work/server"; rm -rf "$work"' EXIT

"$top/tests/servers/server" start "$work/server"
# shellcheck disable=SC1091
. "$work/server/env"
/usr/bin/python3 "$top/tests/tools/flights.py" "$stint" "$STARTTLS_RSA" "$CA" \
    "$USER" "$PASSWORD_FILE" > "$work/all"
sed '/^<!-- ClientHello/,$d' "$work/all" > "$work/flights"
sed '1,/^<!-- ClientHello/d' "$work/all" | sed '/./,$!d' > "$work/hello"
sed -i -e '/<!-- flights:/,/<!-- end of flights/ { /<!--/!d }' \
    -e "/<!-- flights:/r $work/flights" \
    -e '/<!-- ClientHello:/,/<!-- end of ClientHello/ { /<!--/!d }' \
    -e "/<!-- ClientHello:/r $work/hello" "$document"
