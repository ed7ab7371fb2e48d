"""`scenario/embedded`: a receiver of a run's own, which lives no longer than whoever started it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from simulator.errors import Unavailable
from simulator.scenario.embedded import embedded_receiver

STARTER = """
import asyncio
from simulator.scenario.embedded import embedded_receiver

async def main():
    async with embedded_receiver("robust") as url:
        print(url, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""
PATIENCE_SECONDS = 20
WEBHOOK = "/agreement_status_changed?project_id=p1&agreement_id=a1&status=signed"


def answers(url: str) -> bool:
    try:
        with urlopen(url + WEBHOOK, timeout=5) as answer:
            return bool(answer.status == 200)
    except ConnectionError:
        return False
    except URLError as refusal:
        if isinstance(refusal.reason, ConnectionError):
            return False
        raise


def dies(url: str) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while answers(url):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_receiver_dies_with_the_process_that_started_it_however_that_dies(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        url = starter.stdout.readline().strip()
        assert answers(url)
        starter.send_signal(number)
        starter.wait()
    assert dies(url)


async def test_it_serves_for_as_long_as_the_block_lasts() -> None:
    async with embedded_receiver("robust") as url:
        assert url.startswith("http://127.0.0.1:")
        assert answers(url)
    assert not answers(url)


async def test_one_that_does_not_start_says_why() -> None:
    with pytest.raises(Unavailable, match="invalid choice: 'nobody'"):
        async with embedded_receiver("nobody"):
            pass
