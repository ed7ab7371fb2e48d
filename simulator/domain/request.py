"""A request exactly as it goes on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simulator.domain.auth import HIDDEN


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt's request. `url` is already encoded: its bytes must reach the receiver unchanged (E4, E6).

    `secret_headers` carry credentials; they are sent, and shown only as their names (S7). Where the URL carries a
    secret, `url` is what may be shown and recorded, and `secret_url` is what is sent.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    secret_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = None
    secret_url: str = field(default="", repr=False)

    @property
    def sent_url(self) -> str:
        """The URL for the wire, and for nothing else."""
        return self.secret_url or self.url

    def hiding(self, secret: str) -> Request:
        """The same request, whose URL shows this secret nowhere (S7)."""
        return replace(self, url=self.url.replace(secret, HIDDEN), secret_url=self.sent_url)

    def shown_headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in order, with every secret hidden."""
        return self.headers + tuple((name, HIDDEN) for name, _ in self.secret_headers)
