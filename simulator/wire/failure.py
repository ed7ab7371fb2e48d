"""What went wrong on the wire, in the field's own terms (R2).

In: an exception of the HTTP client. Out: the kind of outcome and a short text. The text names no address, port or URL:
those stand in the record already, may hold secrets, and differ from run to run.
"""

from __future__ import annotations

import errno
import ssl

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientPayloadError,
    ServerDisconnectedError,
)

from simulator.domain.outcome import Kind
from simulator.errors import Unavailable
from simulator.wire.line import Broken, Garbled

Failure = tuple[Kind, str]

TOO_LATE = {
    Kind.CONNECT_TIMEOUT: "no connection before the time was up",
    Kind.HEADERS_TIMEOUT: "no answer before the time was up",
    Kind.BODY_TIMEOUT: "the answer was not complete before the time was up",
}
_BROKEN_OFF = {"ECONNRESET", "ECONNABORTED", "EPIPE"}
_OTHER_FAMILY = "no matching local address"  # what asyncio and its like say of it, without an error number
_OURS = {"EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"}


def explain(failure: Exception) -> Failure:
    """Raises Unavailable where this machine, not the receiver, had too little of something."""
    match failure:
        case ClientConnectorError():
            return _unconnected(failure)
        case Broken(interim=True):
            return Kind.INFORMATIONAL, "an interim answer (1xx), then the connection was closed"
        case Broken():
            return _broken(failure.__cause__)
        case Garbled():
            return Kind.MALFORMED, f"not an HTTP answer: {_first_words(str(failure))}"
        case ClientPayloadError():
            return Kind.MALFORMED, "the body is incomplete or garbled"
        case _:
            return Kind.MALFORMED, f"the answer cannot be read ({type(failure).__name__})"


def _unconnected(failure: ClientConnectorError) -> Failure:
    match failure:
        case ClientConnectorDNSError():
            return Kind.DNS, "the name does not resolve"
        case ClientConnectorCertificateError(certificate_error=refused):
            return Kind.TLS, f"certificate not accepted: {_reason(refused)}"
        case ClientConnectorSSLError(os_error=refused):
            return Kind.TLS, f"handshake failed: {_reason(refused)}"
        case _:
            return _unreached(failure)


def _unreached(failure: ClientConnectorError) -> Failure:
    refused = failure.os_error
    if _OTHER_FAMILY in str(refused):
        theirs, ours = ("IPv6", "IPv4") if ":" in failure.host else ("IPv4", "IPv6")
        return (
            Kind.UNREACHABLE,
            f"no way to the receiver: its address is {theirs}, and the one to send from is {ours}",
        )
    name = errno.errorcode.get(refused.errno or 0, type(refused).__name__)
    if name in _OURS:
        raise Unavailable(
            f"this machine cannot open a connection ({name}): "
            "too many open files or ports, or it has no such address to send from"
        )
    if name == "ECONNREFUSED":
        return Kind.REFUSED, "connection refused"
    if name in _BROKEN_OFF:
        return Kind.RESET, "connection broken off while it was made"
    return Kind.UNREACHABLE, f"no way to the receiver ({name})"


def _broken(cause: BaseException | None) -> Failure:
    match cause:
        case ServerDisconnectedError(message=str()):
            return Kind.RESET, "connection closed without an answer"
        case ServerDisconnectedError():
            return Kind.MALFORMED, "connection closed in the middle of the answer's head"
        case _ if cause is not None and isinstance(cause.__cause__, ssl.SSLError):
            return Kind.TLS, f"connection refused by TLS: {_reason(cause.__cause__)}"
        case _:
            return Kind.RESET, "connection reset before the answer was complete"


def _reason(refused: BaseException) -> str:
    """Why TLS failed, without the line numbers of a library."""
    if isinstance(refused, ssl.SSLCertVerificationError):
        return refused.verify_message
    if isinstance(refused, ssl.SSLError) and refused.reason:
        return refused.reason.lower().replace("_", " ")
    return type(refused).__name__


def _first_words(text: str) -> str:
    """The parser's reason; what follows it, behind a colon or on further lines, repeats the receiver's bytes."""
    return text.strip().partition("\n")[0].partition(":")[0].rstrip()[:100]
