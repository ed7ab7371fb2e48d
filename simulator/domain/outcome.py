"""What one attempt came to. A failure of a receiver is a value here, never an exception (R1, R2)."""

from __future__ import annotations

from enum import StrEnum

from simulator.domain.value import value_class


class Kind(StrEnum):
    """The outcome of an attempt in the field's own terms."""

    SUCCESS = "success"
    INFORMATIONAL = "informational"
    REDIRECT = "redirect"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    CONNECT_TIMEOUT = "connect_timeout"
    HEADERS_TIMEOUT = "headers_timeout"
    BODY_TIMEOUT = "body_timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    DNS = "dns"
    TLS = "tls"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


TIMEOUTS = frozenset({Kind.CONNECT_TIMEOUT, Kind.HEADERS_TIMEOUT, Kind.BODY_TIMEOUT})
_BY_CLASS = dict(
    enumerate((Kind.INFORMATIONAL, Kind.SUCCESS, Kind.REDIRECT, Kind.CLIENT_ERROR, Kind.SERVER_ERROR), start=1)
)


@value_class
class Outcome:
    """How an attempt ended.

    `real_us` is how long it took in real microseconds. `virtual_us` is set where the duration is decreed rather
    than measured (an injected fault, a scripted receiver): virtual microseconds.
    `fault` names the injected fault that made it, if one did.
    """

    kind: Kind
    status: int | None = None
    error: str = ""
    real_us: int = 0
    virtual_us: int | None = None
    fault: str = ""

    @property
    def succeeded(self) -> bool:
        return self.kind is Kind.SUCCESS

    @property
    def timed_out(self) -> bool:
        return self.kind in TIMEOUTS

    def __str__(self) -> str:
        return in_words(self.kind, self.status)


def kind_of_status(status: int) -> Kind:
    """2xx succeeds, every other class of answer fails (R1, R2); a number outside 100 to 599 is malformed."""
    return _BY_CLASS.get(status // 100, Kind.MALFORMED)


def is_of_status(kind: str, status: int | None) -> bool:
    """Whether the status alone tells the outcome: a 200 that never came to an end does not."""
    return status is not None and _BY_CLASS.get(status // 100) == kind


def in_words(kind: str, status: int | None) -> str:
    """`503`, `refused`, `body timeout`: an outcome as people say it."""
    return str(status) if is_of_status(kind, status) else kind.replace("_", " ")
