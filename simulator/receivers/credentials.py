"""Whether a request proves that it comes from the provider: a header token, basic auth, both, or neither.

In go the headers of a request, out comes yes or no. What is expected is shown nowhere, not even in a `repr`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy


class Credentials:
    """The secrets that every webhook must bring; with none configured, every request may come in."""

    def __init__(
        self,
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> None:
        # An empty secret would let in whoever leaves the header out.
        if header_auth is not None and not all(header_auth):
            raise ValueError("a header token needs a header name and a value, neither of them empty")
        if basic_auth is not None and not all(basic_auth):
            raise ValueError("basic auth needs a user and a password, neither of them empty")
        if header_auth and basic_auth and header_auth[0].lower() == "authorization":
            raise ValueError("basic auth already uses the Authorization header: name another for the token")
        self._header = header_auth
        self._basic = basic_auth

    def accept(self, headers: CIMultiDictProxy[str]) -> bool:
        """Whether the request brought every secret that is configured, exactly."""
        return self._header_is_right(headers) and self._basic_is_right(headers)

    def folded(self) -> Credentials:
        """The same with the header's token in lower case."""
        return Credentials(self._header and (self._header[0], self._header[1].lower()), self._basic)

    @property
    def header_names(self) -> list[str]:
        """The headers that carry the secrets: that of the token first, where there is one."""
        return [*([self._header[0]] if self._header else []), *(["Authorization"] if self._basic else [])]

    @property
    def token_header(self) -> str | None:
        """The header that carries the token."""
        return self._header[0] if self._header else None

    def _header_is_right(self, headers: CIMultiDictProxy[str]) -> bool:
        if self._header is None:
            return True
        name, expected = self._header
        return _equal(_bytes(headers.get(name, "")), expected.encode())

    def _basic_is_right(self, headers: CIMultiDictProxy[str]) -> bool:
        if self._basic is None:
            return True
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        try:
            pair = base64.b64decode(_bytes(given.strip()), validate=True)
        except binascii.Error:
            return False
        return scheme.lower() == "basic" and _equal(pair, ":".join(self._basic).encode())


def _equal(given: bytes, expected: bytes) -> bool:
    # Takes as long for a wrong first byte as for a wrong last one, so that timing tells nothing.
    return hmac.compare_digest(given, expected)


def _bytes(header: str) -> bytes:
    # The server hands over bytes that are not UTF-8 as lone surrogates; this gives the bytes again.
    return header.encode("utf-8", "surrogateescape")
