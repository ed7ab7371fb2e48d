"""What can be understood of a file, piece by piece, so that one mistake never hides another.

In: plain data. Out: every finding of the models, and the entries as far as they make sense without what was wrong;
whoever checks on leaves out what `lost` explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.invalid import Finding, Path
from simulator.scenario.model import HeadEntry, ScenarioEntry
from simulator.scenario.sentences import findings, without_misspelt
from simulator.scenario.steps import StepEntry
from simulator.scenario.strict import Strict
from simulator.scenario.subscriptions import SubscriptionEntry
from simulator.scenario.traffic import TrafficEntry

Entry = TypeVar("Entry", bound=Strict)

_NAMELESS: Mapping[str, Any] = {"name": "?"}
_STAND_INS: Mapping[str, Any] = {**_NAMELESS, "subscriptions": []}


@dataclass(slots=True)
class Draft:
    """The head of a file, the entries of its lists by their place, and what was wrong."""

    data: Mapping[str, Any]
    head: HeadEntry = field(default_factory=lambda: HeadEntry(**_NAMELESS))
    subscriptions: Mapping[int, SubscriptionEntry] = field(default_factory=dict)
    timeline: Mapping[int, StepEntry] = field(default_factory=dict)
    traffic: Mapping[int, TrafficEntry] = field(default_factory=dict)
    expect: Mapping[int, ExpectEntry] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lost: set[Path] = field(default_factory=set)

    def begin_at(self, start: int) -> None:
        """Whatever the file says of its start, it is this instant."""
        clock = self.head.clock.model_copy(update={"start": start})
        self.head = self.head.model_copy(update={"clock": clock})

    def explains(self, path: Path) -> bool:
        """Whether a finding at this path only follows from one that is known already."""
        return path in self.lost or any(lost[:-1] == path for lost in self.lost)


def understand(data: Any) -> Draft:
    """Everything that can be understood, and everything that cannot."""
    if not isinstance(data, dict):
        return Draft({}, findings=[Finding((), "must be a mapping of keys to values, such as name: My scenario")])
    draft = Draft(data)
    lists = {key: data[key] for key in ("subscriptions", "timeline", "traffic", "expect") if _is_list(data.get(key))}
    draft.head = _sound_head(data, lists) or _salvaged_head(draft, lists) or draft.head
    draft.subscriptions = _entries(draft, SubscriptionEntry, "subscriptions", lists)
    draft.timeline = _entries(draft, StepEntry, "timeline", lists)
    draft.traffic = _entries(draft, TrafficEntry, "traffic", lists)
    draft.expect = _entries(draft, ExpectEntry, "expect", lists)
    return draft


def _sound_head(data: Mapping[str, Any], lists: Mapping[str, Any]) -> HeadEntry | None:
    """The head alone, where it holds no mistake: the model of a whole file takes longer to build than most to check."""
    if "subscriptions" not in lists:
        return None
    try:
        return HeadEntry.model_validate({key: value for key, value in data.items() if key not in lists})
    except ValidationError:
        return None


def _salvaged_head(draft: Draft, lists: Mapping[str, Any]) -> HeadEntry | None:
    return _salvage(draft, ScenarioEntry, {**draft.data, **{key: [] for key in lists}}, (), _STAND_INS)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _entries(draft: Draft, model: type[Entry], key: str, lists: Mapping[str, list[Any]]) -> dict[int, Entry]:
    found = {index: _salvage(draft, model, item, (key, index)) for index, item in enumerate(lists.get(key, ()))}
    return {index: entry for index, entry in found.items() if entry is not None}


def _salvage(
    draft: Draft, model: type[Entry], data: Any, at: Path, stand_ins: Mapping[str, Any] | None = None
) -> Entry | None:
    """The entry without what is wrong with it, or None where nothing can be made of it."""
    while True:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            faults = findings(model, error.errors(include_url=False), data)
        _note(draft, faults, at)
        data = deepcopy(data)
        gone = _remove_all(data, [fault.path for fault in faults])
        draft.lost.update((*at, *path) for path in gone)
        if () in gone and not stand_ins:
            return None
        data = {**(stand_ins or {}), **data}


def _note(draft: Draft, faults: Iterable[Finding], at: Path) -> None:
    """Keep the findings that do not follow from what went before, and remember where they stand."""
    placed = [Finding((*at, *fault.path), fault.text, fault.at_key) for fault in faults]
    draft.findings += [fault for fault in without_misspelt(placed) if not draft.explains(fault.path)]
    draft.lost.update(fault.path for fault in placed)


def _remove_all(data: Any, paths: Iterable[Path]) -> set[Path]:
    gone: set[Path] = set()
    for path in paths:
        if not any(path[: len(former)] == former for former in gone):
            gone.add(_remove(data, path))
    return gone


def _remove(data: Any, path: Path) -> Path:
    """Take away the key at a path, or the nearest one that holds it; the path that went, empty for the whole."""
    while path:
        holder = data
        for part in path[:-1]:
            holder = holder[part]
        if isinstance(holder, dict) and path[-1] in holder:
            del holder[path[-1]]
            return path
        path = path[:-1]
    return path
