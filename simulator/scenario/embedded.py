"""The embedded receiver: a sample receiver as a process of its own on loopback, for as long as a run lasts.

In: its kind, and what it is to demand. Out: its base URL. It keeps its state in a database of its own and knows
nothing of the simulator.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

from simulator.errors import Unavailable
from simulator.scenario.scenario import Demands

NOTHING = Demands()
Access = tuple[str, str]
"""The provider's API up to and including the tenant, and a key for it."""

_READY = "listening on "
_PATIENCE = 20  # real seconds until a receiver that says nothing is given up


@asynccontextmanager
async def embedded_receiver(kind: str, demands: Demands = NOTHING, api: Access | None = None) -> AsyncIterator[str]:
    """Start a receiver and give its base URL; it is stopped afterwards, or when this process dies.

    With access to the provider's API it reads objects back, after the webhook that speaks of them was answered. Raises
    `Unavailable` if it does not start.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator.receivers", kind, "--until-eof", *_options(demands, api)),
        stdin=asyncio.subprocess.PIPE,  # never written to; it ends with this process, even where that is killed
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C in the terminal is ours to handle: the receiver ends after the run
    )
    try:
        yield await _base_url(process, kind)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _options(demands: Demands, api: Access | None) -> Iterator[str]:
    if demands.header_auth:
        yield f"--header-auth={'='.join(demands.header_auth)}"
    if demands.basic_auth:
        yield f"--basic-auth={':'.join(demands.basic_auth)}"
    if api:
        url, key = api
        yield from (f"--api-url={url}", f"--api-token={key}")


async def _base_url(process: asyncio.subprocess.Process, kind: str) -> str:
    assert process.stdout
    assert process.stderr
    try:
        async with asyncio.timeout(_PATIENCE):
            line = (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        raise Unavailable(f'the embedded receiver "{kind}" said nothing within {_PATIENCE} s') from None
    if not line.startswith(_READY):
        reason = (await process.stderr.read()).decode().strip()
        raise Unavailable(f'the embedded receiver "{kind}" did not start: {reason or "it ended at once"}')
    return line.removeprefix(_READY)
