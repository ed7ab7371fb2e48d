"""The checks that need more than one entry, or the provider: all of them, in one pass.

In: a draft. Out: every finding; a fact that follows from another finding is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.domain import template
from simulator.scenario.draft import Draft
from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.interventions import check_interventions
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.lifetimes import check_lifetimes, check_name, names_of
from simulator.scenario.occurrences import check_occurrences
from simulator.scenario.sentences import standing
from simulator.scenario.setting import Setting, check_braces, setting_of
from simulator.scenario.timeline import BY_SUBSCRIPTION
from simulator.scenario.wording import RECEIVER


def check(draft: Draft) -> tuple[Setting | None, list[Finding]]:
    """The setting of the scenario, and everything the models alone could not see."""
    setting, findings = setting_of(draft)
    if setting:
        findings += check_lifetimes(draft, setting)
        findings += check_interventions(draft, setting)
        findings += check_occurrences(draft, setting)
        findings += _check_expectations(draft, setting)
        findings += _check_stops(draft)
    return setting, [Finding(standing(one.path, draft.data), one.text, one.at_key) for one in findings]


def _check_stops(draft: Draft) -> Iterator[Finding]:
    """The filter box of the page finds nothing for a subscription that is not there."""
    names = names_of(draft)
    for index, step in draft.timeline.items():
        for name in BY_SUBSCRIPTION.findall(step.stop.filter) if step.stop else ():
            yield from check_name(names, name.strip('"'), ("timeline", index, "stop", "filter"))


def _check_expectations(draft: Draft, setting: Setting) -> Iterator[Finding]:
    names = names_of(draft)
    for index, entry in draft.expect.items():
        yield from _check_expectation(setting, names, entry, ("expect", index, entry.chosen))


def _check_expectation(setting: Setting, names: Mapping[str, Path], entry: ExpectEntry, at: Path) -> Iterator[Finding]:
    said = entry.content
    yield from check_name(names, getattr(said, "subscription", None), (*at, "subscription"))
    yield from setting.check_event_name(getattr(said, "event", None), (*at, "event"))
    if entry.disabled:
        yield from setting.check_instant(entry.disabled.by, (*at, "by"))
        yield from setting.check_instant(entry.disabled.at, (*at, "at"))
    if entry.receiver:
        yield from _check_probe(setting, entry.receiver.probe, (*at, "probe"))


def _check_probe(setting: Setting, probe: str, at: Path) -> Iterator[Finding]:
    if braces := check_braces(probe, at, ("receiver", "api", "key")):
        yield from braces
        return
    asked = probe.replace(RECEIVER, setting.receiver).replace("{api}", "api").replace("{key}", "key")
    for flaw in template.check(asked, ()):
        yield Finding(at, flaw)
