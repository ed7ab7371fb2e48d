"""Asks the receiver what it knows, when the run is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

PROBE_SECONDS = 10  # real: how long an answer may take


async def ask(probes: Iterable[str], receiver: str) -> dict[str, Any]:
    """The decoded answer to each probe; one that gives no JSON is left out, and judged as unanswered."""
    answers = {}
    async with ClientSession(timeout=ClientTimeout(total=PROBE_SECONDS)) as session:
        for probe in probes:
            with suppress(ClientError, TimeoutError, ValueError):
                async with session.get(probe.replace("{receiver}", receiver)) as response:
                    answers[probe] = json.loads(await response.text())
    return answers
