"""The steps of a timeline, resolved and sorted: instants on the calendar, faults as the wire knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.provider import Profile
from simulator.scenario.faults import DelayEntry, FaultEntry, FlapEntry, StatusEntry, fault_ids
from simulator.scenario.setting import Setting
from simulator.scenario.source import Source
from simulator.scenario.steps import StepEntry
from simulator.scenario.subscriptions import SubscriptionEntry
from simulator.scenario.timeline import (
    Act,
    Checkpoint,
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
    Stop,
    Update,
)
from simulator.scenario.wording import complete


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands, and what its resolution may ask."""

    at: int
    line: int
    fault_id: str
    setting: Setting


def resolve_timeline(entries: Mapping[int, StepEntry], setting: Setting, source: Source) -> tuple[Step, ...]:
    """The steps by instant; those of one instant in the order of the file."""
    ids = fault_ids({index: entry.fault for index, entry in entries.items() if entry.fault})
    steps = []
    for index, entry in entries.items():
        line = source.line(("timeline", index))
        place = _Place(entry.at.on(setting.start), line, ids.get(index, ""), setting)
        steps.append(replace(_STEPS[entry.chosen](place, entry.content), number=index))
    return tuple(sorted(steps, key=lambda step: step.at))


def resolve_registration(profile: Profile, entry: SubscriptionEntry) -> Registration:
    """A subscription with its words made whole."""
    return Registration(entry.name, entry.tenant, complete(profile, entry.said()))


_STEPS: Mapping[str, Callable[[_Place, Any], Step]] = {
    "emit": lambda on, said: Emit(
        on.at, on.line, said.event, said.tenant, said.attributes, said.count, lenient=said.lenient
    ),
    "story": lambda on, said: PlayStory(on.at, on.line, said.name, said.tenant, said.attributes),
    "act": lambda on, said: Act(on.at, on.line, said.action, said.tenant, said.attributes),
    "register": lambda on, said: Register(on.at, on.line, resolve_registration(on.setting.profile, said)),
    "update": lambda on, said: Update(on.at, on.line, said.subscription, said.said()),
    "disable": lambda on, said: Disable(on.at, on.line, said.subscription),
    "enable": lambda on, said: Enable(on.at, on.line, said.subscription),
    "delete": lambda on, said: Delete(on.at, on.line, said.subscription),
    "fault": lambda on, said: Inject(on.at, on.line, _fault(on, said), said.content.subscription),
    "clear": lambda on, said: Clear(on.at, on.line, said.name, said.kind, said.subscription),
    "resend": lambda on, said: Resend(
        on.at,
        on.line,
        said.subscription,
        said.event,
        said.delivery,
        since=said.from_.on(on.setting.start) if said.from_ else on.setting.start,
        until=said.to.on(on.setting.start) if said.to else on.at,
    ),
    "checkpoint": lambda on, said: Checkpoint(on.at, on.line, said.say),
    "stop": lambda on, said: Stop(on.at, on.line, said.say, said.look_at, said.filter, said.then),
}


def _fault(on: _Place, entry: FaultEntry) -> Fault:
    said = entry.content
    fault = Fault(
        id=on.fault_id,
        kind=FaultKind(entry.chosen),
        since=on.at,
        until=None if said.for_ is None else on.at + said.for_,
        event=said.event,
        positions=None if said.attempt is None else frozenset(said.attempt),
        probability=said.probability,
    )
    match said:
        case StatusEntry():
            return replace(fault, status=said.code)
        case DelayEntry():
            return replace(fault, delay_us=said.delay)
        case FlapEntry():
            return replace(fault, period_us=said.period)
    return fault
