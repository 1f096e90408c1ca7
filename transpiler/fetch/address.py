"""Host → addresses that are on the public Internet, and a connection to exactly those.

A name is looked up once, and the connection uses that answer: checking one answer and using the next would let DNS
rebinding reach a cluster's own services and its metadata server.
"""

from __future__ import annotations

import ipaddress
import socket

from transpiler.catalog.files import Unreadable
from transpiler.fetch.policy import READ_SECONDS, Policy

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def addresses(host: str, port: int, policy: Policy, shown: str) -> list[str]:
    """The addresses of a host. Raises Unreadable when one is not public and the user did not name the host.

    `shown` is the host as the reference has it, with its port.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"the host `{host}` is not found: {getattr(error, 'strerror', None) or 'the name is not usable'}"
        raise Unreadable("fetch-failed", message, "check the name, and the network connection") from error
    unique = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in unique:
        if not policy.may_be_private(shown) and not is_public(address):
            message = f"`{shown}` has the address {address}, which is not on the public Internet"
            raise Unreadable("fetch-failed", message, f"if this is intended, use --allow-host {shown}")
    return unique


def is_public(address: str) -> bool:
    """True for a public address; an IPv4 address inside an IPv6 one is checked as IPv4."""
    try:
        given = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(given, ipaddress.IPv6Address):
        inner = given.ipv4_mapped or given.sixtofour or (given.teredo and given.teredo[1])
        if given in _NAT64:
            inner = ipaddress.IPv4Address(int(given) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
        if given.is_site_local:
            return False
    return given.is_global and not (given.is_multicast or given.is_reserved or given.is_unspecified)


def connect(host: str, port: int, policy: Policy, shown: str) -> socket.socket:
    """A connection to the first of the host's addresses that answers. Raises Unreadable or OSError."""
    last: OSError | None = None
    for address in addresses(host, port, policy, shown):
        try:
            return socket.create_connection((address, port), timeout=min(READ_SECONDS, policy.seconds))
        except OSError as error:
            last = error
    raise last or OSError("no address")
