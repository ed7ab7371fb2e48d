"""The engine against `reference`: whatever people do and receivers answer, both tell the same story.

After every step the two are held side by side: each attempt with its instants, revision and outcome, in the order in
which outcomes were applied (R1–R13); the state of every delivery; every subscription; and what is due when, both in
memory and as a restart would fold it from the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from reference import SECOND, Listener, Parcel, Plan, Rules, Trouble, World
from stage import START, Stage

from simulator.domain import order
from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.health import DisableRule
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile, Readings
from simulator.domain.request import Request
from simulator.errors import Misuse
from simulator.providers.aurora import AURORA
from simulator.store.queries import pending_deliveries
from simulator.wire.scripted import ScriptedWire

EVENTS = ("project_created", "project_deleted")
SOURCES = ("app", "api")
DOORS = ("a", "b", "c")
REPLIES: dict[str, tuple[Kind, int | None, int]] = {
    "yes": (Kind.SUCCESS, 200, 0),
    "yes, slowly": (Kind.SUCCESS, 204, 7),
    "no": (Kind.SERVER_ERROR, 503, 0),
    "no, slowly": (Kind.CLIENT_ERROR, 404, 9),
    "elsewhere": (Kind.REDIRECT, 301, 0),
    "never": (Kind.HEADERS_TIMEOUT, None, 10),
    "nobody there": (Kind.REFUSED, None, 0),
    "half a minute": (Kind.SERVER_ERROR, 500, 30),  # ends when another attempt's first retry is due
}
HASTY = DisableRule(attempts=6, window_seconds=7_200)
SPANS = (0, 1, 29, 30, 300, 1_800, 7_200, 10_800, 72_000, 172_800, 30 * 86_400)

Deed = tuple[Callable[[], object], Callable[[], bool]]  # the same for the simulation and for the world

events, sources, doors = st.sampled_from(EVENTS), st.sampled_from(SOURCES), st.sampled_from(DOORS)
replies = st.sampled_from([*REPLIES, "no", "no", "yes"])
picks = st.integers(0, 30)
filters = st.sampled_from([(), (), ("app",), ("api",), ("app", "api")])
changes = st.sampled_from(["correct", "correct", "refilter", "move", "disable", "enable", "enable", "delete"])
spans = st.sampled_from(SPANS).map(lambda seconds: seconds * SECOND)


class EngineAndReference(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.said: dict[str, str] = dict.fromkeys(DOORS, "no")
        self.ids: list[str] = []
        self.compared = 0
        self.refused: list[int] = []  # the instants at which the engine refused something
        self.world_refused: list[int] = []
        self.emitted = 0

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.runner.run(self.stage.close())
        self.runner.close()

    @initialize(
        hasty=st.sampled_from([True, True, True, False]),
        delay_from=st.sampled_from(["end", "end", "start"]),
        cancels=st.sampled_from([True, True, False]),
        window=st.sampled_from(["trailing", "trailing", "sustained"]),
        resets=st.sampled_from([True, True, False]),
        said=st.lists(replies, min_size=3, max_size=3),
    )
    def begin(self, *, hasty: bool, delay_from: str, cancels: bool, window: str, resets: bool, said: list[str]) -> None:
        readings = Readings(
            retry_delay_from=delay_from,  # type: ignore[arg-type]  # drawn from the allowed ones
            disable_cancels_pending=cancels,
            autodisable_window=window,  # type: ignore[arg-type]
            reset_on_reenable=resets,
        )
        rules = Rules(
            delay_runs_from_end=delay_from == "end",
            disabling_cancels=cancels,
            sustained=window == "sustained",
            enabling_resets=resets,
        )
        profile = replace(AURORA, readings=readings)
        if hasty:
            profile = replace(profile, disable=HASTY)
            rules = replace(rules, disable_at=6, window=7_200)
        self.world = World(START, {}, rules)
        self.runner.run(self._set_up(profile))
        for door, reply in zip(DOORS, said, strict=True):
            self._say(door, reply)
        self._do(*(self._subscribe("project_created", door, (), enabled=True) for door in DOORS))
        self._do(self._emit("project_created", "app"))

    # Subscriptions

    @rule(event=events, door=doors, wanted=filters, enabled=st.sampled_from([True, True, False]))
    def subscribe(self, *, event: str, door: str, wanted: tuple[str, ...], enabled: bool) -> None:
        self._do(self._subscribe(event, door, wanted, enabled=enabled))

    @rule(change=changes, pick=picks)
    def change_a_subscription(self, change: str, pick: int) -> None:
        self._do(self._change(change, pick))

    # Events and answers

    @rule(event=events, source=sources, times=st.sampled_from([1, 1, 2, 7]))
    def emit(self, event: str, source: str, times: int) -> None:
        self._do(*(self._emit(event, source) for _ in range(times)))

    @rule(pick=picks, short_by=st.sampled_from([0, 1]))
    def fail_up_to_the_threshold(self, pick: int, short_by: int) -> None:
        """So many failures that the next one, or the last of them, is the one that disables (R7)."""
        self._fail(self._pick(pick)[0], short_by)

    @rule(event=events, pick=picks, change=changes)
    def emit_and_change_at_one_instant(self, event: str, pick: int, change: str) -> None:
        self._do(self._emit(event, "app"), self._change(change, pick))

    @rule(door=doors, reply=replies)
    def answer_from_now_on(self, door: str, reply: str) -> None:
        self._say(door, reply)

    @rule(
        kind=st.sampled_from([FaultKind.DUPLICATE, FaultKind.REORDER]),
        lasts=spans,
        delay=st.sampled_from([5 * SECOND, 60 * SECOND]),
    )
    def make_trouble(self, kind: FaultKind, lasts: int, delay: int) -> None:
        since, until = self.world.now, self.world.now + lasts
        number = len(self.world.troubles)
        fault = Fault(f"f{number}", kind, since, until, delay_us=delay)
        trouble = Trouble(kind.value, since, until, delay)
        self._do((partial(self.stage.sim.inject, fault), partial(self.world.make_trouble, trouble)))

    @precondition(lambda self: self.world.parcels)
    @rule(pick=picks)
    def resend(self, pick: int) -> None:
        self._do(self._resend(self._parcel(pick)))

    # Time

    @rule(span=spans)
    def advance(self, span: int) -> None:
        self._advance_to(self.world.now + span)

    @rule(short_by=st.sampled_from([0, 0, 1]))
    def advance_to_what_is_next(self, short_by: int) -> None:
        instant = self.world._next_instant()
        if instant is not None:
            self._advance_to(max(self.world.now, instant - short_by))

    @precondition(lambda self: self.world.record)
    @rule(pick=picks, short_by=st.sampled_from([0, 1]), times=st.sampled_from([1, 7]))
    def emit_when_an_attempt_leaves_the_window(self, pick: int, short_by: int, times: int) -> None:
        trip = self.world.record[pick % len(self.world.record)]
        self._advance_to(max(self.world.now, trip.ended + self.world.rules.window * SECOND - short_by))
        self._do(*(self._emit(trip.parcel.to.event, "app") for _ in range(times)))

    @precondition(lambda self: any(trip.outcome == "success" for trip in self.world.record))
    @rule(early=st.sampled_from([0, 1]))
    def fail_when_the_latest_success_leaves_the_window(self, early: int) -> None:
        """Enough failures to disable, at the first instant at which the success blocks no more, or just before (R7)."""
        trip = [trip for trip in self.world.record if trip.outcome == "success"][-1]
        self._advance_to(max(self.world.now, trip.ended + self.world.rules.window * SECOND - early))
        self._fail(trip.parcel.to, 0)

    @precondition(lambda self: self.world.parcels)
    @rule(pick=picks, over=st.sampled_from([0, 1]))
    def resend_at_the_last_moment(self, pick: int, over: int) -> None:
        parcel = self._parcel(pick)
        self._advance_to(max(self.world.now, parcel.occurred + self.world.rules.resend_within * SECOND + over))
        self._do(self._resend(parcel))

    @precondition(lambda self: not self.world.changes and not self.world.occasions)
    @rule()
    def start_again(self) -> None:
        assert self.runner.run(self.stage.start_again()) == len(self.world.on_the_way)
        self.world.start_again()
        self._do()

    @rule(pick=picks, change=changes, due=picks)
    def plan_a_change_for_an_instant_at_which_something_is_due(self, pick: int, change: str, due: int) -> None:
        self._plan(self._due(due), self._change(change, pick), order.CHANGE, self.world.changes)

    @rule(event=events, source=sources, due=picks)
    def plan_an_event_for_an_instant_at_which_something_is_due(self, event: str, source: str, due: int) -> None:
        self._plan(self._due(due), self._emit(event, source), order.EVENT, self.world.occasions)

    # Deeds

    def _subscribe(self, event: str, door: str, wanted: tuple[str, ...], *, enabled: bool) -> Deed:
        def register() -> None:
            words = {"enabled": enabled, "filters": _filters(wanted)}
            self.ids.append(self.stage.subscribe(f"/{door}?s=<SOURCE>", event, **words).id)

        return register, partial(self.world.subscribe, event, door, _wanted(wanted), enabled=enabled)

    def _change(self, change: str, pick: int) -> Deed:
        """A change of the subscription that is picked; what it becomes depends on the pick as well."""
        listener, subscription_id = self._pick(pick)
        registrar, door, event = self.stage.sim.subscriptions, DOORS[pick % 3], EVENTS[pick % 2]
        wanted = ((), ("app",), ("api",))[pick % 3]
        match change:
            case "correct":
                words: dict[str, object] = {"url_template": f"{self.stage.receiver}/{door}?s=<SOURCE>"}
                by_world = partial(self.world.correct, listener, door=door)
            case "refilter":
                words, by_world = (
                    {"filters": _filters(wanted)},
                    partial(self.world.refilter, listener, filters=_wanted(wanted)),
                )
            case "move":
                words, by_world = {"event": event}, partial(self.world.move, listener, event=event)
            case _:
                by_engine = partial(getattr(registrar, change), subscription_id)
                return by_engine, partial(getattr(self.world, change), listener)
        return partial(registrar.update, subscription_id, words), by_world

    def _emit(self, event: str, source: str) -> Deed:
        self.emitted += 1
        attributes = {"PROJECT_ID": str(self.emitted), "SOURCE": source}
        return partial(self.stage.sim.emit, "demo", event, attributes), partial(self.world.emit, event, attributes)

    def _resend(self, parcel: Parcel) -> Deed:
        return partial(self.stage.sim.resend, parcel.number), partial(self.world.resend, parcel)

    def _say(self, door: str, reply: str) -> None:
        kind, _, seconds = REPLIES[reply]
        self.said[door] = reply
        self.world.answers[door] = (kind.value, seconds)

    # Doing the same in both

    def _do(self, *deeds: Deed) -> None:
        """All of them at the present instant, before anything follows from them."""
        self.runner.run(self._carry_out(deeds))
        for _, by_world in deeds:
            self._world_does(by_world)
        self.world.advance(self.world.now)
        self._compare()

    def _plan(self, at: int, deed: Deed, rank: int, plans: list[Plan]) -> None:
        if at == self.world.now:
            self._do(deed)
            return
        by_engine, by_world = deed
        self.runner.run(self._set_timer(at, partial(self._engine_does, by_engine), rank))
        plans.append(Plan(at, partial(self._world_does, by_world)))

    def _advance_to(self, instant: int) -> None:
        self.runner.run(self.stage.clock.advance_to(instant))
        self.world.advance(instant)
        self._compare()

    async def _set_up(self, profile: Profile) -> None:
        self.stage = Stage(ScriptedWire(self._answer), profile=profile)

    async def _carry_out(self, deeds: tuple[Deed, ...]) -> None:
        for by_engine, _ in deeds:
            self._engine_does(by_engine)
        await self.stage.now()

    async def _set_timer(self, at: int, happen: Callable[[], None], rank: int) -> None:
        self.stage.clock.call_at(at, happen, rank)

    def _engine_does(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Misuse:
            self.refused.append(self.stage.clock.now())

    def _world_does(self, deed: Callable[[], bool]) -> None:
        if not deed():
            self.world_refused.append(self.world.now)

    def _answer(self, request: Request, _: Passage) -> Outcome:
        door = request.url.removeprefix(self.stage.receiver).partition("?")[0].strip("/")
        kind, status, seconds = REPLIES[self.said[door]]
        return Outcome(kind, status, virtual_us=seconds * SECOND)

    # Holding both side by side

    def _compare(self) -> None:
        self.stage.check()
        assert self.stage.clock.now() == self.world.now
        assert self.refused == self.world_refused
        self._compare_attempts()
        assert self.stage.states() == [parcel.state for parcel in self.world.parcels]
        self._compare_subscriptions()
        self._compare_what_is_due()

    def _compare_attempts(self) -> None:
        rows = self.stage.rows(
            "SELECT delivery_id, subscription_id, number, position, duplicate, revision, due_at, started_at, ended_at, "
            "outcome FROM attempts ORDER BY seq LIMIT -1 OFFSET ?",
            self.compared,
        )
        happened = [tuple(row.values()) for row in rows]
        expected = [_with_id(trip.line(), self.ids) for trip in self.world.record[self.compared :]]
        assert happened == expected
        self.compared += len(rows)

    def _compare_subscriptions(self) -> None:
        stand = [self.stage.sim.roster.get(one) for one in self.ids]
        assert [(one.definition.enabled, one.deleted_at is not None, one.revision) for one in stand] == [
            (one.enabled, one.deleted, one.revision) for one in self.world.listeners
        ]
        for one in stand:
            assert one.definition.enabled == (one.disabled_at is None) == (not one.disabled_reason), "they must agree"

    def _compare_what_is_due(self) -> None:
        expected = {
            (parcel.number, self.ids[parcel.to.number], parcel.waiting.due, parcel.waiting.number, parcel.waiting.again)
            for parcel in self.world.parcels
            if parcel.waiting
        }
        in_memory = {
            (delivery_id, subscription_id, rung.due_at, rung.number, rung.duplicate)
            for subscription_id in self.ids
            for delivery_id, rung in self.stage.sim.pending.of_subscription(subscription_id).items()
        }
        assert in_memory == expected
        on_the_way = {trip.parcel.number for trip in self.world.on_the_way}
        folded = {
            (delivery_id, subscription_id, rung.due_at, rung.number, rung.duplicate)
            for delivery_id, subscription_id, rung in pending_deliveries(self.stage.ledger.db)
            if delivery_id not in on_the_way
        }
        assert folded == expected, "a restart would send something else"

    def _fail(self, listener: Listener, short_by: int) -> None:
        self._say(listener.door, "no")
        missing = self.world.rules.disable_at - len(self.world.recent(listener)) - short_by
        self._do(*(self._emit(listener.event, "app") for _ in range(missing)))

    # Choosing

    def _pick(self, pick: int) -> tuple[Listener, str]:
        number = pick % len(self.ids)
        return self.world.listeners[number], self.ids[number]

    def _parcel(self, pick: int) -> Parcel:
        return self.world.parcels[pick % len(self.world.parcels)]

    def _due(self, pick: int) -> int:
        """An instant at which something will happen, or the present one."""
        instants = [parcel.waiting.due for parcel in self.world.parcels if parcel.waiting]
        instants += [trip.ended for trip in self.world.on_the_way]
        return sorted(instants)[pick % len(instants)] if instants else self.world.now


def _filters(wanted: tuple[str, ...]) -> list[dict[str, object]]:
    return [{"url_parameter": "<SOURCE>", "value": list(wanted)}] if wanted else []


def _wanted(wanted: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {"SOURCE": wanted} if wanted else {}


def _with_id(line: tuple[int, int, int, int, bool, int, int, int, int, str], ids: list[str]) -> tuple[object, ...]:
    delivery, listener, *rest = line
    return delivery, ids[listener], *rest


TestEngineAgainstReference = EngineAndReference.TestCase
TestEngineAgainstReference.settings = settings(
    max_examples=200,
    stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
