# Exim, which keeps what it takes in the mailbox. Sourced by ../server, which says what `uid`, `gid`,
# `user` and `password` are.
packages=packages-exim
services=(tls tls-lockstep tls-data tls-external)

configure() {
    echo Debian-exim:x:6101:6101::/: >> /etc/passwd
    echo Debian-exim:x:6101: >> /etc/group
    mkdir -p /etc/exim4 /var/spool/exim4 /var/log/exim4
    chown Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4
    touch /var/log/exim4/mainlog
    chown Debian-exim:Debian-exim /var/log/exim4/mainlog
    tail -f /var/log/exim4/mainlog >> /run/dir/log &
}

daemon() {
    local addresses=127.0.0.1
    if has_ipv6; then addresses='<; 127.0.0.1 ; ::1'; fi
    {
        printf '%s = %s\n' ADDRESSES "$addresses" MAILBOX_UID "$uid" MAILBOX_GID "$gid" \
            LOGIN_USER "$user" LOGIN_PASSWORD "$password" PORT_TLS "$(port_of tls)" \
            PORT_LOCKSTEP "$(port_of tls-lockstep)" PORT_DATA "$(port_of tls-data)" \
            PORT_EXTERNAL "$(port_of tls-external)"
        cat /run/config/exim.conf
    } > /etc/exim4/exim4.conf
    exec /usr/sbin/exim4 -bdf
}

start_others() { :; }
