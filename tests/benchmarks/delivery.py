"""Goal 2: delivery over HTTP, every attempt recorded, against a bare aiohttp loop and against peers."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Self

import sender
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from pairs import Chunk, Finding, Goal, Sample, Timed, alternate, rate_ratio, without
from yarl import URL

from simulator.engine.simulation import Simulation

CONNECTIONS = 64  # as many as one subscription's lane is wide
CHUNK = 4000  # deliveries, about a second
SLOW_CHUNK = 400


async def measure(base: str, folder: Path, pairs: int) -> list[Finding]:
    async with sender.simulating(folder / "delivery.sqlite") as simulation, bare_session() as session:
        sender.subscribe(simulation, base)
        ours = _ours(simulation)
        findings = [
            rate_ratio(
                "delivery / bare aiohttp loop",
                await alternate(ours, bare(session, base), pairs),
                Goal(least=0.70),
            )
        ]
        findings.append(await _against_locust(ours, base, pairs))
        findings.append(await _against_requests(ours, base, folder, pairs))
    return findings


async def _against_locust(ours: Chunk, base: str, pairs: int) -> Finding:
    name, goal = "delivery / locust FastHttpUser", Goal(least=1.0)
    if not find_spec("locust"):
        return without(name, "locust", goal)
    with _Locust(base) as locust:
        return rate_ratio(name, await alternate(ours, locust.chunk, pairs), goal)


async def _against_requests(ours: Chunk, base: str, folder: Path, pairs: int) -> Finding:
    name, goal = "delivery / requests + commit", Goal(least=10)
    if not find_spec("requests"):
        return without(name, "requests", goal)
    return rate_ratio(name, await alternate(ours, _RequestsLoop(base, folder / "requests.sqlite").chunk, pairs), goal)


def _ours(simulation: Simulation) -> Chunk:
    numbers = count()

    async def chunk() -> Sample:
        before = simulation.tally.delivered
        with Timed() as timed:
            for _ in range(CHUNK):
                sender.emit(simulation, next(numbers))
            await simulation.settled()
        assert simulation.tally.delivered - before == CHUNK, "every event is delivered"
        return timed.sample(CHUNK)

    return chunk


def bare_session() -> ClientSession:
    return ClientSession(connector=TCPConnector(limit=CONNECTIONS), timeout=ClientTimeout(total=10))


def bare(session: ClientSession, base: str) -> Chunk:
    numbers = count()

    async def get(targets: list[URL]) -> None:
        while targets:
            async with session.get(targets.pop(), headers=[sender.TOKEN], allow_redirects=False) as answer:
                assert answer.status == 204

    async def chunk() -> Sample:
        urls = [sender.url(base, next(numbers)) for _ in range(CHUNK)]
        with Timed() as timed:
            targets = [URL(one, encoded=True) for one in urls]
            await asyncio.gather(*(get(targets) for _ in range(CONNECTIONS)))
        return timed.sample(CHUNK)

    return chunk


class _RequestsLoop:
    """What is written first: `requests`, one row and one commit for each event."""

    def __init__(self, base: str, path: Path) -> None:
        self._base, self._numbers = base, count()
        import requests

        self._session = requests.Session()
        self._db = sqlite3.connect(path)
        self._db.execute("CREATE TABLE sent (id INTEGER PRIMARY KEY, url TEXT, status INTEGER)")

    async def chunk(self) -> Sample:
        with Timed() as timed:
            for _ in range(SLOW_CHUNK):
                target = sender.url(self._base, next(self._numbers))
                answer = self._session.get(target, headers=dict([sender.TOKEN]), timeout=10, allow_redirects=False)
                self._db.execute("INSERT INTO sent (url, status) VALUES (?, ?)", (target, answer.status_code))
                self._db.commit()
        return timed.sample(SLOW_CHUNK)


class _Locust:
    """Locust lives in a process of its own, for gevent patches the one it lives in; a word on stdin is one chunk."""

    def __init__(self, base: str) -> None:
        self._command = [sys.executable, str(Path(__file__).with_name("locust_peer.py")), base, str(CONNECTIONS)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    async def chunk(self) -> Sample:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        units, seconds, cpu_seconds = self._process.stdout.readline().split()
        return Sample(int(units), float(seconds), float(cpu_seconds))
