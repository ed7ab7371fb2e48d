"""One attempt over HTTP: one request, one answer, one outcome (E4, R1, R2).

In: a request whose bytes are final. Out: an outcome. The request goes out once, as it is: nothing is re-quoted, no
redirect is followed, no cookie kept, no proxy asked, nothing sent again. Knows nothing of retries or virtual time.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from ssl import SSLContext
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from simulator.clock.stopwatch import Stopwatch
from simulator.domain.fault import Passage
from simulator.domain.outcome import Kind, Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.wire.answer import PROGRESS, Answer, Progress
from simulator.wire.failure import TOO_LATE, Failure, explain
from simulator.wire.resolver import GuardedResolver
from simulator.wire.reuse import ProvenConnector
from simulator.wire.targets import Targets

BODY_BOUND = 64 * 1024  # bytes of an answer's body that are read; the rest is nobody's business

# The deadline is ours. aiohttp's own would be rounded up to a whole second of the event loop.
_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None, ceil_threshold=math.inf)

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
        self._connector: ProvenConnector | None = None
        self._session: ClientSession | None = None

    async def send(self, request: Request, _passage: Passage, /) -> Outcome:
        """Send the request once. Raises TargetNotAllowed, or Unavailable where this machine is out of sockets."""
        target = self._targets.check_url(request.sent_url)
        async with self._places:
            return await self._attempt(request, target)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
        self._session = self._connector = None

    async def _attempt(self, request: Request, target: URL) -> Outcome:
        stopwatch, progress = Stopwatch(), Progress()
        PROGRESS.set(progress)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._ask(request, target)
                if self._counts_body:
                    await answer.read_body(BODY_BOUND)
        except TimeoutError:
            kind = progress.if_late
            return Outcome(kind, progress.status, TOO_LATE[kind], stopwatch.elapsed_us())
        except ClientError as failure:
            kind, text = self._explained(failure, target)
            return Outcome(kind, progress.status, text, stopwatch.elapsed_us())
        outcome = _answered(answer.status, stopwatch)
        if not self._counts_body:
            await self._drain(answer)
        return outcome

    async def _ask(self, request: Request, target: URL) -> Answer:
        """Send, and wait for the head of the answer. Only Host, User-Agent and Accept are added to what was given."""
        answer = await self._opened().request(
            request.method,
            target,
            headers=request.headers + request.secret_headers,
            data=request.body,
            allow_redirects=False,
        )
        assert isinstance(answer, Answer), "the session makes answers of no other class"
        return answer

    async def _drain(self, answer: Answer) -> None:
        """Let the receiver finish its answer; what becomes of that is not counted."""
        with suppress(TimeoutError, ClientError):
            async with asyncio.timeout(self._timeout_seconds):
                await answer.read_body(BODY_BOUND)

    def _explained(self, failure: ClientError, target: URL) -> Failure:
        kind, text = explain(failure)
        if kind is Kind.RESET and self._connector is not None:
            self._connector.distrust(target)
        return kind, text

    def _opened(self) -> ClientSession:
        """The one session, made at the first attempt because it belongs to the running event loop."""
        if self._session is None:
            self._connector = ProvenConnector(
                resolver=GuardedResolver(self._targets),
                ssl=self._ssl or True,
                local_addr=(self._source_address, 0) if self._source_address else None,
            )
            self._session = ClientSession(
                connector=self._connector,
                response_class=Answer,
                headers={"User-Agent": self._user_agent},
                skip_auto_headers=("Accept-Encoding", "Content-Type"),
                cookie_jar=DummyCookieJar(),
                timeout=_NO_TIMEOUT,
                auto_decompress=False,
            )
        return self._session


def _answered(status: int, stopwatch: Stopwatch) -> Outcome:
    kind = kind_of_status(status)
    return Outcome(kind, status, _NOTES.get(kind, ""), stopwatch.elapsed_us())
