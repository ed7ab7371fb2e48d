"""Probes ask the receiver what it knows: by a URL, a shell command, or a query on its SQLite file.

In: the attributes of an event. Out: an answer, made comparable. An attribute is named in each kind as is usual there:
`<AGREEMENT_ID>` in a URL, `$AGREEMENT_ID` in a command (as an environment variable, so that no value can become a
command), `:AGREEMENT_ID` in a query (bound). A probe that fails raises `Unavailable`: it says nothing of the receiver.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from errno import errorcode
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from aiohttp import ClientConnectorError, ClientError, ClientResponse, ClientSession, ClientTimeout

from simulator.clock.stopwatch import Stopwatch, breathe
from simulator.contract.answer import read_answer
from simulator.domain import template
from simulator.domain.template import Encoding
from simulator.errors import Misuse, Unavailable
from simulator.wire.reading import ANSWER_BOUND, read_text
from simulator.wire.targets import Targets

PROBE_SECONDS = 10  # real: how long an answer may take
API, KEY = "API", "KEY"
"""What stands in the way to reconcile for where objects are read back, and for the key to them."""

_STEPS = 10_000  # of SQLite's machine, well below a millisecond, after which the time is looked at
_CHUNK = 65_536
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_BOUND = re.compile(r"(?<!:):([A-Za-z_][A-Za-z0-9_]*)")
_FILE_AND_QUERY = re.compile(r"(.+?):\s*((?:SELECT|WITH|VALUES|PRAGMA)\b.*)", re.IGNORECASE | re.DOTALL)

Values = Mapping[str, str]


class Probe(Protocol):
    """One way to ask. `names` are the attributes that stand in it: it speaks of events that have them all."""

    @property
    def names(self) -> frozenset[str]:
        """The attributes that stand in it."""
        ...

    async def ask(self, values: Values) -> str | None:
        """The text of the answer; None where the object is not known. Raises `Unavailable`."""
        ...

    async def close(self) -> None:
        """Give back what the probe holds."""
        ...


@dataclass(slots=True)
class UrlProbe:
    """A GET. Where the URL names an object, 404 means that the receiver does not know it.

    A redirect is not followed: it could lead to a host that nobody allowed, and would make a GET of a POST.
    """

    url: str
    targets: Targets
    method: str = "GET"
    _session: ClientSession | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(template.parse(self.url).names)

    async def ask(self, values: Values) -> str | None:
        """The body of the answer."""
        target = self.targets.check_url(template.expand(template.parse(self.url), values, Encoding()))
        try:
            async with self._opened().request(self.method, target, allow_redirects=False) as response:
                if response.status == HTTPStatus.NOT_FOUND and self.names:
                    return None
                if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                    raise Unavailable(f"the probe {self.url} was answered {_answered(response)}")
                text = await read_text(response, errors="replace")
        except (ClientError, TimeoutError) as error:
            raise Unavailable(f"the probe {self.url} was not answered: {_reason(error)}") from None
        if text is None:
            raise Unavailable(f"the probe {self.url} was answered with more than {ANSWER_BOUND} bytes")
        return text

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=PROBE_SECONDS))
        return self._session


def _reason(error: Exception) -> str:
    """In the system's words where it has some, which are shorter than those of a library."""
    if isinstance(error, ClientConnectorError) and error.errno is not None and error.errno in errorcode:
        return os.strerror(error.errno).lower()
    return str(error) or type(error).__name__


@dataclass(frozen=True, slots=True)
class CommandProbe:
    """A shell command; its standard output is the answer."""

    command: str
    known: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        return self.known.intersection(_VARIABLE.findall(self.command))

    async def ask(self, values: Values) -> str | None:
        """The standard output; a command that ends with another code than 0 has failed."""
        async with _running(self.command, {**os.environ, **values}) as process:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    out, err = await asyncio.gather(_read(process, process.stdout), _read(process, process.stderr))
                    await process.wait()
            except TimeoutError:
                raise Unavailable(f"the command {self.command!r} took longer than {PROBE_SECONDS} s") from None
        if max(len(out), len(err)) > ANSWER_BOUND:
            raise Unavailable(f"the command {self.command!r} said more than {ANSWER_BOUND} bytes")
        if process.returncode:
            said = err.decode(errors="replace").strip()
            raise Unavailable(f"the command {self.command!r} ended with {process.returncode}: {said or 'no word'}")
        return out.decode(errors="replace")

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class SqlProbe:
    """A query on a SQLite file, opened read-only each time; its rows are the answer."""

    file: Path
    query: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(_BOUND.findall(self.query))

    async def ask(self, values: Values) -> str | None:
        """The rows as a JSON list."""
        return await asyncio.to_thread(self._rows, {name: values[name] for name in self.names})

    async def close(self) -> None:
        """Nothing is held."""

    def _rows(self, values: Values) -> str:
        stopwatch = Stopwatch()

        def is_late() -> bool:
            return stopwatch.elapsed_us() > PROBE_SECONDS * 1_000_000

        try:
            with closing(sqlite3.connect(f"{self.file.absolute().as_uri()}?mode=ro", uri=True)) as db:
                db.row_factory = sqlite3.Row
                db.set_progress_handler(is_late, _STEPS)
                rows = [dict(row) for row in db.execute(self.query, dict(values))]
        except sqlite3.Error as error:
            if is_late():
                raise Unavailable(f"the query on {self.file} took longer than {PROBE_SECONDS} s") from None
            raise Unavailable(f"the query on {self.file} failed: {error}") from None
        return json.dumps(rows, ensure_ascii=False, default=repr)


def sql_probe(text: str) -> SqlProbe:
    """A probe from `FILE:QUERY`. Raises `Misuse`."""
    found = _FILE_AND_QUERY.fullmatch(text.strip())
    if not found:
        raise Misuse(f"{text!r} is not FILE:QUERY; a query begins with SELECT, WITH, VALUES or PRAGMA")
    return SqlProbe(Path(found.group(1)), found.group(2))


@dataclass(frozen=True, slots=True)
class Probes:
    """What the user gave: `state` shows effects, `repeats` shows what must change at a genuine repeat too.

    `forget` makes the receiver forget everything, `reconcile` makes it poll what it may have missed. `settle_seconds`
    is how long, in real time, the receiver may go on working after its answer. `ignored` are keys of the answers that
    do not count.
    """

    state: Probe | None = None
    repeats: Probe | None = None
    forget: Probe | None = None
    reconcile: Probe | None = None
    settle_seconds: float = 0.0
    ignored: Collection[str] = field(default_factory=frozenset)

    async def reset(self) -> None:
        """Make the receiver forget, where the user said how."""
        if self.forget:
            await self.forget.ask({})

    async def read(self, probe: Probe, scopes: Collection[Values]) -> Any:
        """The answers, one for each scope; the answer alone where the probe names no attribute."""
        if self.settle_seconds:
            await breathe(self.settle_seconds)
        if not probe.names:
            return read_answer(await probe.ask({}) or "null", self.ignored)
        return {said_of(scope): read_answer(await probe.ask(scope) or "null", self.ignored) for scope in scopes}

    async def close(self) -> None:
        """Give back what the probes hold."""
        for probe in filter(None, (self.state, self.repeats, self.forget, self.reconcile)):
            await probe.close()


def scopes(probe: Probe, events: Collection[Values]) -> list[Values]:
    """The objects that a probe can be asked about, of those that these events speak of; each once."""
    found = [{name: one[name] for name in sorted(probe.names)} for one in events if probe.names <= one.keys()]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _answered(response: ClientResponse) -> str:
    moved = HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST
    return f"{response.status}; redirects are not followed" if moved else str(response.status)


@asynccontextmanager
async def _running(command: str, environment: Values) -> AsyncIterator[asyncio.subprocess.Process]:
    """A shell that carries out this command; when the block ends, however it does, nothing of it runs on."""
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_shell(
            command, env=environment, stdin=nothing, stdout=pipe, stderr=pipe, start_new_session=True
        )
    )
    try:
        yield await asyncio.shield(starting)
    finally:
        process = await starting  # also where it was broken off before it had started
        if process.returncode is None:
            _kill(process)
            await process.wait()


async def _read(process: asyncio.subprocess.Process, pipe: asyncio.StreamReader | None) -> bytes:
    """All that comes; a command that says more than `ANSWER_BOUND` is ended, and little of the rest is kept."""
    assert pipe, "both are asked for"
    content = bytearray()
    while chunk := await pipe.read(_CHUNK):
        if len(content) <= ANSWER_BOUND:
            content += chunk
            if len(content) > ANSWER_BOUND:
                _kill(process)
    return bytes(content)


def _kill(process: asyncio.subprocess.Process) -> None:
    """The shell, and where there are process groups all that it started too."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def said_of(scope: Values) -> str:
    """Under which name the answer about one object stands."""
    return ", ".join(f"{name}={value}" for name, value in scope.items())
