"""Processes of `aurora-sim serve` that are born and killed: each on the same file and the same port."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

NURSERY = Path(__file__).with_name("nursery.py")


class Nursery:
    """Gives birth to processes, one after the other or several at once."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "printed.txt"
        self._process = subprocess.Popen(
            [sys.executable, str(NURSERY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def born(self, *words: str) -> int:
        """A process that runs `aurora-sim WORDS…`; its id."""
        return self._born({"words": words, "out": str(self.out)})

    def born_to_open(self, path: Path, statement: int) -> int:
        """A process that opens this database, and is killed just before the n-th SQL statement; its id."""
        return self._born({"open": str(path), "statement": statement})

    def _born(self, wanted: dict[str, Any]) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate("")
        assert self._process.returncode == 0

    @property
    def printed(self) -> str:
        return self.out.read_text(encoding="utf-8") if self.out.exists() else ""


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    one = Nursery(folder)
    try:
        yield one
    finally:
        one.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def kill(pid: int) -> None:
    """At once and without warning; one that is dead already stays dead."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> None:
    """Until the process has died and is buried."""
    while is_alive(pid):
        await asyncio.sleep(0.001)


class Server:
    """Speaks to whatever process listens on the port; a broken connection is no answer."""

    def __init__(self, port: int, client: ClientSession) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._client = client

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any] | None:
        try:
            async with self._client.request(
                method, f"{self.url}{path}", json=body, timeout=ClientTimeout(total=20)
            ) as answer:
                return answer.status, await answer.json()
        except (ClientError, ConnectionError, TimeoutError):
            return None

    async def ready(self, pid: int) -> bool:
        """Until the process answers; False when it died before."""
        while is_alive(pid):
            if await self.ask("GET", "/simulator/health"):
                return True
            await asyncio.sleep(0.003)
        return False
