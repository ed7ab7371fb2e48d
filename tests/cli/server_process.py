"""`aurora-sim serve` as a process of its own, and a receiver whose answers a test chooses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@dataclass
class ServerProcess:
    """A server that has printed how to use it."""

    process: subprocess.Popen[str]
    printed: list[str]
    errors: IO[str]

    @property
    def url(self) -> str:
        return self.printed[0].removeprefix("listening on ")

    @property
    def try_it(self) -> str:
        """The line that it says to paste."""
        return self.printed[-1].strip()

    def line(self, label: str) -> str:
        """What it printed under this label."""
        return next(line for line in self.printed if line.startswith(f"  {label} ")).removeprefix(f"  {label} ").strip()

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.url + path, data, named, method=method), timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())

    def subscribe(self, receiver: str, event: str = "lead_changed", **words: object) -> str:
        definition = {"event": event, "url_template": f"{receiver}/in?lead=<LEAD_ID>", **words}
        status, made = self.ask("POST", "/simulator/subscriptions", {"definition": definition})
        assert status == 201, made
        return str(made["id"])

    def until(self, path: str, fits: Callable[[Any], bool]) -> Any:
        """What is answered under this path as soon as it fits."""
        while not fits(said := self.ask("GET", path)[1]):
            pass
        return said

    def stop(self, number: int) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def log(self) -> str:
        self.errors.seek(0)
        return self.errors.read()


@contextmanager
def serving(*words: str, port: str = "0", env: dict[str, str] | None = None) -> Iterator[ServerProcess]:
    """A server for as long as the block lasts."""
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "serve", "--port", port, *words],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(env or {})},
        )
        assert process.stdout
        try:
            printed: list[str] = []
            while not (printed and printed[-1].startswith("  curl")):
                line = process.stdout.readline()
                assert line, ServerProcess(process, printed, errors).log()
                printed.append(line.rstrip("\n"))
            yield ServerProcess(process, printed, errors)
        finally:
            end(process)


def end(process: subprocess.Popen[str]) -> None:
    """In peace, so that it leaves nothing behind; by force where it does not listen."""
    process.terminate()
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


@dataclass
class Listener:
    """A receiver. `answer` is given the path and says the status; it may take its time."""

    url: str = ""
    answer: Callable[[str], int] = lambda _: 200
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """A receiver on loopback for as long as the block lasts."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listener.headers.append(dict(self.headers.items()))
            listener.paths.append(self.path)
            self.send_response(listener.answer(self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 1024  # of so many at once none is kept waiting for its connection

    with Server(("127.0.0.1", 0), Handler) as server:
        listener.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a database holds, read by any SQLite tool."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()
