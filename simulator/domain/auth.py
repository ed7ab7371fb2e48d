"""Credentials of a subscription: how they are sent (E7), and that they are never shown (S7)."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field

from simulator.domain.template import can_be_encoded

HIDDEN = "••••"

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a field name of RFC 9110
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FRAMING = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "expect"}
)


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """A header with a token, sent on every attempt exactly as it was given."""

    name: str
    value: str = field(repr=False)

    def header(self) -> tuple[str, str]:
        return self.name, self.value


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """A user name and a password, sent as `Authorization: Basic` in UTF-8 on every attempt."""

    username: str
    password: str = field(repr=False)

    def header(self) -> tuple[str, str]:
        pair = f"{self.username}:{self.password}".encode()
        return "Authorization", f"Basic {b64encode(pair).decode('ascii')}"


def check_header_name(name: str) -> list[str]:
    """What is wrong with the name of a header that a customer chose."""
    if not _TOKEN.fullmatch(name):
        return [f'"{name}" is not a header name; letters, digits and hyphens make one']
    if name.lower() in _FRAMING:
        return [f'"{name}" belongs to HTTP itself and cannot carry a token; choose another name']
    return []


def check_secret(value: str) -> list[str]:
    """What is wrong with a header's value or a part of a basic pair; the value itself is never repeated."""
    if _CONTROL.search(value):
        return ["holds a control character, which no header can carry"]
    if not can_be_encoded(value):
        return ["holds a lone surrogate, which no header can carry"]
    return []
