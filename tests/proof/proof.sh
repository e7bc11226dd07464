#!/usr/bin/env bash
# proof.sh [NAME...]: prove that no octets, in whatever pieces, make src/ do what C does not define.
# One line for WP and each driver of this folder, and each machine; fails if one of them fails.
#   reply  x86_32  0 alarms, 100 of 100 statements
# Frama-C's Eva executes a driver for all values at once; WP proves body.c's annotations, which
# hold for every length. `load` of body.c, which turns octets into a word, is Eva's.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
out=build/proof
PYTHON=/usr/bin/python3
machines=${MACHINES:-x86_32 x86_64}
mkdir -p "$out/bearssl"
include="-Iinclude -Isrc -Itests/proof -I$out/bearssl"

# What each driver proves, and what else it runs; how many states to keep apart, and where.
sources_reply="session/reply session/enhanced"
options_reply="-eva-split-return-function stint_reply_octet:full,code_digit:full,text:full,number:full"
sources_capabilities="session/capabilities"
sources_syntax="session/syntax session/international unicode"
options_syntax="-eva-slevel 2000 -eva-split-return-function dot_string:full,quoted_string:full"
sources_base64="sasl/base64"
sources_der="tls/der"
sources_certificate="tls/certificate tls/der"
options_certificate="-eva-split-return-function stint_der_has_ended:0:1,stint_der_end:0:1"
sources_address="tls/address"
options_address="-eva-slevel 5000 -inline-calls number,ipv4,group,ipv6"
sources_body="session/body"
options_body="-eva-slevel 3000 -inline-calls \
leave_out,carriage_return,line_feed,skip_plain,special,special_pair,special_half_line,is_plain,skip,\
special_octet,up_to_special,put,move_kept"
sources_content="session/content session/chunking session/decimal"
options_content="-eva-slevel 2000 -eva-split-return-function \
next_piece:full,read_binary:full,any_length:full,stint_body_convert:full,stint_decimal:full,\
end_promised:full,keeps_promise:full,stint_chunking_count:full,stint_chunking_end:full,stint_content_write:full,\
stint_chunking_write:full"
sources_writer="message/writer"
sources_compose="message/compose"
others_compose="message/writer"
sources_utf8="message/utf8 unicode"
sources_words="message/words"
others_words="message/utf8 unicode message/writer"
options_words="-eva-use-spec stint_put -eva-slevel 2000 -eva-split-return-function word_length:full"
sources_quoted="message/quoted"
others_quoted="message/writer"
options_quoted="-eva-use-spec stint_put -eva-slevel 2000"
sources_base64_lines="message/base64_lines"
others_base64_lines="message/writer"
options_base64_lines="-eva-use-spec stint_put"
sources_encoding="message/encoding"
others_encoding="message/base64_lines message/quoted message/writer"
options_encoding="-eva-use-spec stint_put -eva-slevel 2000 -eva-split-return-function take:full"
sources_filename="message/filename"
others_filename="message/quoted message/utf8 unicode message/writer"
options_filename="-eva-use-spec stint_put -eva-slevel 2000 -eva-split-return-function file_of:full"
sources_fields="message/fields"
others_fields="message/utf8 unicode message/writer"
options_fields="-eva-use-spec stint_put -eva-slevel 5000"
sources_date="message/date"
sources_parts="message/parts"
others_parts="message/base64_lines message/compose message/writer"
options_parts="-eva-use-spec stint_put,stint_put_base64_line -eva-slevel 1000 \
-eva-split-return-function token:full,read_any:full"
sources_letter="message/letter message/bodies message/header message/files message/text \
message/alert message/recipients message/fault_names"
others_letter="message/base64_lines message/writer"
options_letter="-eva-use-spec stint_put,stint_put_string -eva-slevel 1000 \
-eva-split-return-function \
stint_compose_letter:full,stint_compose_files:full,look_at:full,stint_bodies_look:full"
sources_mailboxes="message/mailboxes"
others_mailboxes="message/utf8 unicode"
options_mailboxes="-eva-slevel 5000 -eva-split-return-function \
divide:full,skip_space:full,closing_quote:full,take:full"
sources_scram="sasl/scram sasl/scram_keys"
others_scram="sasl/exchange"
options_scram="-cpp-extra-args=-include -cpp-extra-args=tests/proof/plain.h -eva-slevel 3000 \
-eva-slevel-function stint_scram_takes:300 -eva-split-return-function \
stint_proof_find:full,attribute:full,hear:full,stint_scram_challenge:full,hear_first:full,\
stint_challenge_decode:full,stint_base64_decode:full,read_server_first:full,\
stint_scram_begin_keys:full,stint_scram_recall:full"
sources_sasl="sasl/sasl sasl/oauth sasl/cram_md5 sasl/exchange"
others_sasl="sasl/base64"
options_sasl="-cpp-extra-args=-DSTINT_CRAM_MD5=1 -cpp-extra-args=-include \
-cpp-extra-args=tests/proof/plain.h -eva-slevel 2000 \
-eva-split-return-function stint_base64_decode:full,stint_challenge_decode:full"
sources_outcome="session/outcome"
others_outcome="session/enhanced sasl/base64"
options_outcome="-eva-slevel 500"

die() {
    echo "proof: $*" >&2
    exit 1
}

command -v frama-c > /dev/null || die 'there is no frama-c: tests/setup.sh proof'
for tool in why3 cvc4; do
    command -v "$tool" > /dev/null || die "there is no $tool: tests/setup.sh proof"
done

# BearSSL's headers alone: the rest of the system's are for this machine, and Frama-C has its own.
headers=${BEARSSL:+$BEARSSL/inc}
for folder in "${headers:-/usr/include}" /usr/include/bearssl; do
    cp "$folder"/bearssl*.h "$out/bearssl/" 2> /dev/null
done

# strip NAME: its sources without comments, for the annotations in them are WP's: Eva needs none.
strip() {
    local sources=sources_$1 others=others_$1 source
    for source in ${!sources-} ${!others-}; do
        mkdir -p "$out/$(dirname "$source")"
        gcc -fpreprocessed -dD -E -P "src/$source.c" -o "$out/$source.c.$$" || die "no $source"
        mv "$out/$source.c.$$" "$out/$source.c" # another driver may be reading it
    done
}

# eva NAME MACHINE: a line for it; its report is in build/proof.
eva() {
    local name=$1 machine=$2 log=$out/$1-$2.log files
    local sources=sources_$1 others=others_$1 options=options_$1
    files=$(printf "$out/%s.c " ${!sources} ${!others-})
    # shellcheck disable=SC2086
    frama-c -machdep "$machine" -cpp-extra-args="$include" "tests/proof/$name.c" $files \
        -eva -eva-slevel 300 -eva-msg-key=-initial-state,-final-states ${!options-} \
        -metrics -metrics-eva-cover > "$log" 2>&1 ||
        { echo "$name  $machine  failed: see $log"; return 1; }
    grep -oP -- '-(inline-calls|eva-use-spec) +\K\S+' <<< "${!options-}" | sed 's/^/not here: /' >> "$log"
    "$PYTHON" tests/proof/verdict.py "$name" "$machine" "$log" ${!sources}
}

# wp NAME MACHINE: the same for body.c's annotations. Each function is proved apart, by the contracts
# of those it calls: where they are put into it instead, its goals take four times as long.
wp() {
    local machine=$2 log=$out/wp-$2.log functions=stint_body_convert,up_to_special,special_octet
    functions+=,put,move_kept,skip_lines,is_plain,special_half_line,skip_plain,skip,special_pair,special
    frama-c -machdep "$machine" -cpp-extra-args="$include -include tests/proof/octets.h" \
        src/session/body.c -inline-calls leave_out,carriage_return,line_feed \
        -wp -wp-rte -wp-prover cvc4 -wp-timeout 120 -wp-par 2 \
        -wp-fct "$functions" \
        > "$log" 2>&1 ||
        { echo "wp  $machine  failed: see $log"; return 1; }
    "$PYTHON" tests/proof/verdict.py wp "$machine" "$log"
}

export WHY3CONFIG=$PWD/$out/why3.conf
rm -f "$WHY3CONFIG"
why3 -C "$WHY3CONFIG" config detect > "$out/why3.log" 2>&1
[ $# -gt 0 ] || set -- wp certificate scram letter content sasl body syntax filename fields mailboxes \
    parts outcome encoding quoted words compose writer base64_lines utf8 date reply capabilities \
    base64 der address

for name; do
    strip "$name"
done

# One at a time for each processor, the longest first.
verdicts=()
workers=()
failed=0
for name; do
    prove=eva
    [ "$name" != wp ] || prove=wp
    for machine in $machines; do
        [ "$(jobs -rp | wc -l)" -lt "$(nproc)" ] || wait -n
        verdicts+=("$out/$name-$machine.verdict")
        $prove "$name" "$machine" > "${verdicts[-1]}" 2>&1 &
        workers+=($!)
    done
done
for i in "${!workers[@]}"; do
    wait "${workers[i]}" || failed=1
    cat "${verdicts[i]}"
done
exit $failed
