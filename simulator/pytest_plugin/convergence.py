"""Convergence: whatever the order and however often its events come, a story ends in the same state (R11).

Histories are tried from the shortest on: one event twice, two events in the wrong order, two with the first once
more, then the whole story shuffled with repeats. So the first that goes wrong is already the shortest there is. Each
has ids of its own, so that none meets what another left behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from simulator.contract.plot import is_id
from simulator.domain.chance import draw, pick
from simulator.domain.delivery import State
from simulator.domain.story import StoryEvent
from simulator.pytest_plugin.dialogue import Dialogue, Do, Look, Part, Probe
from simulator.pytest_plugin.sender import Sender
from simulator.pytest_plugin.wanted import TENANT
from simulator.pytest_plugin.wording import tell
from simulator.report.model import DeliveryView

History = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What a history led to: the state, with names in place of ids, and how it came about."""

    state: Any
    names: Sequence[str]
    deliveries: Sequence[DeliveryView]

    @property
    def missing(self) -> list[DeliveryView]:
        """Deliveries that were to arrive and did not."""
        return [one for one in self.deliveries if one.state not in (State.DELIVERED, State.FILTERED)]

    def say(self, history: History) -> str:
        return ", then ".join(self.names[one] for one in history)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who performs which story, and what shows its state."""

    sender: Sender
    story: str
    given: Mapping[str, str]
    tenant: str
    state: Probe


def assert_converges(
    sender: Sender, /, story: str, state: Probe, *, examples: int = 20, tenant: str = TENANT, **given: str
) -> Dialogue:
    """Whatever the order and however often its events come, a story must end in the same state (R11).

    `state` is a function of the story's attributes, or a path such as "/agreements/<AGREEMENT_ID>" of the
    receiver; a `LookupError` says that the object is not known. Every history has ids of its own. `examples`
    says how many shuffles of the whole story are tried after all the short histories.
    """
    stage = Stage(sender, story, given, tenant, state)
    length = len((yield Do(sender.unfold(story, given, tenant))))
    if length == 0:
        return f"nothing of {story} was to be delivered: no subscription heard an event of it"
    untouched = yield from _perform(stage, ())
    whole = yield from _perform(stage, tuple(range(length)))
    if whole.missing:
        return f"{story} did not arrive\n{tell(whole.missing)}"
    if whole.state == untouched.state:
        return f"{story} leaves no trace: the state is {_show(whole.state)} before it and after it"
    return (yield from _compare(stage, histories(length, examples)))


def _compare(stage: Stage, tried: Iterable[History]) -> Dialogue:
    """The first history that ends otherwise than the same events in their order."""
    expected: dict[History, Any] = {}
    for history in tried:
        in_order = tuple(sorted(set(history)))
        if in_order not in expected:
            expected[in_order] = (yield from _perform(stage, in_order)).state
        ending = yield from _perform(stage, history)
        if ending.missing:
            return f"{stage.story} did not arrive: {ending.say(history)}\n{tell(ending.missing)}"
        if ending.state != expected[in_order]:
            return "\n".join(
                (
                    f"{stage.story} does not converge: {ending.say(history)}",
                    f"  final state  {_show(ending.state)}",
                    f"  expected     {_show(expected[in_order])}, as after {ending.say(in_order)}",
                    tell(ending.deliveries),
                )
            )
    return ""


def histories(length: int, examples: int) -> Iterator[History]:
    """Orders of so many events by their numbers, the shortest first, and so many of the whole."""
    for one in range(length):
        yield (one, one)
    for first, second in combinations(range(length), 2):
        yield (second, first)
        yield (first, second, first)
    for number in range(examples if length > 1 else 0):
        yield _shuffled(length, number)


def _shuffled(length: int, number: int) -> History:
    """All events in a drawn order, about a third of them once more."""
    again = [pick(number, length, "again", one) for one in range(length // 3 + 1)]
    drawn = [*range(length), *again]
    return tuple(drawn[place] for place in sorted(range(len(drawn)), key=lambda one: draw(number, "place", one)))


def _perform(stage: Stage, history: History) -> Part[Ending]:
    events: Sequence[StoryEvent] = yield Do(stage.sender.unfold(stage.story, stage.given, stage.tenant))
    deliveries = yield Do(stage.sender.send([events[one] for one in history], stage.tenant))
    attributes = {name: value for one in events for name, value in one.attributes.items()}
    state = yield Look(stage.state, attributes)
    return Ending(_without_ids(state, attributes, stage.given), _names(events), deliveries)


def _without_ids(state: Any, attributes: Mapping[str, str], given: Mapping[str, str]) -> Any:
    """What differs between two performances of one story is their ids, and nothing else may."""
    text = json.dumps(state, sort_keys=True, default=repr)
    for name, value in attributes.items():
        if is_id(name) and value and value not in given.values():
            text = text.replace(value, f"<{name}>")
    return json.loads(text)


def _names(events: Sequence[StoryEvent]) -> list[str]:
    """What tells the events apart: their status where they are all of one kind."""
    alike = len({one.event for one in events}) == 1 and all("STATUS" in one.attributes for one in events)
    if alike:
        return [one.attributes["STATUS"] for one in events]
    return [" ".join(filter(None, (one.event, one.attributes.get("STATUS")))) for one in events]


def _show(state: Any) -> str:
    return json.dumps(state, ensure_ascii=False)
