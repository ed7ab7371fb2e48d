"""From what was asked to a plan: options or a scenario file become a course, the course runs, the figures are counted.

In: an `Inquiry`. Out: a `Plan`. What the options say is put into the words of a scenario, so there is one way from
either to the course.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.cli.foresee import Foresight
from simulator.cli.plan_options import Failure, Outage, Rate
from simulator.domain.counting import format_count
from simulator.domain.event import unknown_event
from simulator.domain.fault import Fault
from simulator.domain.instant import LAST_INSTANT, format_duration, format_instant, parse_instant
from simulator.domain.order import CHANGE
from simulator.domain.provider import Profile, check_switches
from simulator.errors import Invalid, NotFound, Problem
from simulator.plan.course import Course
from simulator.plan.figures import count
from simulator.plan.model import Plan
from simulator.providers import profile_named
from simulator.scenario.cadence import Every, Poisson, Subject, Traffic
from simulator.scenario.timeline import Registration, Step
from simulator.scenario.wording import RECEIVER, CustomerWords

if TYPE_CHECKING:
    from simulator.plan.journal import Journal

START = parse_instant("2026-01-05T09:00:00Z")  # a Monday morning
TENANT = "demo"
MOST_DELIVERIES = 1_000_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What occurs, and who listens: `mix` holds weights by event, `listeners` how many subscriptions each event has."""

    rate: Rate
    poisson: bool
    length_us: int
    mix: Mapping[str, float]
    listeners: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which outages and readings. `enable_after_us`: so long after each outage somebody enables what is disabled.

    Without a seed it is the scenario's own, or 0.
    """

    outages: Sequence[Outage]
    failure: Failure
    enable_after_us: int | None
    switches: Mapping[str, Any]
    seed: int | None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What to plan, in the words of a scenario."""

    name: str
    profile: Profile
    start: int
    seed: int
    subscriptions: Sequence[Registration]
    timeline: Sequence[Step]
    traffic: Sequence[Traffic]
    terms: Terms
    assumptions: Mapping[str, str]


def make_plan(inquiry: Inquiry) -> Plan:
    """Let it run and count. Raises `Invalid` for subscriptions that cannot be."""
    return counted(inquiry, *let_run(inquiry))


def counted(inquiry: Inquiry, course: Course, foresight: Foresight) -> Plan:
    """The plan that a course of this inquiry amounts to, once it has run."""
    return count(course, inquiry.assumptions, foresight.refusals)


def let_run(inquiry: Inquiry, journal: Journal | None = None) -> tuple[Course, Foresight]:
    """The course, once everything has happened in it, and what was refused on the way."""
    profile = _under(inquiry.profile, inquiry.terms.switches)
    course = Course(profile, start=inquiry.start, seed=inquiry.seed, journal=journal)
    foresight = Foresight(course)
    foresight.plan(inquiry.subscriptions, inquiry.timeline, inquiry.traffic)
    for number, outage in enumerate(inquiry.terms.outages, start=1):
        _plan_outage(course, foresight, inquiry, outage, number)
    course.run()
    return course, foresight


def of_demand(demand: Demand, provider: str, terms: Terms) -> Inquiry:
    """The inquiry that the options amount to. Raises `NotFound` or `Invalid`."""
    profile = profile_named(provider)
    mix = demand.mix or {next(iter(profile.catalogue)): 1.0}
    _check(profile, mix, demand)
    cadence = Poisson(demand.rate.interval_us) if demand.poisson else Every(demand.rate.interval_us)
    subjects = tuple(Subject(event, None, weight, {}) for event, weight in mix.items())
    subscriptions = _listeners(profile, [*mix], demand.listeners)
    return Inquiry(
        name="plan",
        profile=profile,
        start=START,
        seed=terms.seed or 0,
        subscriptions=subscriptions,
        timeline=(),
        traffic=[Traffic(1, TENANT, subjects, cadence, START, START + demand.length_us)],
        terms=terms,
        assumptions={
            **_say_demand(demand, mix, len(subscriptions)),
            **(_say_enabling(terms) or {"enabled": "nobody enables anything"}),
        },
    )


def of_scenario(file: Path, terms: Terms) -> Inquiry:
    """The inquiry for a scenario file, with these outages besides its own. Raises `NotFound` or `InvalidScenario`."""
    from simulator.scenario.load import load_scenario  # the models cost more than the rest of a plan

    scenario = load_scenario(file)
    return Inquiry(
        name=scenario.name,
        profile=scenario.profile,
        start=scenario.start,
        seed=scenario.seed if terms.seed is None else terms.seed,
        subscriptions=scenario.subscriptions,
        timeline=scenario.timeline,
        traffic=scenario.traffic,
        terms=terms,
        assumptions={"scenario": f"{scenario.name}, a receiver that answers 200 at once", **_say_enabling(terms)},
    )


def _plan_outage(course: Course, foresight: Foresight, inquiry: Inquiry, outage: Outage, number: int) -> None:
    terms = inquiry.terms
    since = inquiry.start + outage.offset_us
    until = since + outage.length_us
    if until + (terms.enable_after_us or 0) >= LAST_INSTANT:
        raise Invalid([Problem(("outage",), f"ends beyond {format_instant(LAST_INSTANT)}")])
    fault = Fault(f"outage-{number}", terms.failure.kind, since, until, status=terms.failure.status)
    course.instants.at(since, CHANGE, lambda: course.inject(fault))
    if terms.enable_after_us is not None:
        foresight.enable_what_is_disabled(until + terms.enable_after_us)


def _under(profile: Profile, switches: Mapping[str, Any]) -> Profile:
    if problems := check_switches(profile.readings, switches):
        raise Invalid(problems)
    return replace(profile, readings=replace(profile.readings, **switches))


def _check(profile: Profile, mix: Mapping[str, float], demand: Demand) -> None:
    for event in mix:
        if event not in profile.catalogue:
            raise NotFound(unknown_event(profile.catalogue, event).text)
    if demand.listeners > profile.quota.limit:
        text = f"{profile.name} allows {profile.quota.limit} at most"
        raise Invalid([Problem(("subscriptions",), text)])
    deliveries = demand.length_us // demand.rate.interval_us * demand.listeners
    if deliveries > MOST_DELIVERIES:
        text = f"{demand.rate.text} for {format_duration(demand.length_us)} makes {deliveries:,} deliveries"
        raise Invalid([Problem(("rate",), f"{text}; a plan takes {MOST_DELIVERIES:,} at most")])


def _listeners(profile: Profile, events: Sequence[str], number: int) -> list[Registration]:
    """So many subscriptions of each event; a provider whose subscriptions take several gets all events in each."""
    names = ["all events"] if profile.events_field and len(events) > 1 else events
    listeners = zip(names, profile.suggest_all(events, RECEIVER), strict=True)
    return [one for name, words in listeners for one in _alike(name, words, number)]


def _alike(name: str, words: CustomerWords, number: int) -> list[Registration]:
    names = [name] if number == 1 else [f"{name} {place}" for place in range(1, number + 1)]
    return [Registration(one, TENANT, words) for one in names]


def _say_demand(demand: Demand, mix: Mapping[str, float], number: int) -> dict[str, str]:
    how = "at random" if demand.poisson else "evenly"
    weights = [event if len(mix) == 1 else f"{event} × {weight:g}" for event, weight in mix.items()]
    return {
        "occurs": f"{demand.rate.text} {how} for {format_duration(demand.length_us)}: {', '.join(weights)}",
        "listens": format_count(number, "subscription"),
    }


def _say_enabling(terms: Terms) -> dict[str, str]:
    if terms.enable_after_us is None:
        return {}
    return {"enabled": f"{format_duration(terms.enable_after_us)} after each outage, whatever is disabled then"}
