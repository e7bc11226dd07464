#!/usr/bin/env bash
# certs.sh DIR [few]: a private CA with good and deliberately bad server certificates.
#   DIR/ca.pem                  every good root: what a client is to trust
#   DIR/root-KIND.pem           one of them: rsa p256 p384 rsa4096
#   DIR/root-unknown.pem        a root that is not in ca.pem
#   DIR/NAME/cert.pem key.pem   a server certificate (the leaf) and its key
#   DIR/NAME/chain.pem          the leaf and what is sent behind it
#   DIR/NAME/all.pem            key.pem and chain.pem in one file
#   DIR/NAMES                   a line for each: NAME good|bad WHY
# `few` stops after the leaves rsa and p256. What is there stays, for 300 days; then all is made
# anew. A later version of this file adds what it has more. The keys are no secrets: only the tests
# trust them.
set -euo pipefail
umask 022
dir=${1:?usage: certs.sh DIR [few]}
extent=${2:-all}
mkdir -p "$(dirname "$dir")"
exec 9> "$dir.lock"
flock 9
[ -n "$(find "$dir/born" -mtime -300 2> /dev/null)" ] || rm -rf "$dir"
[ ! "$dir/$extent.done" -nt "$0" ] || exit 0
mkdir -p "$dir/work"
cd "$dir"
[ -e born ] || touch born

sans=DNS:localhost,DNS:mail.example.test,IP:127.0.0.1,IP:::1

# openssl is wordy even when all is well; its words are shown when it fails.
ssl() {
    openssl "$@" 2> work/words || {
        cat work/words >&2
        return 1
    }
}

# key NAME rsa|rsa1024|rsa4096|p256|p384: work/NAME.key, unless it is there.
key() {
    local option
    case $2 in
        rsa) option=rsa_keygen_bits:2048 ;;
        rsa*) option=rsa_keygen_bits:${2#rsa} ;;
        p*) option=ec_paramgen_curve:P-${2#p} ;;
    esac
    [ -e "work/$1.key" ] && return
    openssl genpkey -quiet -algorithm "${option%%_*}" -pkeyopt "$option" -out "work/$1.key.new"
    mv "work/$1.key.new" "work/$1.key"
}

# keys KIND NAME...: side by side, as they take most of the time.
keys() {
    local kind=$1 name
    shift
    for name; do key "$name" "$kind" & done
    wait
}

date_of() { date -u -d "$1" +%y%m%d%H%M%SZ; }

# sign NAME ISSUER|self FROM TO DIGEST EXTENSION...: work/NAME.csr becomes work/NAME.pem.
# By `openssl ca`, as nothing else takes both dates; `self` signs with the key of NAME.
sign() {
    local name=$1 issuer=$2 from=$3 to=$4 digest=$5 by=(-selfsign)
    shift 5
    [ "$issuer" = self ] || by=(-cert "work/$issuer.pem")
    [ "$issuer" != self ] || issuer=$name
    [ -e work/serial ] || echo 0100 > work/serial
    : > work/index
    printf '%s\n' '[ca]' default_ca=here '[here]' database=work/index serial=work/serial \
        new_certs_dir=work policy=any unique_subject=no email_in_dn=no \
        '[any]' organizationName=supplied commonName=supplied '[extensions]' "$@" > work/ca.cnf
    ssl ca -batch -notext -config work/ca.cnf -extensions extensions -md "$digest" "${by[@]}" \
        -keyfile "work/$issuer.key" -in "work/$name.csr" -out "work/$name.pem" \
        -startdate "$(date_of "$from")" -enddate "$(date_of "$to")"
}

# ca NAME KIND ISSUER|self BASIC-CONSTRAINTS [EXTENSION]
ca() {
    local name=$1 kind=$2 issuer=$3 basic=$4
    shift 4
    [ ! -e "work/$name.pem" ] || return 0
    key "$name" "$kind"
    ssl req -new -key "work/$name.key" -subj "/O=SMTP tests/CN=$name" -out "work/$name.csr"
    sign "$name" "$issuer" '-2 days' '+7000 days' sha256 "basicConstraints=critical,$basic" \
        keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash "$@"
}

# roots_and_intermediates KIND...: these and no others are in ca.pem then.
roots_and_intermediates() {
    local kind
    for kind; do
        ca "root-$kind" "$kind" self CA:TRUE
        ca "int-$kind" "$kind" "root-$kind" CA:TRUE,pathlen:0
        cp "work/root-$kind.pem" .
        cat "work/root-$kind.pem" >> work/ca.pem
    done
    mv work/ca.pem ca.pem
}

# flip FILE: turn over the last bit of a certificate, which is its signature's.
flip() {
    local size last
    openssl x509 -in "$1" -outform DER -out work/flip
    size=$(stat -c %s work/flip)
    last=$(tail -c 1 work/flip | od -An -tu1)
    printf '%b' "\\0$(printf %o $((last ^ 1)))" |
        dd of=work/flip bs=1 seek=$((size - 1)) conv=notrunc status=none
    {
        echo '-----BEGIN CERTIFICATE-----'
        base64 -w 64 work/flip
        echo '-----END CERTIFICATE-----'
    } > "$1"
}

# leaf NAME good|bad WHY KIND ISSUER|self SENT NAMES [WORD=VALUE]...
# SENT: what goes behind it in the chain, with commas, or none. WORD: from, to, digest, cn, usage or
# flipped. Leaves of a kind share a key, unless they have one already.
leaf() {
    local name=$1 verdict=$2 why=$3 kind=$4 issuer=$5 sent=$6 names=$7 certificate extensions
    local from='-1 day' to='+800 days' digest=sha256 cn=mail.example.test usage=serverAuth flipped=
    shift 7
    [ $# = 0 ] || local "$@"
    [ ! -e "$name/all.pem" ] || return 0
    mkdir -p "$name"
    if [ ! -e "work/$name.key" ]; then
        key "leaf-$kind" "$kind"
        cp "work/leaf-$kind.key" "work/$name.key"
    fi
    extensions=("basicConstraints=critical,CA:FALSE" "extendedKeyUsage=$usage"
        "keyUsage=critical,digitalSignature,keyEncipherment" subjectKeyIdentifier=hash)
    [ "$names" = none ] || extensions+=("subjectAltName=$names")
    ssl req -new -key "work/$name.key" -subj "/O=SMTP tests/CN=$cn" -out "work/$name.csr"
    sign "$name" "$issuer" "$from" "$to" "$digest" "${extensions[@]}"
    [ -z "$flipped" ] || flip "work/$name.pem"
    cp "work/$name.key" "$name/key.pem"
    cp "work/$name.pem" "$name/cert.pem"
    cp "work/$name.pem" "$name/chain.pem"
    if [ "$sent" != none ]; then
        for certificate in ${sent//,/ }; do cat "work/$certificate.pem" >> "$name/chain.pem"; done
    fi
    cat "$name/key.pem" "$name/chain.pem" > work/all.pem
    chmod 644 "$name"/*.pem work/all.pem
    echo "$name $verdict $why" >> NAMES
    mv work/all.pem "$name/all.pem"
}

keys rsa root-rsa int-rsa leaf-rsa
roots_and_intermediates rsa p256
leaf rsa good 'RSA-2048 chain of three' rsa int-rsa int-rsa $sans
leaf p256 good 'P-256 chain of three' p256 int-p256 int-p256 $sans
touch few.done
[ "$extent" != few ] || exit 0

keys rsa int-gmail root-unknown int-unknown int-nonca int-names int-last int-beyond elsewhere
keys rsa4096 root-rsa4096 int-rsa4096 leaf-rsa4096
roots_and_intermediates rsa p256 p384 rsa4096
ca int-gmail rsa root-rsa4096 CA:TRUE,pathlen:0
ca root-unknown rsa self CA:TRUE
ca int-unknown rsa root-unknown CA:TRUE
cp work/root-unknown.pem .
ca int-nonca rsa root-rsa CA:FALSE
ca int-names rsa root-rsa CA:TRUE \
    'nameConstraints=critical,permitted;DNS:other.test,permitted;IP:10.0.0.0/255.0.0.0'
ca int-last rsa root-rsa CA:TRUE,pathlen:0
ca int-beyond rsa int-last CA:TRUE

leaf p384 good 'P-384 chain of three' p384 int-p384 int-p384 $sans
leaf mixed good 'P-256 leaf under an RSA CA' p256 int-rsa int-rsa $sans
leaf gmail good "as Gmail's: P-256 leaf, RSA-2048, RSA-4096 root" p256 int-gmail int-gmail $sans
leaf outlook good "as Outlook's: RSA-2048 leaf, RSA-4096, SHA-384, the root sent too" \
    rsa int-rsa4096 int-rsa4096,root-rsa4096 $sans digest=sha384
leaf letsencrypt good "as Let's Encrypt's: P-256 leaf, P-384" p256 int-p384 int-p384 $sans
leaf rsa4096 good 'RSA-4096 throughout, the root sent too: a chain of about 5 KB' \
    rsa4096 int-rsa4096 int-rsa4096,root-rsa4096 $sans
leaf rsa-short good 'RSA-2048 leaf under its root' rsa root-rsa none $sans
leaf p256-short good 'P-256 leaf under its root' p256 root-p256 none $sans
leaf wildcard good 'only as NAME.example.test' rsa int-rsa int-rsa 'DNS:*.example.test'
leaf manysan good '100 other names before ours' \
    rsa int-rsa int-rsa "$(printf 'DNS:host%d.example.test,' {1..100})$sans"

leaf expired bad 'ended two days ago' \
    rsa int-rsa int-rsa $sans from='-400 days' to='-2 days'
leaf future bad 'begins in some years' \
    rsa int-rsa int-rsa $sans from='+2000 days' to='+2800 days'
leaf wrongname bad 'names another host' \
    rsa int-rsa int-rsa DNS:other.example.test cn=other.example.test
leaf cnonly bad 'no alternative name, CN=localhost (RFC 9525 refuses it, older clients do not)' \
    rsa int-rsa int-rsa none cn=localhost
leaf nulname bad 'our name is only how its name begins' \
    rsa int-rsa int-rsa DNS:localhost.other.test cn=localhost.other.test
leaf selfsigned bad 'signed by itself' rsa self none $sans
leaf unknownca bad 'a root that the client does not have' rsa int-unknown int-unknown $sans
leaf unknownca-rootsent bad 'an unknown root, sent in the chain' \
    rsa int-unknown int-unknown,root-unknown $sans
leaf rsa1024 bad 'RSA-1024 leaf key' rsa1024 int-rsa int-rsa $sans
leaf sha1 bad 'leaf signed with SHA-1' rsa int-rsa int-rsa $sans digest=sha1
leaf noint bad 'intermediate not sent' rsa int-rsa none $sans
leaf nonca bad 'intermediate says CA:FALSE' rsa int-nonca int-nonca $sans
leaf nameconstraint bad "outside the intermediate's name constraints" \
    rsa int-names int-names $sans
leaf pathlen bad 'chain longer than pathlen:0 allows' rsa int-beyond int-beyond,int-last $sans
leaf clienteku bad 'extendedKeyUsage is clientAuth only' \
    rsa int-rsa int-rsa $sans usage=clientAuth
leaf clienteku-p256 bad 'the same with P-256' \
    p256 int-p256 int-p256 $sans usage=clientAuth
leaf elsewhere bad 'names another host; its key, no other leaf'\''s, signed the next' \
    rsa int-rsa int-rsa DNS:elsewhere.example.test cn=elsewhere.example.test
leaf forged bad 'signed by an ordinary leaf' rsa elsewhere elsewhere,int-rsa $sans
leaf badsig bad "one bit of the leaf's signature flipped" \
    rsa int-rsa int-rsa $sans flipped=yes
touch all.done
