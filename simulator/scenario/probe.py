"""Asks the receiver what it knows, when the run is over.

In: probes as a scenario writes them. Out: the decoded answers. Like the wire it asks this machine, and other hosts only
where somebody allowed them by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from simulator.errors import TargetNotAllowed
from simulator.wire.reading import ANSWER_BOUND, read_text
from simulator.wire.targets import Targets

PROBE_SECONDS = 10  # real: how long an answer may take
MOST_REDIRECTS = 5

_NO_ANSWER = (ClientError, TimeoutError, ValueError, RecursionError, TargetNotAllowed)


def addresses(
    probes: Iterable[str], receiver: str, targets: Targets, api: tuple[str, str] | None = None
) -> dict[str, URL]:
    """The URL of each probe, its bytes as they were written. Raises `TargetNotAllowed`.

    `api` is the provider's API and a key for it: what a receiver needs that reconciles when it is asked (A11).
    """
    url, key = (quote(one, safe="") for one in api or ("", ""))
    places = {"{receiver}": receiver, "{api}": url, "{key}": key}
    return {probe: targets.check_url(_put(places, probe)) for probe in probes}


async def ask(found: Mapping[str, URL], targets: Targets) -> dict[str, Any]:
    """The decoded answer to each probe; one outside 2xx, of more than 1 MiB or no JSON is left out: it failed."""
    answers = {}
    async with ClientSession(timeout=ClientTimeout(total=PROBE_SECONDS)) as session:
        for probe, address in found.items():
            with suppress(*_NO_ANSWER):
                answers[probe] = json.loads(await _answer(session, address, targets))
    return answers


async def _answer(session: ClientSession, address: URL, targets: Targets) -> str:
    """The body at an address, or at the one that it names instead; raises one of `_NO_ANSWER`."""
    for _ in range(MOST_REDIRECTS):
        async with session.get(address, allow_redirects=False) as response:
            moved = HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST
            if not (moved and "Location" in response.headers):
                if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                    raise ValueError(f"answered {response.status}")
                text = await read_text(response)
                if text is None:
                    raise ValueError(f"answered with more than {ANSWER_BOUND} bytes")
                return text
            address = targets.check_url(str(address.join(URL(response.headers["Location"]))))
    raise ValueError("it leads from one address to the next")


def _put(places: Mapping[str, str], probe: str) -> str:
    for name, value in places.items():
        probe = probe.replace(name, value)
    return probe
