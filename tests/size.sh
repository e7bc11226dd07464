#!/usr/bin/env bash
# size.sh: print README.md's size table, measured with the compilers of this machine.
#
# Code is text + rodata at -Os; a part is the sum of its object files, as if all were linked.
# `make size` prints it; `make size-update` puts it into README.md; the tests compare the two.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
columns=(m0 m4 x64)
declare -A compiler=(
    [m0]='arm-none-eabi-gcc -mcpu=cortex-m0plus -mthumb'
    [m4]='arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb'
    [x64]='gcc'
)
declare -A binutils=([m0]=arm-none-eabi- [m4]=arm-none-eabi- [x64]='')

# BearSSL's headers alone: the rest of /usr/include is not for another machine.
mkdir "$work/bearssl"
cp "${BEARSSL:-/usr/include/bearssl}"/${BEARSSL:+inc/}bearssl*.h "$work/bearssl"

cat > "$work/structs.c" << 'END'
#include "stint/stint.h"
char size_client[sizeof(struct stint_client)];
char size_session[sizeof(struct stint_session)];
char size_tls[sizeof(struct stint_tls)];
END

compile() {
    local column=$1 source=$2 object=$3
    # shellcheck disable=SC2086
    ${compiler[$column]} -std=c99 -Os -ffunction-sections -fdata-sections $warnings \
        -DSTINT_TRACE=0 -Iinclude -Isrc -isystem "$work/bearssl" -c -o "$object" "$source"
}

for column in "${columns[@]}"; do
    mkdir "$work/$column"
    for source in src/*.c src/*/*.c; do
        compile "$column" "$source" "$work/$column/$(echo "${source#src/}" | tr / -).o"
    done
    compile "$column" "$work/structs.c" "$work/$column.structs.o"
done

# row NAME OBJECT...: the sum over the objects in each column.
row() {
    local name=$1 column
    shift
    printf '| %s ' "$name"
    for column in "${columns[@]}"; do
        (cd "$work/$column" && "${binutils[$column]}size" -A "$@") |
            awk '$1 ~ /^\.(text|rodata|data)/ { sum += $2 } END { printf "| %d ", sum }'
    done
    echo '|'
}

# size_of NAME SYMBOL: the size of a struct in each column.
size_of() {
    local column
    printf '| %s ' "$1"
    for column in "${columns[@]}"; do
        "${binutils[$column]}nm" -S "$work/$column.structs.o" |
            awk -v symbol="size_$2" '$4 == symbol { print $2 }' |
            { read -r hex && printf '| %d ' "0x$hex"; }
    done
    echo '|'
}

echo '| octets | Cortex-M0+ | Cortex-M4 | x86-64 |'
echo '|---|---:|---:|---:|'
session=$(cd "$work/m4" && echo session-*.o)
tls=$(cd "$work/m4" && echo tls-*.o | sed 's/tls-profile_fast.c.o//; s/tls-facts.c.o//; s/tls-binding.c.o//')
# shellcheck disable=SC2086
row 'code: the conversation (`src/session/`)' $session
row 'code: client and channel' client.c.o channel.c.o
# shellcheck disable=SC2086
row 'code: TLS glue and verification, small profile' $tls
# shellcheck disable=SC2086
row '**code: all that an alert needs**' $session $tls client.c.o channel.c.o memory.c.o
row 'code: names for logs (optional)' names.c.o
size_of 'RAM: `struct stint_client`' client
size_of 'RAM: of it `struct stint_session`' session
size_of 'RAM: `struct stint_tls`, BearSSL'"'"'s contexts included' tls
echo
echo "Measured by \`make size\`: -Os, without trace, gcc $(gcc -dumpfullversion) and" \
    "arm-none-eabi $(arm-none-eabi-gcc -dumpfullversion); BearSSL's own code and the record buffers" \
    "come on top."
