"""One attempt over HTTP: one request, one answer, one outcome (E4, R1, R2).

In: a request whose bytes are final. Out: an outcome. The request goes out once, as it is: nothing is re-quoted, no
redirect is followed, no cookie kept, no proxy asked, nothing sent again. Knows nothing of retries or virtual time.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from ssl import SSLContext
from typing import Literal

from aiohttp import ClientError

from simulator.clock.deadline import Deadlines
from simulator.clock.stopwatch import Stopwatch
from simulator.domain.fault import Passage
from simulator.domain.outcome import Kind, Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.wire.failure import TOO_LATE, explain
from simulator.wire.head import write_request
from simulator.wire.line import Line
from simulator.wire.resolver import GuardedResolver
from simulator.wire.reuse import Receiver, Receivers
from simulator.wire.targets import Targets

BODY_BOUND = 64 * 1024  # bytes of an answer's body that are read; the rest is nobody's business

_NOTES = {
    Kind.REDIRECT: "redirects are not followed",
    Kind.INFORMATIONAL: "an interim answer (1xx) stands for no answer",
    Kind.MALFORMED: "not a status of HTTP",
}


class LiveWire:
    """Sends over real sockets.

    `timeout_seconds` bounds connecting, headers and body together (`scope="total"`), or leaves the body out of the
    account (`scope="headers"`): it is then read for at most as long again, and whatever becomes of it, the status
    stands. At most `limit` requests are on the wire; waiting for a place is not part of an attempt.
    `ssl`: what to trust, None for what the system trusts. `source_address`: the address of this machine to send from.
    """

    def __init__(
        self,
        timeout_seconds: float,
        *,
        targets: Targets,
        user_agent: str,
        scope: Literal["total", "headers"] = "total",
        limit: int = 256,
        ssl: SSLContext | None = None,
        source_address: str | None = None,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._targets = targets
        self._user_agent = user_agent
        self._counts_body = scope == "total"
        self._places = asyncio.Semaphore(limit)
        self._ssl = ssl
        self._source_address = source_address
        self._open: tuple[Deadlines, Receivers] | None = None

    async def send(self, request: Request, _passage: Passage, /) -> Outcome:
        """Send the request once. Raises TargetNotAllowed, or Unavailable where this machine is out of sockets."""
        origin, path = self._targets.reach(request.sent_url)
        async with self._places:
            deadlines, receivers = self._open or self._opened()
            return await self._attempt(request, path, receivers.at(origin), deadlines)

    async def close(self) -> None:
        """Close every connection."""
        if self._open is not None:
            deadlines, receivers = self._open
            self._open = None
            deadlines.close()
            await receivers.close()

    async def _attempt(self, request: Request, path: str, receiver: Receiver, deadlines: Deadlines) -> Outcome:
        stopwatch = Stopwatch()
        line, status, if_late = None, None, Kind.CONNECT_TIMEOUT
        try:
            with deadlines.begin():
                line, if_late = await receiver.take(), Kind.HEADERS_TIMEOUT
                written = write_request(request, path, receiver.host, self._user_agent)
                status, if_late = await line.ask(request.method, written), Kind.BODY_TIMEOUT
                if self._counts_body:
                    await line.read_body(BODY_BOUND)
            outcome = _answered(status, stopwatch)
            if not self._counts_body:
                await _drain(line, deadlines)
        except TimeoutError:
            outcome = Outcome(if_late, status, TOO_LATE[if_late], stopwatch.elapsed_us())
        except ClientError as failure:
            kind, text = explain(failure)
            if kind is Kind.RESET:
                receiver.distrust()
            outcome = Outcome(kind, status, text, stopwatch.elapsed_us())
        finally:
            if line is not None:
                receiver.give_back(line)
        return outcome

    def _opened(self) -> tuple[Deadlines, Receivers]:
        """Made at the first attempt, because they belong to the running event loop."""
        self._open = (
            Deadlines(self._timeout_seconds),
            Receivers(
                resolver=GuardedResolver(self._targets, self._source_address),
                ssl=self._ssl or True,
                local_addr=(self._source_address, 0) if self._source_address else None,
            ),
        )
        return self._open


async def _drain(line: Line, deadlines: Deadlines) -> None:
    """Let the receiver finish its answer; what becomes of that is not counted."""
    with suppress(TimeoutError, ClientError), deadlines.begin():
        await line.read_body(BODY_BOUND)


def _answered(status: int, stopwatch: Stopwatch) -> Outcome:
    kind = kind_of_status(status)
    return Outcome(kind, status, _NOTES.get(kind, ""), stopwatch.elapsed_us())
