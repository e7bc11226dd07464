#!/usr/bin/env bash
# shown.sh STINT DOCUMENT: write the generated parts of docs/shown.md into DOCUMENT: how a mail that the
# command composed shows in a mail reader, mutt on a terminal of 80 columns.
set -euo pipefail
stint=$(realpath "$1")
document=$(realpath "$2")
work=$(mktemp -d)
tmux=(tmux -f /dev/null -S "$work/tmux")
trap '"${tmux[@]}" kill-server 2> /dev/null || :; rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C.UTF-8 TZ=UTC

# The commands as the document has them.
for name in command long; do
    sed -n "/^<!-- $name/,/^<!-- end of $name/ { /^    /p }" "$document" > "$name"
    [ -s "$name" ]
done
sed 's/--render/--render --flowed/' long > long-flowed

mkdir bin mail
ln -s "$stint" bin/stint
printf 'time,bar\n02:00,1.9\n04:00,1.7\n' > night.csv
printf '\x89PNG\r\n\x1a\n' > chart.png
cat > note.txt << 'END'
The pump at valve seven has had a low pressure of 0.3 bar since two o'clock, and the temperature of the bearing has risen to 85 degrees. Please look at it.

--
Pump 3
END
sed -i 's/^--$/-- /' note.txt
# mail COMMAND: what it composes, as a mailbox.
mail() {
    echo 'From pump3@example.com Thu Jan  1 00:00:00 1970'
    PATH=$work/bin:$PATH HOME=$work bash -e "$1" | tr -d '\r'
}
mail command > mail/box
mail long > mail/quoted
mail long-flowed > mail/flowed
[ "$(wc -l < mail/box)" -gt 20 ]

cat > muttrc << 'END'
set folder = .
set index_format = "%4C %-22.22F %s"
set status_format = "-- %f: %m --"
set pager_format = "-- %C of %m: %s --"
set attach_format = "%D%t%4n %T%.32d%> [%.30m/%.15M, %e, %s]"
set help = no
set wait_key = no
set markers = no
set sort_alias = alias
unset header_cache
ignore *
unignore from: to cc subject date reply-to importance
END
# open COLUMNS MAILBOX [SETTING...]
open() {
    "${tmux[@]}" new-session -d -x "$1" -y 28 "mutt -n -F muttrc ${*:3} -R -f mail/$2"
}

# show WORDS NAME [KEY...]: press the keys, wait for the words, keep the screen.
show() {
    local words=$1 name=$2
    shift 2
    [ $# = 0 ] || "${tmux[@]}" send-keys "$@"
    for _ in {1..250}; do
        "${tmux[@]}" capture-pane -p > screen
        grep -qF -e "$words" screen && break
        sleep 0.02
    done
    grep -qF -e "$words" screen || { cat screen >&2; exit 1; }
    { echo '```'; sed -e 's/[[:space:]]*$//' screen | cat -s | sed -e '${/^$/d}'; echo '```'; } > "$name"
    sed -i -e "/<!-- $name/,/<!-- end of $name/ { /<!--/!d }" -e "/<!-- $name/r $name" "$document"
}

open 80 box
show "box: 1" index
show '1 of 1' message Enter
show 'Mutt: Attachments' parts v
"${tmux[@]}" send-keys q q

for name in quoted flowed; do
    open 100 "$name" -e "'set markers'" -e "'ignore *'"
    show "$name: 1" screens
    show '1 of 1' "$name" Enter
    "${tmux[@]}" send-keys q q
done
