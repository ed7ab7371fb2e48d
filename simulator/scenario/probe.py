"""Asks the receiver what it knows, when the run is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

PROBE_SECONDS = 10  # real: how long an answer may take


async def ask(probes: Iterable[str], receiver: str, api: tuple[str, str] | None = None) -> dict[str, Any]:
    """The decoded answer to each probe; one that gives no JSON is left out, and judged as unanswered.

    `api` is the provider's API and a key for it: what a receiver needs that reconciles when it is asked (A11).
    """
    url, key = (quote(one, safe="") for one in api or ("", ""))
    answers = {}
    async with ClientSession(timeout=ClientTimeout(total=PROBE_SECONDS)) as session:
        for probe in probes:
            with suppress(ClientError, TimeoutError, ValueError):
                async with session.get(_address(probe, receiver, url, key)) as response:
                    answers[probe] = json.loads(await response.text())
    return answers


def _address(probe: str, receiver: str, api: str, key: str) -> URL:
    """The URL to ask, its bytes as they were written."""
    return URL(probe.replace("{receiver}", receiver).replace("{api}", api).replace("{key}", key), encoded=True)
