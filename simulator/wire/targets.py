"""Which receivers may be reached: this machine always, another host only when somebody named it.

In: a URL as text. Out: the same URL, parsed once, or cut in two behind its port; what was checked is what is connected
to. No network, no names resolved. Addresses count only in their usual form: programs disagree about what `127.1` and
`0x7f000001` mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from yarl import URL

from simulator.errors import Misuse, TargetNotAllowed

_VISIBLE = re.compile(r"[!-~]+")
_ORIGIN_AND_REST = re.compile(r"([^/?#]*://[^/?#]*)([!-~]*)")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_ALMOST_AN_ADDRESS = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")


class Host(NamedTuple):
    """A name in lower case without the final dot, or an address; and whether it is this machine."""

    value: str | IPv4Address | IPv6Address
    is_loopback: bool

    def __str__(self) -> str:
        return str(self.value)


class Targets:
    """Loopback, and the hosts in `allowed`: names or addresses, without scheme and port, no wildcards.

    Raises Misuse where an entry is no host.
    """

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = frozenset(_named(entry) for entry in allowed)
        self._check_origin = lru_cache(maxsize=1024)(self.check_url)  # the same for every event, unlike the rest

    def check_url(self, url: str) -> URL:
        """The URL for the wire, its bytes unchanged. Raises TargetNotAllowed, which names the host and the cure."""
        target = _parsed(url)
        host = parse_host(target.raw_host or "")
        if host is None:
            raise TargetNotAllowed(
                f'"{target.raw_host or ""}" is neither a host name nor an address in its usual form; '
                "write 127.0.0.1, [::1] or a name"
            )
        if not (host.is_loopback or self.named(host)):
            raise TargetNotAllowed(
                f'"{host}" is not this machine, and nobody allowed it; '
                f"if it is yours to test, allow it by name: --allow-host {host}"
            )
        return target

    def reach(self, url: str) -> tuple[str, str]:
        """The origin to connect to, and the path and query to ask it for, their bytes unchanged.

        Raises TargetNotAllowed, which names the host and the cure.
        """
        parts = _ORIGIN_AND_REST.fullmatch(url)
        origin, rest = parts.groups() if parts else (url, "")
        self._check_origin(origin)
        path = rest.partition("#")[0]
        return origin, path if path.startswith("/") else f"/{path}"

    def named(self, host: Host) -> bool:
        """Whether somebody allowed this host by name."""
        return host in self._allowed


@lru_cache(maxsize=1024)
def parse_host(text: str) -> Host | None:
    """The host that this text names; None where it is neither a name nor an address in its usual form."""
    try:
        address = ip_address(text)
    except ValueError:
        return _host_by_name(text.lower().removesuffix("."))
    return None if "%" in text else Host(address, _is_loopback_address(address))


def _host_by_name(name: str) -> Host | None:
    if not _NAME.fullmatch(name) or _ALMOST_AN_ADDRESS.fullmatch(name):
        return None
    return Host(name, is_loopback=name == "localhost" or name.endswith(".localhost"))  # RFC 6761


def _is_loopback_address(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _parsed(url: str) -> URL:
    """The URL as this program will read it; the text of it is never repeated, it may carry credentials."""
    if not _VISIBLE.fullmatch(url):
        raise TargetNotAllowed("a URL holds a blank, a control or a non-ASCII character; percent-encode it")
    try:
        target = URL(url, encoded=True)
        has_user = target.raw_user is not None or target.raw_password is not None
        port = target.port
    except ValueError:
        raise TargetNotAllowed("a URL cannot be read; write it as http://127.0.0.1:8080/path") from None
    if target.scheme not in ("http", "https"):
        raise TargetNotAllowed(f'a URL has the scheme "{target.scheme}"; http and https are allowed')
    if has_user:
        raise TargetNotAllowed("a URL carries a user name or a password; basic authentication is its own setting")
    if port == 0:
        raise TargetNotAllowed("a URL has the port 0, where nobody listens; write 1 to 65535")
    return target


def _named(entry: str) -> Host:
    host = parse_host(entry.strip().removeprefix("[").removesuffix("]"))
    if host is None:
        raise Misuse(f'"{entry}" is not a host; write its name or address alone, as in staging.example.com')
    return host
