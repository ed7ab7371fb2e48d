"""Checks of subscriptions through the course of a scenario: their words, their quota, and that they are there.

In: a draft and its setting. Out: every problem with registering, changing and naming subscriptions, found by
following the definitions from the start through the timeline (S9–S12, R10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.domain.instant import format_duration
from simulator.domain.provider import over_quota
from simulator.domain.subscription import Definition
from simulator.errors import Invalid, did_you_mean
from simulator.scenario.draft import Draft
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.setting import Setting, check_braces
from simulator.scenario.steps import StepEntry, UpdateEntry
from simulator.scenario.subscriptions import SubscriptionEntry
from simulator.scenario.wording import CustomerWords, complete, on_receiver


@dataclass(slots=True)
class Known:
    """A subscription as the course knows it; no definition where its words were refused."""

    tenant: str
    definition: Definition | None
    deleted_at: int | None = None


@dataclass(slots=True)
class Course:
    """The subscriptions at an instant of the timeline."""

    draft: Draft
    setting: Setting
    names: Mapping[str, Path]
    now: int = 0
    known: dict[str, Known] = field(default_factory=dict)


def check_lifetimes(draft: Draft, setting: Setting) -> Iterator[Finding]:
    """Every problem with subscriptions, in the order in which they come to pass."""
    course = Course(draft, setting, names_of(draft), setting.start)
    for index, entry in draft.subscriptions.items():
        yield from _register(course, entry, ("subscriptions", index))
    for index, step in sorted(draft.timeline.items(), key=lambda item: (item[1].at.on(setting.start), item[1].turn)):
        course.now = step.at.on(setting.start)
        yield from _follow(course, step, ("timeline", index))


def names_of(draft: Draft) -> dict[str, Path]:
    """Every name the file gives to a subscription, with the entry that gives it first, however faulty that is."""
    names: dict[str, Path] = {}
    for path, entry in _registrations(draft.data):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            names.setdefault(entry["name"], path)
    return names


def check_name(names: Mapping[str, Path], name: str | None, at: Path) -> list[Finding]:
    """A finding where the file has no subscription of this name."""
    if name is None or name in names:
        return []
    known = f"; there are {', '.join(names)}" if names else "; there are none"
    return [Finding(at, f'there is no subscription "{name}"{did_you_mean(name, names)}{known}')]


def _registrations(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for index, entry in enumerate(_list(data.get("subscriptions"))):
        yield ("subscriptions", index), entry
    for index, step in enumerate(_list(data.get("timeline"))):
        if isinstance(step, dict) and "register" in step:
            yield ("timeline", index, "register"), step["register"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _follow(course: Course, step: StepEntry, at: Path) -> Iterator[Finding]:
    """One step, as far as it concerns subscriptions."""
    at = (*at, step.chosen)
    if step.register_:
        yield from _register(course, step.register_, at)
    elif step.update:
        yield from _check_there(course, step.update.subscription, at)
        yield from _update(course, step.update, at)
    elif target := step.disable or step.enable or step.delete:
        yield from _check_there(course, target.subscription, at)
        yield from _switch(course, target.subscription, step.chosen, at)
    elif step.fault:
        yield from _check_there(course, step.fault.content.subscription, (*at, step.fault.chosen), even_deleted=True)
    elif scope := step.clear or step.resend:
        yield from _check_there(course, scope.subscription, at, even_deleted=True)


def _register(course: Course, entry: SubscriptionEntry, at: Path) -> Iterator[Finding]:
    if course.names[entry.name] != at:
        yield Finding((*at, "name"), f'another subscription is called "{entry.name}"; each needs a name of its own')
    said = entry.said()
    definition, findings = _define(course, complete(course.setting.profile, said), None, at)
    yield from findings
    if definition:
        yield from _check_quota(course, entry.name, entry.tenant, definition, at)
    course.known.setdefault(entry.name, Known(entry.tenant, definition))


def _update(course: Course, entry: UpdateEntry, at: Path) -> Iterator[Finding]:
    known = course.known.get(entry.subscription)
    if not entry.said():
        yield Finding(at, "changes nothing; name at least one field of the subscription")
    if known is None or known.definition is None:
        return
    definition, findings = _define(course, entry.said(), known.definition, at)
    yield from findings
    if definition:
        yield from _check_quota(course, entry.subscription, known.tenant, definition, at)
    known.definition = definition or known.definition


def _switch(course: Course, name: str, step: str, at: Path) -> Iterator[Finding]:
    known = course.known.get(name)
    if known and step == "delete":
        known.deleted_at = course.now
    elif known and known.definition:
        known.definition = replace(known.definition, enabled=step == "enable")
        if step == "enable":
            yield from _check_quota(course, name, known.tenant, known.definition, at)


def _define(
    course: Course, words: CustomerWords, former: Definition | None, at: Path
) -> tuple[Definition | None, list[Finding]]:
    """What the provider makes of the words, or what it has against them."""
    profile, receiver = course.setting.profile, course.setting.receiver
    address = words.get(profile.address_field)
    findings = check_braces(address, (*at, profile.address_field)) if isinstance(address, str) else []
    braced = {one.path for one in findings}
    try:
        definition = profile.define(on_receiver(profile, words, receiver), former, profile.catalogue, profile.readings)
    except Invalid as error:
        refused = [Finding((*at, *problem.path), problem.text) for problem in error.problems]
        findings += [one for one in refused if one.path not in braced and not _follows(course, one.path, at)]
        return None, findings
    return (None if findings else definition), findings


def _follows(course: Course, path: Path, at: Path) -> bool:
    """Whether a field was written here, or misspelt, and a finding says so already."""
    field_name = str(path[len(at)]) if len(path) > len(at) else ""
    lost = [str(one[-1]) for one in course.draft.lost if one[:-1] == at]
    return any(one == field_name or did_you_mean(one, [field_name]) for one in lost)


def _check_quota(course: Course, name: str, tenant: str, wanted: Definition, at: Path) -> Iterator[Finding]:
    """One too many is refused, unless the provider replaces the former (S9, A2)."""
    profile = course.setting.profile
    others = [
        known.definition
        for other, known in course.known.items()
        if other != name and known.tenant == tenant and known.definition and known.deleted_at is None
    ]
    event = over_quota(profile.quota, others, wanted, profile.readings)
    if event and profile.quota.excess == "refuse":
        limit = profile.quota.limit
        yield Finding(at, f'{event} has {limit} subscriptions in tenant "{tenant}" already; {limit} is the most (S9)')


def _check_there(course: Course, name: str | None, at: Path, *, even_deleted: bool = False) -> Iterator[Finding]:
    at = (*at, "subscription")
    yield from check_name(course.names, name, at)
    known = course.known.get(name or "")
    if name is None or name not in course.names:
        return
    if known and known.deleted_at is not None and not even_deleted:
        yield Finding(at, f'"{name}" was deleted {_after(course, known.deleted_at)}')
    elif not known:
        yield from _check_later(course, name, course.names[name], at)


def _check_later(course: Course, name: str, registered: Path, at: Path) -> Iterator[Finding]:
    """A name that only a later step gives; one whose entry makes no sense has its findings already."""
    if registered[0] == "timeline" and (step := course.draft.timeline.get(int(registered[1]))):
        instant = step.at.on(course.setting.start)
        if step.register_ and instant >= course.now:
            yield Finding(at, f'"{name}" is registered only {_after(course, instant)}')


def _after(course: Course, instant: int) -> str:
    return f"{format_duration(instant - course.setting.start)} after the start"
