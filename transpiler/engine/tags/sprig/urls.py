"""URLs, taken apart and put together as Go's net/url does."""

from __future__ import annotations

import re
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.arguments import kind_name
from transpiler.engine.tags.values import as_bytes, as_text
from transpiler.patterns import regex

_SCHEME: Final = regex(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_ESCAPE: Final = regex(r"%(?![0-9A-Fa-f]{2})")
_PORT: Final = regex(r"(?::[0-9]*)?")
_PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PATH: Final = "$&+,/:;=@!'()*~"
_USER: Final = regex(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")


def quote(text: str, safe: str) -> str:
    """A text with `%41` for all bytes but letters, digits, `-._~` and those that are safe."""
    kept = frozenset(_PLAIN + as_bytes(safe))
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in as_bytes(text))


def unquote(text: str) -> str:
    """A text with its `%41` replaced."""
    first, *others = text.split("%")
    parts = [as_bytes(first), *(bytes([int(each[:2], 16)]) + as_bytes(each[2:]) for each in others)]
    return as_text(b"".join(parts))


def _wrong(text: str, message: str) -> ExpressionError:
    return ExpressionError(f'unable to parse url: parse "{text}": {message}')


def parsed(text: str) -> dict[str, Any]:
    """The parts of a URL: scheme, host, hostname, path, query, opaque, fragment, userinfo."""
    if any(each < " " or each == "\x7f" for each in text):
        raise _wrong(text, "net/url: invalid control character in URL")
    before, _, fragment = text.partition("#")
    found = _SCHEME.fullmatch(before)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", before)
    if before.startswith(":"):
        raise _wrong(text, "missing protocol scheme")
    rest, _, query = rest.partition("?")
    parts = {"scheme": scheme, "query": query, "fragment": _unescaped(text, fragment), "opaque": ""}
    host = userinfo = ""
    if not rest.startswith("/") and scheme:
        return {**parts, "opaque": rest, "host": "", "hostname": "", "path": "", "userinfo": ""}
    if not rest.startswith("/") and ":" in rest.split("/", 1)[0]:
        raise _wrong(text, "first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        userinfo, host = _authority(text, authority)
    return {**parts, "host": host, "hostname": _hostname(host), "path": _unescaped(text, rest), "userinfo": userinfo}


def _authority(text: str, authority: str) -> tuple[str, str]:
    userinfo, at, host = authority.rpartition("@")
    if at and not _USER.fullmatch(userinfo):
        raise _wrong(text, "net/url: invalid userinfo")
    if host.startswith("["):
        end = host.rfind("]")
        if end < 0:
            raise _wrong(text, "missing ']' in host")
        port = host[end + 1 :]
    else:
        port = host[host.rfind(":") :] if ":" in host else ""
    if not _PORT.fullmatch(port):
        raise _wrong(text, f'invalid port "{port}" after host')
    return _userinfo(text, userinfo) if at else "", _unescaped(text, host)


def _userinfo(text: str, userinfo: str) -> str:
    name, colon, password = userinfo.partition(":")
    safe = "-_.~$&+,;="
    shown = quote(_unescaped(text, name), safe=safe)
    return shown + (colon + quote(_unescaped(text, password), safe=safe) if colon else "")


def _hostname(host: str) -> str:
    if host.startswith("["):
        return host[1 : host.rfind("]")]
    name, colon, port = host.rpartition(":")
    return name if colon and (port.isdigit() or not port) else host


def _unescaped(text: str, part: str) -> str:
    wrong = _ESCAPE.search(part)
    if wrong:
        raise _wrong(text, f'invalid URL escape "{part[wrong.start() : wrong.start() + 3]}"')
    return unquote(part)


def joined(parts: dict[str, Any]) -> str:
    """The URL of parts that `parsed` gives. Raises ExpressionError for parts that are no texts."""
    for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo"):
        if key in parts and not isinstance(parts[key], str):
            shown = kind_name(parts[key])
            raise ExpressionError(f"unable to parse {key} key, must be of type string, but {shown} found")
    scheme, host, path, userinfo = (parts.get(key, "") for key in ("scheme", "host", "path", "userinfo"))
    text = f"{scheme}:" if scheme else ""
    if parts.get("opaque"):
        text += parts["opaque"]
    else:
        text += _place(scheme, host, path, userinfo)
    text += f"?{parts['query']}" if parts.get("query") else ""
    fragment = parts.get("fragment", "")
    return text + (f"#{quote(fragment, safe=_PATH + '?')}" if fragment else "")


def _place(scheme: str, host: str, path: str, userinfo: str) -> str:
    text = ""
    if scheme or host or userinfo:
        if host or path or userinfo:
            text = "//" if host or userinfo or path.startswith("//") else ""
        if userinfo:
            text += f"{parsed(f'proto://{userinfo}@host')['userinfo']}@"
        text += quote(host, safe="!$&'()*+,;=:[]<>\"~")
    shown = quote(path, safe=_PATH)
    if shown and not shown.startswith("/") and host:
        text += "/"
    return text + shown
