"""A simulation put together for a test, and the words in which tests speak of it.

The clock is paused: nothing happens between two lines of a test that does not say so. Seconds count from `START`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, PAUSED, Pace
from simulator.domain.event import Event
from simulator.domain.fault import Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.domain.subscription import Subscription
from simulator.engine.simulation import Simulation
from simulator.providers.aurora import AURORA
from simulator.store.database import MEMORY
from simulator.store.ledger import Ledger
from simulator.wire.wire import Wire

START = 1_772_816_400 * SECOND  # 2026-03-06 17:00:00 UTC
LADDER = [0, 30, 330, 2_130, 12_930, 84_930]  # R3: where six instantly failing attempts stand
HOUR = 3_600
DAY = 24 * HOUR

Row = dict[str, Any]


def status(code: int, seconds: int = 0) -> Outcome:
    """An answer with this status, so many virtual seconds after the request."""
    return Outcome(kind_of_status(code), code, virtual_us=seconds * SECOND)


def with_readings(**switched: object) -> Profile:
    """Aurora under other readings."""
    return replace(AURORA, readings=replace(AURORA.readings, **switched))  # type: ignore[arg-type]  # tests may misspell


class Unhurried:
    """A wire on which an answer costs no virtual time, however long this machine took for it."""

    def __init__(self, inner: Wire) -> None:
        self._inner = inner

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        return replace(await self._inner.send(request, passage), virtual_us=0)

    async def close(self) -> None:
        await self._inner.close()


class Stage:
    """One simulation on a paused clock, with `receiver` as the base of every URL."""

    def __init__(
        self,
        wire: Wire,
        *,
        receiver: str = "http://127.0.0.1:9",
        profile: Profile = AURORA,
        pace: Pace = PAUSED,
        seed: int = 0,
        path: Path | str = MEMORY,
    ) -> None:
        self.receiver = receiver
        self.ledger = Ledger(path)
        self._wire, self._profile, self._seed = wire, profile, seed
        self._open(START, pace)

    def _open(self, start: int, pace: Pace) -> None:
        self.clock = Clock(start, pace)
        self.sim = Simulation(self._profile, self.clock, self._wire, self.ledger, seed=self._seed)

    # Doing

    def subscribe(self, path: str = "/in", event: str = "lead_changed", **words: Any) -> Subscription:
        """A subscription of the tenant `demo` with this path on the receiver."""
        return self.sim.subscriptions.register(
            "demo", {"event": event, "url_template": f"{self.receiver}{path}", **words}
        )

    def change(self, subscription: Subscription, **words: Any) -> Subscription:
        return self.sim.subscriptions.update(subscription.id, words)

    def emit(self, event: str = "lead_changed", **attributes: str) -> Event:
        """An event of the tenant `demo`; a lead's id is filled in."""
        if event == "lead_changed":
            attributes.setdefault("LEAD_ID", "7")
        return self.sim.emit("demo", event, attributes)

    def emit_many(self, count: int) -> None:
        for number in range(count):
            self.emit(LEAD_ID=str(number))

    def at(self, seconds: float, happen: Callable[[], object], *, rank: int) -> None:
        """Something is to happen when the clock comes to this instant, at this place among what happens then."""

        def ring() -> None:
            happen()

        self.clock.call_at(instant(seconds), ring, rank)

    async def until(self, seconds: float) -> None:
        """Advance to this instant, through everything that is due on the way and at it."""
        await self.clock.advance_to(instant(seconds))
        self.check()

    async def now(self) -> None:
        """Let everything happen that is due at the present instant."""
        await self.until(self.seconds)

    async def settle(self) -> None:
        """Let time run until nothing is pending."""
        former = self.clock.pace
        if former == PAUSED:
            self.clock.set_pace(JUMP)
        await self.sim.settled()
        self.clock.set_pace(former)

    def check(self) -> None:
        """A fault of ours must not pass unseen."""
        if self.sim.failure:
            raise self.sim.failure

    async def start_again(self) -> int:
        """The process ends and another takes up its ledger at the same instant; how many attempts were broken off."""
        await self.sim.stop()
        self._open(self.clock.now(), self.clock.pace)
        return self.sim.resume()

    async def close(self) -> None:
        await self.sim.stop()
        self.ledger.close()

    # Seeing

    @property
    def seconds(self) -> float:
        return (self.clock.now() - START) / SECOND

    def rows(self, sql: str, *given: Any) -> list[Row]:
        self.sim.commit()
        return list(self.ledger.db.query(sql, given))

    def attempts(self, delivery_id: int | None = None) -> list[Row]:
        """Every attempt, or those of one delivery, in the order in which their outcomes were applied."""
        return self.rows("SELECT * FROM attempts WHERE ?1 IS NULL OR delivery_id = ?1 ORDER BY seq", delivery_id)

    def starts(self, delivery_id: int | None = None) -> list[float]:
        """When the attempts began, in seconds."""
        return [(row["started_at"] - START) / SECOND for row in self.attempts(delivery_id)]

    def standing(self, delivery_id: int) -> tuple[str, str]:
        """A delivery's state and the reason for it."""
        (row,) = self.rows("SELECT state, reason FROM standing WHERE delivery_id = ?", delivery_id)
        return row["state"], row["reason"]

    def states(self) -> list[str]:
        """The state of every delivery, in order."""
        return [row["state"] for row in self.rows("SELECT state FROM standing ORDER BY delivery_id")]

    def latest(self, subscription: Subscription) -> Subscription:
        return self.sim.roster.get(subscription.id)

    def enabled(self, subscription: Subscription) -> bool:
        return self.latest(subscription).enabled


def instant(seconds: float) -> int:
    return START + round(seconds * SECOND)
