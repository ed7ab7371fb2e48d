"""Checks of what is done to a run on purpose: faults, their end, and resends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.errors import did_you_mean
from simulator.scenario.draft import Draft
from simulator.scenario.faults import WindowEntry, fault_ids
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.setting import Setting
from simulator.scenario.steps import ClearEntry, ResendEntry, StepEntry


def check_interventions(draft: Draft, setting: Setting) -> Iterator[Finding]:
    """Every problem with faults, clears and resends, and steps at impossible instants."""
    ids = fault_ids({index: step.fault for index, step in draft.timeline.items() if step.fault})
    for index, step in draft.timeline.items():
        at: Path = ("timeline", index)
        yield from setting.check_instant(step.at, (*at, "at"))
        if step.fault:
            yield from _check_unique(ids, index, (*at, "fault", "name"))
            yield from _check_window(setting, step.fault.content, (*at, "fault", step.fault.chosen))
        if step.clear:
            yield from _check_clear(draft, step.clear, (*at, "clear"))
        if step.resend:
            yield from _check_resend(setting, step, step.resend, (*at, "resend"))


def _check_unique(ids: Mapping[int, str], index: int, at: Path) -> Iterator[Finding]:
    first = next(other for other, name in ids.items() if name == ids[index])
    if first != index:
        yield Finding(at, f'another fault is called "{ids[index]}"; each needs a name of its own')


def _check_window(setting: Setting, window: WindowEntry, at: Path) -> Iterator[Finding]:
    yield from setting.check_event_name(window.event, (*at, "event"))
    most = len(setting.profile.ladder_seconds) + 1
    for position in window.attempt or ():
        if position > most:
            clause = "R3" if most > 1 else "A9"
            yield Finding((*at, "attempt"), f"there is no attempt {position}; a chain has {most} at most ({clause})")


def _check_clear(draft: Draft, clear: ClearEntry, at: Path) -> Iterator[Finding]:
    names = _names_of_faults(draft)
    if clear.name is not None and clear.name not in names:
        known = f"; there are {', '.join(names)}" if names else "; no fault of this file has a name"
        yield Finding((*at, "name"), f'there is no fault called "{clear.name}"{did_you_mean(clear.name, names)}{known}')


def _names_of_faults(draft: Draft) -> list[str]:
    """Every name the file gives to a fault, however faulty its step is."""
    steps = draft.data.get("timeline")
    faults = [step.get("fault") for step in (steps if isinstance(steps, list) else ()) if isinstance(step, dict)]
    return list(dict.fromkeys(str(fault["name"]) for fault in faults if isinstance(fault, dict) and "name" in fault))


def _check_resend(setting: Setting, step: StepEntry, resend: ResendEntry, at: Path) -> Iterator[Finding]:
    if setting.profile.resend_days is None:
        yield Finding(at, f"{setting.profile.name} resends nothing; no delivery can be sent again (A9)")
    yield from setting.check_event_name(resend.event, (*at, "event"))
    yield from setting.check_instant(resend.from_, (*at, "from"))
    yield from setting.check_instant(resend.to, (*at, "to"))
    now = step.at.on(setting.start)
    since = resend.from_.on(setting.start) if resend.from_ else setting.start
    if since > now:
        yield Finding((*at, "from"), "lies after the step itself; nothing has occurred since then")
    if resend.to and resend.to.on(setting.start) <= since:
        yield Finding((*at, "to"), "is not after `from`; the window holds nothing")
