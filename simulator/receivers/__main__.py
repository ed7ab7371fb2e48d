"""Serves one receiver: `python -m simulator.receivers [KIND] [--port N] [--db FILE] ...`.

Prints one line when it is ready, and ends with 0 when it is asked to stop. Exit codes: 2 wrong use, 3 the
port is taken or the database cannot be opened.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sqlite3
import sys
from contextlib import suppress
from errno import EACCES, EADDRINUSE, errorcode
from threading import Thread
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.receivers import KINDS, load
from simulator.receivers.app import make_app
from simulator.receivers.credentials import Credentials
from simulator.receivers.refresher import Refresher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ENVIRONMENT_FAILED: Final = 3
_HIGHEST_PORT: Final = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs until SIGTERM, SIGINT or, where that is asked for, the end of standard input; the exit code."""
    options = _parse(arguments)
    # Standard output holds the one line that scripts wait for; what goes wrong stands in the answers.
    logging.getLogger("aiohttp").addHandler(logging.NullHandler())
    try:
        asyncio.run(_serve(options))
    except sqlite3.Error as failure:
        sys.stderr.write(f"error: cannot keep its state in {options.db}: {failure}\n")
        return _ENVIRONMENT_FAILED
    except OSError as failure:
        sys.stderr.write(f"error: cannot listen on {options.host}:{options.port}: {_reason(failure)}\n")
        return _ENVIRONMENT_FAILED
    return 0


def _reason(failure: OSError) -> str:
    """In the system's words, without asyncio's around them, and what to change."""
    known = failure.errno if failure.errno in errorcode else None
    words = os.strerror(known) if known else failure.strerror or str(failure)
    return f"{words}; choose another {'--port' if known in (EACCES, EADDRINUSE) else '--host'}"


async def _serve(options: argparse.Namespace) -> None:
    stop = _stop_signal()
    if options.until_eof:
        _stop_at_eof(stop)
    runner = web.AppRunner(_application(options), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        host = f"[{options.host}]" if ":" in options.host else options.host
        sys.stdout.write(f"listening on http://{host}:{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


def _application(options: argparse.Namespace) -> web.Application:
    receiver = load(options.kind)(options.db, options.header_auth, options.basic_auth)
    app = make_app(receiver)
    if options.api_url:
        app.cleanup_ctx.append(Refresher(receiver, options.api_url, options.api_token).run)
    return app


def _stop_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not loop.add_signal_handler: Windows has none.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def _stop_at_eof(stop: asyncio.Event) -> None:
    """Whoever started this holds the other end of standard input: when that process dies, however it does, so do we."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while os.read(0, 1024):  # not sys.stdin, whose lock a thread that still reads would hold at the end
            pass
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(stop.set)

    Thread(target=wait, daemon=True).start()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator.receivers", description="Serve a sample receiver of webhooks."
    )
    parser.add_argument("kind", nargs="?", default="robust", choices=list(KINDS), help="default: robust")
    parser.add_argument("--host", type=_host, default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="0, the default, takes a free one")
    parser.add_argument("--db", default=":memory:", metavar="FILE", help="default: kept in memory only")
    parser.add_argument("--header-auth", type=_pair("="), metavar="NAME=VALUE", help="header to demand")
    parser.add_argument("--basic-auth", type=_pair(":"), metavar="USER:PASSWORD", help="basic auth to demand")
    parser.add_argument("--api-url", metavar="URL", help="provider's API, up to and including the tenant")
    parser.add_argument("--api-token", metavar="TOKEN", help="bearer token for the API")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    options = parser.parse_args(arguments)
    if (options.api_url is None) != (options.api_token is None):
        parser.error("--api-url and --api-token belong together")
    try:
        Credentials(options.header_auth, options.basic_auth)
    except ValueError as error:
        parser.error(str(error))
    return options


def _host(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("an empty host would let in every machine; write 0.0.0.0 if that is meant")
    return text


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to {_HIGHEST_PORT}")
    return int(text)


def _pair(separator: str) -> Callable[[str], tuple[str, str]]:
    def pair(text: str) -> tuple[str, str]:
        left, _, right = text.partition(separator)
        if not (left and right):
            # Says nothing of what was given: half of it may be a secret.
            raise argparse.ArgumentTypeError(f"two parts are needed, with {separator!r} between them")
        return left, right

    return pair


if __name__ == "__main__":
    sys.exit(main())
