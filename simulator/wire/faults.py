"""Injected faults: a wire around a wire.

In: a request. Out: the outcome of the wire inside, or of the first fault in order that acts on this attempt. No fault
costs real time; how long it seemed to take is decreed in virtual microseconds.

One fault is one small function from the fault and the attempt it holds to an outcome, registered in `PIECES`.
The one that does nothing shows the shape:

    async def nothing(fault: Fault, held: Held) -> Outcome:
        return await held.pass_on()

A fault that keeps the attempt from the receiver returns an outcome of its own. A fault on the way back passes the
attempt on first and changes the answer; where none came (refused, reset, timed out), there is nothing to change and
the outcome stays what it was. A timeout by fault counts as waiting for the headers: the connection stood.

DUPLICATE and REORDER are not here: they change what is sent and when, so the engine does them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.instant import SECOND
from simulator.domain.outcome import TIMEOUTS, Kind, Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.wire.wire import Wire

_UNANSWERED = TIMEOUTS | {Kind.REFUSED, Kind.UNREACHABLE, Kind.RESET, Kind.DNS, Kind.TLS}


@dataclass(frozen=True, slots=True)
class Held:
    """One attempt in the hands of a fault; `limit_us` is how long the sender waits at most."""

    inner: Wire
    request: Request
    passage: Passage
    limit_us: int

    async def pass_on(self) -> Outcome:
        """Let the attempt through to the receiver."""
        return await self.inner.send(self.request, self.passage)


Piece = Callable[[Fault, Held], Awaitable[Outcome]]


class FaultyWire:
    """Carries attempts through the faults in force, then through `inner`."""

    def __init__(self, inner: Wire, faults: Callable[[], Sequence[Fault]], seed: int, timeout_seconds: int) -> None:
        self._inner = inner
        self._faults = faults
        self._seed = seed
        self._limit_us = timeout_seconds * SECOND

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        """The outcome of the first fault that acts on this attempt, else that of the wire inside."""
        fault = first_match(self._faults(), PIECES, passage, self._seed)
        if fault is None:
            return await self._inner.send(request, passage)
        return await PIECES[fault.kind](fault, Held(self._inner, request, passage, self._limit_us))

    async def close(self) -> None:
        """Close the wire inside."""
        await self._inner.close()


async def _refuse(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.REFUSED, "connection refused")


async def _dns(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.DNS, "the name does not resolve")


async def _tls(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.TLS, "certificate not accepted")


async def _reset(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.RESET, "connection broken off before an answer")


async def _malformed(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.MALFORMED, "what came back is not HTTP")


async def _status(fault: Fault, _: Held) -> Outcome:
    return _made(fault, kind_of_status(fault.status), status=fault.status)


async def _redirect(fault: Fault, _: Held) -> Outcome:
    return _made(fault, Kind.REDIRECT, "redirects are not followed", status=302)


async def _timeout(fault: Fault, held: Held) -> Outcome:
    return _late(fault, held, "no answer before the time was up")


async def _lost_response(fault: Fault, held: Held) -> Outcome:
    outcome = await held.pass_on()
    if outcome.kind in _UNANSWERED:
        return outcome
    return _late(fault, held, "answer lost on the way back", outcome.real_us)


async def _slow(fault: Fault, held: Held) -> Outcome:
    outcome = await held.pass_on()
    if outcome.kind in _UNANSWERED:
        return outcome
    took_us = _charged_us(outcome) + fault.delay_us
    if took_us >= held.limit_us:
        return _late(fault, held, "the answer came after the time was up", outcome.real_us)
    return replace(outcome, virtual_us=took_us, fault=fault.kind.value)


PIECES: dict[FaultKind, Piece] = {
    FaultKind.REFUSE: _refuse,
    FaultKind.FLAP: _refuse,
    FaultKind.DNS: _dns,
    FaultKind.TLS: _tls,
    FaultKind.RESET: _reset,
    FaultKind.MALFORMED: _malformed,
    FaultKind.STATUS: _status,
    FaultKind.REDIRECT: _redirect,
    FaultKind.TIMEOUT: _timeout,
    FaultKind.LOST_RESPONSE: _lost_response,
    FaultKind.SLOW: _slow,
}


def _made(fault: Fault, kind: Kind, error: str = "", status: int | None = None) -> Outcome:
    """An outcome that came at once and never reached the receiver."""
    return Outcome(kind, status, error, virtual_us=0, fault=fault.kind.value)


def _late(fault: Fault, held: Held, error: str, real_us: int = 0) -> Outcome:
    """A timeout: the sender waited for the whole limit."""
    return Outcome(
        Kind.HEADERS_TIMEOUT,
        error=error,
        real_us=real_us,
        virtual_us=held.limit_us,
        fault=fault.kind.value,
    )


def _charged_us(outcome: Outcome) -> int:
    """What the attempt itself cost in virtual time: as decreed, or its real whole seconds."""
    return outcome.virtual_us if outcome.virtual_us is not None else outcome.real_us // SECOND * SECOND
