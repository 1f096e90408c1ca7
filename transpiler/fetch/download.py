"""An https URL → its bytes: from a checked address, from that host alone, up to a size, within a time.

Sends no credentials and no cookies, and uses no proxy: urllib's openers for these are omitted.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from typing import IO, Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    AbstractHTTPHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
)

from transpiler import __version__
from transpiler.catalog.files import Unreadable
from transpiler.fetch.address import connect
from transpiler.fetch.policy import MAX_COMPONENT, READ_SECONDS, Policy

_PORTS: Final = {"https": 443, "http": 80}


def download(url: str, policy: Policy) -> bytes:
    """The bytes at a URL. Raises Unreadable, with the reason."""
    parts = urlsplit(url)
    if parts.scheme != policy.scheme(parts.netloc):
        message, hint = f"`{url}` is not an https url", "write https://, or allow it with --allow-http HOST"
        if parts.scheme == "https":
            message = f"`{url}` is an https url, but --allow-http selects http for its host"
            hint = f"write http://, or remove --allow-http {parts.netloc}"
        raise Unreadable("remote-reference", message, hint)
    policy.say(f"fetching {url}")
    with _Watchdog(policy.seconds) as watchdog:
        try:
            return _read(url, policy, watchdog)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()
            raise Unreadable(
                "fetch-failed", f"cannot fetch `{url}`: {_reason(error, watchdog)}", _hint(error)
            ) from error


def _read(url: str, policy: Policy, watchdog: _Watchdog) -> bytes:
    opener = OpenerDirector()
    for handler in (_Handler(policy, watchdog), _SameHost(), HTTPErrorProcessor(), HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    asked = Request(url, headers={"User-Agent": f"transpile/{__version__}", "Accept-Encoding": "identity"})  # noqa: S310
    with opener.open(asked, timeout=min(READ_SECONDS, policy.seconds)) as answer:
        data: bytes = answer.read(MAX_COMPONENT + 1)
        if watchdog.has_cut:
            raise TimeoutError
        if len(data) > MAX_COMPONENT:
            raise ValueError(f"more than {MAX_COMPONENT:,} bytes")
        return data


class _Connection(http.client.HTTPConnection):
    """A connection to a checked address; with `tls` it is https, and the certificate is verified for the name."""

    def __init__(self, host: str, *, tls: bool, policy: Policy, watchdog: _Watchdog, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self.shown, self.tls, self.policy, self.watchdog = host, tls, policy, watchdog
        self.default_port = _PORTS["https" if tls else "http"]
        self.port = urlsplit(f"//{host}").port or self.default_port

    def connect(self) -> None:
        """Connect; the watchdog can cut it from then on, in the middle of a handshake too."""
        self.sock = connect(self.host, self.port, self.policy, self.shown)
        self.watchdog.guard(self.sock)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class _Handler(AbstractHTTPHandler):
    """urllib's handler for both schemes, over the connection above."""

    def __init__(self, policy: Policy, watchdog: _Watchdog) -> None:
        super().__init__()
        self.policy, self.watchdog = policy, watchdog

    def _open(self, request: Request) -> http.client.HTTPResponse:
        tls = request.type == "https"
        settings = {"tls": tls, "policy": self.policy, "watchdog": self.watchdog}
        return self.do_open(_Connection, request, **settings)  # type: ignore[arg-type]

    http_open = https_open = _open
    http_request = https_request = AbstractHTTPHandler.do_request_


class _SameHost(HTTPRedirectHandler):
    """Follows a few redirects, each to the same scheme, host and port."""

    max_redirections = 5
    max_repeats = 2

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request. Raises ValueError for one that leads elsewhere."""
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if (here.scheme, here.netloc.lower()) != (there.scheme, there.netloc.lower()):
            fp.close()
            raise ValueError(f"it redirects to {there.scheme}://{there.hostname}, another host or scheme")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Watchdog:
    """Cuts a connection when the time is up: a server that drips bytes never runs into the limit of one read."""

    def __init__(self, seconds: float) -> None:
        self.has_cut = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for each in self._sockets:
            each.close()

    def guard(self, connection: socket.socket) -> None:
        """Cut this one too; a copy of it, since TLS takes the socket over."""
        self._sockets.append(connection.dup())
        if self.has_cut:
            self._cut()

    def _cut(self) -> None:
        self.has_cut = True
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by the other side


def _reason(error: Exception, watchdog: _Watchdog) -> str:
    """The reason of the failure, without any text from the server."""
    if watchdog.has_cut:
        return "the time limit is exceeded"
    if isinstance(error, HTTPError):
        return f"the server answered {error.code} {http.client.responses.get(error.code, '')}".rstrip()
    inner: Any = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, TimeoutError):
        return "the server does not answer"
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is invalid: {inner.verify_message}"
    if isinstance(inner, http.client.RemoteDisconnected | http.client.IncompleteRead):
        return "the server closed the connection"
    if isinstance(inner, http.client.HTTPException):
        return "the server does not speak HTTP"
    return str(getattr(inner, "strerror", None) or inner)


def _hint(error: Exception) -> str:
    if isinstance(error, HTTPError) and error.code in {401, 403, 404}:
        return "check the url; keep a file that requires a login in a catalog folder"
    return "check the url and the network connection; vendored copies need no network"
