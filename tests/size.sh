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
char size_composer[sizeof(struct stint_composer)];
char size_letter_composer[sizeof(struct stint_letter_composer)];
char size_text[sizeof(struct stint_text)];
char size_resume[sizeof(struct stint_resume)];
char size_ticket[sizeof(struct stint_ticket)];
END

# Variants: what may be left out (stint/config.h) is, or but for one thing.
parts=(CHUNKING MAILS LIMITS PIPELINING ENHANCED SYNTAX SMTPUTF8 PARAMETERS ADDRESSES LMTP SCRAM SCRAM_SHA_1 \
    OAUTH EXTERNAL CRAM_MD5)
declare -A needs=([SCRAM_SHA_1]=SCRAM)
variant() {
    local part
    for part in "${parts[@]}"; do
        case $part in
            "$1" | "${needs[$1]-}") printf -- '-DSTINT_%s=1 ' "$part" ;;
            *) printf -- '-DSTINT_%s=0 ' "$part" ;;
        esac
    done
}

compile() {
    local column=$1 settings=$2 source=$3
    # shellcheck disable=SC2086
    ${compiler[$column]} -std=c99 -Os -ffunction-sections -fdata-sections $warnings \
        -DSTINT_TRACE=0 $settings -Iinclude -Isrc -isystem "$work/bearssl" "${@:4}" "$source"
}

# A part changes what names it, or includes what does; the rest is compiled once. Without comments,
# which name parts, too; and config.h names them all.
names_in() { gcc -fpreprocessed -dD -E -P -w -x c "$1" | { grep -ow 'STINT_[A-Z0-9_]*' || :; } | sort -u; }
declare -A names_of names
for source in src/*.c src/*/*.c; do
    for file in $(compile x64 '' "$source" -MM | tr -d '\\' | sed 's/^[^:]*://'); do
        [ "$file" != include/stint/config.h ] || continue
        [ -n "${names_of[$file]:-}" ] || names_of[$file]=$(names_in "$file" | tr '\n' ' ')
        names[$source]+=" ${names_of[$file]}"
    done
done

compile_column() {
    local column=$1 part source object
    mkdir -p "${parts[@]/#/$work/$column/}" "$work/$column/least"
    for source in src/*.c src/*/*.c; do
        object=${source#src/}
        object=${object//\//-}.o
        compile "$column" "$(variant least)" "$source" -c -o "$work/$column/least/$object"
        for part in "${parts[@]}"; do
            if [[ ${names[$source]} == *" STINT_$part "* ||
                ${names[$source]} == *" STINT_${needs[$part]:-$part} "* ]]; then
                compile "$column" "$(variant "$part")" "$source" -c -o "$work/$column/$part/$object"
            else
                ln "$work/$column/least/$object" "$work/$column/$part/$object"
            fi
        done
    done
    compile "$column" '' "$work/structs.c" -c -o "$work/$column.structs.o"
}
workers=()
for column in "${columns[@]}"; do
    compile_column "$column" &
    workers+=($!)
done
for worker in "${workers[@]}"; do
    wait "$worker"
done

# octets VARIANT COLUMN OBJECT...: their sum.
octets() {
    (cd "$work/$2/$1" && "${binutils[$2]}size" -A "${@:3}") |
        awk '$1 ~ /^\.(text|rodata|data)/ { sum += $2 } END { print sum + 0 }'
}

# row NAME OBJECT...: the sum over the objects in each column, with everything left out.
row() {
    local name=$1 column
    shift
    printf '| %s ' "$name"
    for column in "${columns[@]}"; do
        printf '| %d ' "$(octets least "$column" "$@")"
    done
    echo '|'
}

# added NAME PART OBJECT...: how much larger that becomes with one part, to which what it needs does not count.
added() {
    local name=$1 part=$2 column
    shift 2
    printf '| %s (`STINT_%s`) ' "$name" "$part"
    for column in "${columns[@]}"; do
        printf '| %d ' $(($(octets "$part" "$column" "$@") - $(octets "${needs[$part]-least}" "$column" "$@")))
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
session=$(cd "$work/m4/least" && echo session-*.o sasl-*.o)
client='client.c.o deadline.c.o start.c.o'
tls=$(cd "$work/m4/least" && echo tls-*.o | sed 's/tls-profile_fast.c.o//; s/tls-facts.c.o//; s/tls-binding.c.o//; s/tls-tickets.c.o//; s/tls-ticket_store.c.o//; s/tls-signer.c.o//')
text=$(cd "$work/m4/least" && echo unicode.c.o message-{compose,date,header,quoted,utf8,words,writer}.c.o)
files='message-files.c.o message-parts.c.o message-base64_lines.c.o message-filename.c.o'
letter='message-letter.c.o message-fields.c.o message-bodies.c.o message-encoding.c.o'
# shellcheck disable=SC2086
row 'code: the conversation (`src/session/`, `src/sasl/`)' $session
row 'code: client and channel' $client channel.c.o
# shellcheck disable=SC2086
row 'code: TLS glue and verification, small profile' $tls
# shellcheck disable=SC2086
row '**code: all that an alert needs**' $session $tls $client channel.c.o memory.c.o
# shellcheck disable=SC2086
{
    added 'code: commands that go together' PIPELINING $session $tls $client
    added 'code: BDAT' CHUNKING $session $client
    added 'code: several mails in a session' MAILS $session $client
    added 'code: as many transactions as a server needs' LIMITS $session $client
    added 'code: the grammar of names and addresses' SYNTAX $session $client
    added 'code: internationalised mail' SMTPUTF8 $session $client
    added 'code: what a mail may ask for' PARAMETERS $session $client
    added 'code: LMTP' LMTP $session $client
    added 'code: enhanced status codes' ENHANCED $session $client
    added 'code: SCRAM-SHA-256' SCRAM $session $tls $client
    added 'code: SCRAM-SHA-1, without BearSSL'"'"'s SHA-1' SCRAM_SHA_1 $session $tls $client
    added 'code: CRAM-MD5, without BearSSL'"'"'s MD5' CRAM_MD5 $session $tls $client
    added 'code: OAuth tokens' OAUTH $session
    added 'code: logging in by a certificate' EXTERNAL $session
    added 'code: hosts that are IP addresses' ADDRESSES $tls $client
}
row 'code: resumption (optional)' tls-tickets.c.o tls-ticket_store.c.o
row 'code: client certificate, key elsewhere (optional)' tls-signer.c.o
# shellcheck disable=SC2086
{
    row 'code: composing an alert (optional)' $text message-text.c.o message-alert.c.o
    row 'code: composing text and files (optional)' $text $files
    row 'code: composing letters (optional)' $text ${files#* } $letter
    row 'code: text files in them (optional)' message-text_part.c.o
    row 'code: breaking their text for format=flowed (optional)' message-flow.c.o
}
row 'code: names for logs (optional)' names.c.o
size_of 'RAM: `struct stint_client`' client
size_of 'RAM: of it `struct stint_session`' session
size_of 'RAM: `struct stint_tls`, BearSSL'"'"'s contexts included' tls
size_of 'RAM: `struct stint_resume` (optional)' resume
size_of 'RAM: `struct stint_composer` (optional)' composer
size_of 'RAM: `struct stint_letter_composer` (optional)' letter_composer
size_of 'RAM: `struct stint_text` (optional)' text
size_of 'RAM: `struct stint_ticket`, over a deep sleep (optional)' ticket
echo
echo "Measured by \`make size\`: -Os, without trace, gcc $(gcc -dumpfullversion) and" \
    "arm-none-eabi $(arm-none-eabi-gcc -dumpfullversion); BearSSL's own code and the record buffers" \
    "come on top."
