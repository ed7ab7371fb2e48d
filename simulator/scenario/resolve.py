"""From entries to what a run uses: defaults filled in, instants on the calendar, words made whole.

In: a draft without findings, its setting and its source. Out: the `Scenario`. Nothing can go wrong here any more.
"""

from __future__ import annotations

from pathlib import PurePath

from simulator.receivers import kind_for
from simulator.scenario.cadence import Cron, Every, Poisson, Subject, Traffic
from simulator.scenario.draft import Draft
from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.model import DemandsEntry
from simulator.scenario.resolve_timeline import resolve_registration, resolve_timeline
from simulator.scenario.scenario import Demands, Expectation, Scenario
from simulator.scenario.setting import Setting
from simulator.scenario.source import Source
from simulator.scenario.traffic import TrafficEntry


def resolve(draft: Draft, setting: Setting, source: Source) -> Scenario:
    """The scenario that these entries mean."""
    head = draft.head
    return Scenario(
        name=head.name,
        description=head.description,
        where=source.where,
        source=source.text,
        seed=head.seed,
        start=setting.start,
        speed=head.clock.speed,
        receiver=kind_for(setting.profile.name, head.receiver),
        demands=_demands(head.demands),
        switches=head.switches,
        profile=setting.profile,
        subscriptions=tuple(resolve_registration(setting.profile, entry) for entry in draft.subscriptions.values()),
        timeline=resolve_timeline(draft.timeline, setting, source),
        traffic=tuple(_traffic(setting, index, entry) for index, entry in draft.traffic.items()),
        expectations=tuple(_expectation(source, index, entry) for index, entry in draft.expect.items()),
    )


def _demands(said: DemandsEntry | None) -> Demands:
    if said is None:
        return Demands()
    pairs = (
        (said.header_auth_key, said.header_auth_value),
        (said.basic_auth_username, said.basic_auth_password),
    )
    return Demands(*((first, second) if first and second else None for first, second in pairs))


def _traffic(setting: Setting, index: int, entry: TrafficEntry) -> Traffic:
    since = entry.from_.on(setting.start) if entry.from_ else setting.start
    return Traffic(
        number=index,
        tenant=entry.tenant,
        subjects=_subjects(entry),
        cadence=_cadence(entry),
        since=since,
        until=since + entry.for_,
    )


def _subjects(entry: TrafficEntry) -> tuple[Subject, ...]:
    if not entry.mix:
        return (Subject(entry.event, entry.story, 1.0, entry.attributes),)
    return tuple(Subject(one.event, one.story, one.weight, {**entry.attributes, **one.attributes}) for one in entry.mix)


def _cadence(entry: TrafficEntry) -> Every | Poisson | Cron:
    if entry.cron is not None:
        return Cron(entry.cron)
    return Every(entry.rate) if entry.rate is not None else Poisson(entry.poisson or 0)


def _expectation(source: Source, index: int, entry: ExpectEntry) -> Expectation:
    file = PurePath(source.where).name  # without its folder, so that two machines agree on the report
    return Expectation(entry, f"{file}:{source.line(('expect', index))}")
