#!/usr/bin/env bash
# setup.sh GROUP...: fetch what is missing on a Debian machine, and say so. Quiet when nothing is.
#   build     a C compiler and BearSSL (unless BEARSSL names another copy of it)
#   anchors   roots of CAs
#   bench     what is compared with, and measured by
#   demo      openssl, and Postfix and Dovecot
#   size      compilers for the size table
#   firmware  a compiler and an emulator for ARM, and what fetches sources
#   shown     a mail reader, and a terminal for it
#   proof     Frama-C, and a prover for WP: 940 MB on the disk
#   test      what `make test` needs besides
# Mail servers are not installed: that would start them, and replace the machine's own. They are
# unpacked, with the libraries they need, in build/servers/packages and packages-exim.
set -euo pipefail
umask 022
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
servers=$top/build/servers

die() {
    echo "setup: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        die "this needs root or sudo: $*"
    fi
}

apt=(env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300)

# The lock of the package lists knows no timeout, so this waits by itself. Other failures are left
# to the download that follows: it may need nothing from the source that cannot be reached.
update() {
    local try words
    for try in $(seq 100); do
        words=$(as_root apt-get -qq update 2>&1) && return
        [[ $words == *'Could not get lock'* ]] || break
        sleep 3
    done
    echo "setup: apt-get update (try $try): $words" >&2
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# unpack FOLDER PACKAGE...: the packages and those they depend on that the machine lacks.
unpack() {
    local folder=$1 deb
    shift
    new=$(mktemp -d "$folder.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    mkdir -p "$new/debs/partial" "$new/tree/usr/lib" "$new/tree/usr/sbin"
    # Debian has merged /lib and /sbin into /usr; older packages still name the old places.
    ln -s usr/lib usr/sbin "$new/tree"
    "${apt[@]}" -o Dir::Cache::archives="$new/debs" -o Debug::NoLocking=1 \
        -o APT::Sandbox::User= --reinstall --download-only install "$@" || die "cannot download $*"
    for deb in "$new"/debs/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x --no-same-owner --keep-directory-symlink -C "$new/tree"
    done
    rm -rf "$folder"
    mv "$new/tree" "$folder"
    rm -rf "$new"
}

[ $# -gt 0 ] || die 'usage: setup.sh anchors|bench|build|demo|size|firmware|proof|shown|test...'
want=()
mail=no
exim=no
for group; do
    case $group in
        build)
            command -v cc > /dev/null || want+=(gcc libc6-dev)
            [ -n "${BEARSSL:-}" ] || want+=(libbearssl-dev)
            ;;
        demo)
            want+=(openssl)
            mail=yes
            ;;
        anchors)
            want+=(ca-certificates)
            ;;
        bench)
            want+=(ca-certificates curl msmtp python3 strace valgrind)
            ;;
        size)
            want+=(gcc libc6-dev gcc-arm-none-eabi libnewlib-arm-none-eabi)
            ;;
        firmware)
            want+=(dpkg-dev gcc gcc-arm-none-eabi iproute2 libc6-dev libgnutls30
                libnewlib-arm-none-eabi openssl python3 python3-pytest qemu-system-arm)
            ;;
        test)
            want+=(ca-certificates clang clang-format dpkg-dev gcc gir1.2-gmime-3.0 git libc6-dev
                libclang-rt-dev libcmocka-dev libgnutls30 libidn2-0 libmime-tools-perl libslirp-dev man-db
                openssl python3 python3-aiosmtpd python3-gi python3-hypothesis python3-pytest
                python3-pytest-xdist valgrind)
            exim=yes
            ;;
        shown)
            want+=(mutt tmux)
            ;;
        proof)
            want+=(cvc4 frama-c-base gcc libc6-dev python3 why3)
            ;;
        *) die "no group '$group'" ;;
    esac
done

if ! command -v apt-get > /dev/null; then
    echo "setup: not a Debian machine; this is needed: ${want[*]}" >&2
    [ $mail = no ] || die 'no apt-get to fetch mail servers with'
    exit
fi

# A second run at the same time waits here, and finds all in place.
mkdir -p "$servers"
exec 9> "$servers/lock"
flock 9

missing=()
for package in "${want[@]}"; do
    installed "$package" || [[ " ${missing[*]} " == *" $package "* ]] || missing+=("$package")
done
[ $mail = no ] || [ ! -e "$servers/packages/usr/lib/dovecot/lmtp" ] || mail=no
[ $exim = no ] || [ ! -d "$servers/packages-exim" ] || exim=no
[ ${#missing[@]} = 0 ] && [ $mail = no ] && [ $exim = no ] && exit

[ ${#missing[@]} = 0 ] || echo "setup: installing ${missing[*]} (for: $*)"
[ $mail = no ] || echo "setup: unpacking Postfix and Dovecot in ${servers#"$top"/} (not installed)"
[ $exim = no ] || echo "setup: unpacking Exim in ${servers#"$top"/} (not installed)"
update
if [ ${#missing[@]} != 0 ]; then
    as_root "${apt[@]}" install "${missing[@]}" > "$servers/apt.log" 2>&1 ||
        die "apt-get install failed: $(tail -3 "$servers/apt.log")"
fi
[ $mail = no ] || unpack "$servers/packages" postfix dovecot-core dovecot-lmtpd dovecot-submissiond
[ $exim = no ] || unpack "$servers/packages-exim" exim4-daemon-light
