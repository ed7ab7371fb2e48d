"""Receivers that are up for one test: sample receivers in this process, and programs of other stacks beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.api.loopback import serve_tenants
from simulator.contract.finding import Verdict
from simulator.contract.probe import Probes, UrlProbe
from simulator.contract.target import Target
from simulator.contract.verify import Verification, chosen
from simulator.providers import AURORA
from simulator.receivers import load
from simulator.receivers.app import make_app
from simulator.receivers.robust import Receiver
from simulator.report.model import CheckView, Report
from simulator.wire.targets import Targets

TOKEN = ("X-Token", "Not-a-secret-1")
NOT_OF_AURORA = {"deprecated-event", "unfamiliar-field", "unfamiliar-event", "polling"}
"""The checks that only other providers give a reason for."""

OTHER_STACKS = Path(__file__).parent / "other_stacks"


def sample(kind: str | type[Receiver], token: tuple[str, str] | None = TOKEN) -> AbstractAsyncContextManager[str]:
    """A sample receiver, by its name or its class; its base URL."""
    return served((load(kind) if isinstance(kind, str) else kind)(":memory:", token))


@asynccontextmanager
async def served(receiver: Receiver) -> AsyncIterator[str]:
    """A receiver on loopback; its base URL."""
    runner = web.AppRunner(make_app(receiver), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def program(*words: str) -> Iterator[str]:
    """A program that says where it listens; its base URL."""
    env = {**os.environ, "WEBHOOK_TOKEN": TOKEN[1]}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip().removeprefix("listening on ")
        finally:
            process.terminate()


def probes_of(url: str) -> Probes:
    """Every probe that a sample receiver has."""
    targets = Targets()
    return Probes(
        UrlProbe(f"{url}/state", targets),
        UrlProbe(f"{url}/refreshes", targets),
        UrlProbe(f"{url}/reset", targets, method="POST"),
        UrlProbe(f"{url}/reconciled?api=<API>&token=<KEY>", targets),
    )


def wanted(url: str, *only: str, **given: Any) -> Verification:
    """These checks, or all, on a receiver with the token, of Aurora's events unless another profile is given."""
    usual = {"target": Target(url, TOKEN), "profile": AURORA, "checks": chosen(only, ()), "seed": 1}
    return Verification(**{**usual, "api": serve_tenants, **given})


def verdicts(report: Report) -> dict[str, Verdict]:
    return {check.id: check.verdict for check in report.checks}


def found(report: Report, check_id: str) -> CheckView:
    return next(check for check in report.checks if check.id == check_id)
