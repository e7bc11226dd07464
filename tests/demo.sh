#!/usr/bin/env bash
# demo.sh [STINT]: send a real mail through a real server, and show it. Exits as stint does, or with 1
# when something else fails. Everything is in a temporary folder, and gone at the end.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stint=$(realpath "${1:-$here/../stint}")
work=$(mktemp -d)

finish() {
    "$here/servers/server" stop "$work/server" || :
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { printf '\n== %s\n' "$*"; }

"$here/setup.sh" demo

say "Starting Postfix and Dovecot on loopback, in a namespace of their own"
"$here/servers/server" start "$work/server"
# shellcheck source=/dev/null
. "$work/server/env"
echo "Submission with STARTTLS is on $HOST:$STARTTLS_RSA, its certificate from a CA made for this."

cat > "$work/message" << END
From: Stint <stint@example.test>
To: You <you@example.test>
Subject: The first mail
Date: $(date -R)
Message-ID: <$(date +%s).$$@example.test>

Hello,

this mail went over verified STARTTLS with AUTH. The next line is a single dot,
.
and the mail did not end there.
END

say "Sending a mail"
command=("$stint" --server "$HOST:$STARTTLS_RSA" --tls starttls
    --user "$USER" --password-file "$PASSWORD_FILE" --ca "$CA" --helo client.example.test
    --from stint@example.test --to you@example.test --verbose "$work/message")
echo "${command[*]}" | fold -s -w 96 | sed 's/ $/ \\/; 2,$s/^/    /'
"${command[@]}" 2>&1

say "What is in the mailbox of you@example.test"
for _ in {1..500}; do
    mails=("$MAILS"/*)
    [ -e "${mails[0]}" ] && break
    sleep 0.02
done
cat "${mails[0]}"

say "Done; stopping the server"
