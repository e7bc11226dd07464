"""The server's side of SASL by other people's libraries: Cyrus SASL (libsasl2) and GNU SASL (libgsasl).

Each is a function (mechanism, user, password, binding, shown) that returns an exchange: a function that takes
what the client said (None: nothing yet) and returns the next challenge; or else True or False, when it
is over and the client may come in, or not. `binding` is the server's own tls-server-end-point (RFC 5929),
and `shown` the name in the client's certificate, both only for Cyrus SASL; None: there is none.
"""
from __future__ import annotations

import ctypes
import functools
import os
import tempfile
import typing

Exchange = typing.Callable[[typing.Optional[bytes]], typing.Union[bytes, bool]]

# ---- Cyrus SASL: sasl.h of libsasl2-dev 2.1.28 ----

OK, CONTINUE = 0, 1
LIST_END, GETOPT = 0, 1
SET_CREATE = 1
CHANNEL_BINDING = 21
SSF_EXTERNAL, AUTH_EXTERNAL = 100, 102
GETOPT_T = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p,
                            ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_uint))


class Callback(ctypes.Structure):
    _fields_ = [("id", ctypes.c_ulong), ("proc", GETOPT_T), ("context", ctypes.c_void_p)]


class Binding(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("critical", ctypes.c_int), ("len", ctypes.c_ulong),
                ("data", ctypes.c_char_p)]


@functools.lru_cache(None)
def libsasl2() -> tuple[ctypes.CDLL, typing.Any]:
    """Users are kept in a database of this process alone."""
    library = ctypes.CDLL("libsasl2.so.2")
    database = os.path.join(tempfile.mkdtemp(), "sasldb2")
    options = {b"pwcheck_method": b"auxprop", b"auxprop_plugin": b"sasldb",
               b"sasldb_path": database.encode()}

    def getopt(context: typing.Any, plugin: bytes, option: bytes, result: typing.Any,
               length: typing.Any) -> int:
        if option not in options:
            return -1
        result[0] = options[option]
        if length:
            length[0] = len(options[option])
        return OK

    callbacks = (Callback * 2)(Callback(GETOPT, GETOPT_T(getopt)), Callback(LIST_END))
    assert library.sasl_server_init(callbacks, b"stint-tests") == OK
    return library, callbacks


def cyrus(mechanism: str, user: str, password: str, binding: bytes | None, shown: str | None) -> Exchange:
    library, callbacks = libsasl2()
    connection = ctypes.c_void_p()
    assert library.sasl_server_new(b"smtp", b"localhost", None, None, None, callbacks, 0,
                                   ctypes.byref(connection)) == OK
    secret = password.encode()
    assert library.sasl_setpass(connection, user.encode(), secret, len(secret), None, 0, SET_CREATE) == OK
    bound = Binding(b"tls-server-end-point", 0, len(binding or b""), binding)
    if binding:
        assert library.sasl_setprop(connection, CHANNEL_BINDING, ctypes.byref(bound)) == OK
    if shown:
        assert library.sasl_setprop(connection, SSF_EXTERNAL, ctypes.byref(ctypes.c_uint(128))) == OK
        assert library.sasl_setprop(connection, AUTH_EXTERNAL, shown.encode()) == OK
    output, length = ctypes.c_void_p(), ctypes.c_uint()
    answer = (ctypes.byref(output), ctypes.byref(length))
    begun = False

    def exchange(said: bytes | None) -> bytes | bool:
        nonlocal begun
        if not begun:
            code = library.sasl_server_start(connection, mechanism.encode(), said, len(said or b""), *answer)
        else:
            code = library.sasl_server_step(connection, said, len(said or b""), *answer)
        begun = True
        if code == CONTINUE:
            return ctypes.string_at(output, length.value) if length.value else b""
        return code == OK

    exchange.bound = bound  # type: ignore[attr-defined]  # the library keeps no copy
    return exchange


# ---- GNU SASL: gsasl.h of libgsasl-dev 2.2.0 ----

GSASL_OK, GSASL_NEEDS_MORE = 0, 1
GSASL_AUTHID, GSASL_PASSWORD = 1, 3


@functools.lru_cache(None)
def libgsasl() -> tuple[ctypes.CDLL, ctypes.c_void_p]:
    library = ctypes.CDLL("libgsasl.so.18")
    library.gsasl_property_fast.restype = ctypes.c_char_p
    context = ctypes.c_void_p()
    assert library.gsasl_init(ctypes.byref(context)) == GSASL_OK
    return library, context


def gnu(mechanism: str, user: str, password: str, binding: bytes | None, shown: str | None) -> Exchange:
    library, context = libgsasl()
    session = ctypes.c_void_p()
    assert library.gsasl_server_start(context, mechanism.encode(), ctypes.byref(session)) == GSASL_OK
    library.gsasl_property_set(session, GSASL_PASSWORD, password.encode())

    good = False

    def exchange(said: bytes | None) -> bytes | bool:
        nonlocal good
        if good:
            return True  # the last challenge was the server's proof, and is answered by nothing
        output, length = ctypes.c_void_p(), ctypes.c_size_t()
        code = library.gsasl_step(session, said, ctypes.c_size_t(len(said or b"")), ctypes.byref(output),
                                  ctypes.byref(length))
        good = code == GSASL_OK and library.gsasl_property_fast(session, GSASL_AUTHID) == user.encode()
        if code == GSASL_NEEDS_MORE or (good and length.value):
            return ctypes.string_at(output, length.value) if length.value else b""
        return good

    return exchange
