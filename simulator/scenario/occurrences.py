"""Checks of what occurs: events with their attributes, stories with what they take, and the cadence of traffic (E1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from simulator.domain.event import check_event
from simulator.domain.instant import to_datetime
from simulator.domain.story import check_given
from simulator.errors import did_you_mean
from simulator.scenario.draft import Draft
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.setting import Setting
from simulator.scenario.steps import ActEntry
from simulator.scenario.traffic import MixEntry, TrafficEntry


def check_occurrences(draft: Draft, setting: Setting) -> Iterator[Finding]:
    """Every problem with the events and stories of timeline and traffic."""
    for index, step in draft.timeline.items():
        at: Path = ("timeline", index)
        if step.emit:
            emit = step.emit
            yield from check_one_event(setting, emit.event, emit.attributes, (*at, "emit"), lenient=emit.lenient)
        if step.story:
            yield from check_one_story(setting, step.story.name, step.story.attributes, (*at, "story"), "name")
        if step.act:
            yield from _check_act(setting, step.act, (*at, "act"))
    for index, entry in draft.traffic.items():
        yield from _check_traffic(setting, entry, ("traffic", index))


def check_one_event(
    setting: Setting, name: str, attributes: Mapping[str, str], at: Path, *, lenient: bool = False
) -> Iterator[Finding]:
    """What is wrong with an event; attributes that are missing are generated when it occurs."""
    kind = setting.profile.catalogue.get(name)
    for problem in check_event(setting.profile.catalogue, name, attributes, lenient=lenient):
        generated = problem.path[0] == "attributes" and problem.path[1] not in attributes
        if not generated:
            unknown = kind is not None and problem.path[-1] not in kind.attributes
            yield Finding((*at, *problem.path), problem.text, at_key=unknown)


def check_one_story(
    setting: Setting, name: str, attributes: Mapping[str, str], at: Path, key: str = "story"
) -> Iterator[Finding]:
    """What is wrong with a story; `key` is the one its name stands under."""
    stories = setting.profile.stories
    if name not in stories:
        hint = did_you_mean(name, stories)
        yield Finding((*at, key), f'there is no story "{name}"{hint}; the stories are {", ".join(stories)}')
        return
    for problem in check_given(stories[name], attributes):
        unknown = problem.path[0] not in stories[name].takes
        yield Finding((*at, "attributes", *problem.path), problem.text, at_key=unknown)


def _check_act(setting: Setting, act: ActEntry, at: Path) -> Iterator[Finding]:
    """What is wrong with an action; whether it can be done is known only when it is done."""
    actions = setting.profile.actions
    if act.action not in actions:
        known = ", ".join(actions) or "none"
        hint = did_you_mean(act.action, actions)
        yield Finding((*at, "action"), f'there is no action "{act.action}"{hint}; the actions are {known}')
        return
    for problem in actions[act.action].check(act.action, act.attributes):
        yield Finding((*at, "attributes", *problem.path), problem.text, at_key=problem.path[0] in act.attributes)


def _check_traffic(setting: Setting, entry: TrafficEntry, at: Path) -> Iterator[Finding]:
    yield from setting.check_instant(entry.from_, (*at, "from"))
    if entry.cron is not None:
        yield from _check_cron(setting, entry.cron, (*at, "cron"))
    if entry.event is not None:
        yield from check_one_event(setting, entry.event, entry.attributes, at)
    if entry.story is not None:
        yield from check_one_story(setting, entry.story, entry.attributes, at)
    for index, choice in enumerate(entry.mix or ()):
        yield from _check_choice(setting, entry, choice, at, index)


def _check_choice(setting: Setting, entry: TrafficEntry, choice: MixEntry, at: Path, index: int) -> Iterator[Finding]:
    """One of a mix, with what holds for all of it; a finding stands where its attribute was written."""
    place: Path = (*at, "mix", index)
    given = {**entry.attributes, **choice.attributes}
    if choice.event is not None:
        found = check_one_event(setting, choice.event, given, place)
    else:
        found = check_one_story(setting, choice.story or "", given, place)
    for finding in found:
        name = finding.path[-1]
        shared = "attributes" in finding.path and name not in choice.attributes
        yield replace(finding, path=(*at, "attributes", name)) if shared else finding


def _check_cron(setting: Setting, line: str, at: Path) -> Iterator[Finding]:
    from simulator.clock.crontab import crontab_trigger  # noqa: PLC0415 - loads APScheduler, for such lines alone

    try:
        crontab_trigger(line, to_datetime(setting.start), None)
    except ValueError as error:
        yield Finding(at, str(error))
