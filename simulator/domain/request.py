"""A request exactly as it goes on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.domain.auth import HIDDEN


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt's request. `url` is already encoded: its bytes must reach the receiver unchanged (E4, E6).

    `secret_headers` carry credentials; they are sent, and shown only as their names (S7).
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    secret_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = None

    def shown_headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in order, with every secret hidden."""
        return self.headers + tuple((name, HIDDEN) for name, _ in self.secret_headers)
