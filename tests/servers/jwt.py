"""OAuth 2.0 access tokens for Dovecot of the tests: JSON Web Tokens (RFC 7519), signed with HS256."""

import base64
import hashlib
import hmac
import json
import time

KEY = b"a key that is no secret at all.."  # in Dovecot's configuration, too: postfix/server.sh


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


def token(user, lifetime=3600, key=KEY):
    """For `user`, for so many seconds from now on; fewer than 0: it has expired."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT", "kid": "default"}
    claims = {"sub": user, "username": user, "iat": now - 7200, "nbf": now - 7200, "exp": now + lifetime}
    text = b".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return (text + b"." + base64url(hmac.new(key, text, hashlib.sha256).digest())).decode()
