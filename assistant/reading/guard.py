"""Which web addresses may be asked: how they are spelt, and where their names lead.

What is checked is what is connected to: a host is looked up once for a request, every address it
has is judged, and the connection goes to one of these. So a name that leads elsewhere a moment
later, or a redirect, reaches nothing that could not be named outright.
Messages of SourceError go on from the address.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from assistant.errors import SourceError

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to the numeric addresses of the host; OSError where there are none."""

# Ports of services that would take a request for something else: mail, remote shells, chat, X11.
_OTHER_SERVICES = frozenset(
    int(port)
    for port in re.findall(
        r"\d+",
        """
    1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113
    115 117 119 123 135 137 139 143 161 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548
    554 556 563 587 601 636 993 995 1719 1720 1723 2049 3659 4045 5060 5061 6000 6379 6566 6665 6666
    6667 6668 6669 6697 10080 11211
    """,
    )
)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNICAST = ip_network("2000::/3")  # all that has been given out of IPv6
_NAT64 = ip_network("64:ff9b::/96")  # the last 32 bits are an IPv4 address
# Not for the public, but is_global says otherwise, or says so only in newer versions of Python.
_RESERVED = tuple(
    ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")
)


def parse(address: str) -> httpx.URL:
    """An http or https address taken apart; its fragment and a final dot of the host are dropped.

    Raises SourceError for what is none, for one with a password, and for an odd host or port.
    """
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"is not a web address ({error})") from error
    if url.scheme not in ("http", "https"):
        raise SourceError("is not a web address; it must begin with http:// or https://")
    if url.userinfo:
        raise SourceError("holds a user name or a password; give the address without them")
    if url.port is not None and (url.port in _OTHER_SERVICES or not 0 < url.port < 65536):
        raise SourceError(f"asks port {url.port}, where no web pages are served")
    host = _host(url.raw_host.decode("ascii"))
    return url.copy_with(host=host, raw_path=url.raw_path, fragment=None)  # the path: at least /


def port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def addresses(url: httpx.URL, resolve: Resolve, allow_private: bool) -> tuple[str, ...]:
    """The numeric addresses to connect to for a parsed `url`.

    Raises SourceError where the host has none, or where any of them is not a public one and
    private ones are not allowed.
    """
    host = url.raw_host.decode("ascii")
    if not allow_private and (host == "localhost" or host.endswith(".localhost")):
        raise SourceError(_private(host))
    found = _numeric(host) or [
        *dict.fromkeys(ip_address(one) for one in _looked_up(host, url, resolve))
    ]
    for one in found:
        if not allow_private and not is_public(one):
            raise SourceError(_private(str(one)))
    return tuple(map(str, found))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it belongs to a machine of the public internet; what embeds another follows that."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _UNICAST or (address.sixtofour and not is_public(address.sixtofour)):
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in net for net in _RESERVED)


def look_up(host: str, port: int) -> list[str]:
    """Every address of `host` that the system knows."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _host(host: str) -> str:
    if ":" in host:
        if "%" in host:
            raise SourceError("names a network card in its host; only plain addresses can be asked")
        return host
    name = host.removesuffix(".")
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise SourceError("is not a web address (its host is no valid name)")
    # What ends in a number, systems read as an IPv4 address in some old way: 127.1, 0x7f000001.
    if _NUMBER.fullmatch(name.rpartition(".")[2]) and not _numeric(host):
        raise SourceError("spells its host in an odd way; write it as four numbers (192.0.2.1)")
    return name


def _numeric(host: str) -> list[IPv4Address | IPv6Address]:
    try:
        return [ip_address(host)]
    except ValueError:
        return []


def _looked_up(host: str, url: httpx.URL, resolve: Resolve) -> list[str]:
    try:
        found = resolve(host, port(url))
    except (socket.gaierror, UnicodeError) as error:
        raise SourceError(_unknown(host)) from error
    if not found:
        raise SourceError(_unknown(host))
    return found


def _unknown(host: str) -> str:
    return f"the name {host} cannot be found; check the address and the connection"


def _private(address: str) -> str:
    return f"points to a private address ({address}); set allow_private_addresses to allow it"
