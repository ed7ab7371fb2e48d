"""A running server, as the commands speak to it: one request, one answer.

In: where it is. Out: what it said, as data. Whatever keeps it from answering becomes one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import click

from simulator.errors import Invalid, Misuse, NotFound, Problem, Refused, Unavailable

DEFAULT = "http://127.0.0.1:8025"
PATIENCE_SECONDS = 600  # a walk through many hours is answered when it has arrived

Command = TypeVar("Command", bound=Callable[..., Any])

_KINDS: dict[str, type[HTTPConnection]] = {"http": HTTPConnection, "https": HTTPSConnection}


@dataclass(frozen=True, slots=True)
class Remote:
    """A server under this base URL."""

    url: str
    token: str | None = field(default=None, repr=False)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What it answers. Raises `Unavailable` where nobody does, and `Misuse` with the server's own words."""
        connection = self._connection()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            raise Unavailable(f"no simulator answers at {self.url}; start one with: aurora-sim serve") from error
        finally:
            connection.close()
        return self._understood(answer.status, content)

    def _connection(self) -> HTTPConnection:
        split = _split(self.url)
        if "@" in split.netloc or split.query:
            raise Misuse(f"a server's address holds no user name and no query: {DEFAULT}; its token goes to --token")
        try:
            host, port = (split.hostname or "").encode("idna").decode("ascii"), split.port
        except ValueError:
            raise _no_address(self.url) from None
        if not host or split.scheme not in _KINDS or split.path.strip("/") or split.fragment:
            raise _no_address(self.url)
        try:
            return _KINDS[split.scheme](host, port, timeout=PATIENCE_SECONDS)
        except HTTPException:
            raise _no_address(self.url) from None

    def _understood(self, status: int, content: bytes) -> Any:
        try:
            said = json.loads(content)
            if status < HTTPStatus.BAD_REQUEST:
                return said
            problems = [Problem((one["field"],) if "field" in one else (), one["message"]) for one in said["errors"]]
        except (ValueError, TypeError, KeyError):
            raise Unavailable(f"what answers at {self.url} is not this simulator (it said {status})") from None
        raise _error(status, problems)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise _no_address(url) from None


def _no_address(url: str) -> Misuse:
    return Misuse(f'"{url}" is not the address of a server; write it as {DEFAULT}')


def _error(status: int, problems: list[Problem]) -> Misuse | Unavailable:
    if status == HTTPStatus.CONFLICT:
        return Refused(str(problems[0]))
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(str(problems[0]))
    return Unavailable(str(problems[0])) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Invalid(problems)


def to_server(command: Command) -> Command:
    """The options by which a command finds its server."""
    command = click.option("--server", "url", metavar="URL", default=DEFAULT, show_default=True, help="its base URL")(
        command
    )
    return token_option(command)


def token_option(command: Command) -> Command:
    """The token that a server may ask for."""
    return click.option("--token", envvar="AURORA_SIM_TOKEN", metavar="TEXT", help="its token ($AURORA_SIM_TOKEN)")(
        command
    )
