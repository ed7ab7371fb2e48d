"""Scenarios that nobody thought of: a few subscriptions, steps and traffic, crowded into the same instants.

The disable rule is one that a handful of failures trips, and instants are those of the ladder, so that what is rare in
life is common here: ties, disabling in the middle of a herd, resends into an outage, faults that act by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st
from plan_engine import START, make_scenario

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import DisableRule
from simulator.domain.instant import DAY, HOUR, MINUTE, SECOND
from simulator.domain.provider import Profile
from simulator.domain.story import Id, Story, step
from simulator.providers import AURORA
from simulator.scenario.cadence import Cron, Every, Poisson, Subject, Traffic
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import (
    Clear,
    Delete,
    Disable,
    Emit,
    Enable,
    Inject,
    PlayStory,
    Register,
    Registration,
    Resend,
    Step,
    Update,
)
from simulator.scenario.wording import RECEIVER

EVENTS = ("project_status_changed", "project_created")
NAMES = ("one", "two", "three")
MOMENTS = (0, 0, 5, 10, 10, 15, 20, 30, 30, 35, 40, 45, 60, 330, 340, 2_130, 3_600)
"""Seconds after the start: instants of the ladder, with and without the ten seconds of a timeout, and in between."""

BOUNDS = ((1_024, 4_096), (2, 5), (3, 3))
"""How many deliveries depart at one ring, and how many may be under way: as they are, and small enough to matter."""


ECHO = Story(
    "echo",
    "The same again after five seconds, at the instant of the next beat.",
    (
        step("0s", EVENTS[0], PROJECT_ID=Id("project"), STATUS="Sold"),
        step("5s", EVENTS[0], PROJECT_ID=Id("project"), STATUS="Completed"),
    ),
)

moments = st.sampled_from(MOMENTS).map(lambda seconds: START + seconds * SECOND)
starts = st.sampled_from((START, START + 30 * SECOND))
spans = st.sampled_from((None, SECOND, 15 * SECOND, 40 * SECOND, HOUR, 25 * HOUR))
kinds = st.sampled_from((*FaultKind, FaultKind.REFUSE, FaultKind.TIMEOUT, FaultKind.TIMEOUT, FaultKind.STATUS))
events = st.sampled_from((EVENTS[0], EVENTS[0], EVENTS[0], EVENTS[1]))  # mostly one, so that they meet


def words(event: str, **more: object) -> dict[str, object]:
    """What a customer writes for an event."""
    return {**AURORA.suggest(event, RECEIVER), **more}


def _filtered(values: list[str]) -> dict[str, object]:
    return words("project_status_changed", filters=[{"url_parameter": "STATUS", "value": values}])


statuses = st.lists(st.sampled_from(("In Progress", "Sold", "Completed")), min_size=1, unique=True)
asked = st.one_of(events.map(words), statuses.map(_filtered), st.just(words("project_created", enabled=False)))
changes = st.sampled_from(
    (
        {"url_template": f"{RECEIVER}/corrected"},
        {"enabled": False},
        {"enabled": True},
        words("project_created", filters=[]),
        {"event": "no_such_event"},
    )
)
faults = st.builds(
    Fault,
    id=st.sampled_from(("a", "b", "c")),
    kind=kinds,
    since=st.just(START),
    event=st.sampled_from((None, None, *EVENTS)),
    positions=st.sampled_from((None, None, None, frozenset({1}), frozenset({2, 3}))),
    probability=st.sampled_from((1.0, 0.8, 0.5)),
    status=st.sampled_from((503, 404, 302, 204)),
    delay_us=st.sampled_from((0, 5 * SECOND, 10 * SECOND)),
    period_us=st.sampled_from((SECOND, MINUTE)),
)
subjects = st.builds(
    lambda weight, other: [Subject(EVENTS[0], None, weight, {}), other],
    st.sampled_from((1.0, 2.5)),
    st.one_of(events.map(lambda event: Subject(event, None, 1.0, {})), st.just(Subject(None, ECHO.name, 1.0, {}))),
)
cadences = st.one_of(
    st.sampled_from((5 * SECOND, 30 * SECOND)).map(Every),
    st.sampled_from((5 * SECOND, 20 * SECOND)).map(Poisson),
    st.just(Cron("* * * * *")),
)
readings = st.fixed_dictionaries(
    {},
    optional={
        "retry_delay_from": st.just("start"),
        "retry_jitter": st.just(0.5),
        "disable_cancels_pending": st.sampled_from((False,)),
        "autodisable_window": st.just("sustained"),
        "reset_on_reenable": st.sampled_from((False,)),
    },
)


def _profile(attempts: int, switched: dict[str, object]) -> Profile:
    return replace(
        AURORA,
        disable=DisableRule(attempts, window_seconds=600),
        readings=replace(AURORA.readings, **switched),  # type: ignore[arg-type]  # drawn by name
        stories={**AURORA.stories, ECHO.name: ECHO},
    )


def _traffic(number: int, cadence: Every | Poisson | Cron, drawn: list[Subject], since: int) -> Traffic:
    return Traffic(number, "demo", tuple(drawn), cadence, since, since + 2 * MINUTE)


def _injection(inject: Inject, span: int | None) -> Inject:
    """The fault from the instant of its step on."""
    return replace(inject, fault=replace(inject.fault, since=inject.at, until=span and inject.at + span))


def _step(make: Callable[..., Step], *contents: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    return st.builds(make, moments, st.just(1), *contents)


failing = st.sampled_from((FaultKind.REFUSE, FaultKind.TIMEOUT, FaultKind.LOST_RESPONSE, FaultKind.FLAP))
outages = st.builds(
    Inject,
    at=st.just(START),
    line=st.just(1),
    fault=st.builds(
        Fault,
        id=st.just("first"),
        kind=failing,
        since=st.just(START),
        until=st.sampled_from((None, START + 40 * SECOND, START + HOUR)),
        probability=st.sampled_from((1.0, 1.0, 0.5)),
        period_us=st.just(7 * SECOND),
    ),
    subscription=st.none(),
)


def steps(known: Sequence[str]) -> st.SearchStrategy[Step]:
    """Any step about these subscriptions, or about a further one."""
    names = st.sampled_from(known)
    anyone = st.sampled_from((None, *known))
    attributes = st.sampled_from(({}, {"PROJECT_ID": "7"}))
    tenant, never = st.just("demo"), st.just(value=False)
    inject = st.builds(_injection, _step(Inject, faults, anyone), spans)
    window = (st.just(START), st.just(START + DAY))
    emit = _step(Emit, events, tenant, attributes, st.sampled_from((1, 3, 7)), never)
    return st.one_of(
        emit,
        emit,
        emit,  # more often than the others, as faults and enabling are: these are what makes a herd
        _step(PlayStory, st.just(ECHO.name), tenant, st.just({})),
        inject,
        inject,
        _step(Clear, st.sampled_from((None, "a", "b")), st.none(), anyone),
        _step(Register, st.builds(Registration, st.just("late"), tenant, asked)),
        _step(Update, names, changes),
        _step(Disable, names),
        _step(Enable, names),
        _step(Enable, names),
        _step(Enable, names),
        _step(Delete, names),
        _step(Resend, anyone, st.one_of(st.none(), events), st.none(), *window),
        _step(Resend, names, st.none(), st.integers(1, 4), *window),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario in which everything can happen, most of it at once."""
    known = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    timeline = [draw(outages), *draw(st.lists(steps(known), min_size=4, max_size=12))]
    traffic = draw(st.lists(st.builds(partial(_traffic, 0), cadences, subjects, starts), min_size=1, max_size=2))
    wanted = [words(EVENTS[0]), *(draw(asked) for _ in known[1:])]
    return make_scenario(
        [Registration(name, "demo", said) for name, said in zip(known, wanted, strict=True)],
        [replace(one, number=place) for place, one in enumerate(timeline, start=1)],
        [replace(one, number=place) for place, one in enumerate(traffic, start=1)],
        profile=_profile(draw(st.sampled_from((3, 5))), draw(readings)),
        seed=draw(st.integers(0, 3)),
    )
