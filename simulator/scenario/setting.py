"""What a scenario is checked against: the provider's profile under the file's switches, the start, the receiver.

In: a draft. Out: a `Setting`, and what is wrong with the head of the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from simulator.domain import template
from simulator.domain.event import unknown_event
from simulator.domain.instant import LAST_INSTANT, format_instant
from simulator.domain.provider import Profile, check_switches
from simulator.errors import did_you_mean
from simulator.providers import PROFILES
from simulator.receivers import KINDS
from simulator.scenario.draft import Draft
from simulator.scenario.fields import When
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.model import HeadEntry

_EMBEDDED_URL = "http://127.0.0.1"  # its port is known only when it runs
_BRACES = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Setting:
    """`profile` carries the readings in force; `receiver` is a URL, a stand-in where the receiver is embedded."""

    profile: Profile
    start: int
    receiver: str

    def check_instant(self, when: When | None, at: Path) -> list[Finding]:
        """What makes an instant impossible."""
        if when is None:
            return []
        if when.on(self.start) < self.start:
            return [Finding(at, f"lies before the start of the scenario, {format_instant(self.start)}")]
        if when.on(self.start) >= LAST_INSTANT:
            return [Finding(at, f"lies beyond {format_instant(LAST_INSTANT)}")]
        return []

    def check_event_name(self, name: str | None, at: Path) -> list[Finding]:
        """What makes the name of an event one that nothing has (E1)."""
        if name is None or name in self.profile.catalogue:
            return []
        return [Finding(at, unknown_event(self.profile.catalogue, name).text)]


def setting_of(draft: Draft) -> tuple[Setting | None, list[Finding]]:
    """The setting, unless the provider is unknown, and every problem of the file's head."""
    head = draft.head
    findings = [*_check_receiver(head.receiver), *_check_demands(head)]
    address = head.receiver if _is_url(head.receiver) and not findings else _EMBEDDED_URL
    profile = PROFILES.get(head.provider)
    if profile is None:
        hint = did_you_mean(head.provider, PROFILES)
        text = f'there is no provider "{head.provider}"{hint}; the providers are {", ".join(PROFILES)}'
        return None, [*findings, Finding(("provider",), text)]
    profile, flaws = _under_switches(profile, head)
    return Setting(profile, head.clock.start, address.rstrip("/")), [*findings, *flaws]


def check_braces(text: str, at: Path, allowed: Collection[str] = ("receiver",)) -> list[Finding]:
    """Only what is allowed can stand in braces."""
    only = ", ".join(f"{{{name}}}" for name in allowed)
    return [
        Finding(at, f'holds "{{{name}}}"{did_you_mean(name, allowed)}; only {only} can stand in braces')
        for name in _BRACES.findall(text)
        if name not in allowed
    ]


def _under_switches(profile: Profile, head: HeadEntry) -> tuple[Profile, list[Finding]]:
    problems = check_switches(profile.readings, head.switches)
    wrong = {problem.path[0] for problem in problems}
    known = {name: value for name, value in head.switches.items() if name not in wrong}
    findings = [
        Finding(("switches", *problem.path), problem.text, at_key=not hasattr(profile.readings, str(problem.path[0])))
        for problem in problems
    ]
    return replace(profile, readings=replace(profile.readings, **known)), findings


def _check_receiver(receiver: str) -> Iterator[Finding]:
    if _is_url(receiver):
        for flaw in template.check(receiver, ()):
            yield Finding(("receiver",), flaw)
        return
    if receiver not in KINDS:
        hint = did_you_mean(receiver, KINDS)
        text = f'there is no receiver "{receiver}"{hint}; give a URL such as http://localhost:8000, or one of '
        yield Finding(("receiver",), text + ", ".join(KINDS))


def _check_demands(head: HeadEntry) -> Iterator[Finding]:
    if head.demands and _is_url(head.receiver):
        yield Finding(("demands",), "only an embedded receiver can be told what to demand; this one is a URL")


def _is_url(receiver: str) -> bool:
    return "://" in receiver
