"""HTTP for one download: proxies, safe redirects, and a connection that another thread can cut at once."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.parse import urlsplit

AGENT = "FIAS-Desktop"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

Register = Callable[[socket.socket], None]


class Cut:
    """Ends a connection from outside: a blocked read returns at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._closed = False

    def register(self, connected: socket.socket) -> None:
        """A connection was made; cut at once when that was asked for before."""
        with self._lock:
            self._socket = connected
            if self._closed:
                _shut(connected)

    def __call__(self) -> None:
        """Cut the connection there is, and any later one."""
        with self._lock:
            self._closed = True
            if self._socket is not None:
                _shut(self._socket)


def open_url(
    url: str, headers: dict[str, str], proxy: str | None, timeout_s: float, register: Register
) -> HTTPResponse:
    """Send a GET request; HTTPError for an answer of 300 and above, OSError and HTTPException for what breaks.

    Safe redirects are followed. `proxy` is an address, "" for none at all, or None for what the environment says.
    """
    opener = urllib.request.OpenerDirector()
    handlers: tuple[urllib.request.BaseHandler, ...] = (
        urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {} if proxy == "" else None),
        _Http(register),
        _Https(register),
        _SafeRedirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    )
    for handler in handlers:
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **headers})
    response = opener.open(request, timeout=timeout_s)
    if not isinstance(response, HTTPResponse):
        raise urllib.error.URLError(f"no way to open {urlsplit(url).scheme} addresses")
    return response


def _shut(connected: socket.socket) -> None:
    try:
        # Of the plain socket: an SSL socket would first say goodbye, and so wait for the other side.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


class _Connection(http.client.HTTPConnection):
    def __init__(self, register: Register, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._register = register

    def connect(self) -> None:
        super().connect()
        self._register(self.sock)


class _SafeConnection(http.client.HTTPSConnection):
    def __init__(self, register: Register, host: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, timeout=timeout, context=context)
        self._register = register

    def connect(self) -> None:
        super().connect()
        self._register(self.sock)


class _Maker:
    """Makes a connection the way `do_open` calls for one; host and patience are all that it ever names."""

    def __init__(self, make: Callable[[str, float], http.client.HTTPConnection]) -> None:
        self._make = make

    def __call__(
        self,
        host: str,
        /,
        *,
        port: int | None = None,
        timeout: float = 30.0,
        source_address: tuple[str, int] | None = None,
        blocksize: int = 0,
    ) -> http.client.HTTPConnection:
        return self._make(host, timeout)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_Maker(lambda host, timeout_s: _Connection(self._register, host, timeout_s)), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register, self._trust = register, ssl.create_default_context()

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        make = _Maker(lambda host, timeout_s: _SafeConnection(self._register, host, timeout_s, self._trust))
        return self.do_open(make, req)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows to https only, or from this machine to this machine."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        here = before.hostname in _LOOPBACK and after.hostname == before.hostname
        loopback = here and before.scheme == after.scheme == "http"
        if after.scheme != "https" and not loopback:
            raise urllib.error.HTTPError(req.full_url, code, "an unsafe redirect", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
