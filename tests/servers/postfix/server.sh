# Postfix, Dovecot as its SASL server, Dovecot's submission server in front of it, and its LMTP
# server beside it. Sourced by ../server, which says what `uid`, `gid`, `user` and `password` are.
packages=packages
services=(plain starttls-rsa starttls-p256 tls-rsa tls-p256 starttls-lockstep tls-lockstep tls-data
    tls-sasl tls-dovecot plain-lmtp starttls-lmtp)

# Where LMTP goes: two that take all, and one with room for nothing.
mailboxes() {
    local name rule
    for name in ana ben full; do
        rule=$([ $name != full ] || echo ' userdb_quota_rule=*:bytes=1')
        echo "$name@example.test::$uid:$gid::/run/mail/lmtp/$name::userdb_mail=maildir:~$rule"
    done
}

configure() {
    local addresses=127.0.0.1 queues
    if has_ipv6; then addresses+=', [::1]'; fi
    printf '%s\n' postfix:x:6101:6101::/: dovecot:x:6102:6102::/: dovenull:x:6103:6103::/: \
        >> /etc/passwd
    printf '%s\n' postfix:x:6101: dovecot:x:6102: dovenull:x:6103: postdrop:x:6104: >> /etc/group
    printf '%s:{PLAIN}%s\n' "$user" "$password" > /run/users
    mailboxes > /run/mailboxes
    mkdir -p /run/keys/default/HS256
    printf 'a key that is no secret at all..' | base64 > /run/keys/default/HS256/default
    mkdir -p /etc/postfix /var/lib/postfix /var/spool/postfix
    cp /run/config/*.cf /etc/postfix
    touch /etc/postfix/dynamicmaps.cf
    cat >> /etc/postfix/main.cf << END

inet_interfaces = $addresses
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
rsa_chain = /run/certs/rsa/all.pem
p256_chain = /run/certs/p256/all.pem
authenticated = permit_sasl_authenticated, reject
END
    # Postfix waits until its configuration is some seconds old, lest someone is still writing it.
    touch -d '1 minute ago' /etc/postfix/*.cf
    # What `postfix start` would make, in three seconds more.
    queues=(active bounce corrupt defer deferred flush hold incoming private saved trace)
    cd /var/spool/postfix
    mkdir -m 700 "${queues[@]}"
    mkdir -m 710 public
    chown postfix "${queues[@]}" public /var/lib/postfix
    chgrp postdrop public
    mkdir pid
}

daemon() {
    exec /usr/lib/postfix/sbin/master -s
}

# Dovecot takes no names of ports. Postfix asks it only when somebody connects.
start_others() {
    cat > /run/dovecot.conf << END
!include /run/config/dovecot.conf
submission_relay_port = $(port_of plain)
service submission-login {
  inet_listener submissions {
    port = $(port_of tls-dovecot)
  }
}
service lmtp {
  inet_listener plain {
    port = $(port_of plain-lmtp)
  }
  inet_listener starttls {
    port = $(port_of starttls-lmtp)
  }
}
END
    dovecot -F -c /run/dovecot.conf &
    until [ -S /run/auth ]; do
        kill -0 $!
        sleep 0.02
    done
}
