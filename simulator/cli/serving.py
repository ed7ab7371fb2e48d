"""The server put together: engine, faces and receiver on one port, from the first byte to a clean end.

In: what the command line says. Out: a process that serves until it is told to stop. What is on the wire then may
finish; what does not is recorded as such, and sent again by the next process (R14).
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from errno import EACCES, EADDRINUSE
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from aiohttp import web

from simulator.api.app import management_routes
from simulator.api.keys import Keys
from simulator.api.runner import Runner
from simulator.cli.house_receiver import TENANT, settle_in
from simulator.cli.welcome import Address, welcome
from simulator.clock.pace import Pace
from simulator.control.app import control_app
from simulator.control.desk import Desk, open_desk
from simulator.control.operation import Operation
from simulator.dashboard.lesson_operations import lesson_operations
from simulator.dashboard.lessons import Lessons, open_lessons
from simulator.dashboard.pages import page_routes
from simulator.dashboard.receiver import receiver_operations
from simulator.dashboard.session import OPERATIONS as SESSION_OPERATIONS
from simulator.domain.instant import LAST_INSTANT, format_instant
from simulator.domain.provider import Profile, check_switches
from simulator.engine.service import Service, open_service
from simulator.errors import Invalid, Problem, Refused, Unavailable
from simulator.providers import profile_named
from simulator.scenario.embedded import embedded_receiver
from simulator.store.database import reading
from simulator.store.readback import facts
from simulator.wire.sender import live_wire
from simulator.wire.targets import Targets
from simulator.wire.timed import TimedWire
from simulator.wire.wire import Wire

BACKLOG = 512
GRACE_SECONDS = 1.0  # real: what answers under way get at the end, and attempts beyond their own limit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """With what a new simulation begins: a story, so many times, one every so many virtual microseconds."""

    story: str
    count: int
    every: int

    def begin(self, service: Service) -> None:
        """Plan all of it; a simulation that has begun already goes on as it is. Raises `NotFound`, `Refused`."""
        if service.simulation.ledger.mark != (0, 0):
            return
        begun = service.clock.now()
        if begun + (self.count - 1) * self.every >= LAST_INSTANT:
            raise Refused(f"--every leads beyond {format_instant(LAST_INSTANT)}, where the calendar ends")
        for number in range(self.count):
            service.emitter.play(TENANT, self.story, key=("opening", number), at=begun + number * self.every)


@dataclass(frozen=True, slots=True)
class Serving:
    """One call of `aurora-sim serve`."""

    host: str
    port: int
    db: Path | None
    pace: Pace
    receiver: str | None
    opening: Opening | None
    provider: str
    switches: Mapping[str, Any]
    allowed_hosts: tuple[str, ...]
    source_address: str | None
    seed: int
    token: str | None = field(repr=False)
    token_is_ours: bool
    keys: Keys
    time_header: bool

    async def run(self) -> None:
        """Serve until SIGINT or SIGTERM; a second one ends it at once. Raises what stopped the engine, if it was."""
        stop, hurry = _signals()
        profile = self._profile()
        async with AsyncExitStack() as stack:
            listening = stack.enter_context(_listen(self.host, self.port))  # before the file is touched
            receiver = await stack.enter_async_context(embedded_receiver(self.receiver)) if self.receiver else None
            service = await self._open(profile, stack)
            desk = await stack.enter_async_context(open_desk(service, self.pace))
            if self.receiver and receiver:
                settle_in(service.simulation, receiver, self.receiver)
            if self.opening:
                self.opening.begin(service)
            lessons = await stack.enter_async_context(open_lessons(desk, receiver))
            site = await self._serve(desk, self._further(lessons, receiver), listening, stack)
            self._greet(service, listening, receiver)
            await stop.wait()
            log.info("stopping: what is on the wire may finish")
            await site.stop()
            desk.feed.close()
            await _drain(service, profile.timeout_seconds + GRACE_SECONDS, hurry)
        if service.simulation.failure:
            raise service.simulation.failure

    def _profile(self) -> Profile:
        """The provider under the readings that were asked for; one that is to send to our own receiver can."""
        profile = profile_named(self.provider)
        if problems := check_switches(profile.readings, self.switches):
            raise Invalid([Problem(("--switch", *one.path), one.text) for one in problems])
        own = profile.on_this_machine if self.receiver else {}
        return replace(profile, readings=replace(profile.readings, **{**own, **self.switches}))

    async def _open(self, profile: Profile, stack: AsyncExitStack) -> Service:
        """The simulation, in the file that was named or in one that goes when we go."""
        db = self.db
        if db is None:
            db = Path(stack.enter_context(TemporaryDirectory(prefix="aurora-sim-"))) / "simulation.sqlite"
        _refuse_record(db)
        check = Targets(self.allowed_hosts).check_url
        wire = self._wire(profile)
        opened = open_service(profile, db, wire, pace=self.pace, seed=self.seed, check_target=check)
        return await stack.enter_async_context(opened)

    async def _serve(
        self, desk: Desk, further: Sequence[Operation], listening: socket.socket, stack: AsyncExitStack
    ) -> web.SockSite:
        runner = Runner(self._app(desk, further), shutdown_seconds=GRACE_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.SockSite(runner, listening, backlog=BACKLOG)
        await site.start()
        return site

    def _wire(self, profile: Profile) -> Wire:
        wire = live_wire(profile, self.allowed_hosts, source_address=self.source_address)
        return TimedWire(wire) if self.time_header else wire

    def _further(self, lessons: Lessons, receiver: str | None) -> Sequence[Operation]:
        """What the page asks beyond the control API."""
        beside = receiver_operations(self.receiver or "", receiver)
        return (*lesson_operations(lessons), *SESSION_OPERATIONS, *beside)

    def _app(self, desk: Desk, further: Sequence[Operation]) -> web.Application:
        provider = management_routes(desk.service, self._known_keys())
        app = control_app(desk, host=self.host, token=self.token, others=provider, further=further)
        app.add_routes(page_routes())
        return app

    def _known_keys(self) -> Keys:
        """The ready-made keys are known to everybody, so they open nothing where everybody can come."""
        return Keys([]) if self.token and self.keys.public else self.keys

    def _greet(self, service: Service, listening: socket.socket, receiver: str | None) -> None:
        host, port = listening.getsockname()[:2]
        address = Address(host, port, self.token, token_is_ours=self.token_is_ours)
        click.echo(welcome(service, address, self._known_keys(), str(self.db or ""), receiver))
        if service.broken_off:
            log.info("sent again, because the last process ended meanwhile: %d attempts", service.broken_off)


def _refuse_record(path: Path) -> None:
    """A run that is kept in a file stays as it was. What the file is otherwise, is found when it is opened."""
    if not path.is_file() or not path.stat().st_size:
        return
    with reading(path) as db:
        run = facts(db).get("scenario") if db["facts"].exists() else None
    if run is not None:
        raise Refused(
            f'{path} is the record of the run "{run}"; name another file, or look at it with: aurora-sim report'
        )


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Set by the first signal, and by any further one."""
    stop, hurry, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()

    def heard() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))  # not the loop's own: Windows has none
    return stop, hurry


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        another = "--port" if error.errno in (EACCES, EADDRINUSE) else "--host"
        raise Unavailable(f"cannot listen on {host}:{port}: {reason}; choose another {another}") from error


async def _drain(service: Service, patience_seconds: float, hurry: asyncio.Event) -> None:
    """Let what is on the wire finish, within its own limit, unless somebody is in a hurry."""
    waits = {asyncio.create_task(service.simulation.drain()), asyncio.create_task(hurry.wait())}
    _, left = await asyncio.wait(waits, timeout=patience_seconds, return_when=asyncio.FIRST_COMPLETED)
    for one in left:
        one.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
