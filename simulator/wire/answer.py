"""An answer as it comes in: aiohttp's response, which here also says what aiohttp keeps to itself.

That the connection stands (so a timeout can name its phase), that an interim answer came (R2: 1xx only), and that the
connection broke. aiohttp sends a GET a second time by itself when a used connection breaks; told in a word of ours, it
does not, and the receiver is hit exactly as often as the record says.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientOSError, ClientPayloadError, ClientResponse, ServerDisconnectedError
from aiohttp.connector import Connection
from yarl import URL

from simulator.domain.outcome import Kind


@dataclass(slots=True)
class Progress:
    """How far one attempt has come: what a timeout would be called now, and the status once there is one."""

    if_late: Kind = Kind.CONNECT_TIMEOUT
    status: int | None = None


PROGRESS: ContextVar[Progress] = ContextVar("progress")


class Broken(ClientError):
    """The connection broke before the answer was complete; `__cause__` says how.

    `interim`: an answer of class 1xx had come, and no other.
    """

    def __init__(self, *, interim: bool = False) -> None:
        super().__init__()
        self.interim = interim


class Answer(ClientResponse):
    """A response that keeps the attempt's progress."""

    def __init__(self, method: str, url: URL, **parts: Any) -> None:
        self._interim = parts["continue100"] = parts["loop"].create_future()  # aiohttp fulfils it at the first 1xx
        super().__init__(method, url, **parts)

    async def start(self, connection: Connection) -> ClientResponse:
        """Wait for the head of the answer. Raises Broken."""
        progress = PROGRESS.get()
        progress.if_late = Kind.HEADERS_TIMEOUT
        self._carrier = connection.protocol
        try:
            await super().start(connection)
        except (ServerDisconnectedError, ClientOSError) as lost:
            raise Broken(interim=self._interim.done()) from lost
        progress.if_late = Kind.BODY_TIMEOUT
        progress.status = self.status
        return self

    async def read_body(self, bound: int) -> None:
        """Read the body up to `bound` bytes; what is left unread closes the connection.

        Raises Broken, or another ClientError where the body is garbled.
        """
        try:
            while self.status >= HTTPStatus.OK and bound > 0 and not self.content.at_eof():
                bound -= len(await self.content.readany())
        except ClientPayloadError:
            self._raise_if_reset()
            raise
        finally:
            self.release()
        if not self._has_length:
            self._raise_if_reset()

    @property
    def _has_length(self) -> bool:
        """Whether the body itself tells where it ends; otherwise the end of the connection does."""
        return (
            self.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
            or "Content-Length" in self.headers
            or "Transfer-Encoding" in self.headers
        )

    def _raise_if_reset(self) -> None:
        lost = self._carrier.exception() if self._carrier is not None else None
        if isinstance(lost, OSError):
            raise Broken from lost
