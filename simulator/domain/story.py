"""Stories: life cycles as tables that unfold into events.

In: a table of steps, a seed, and a key that tells one unfolding from the next. Out: events with their offsets from
the beginning, in order. Within one unfolding the steps agree on ids and turns; no two unfoldings share an id.
Which events exist, and what time it is, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulator.domain.chance import pick, seeded_uuid
from simulator.domain.instant import SECOND, format_duration, parse_duration
from simulator.errors import Invalid, Problem, did_you_mean

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Id:
    """A made-up UUID, or one of `numbers`; steps that name the same role hold the same one."""

    role: str
    numbers: range | None = None


@dataclass(frozen=True, slots=True)
class Ago:
    """How long before this step the story's latest event of this name occurred: `-12m`; empty where none has."""

    event: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, by weight; steps that name the same role agree, without a role each step draws anew."""

    weights: Mapping[str, int]
    role: str = ""

    def was(self, value: str) -> Guard:
        """The condition that this turn of the story was taken."""
        if not self.role or value not in self.weights:
            raise ValueError(f'"{value}" cannot be waited for; name a role, and one of {", ".join(self.weights)}')
        return Guard(self, value)


@dataclass(frozen=True, slots=True)
class Guard:
    """A step with a guard happens only where its choice fell on this value."""

    choice: Choice
    value: str


Expression = str | Id | Ago | Choice


@dataclass(frozen=True, slots=True)
class Step:
    """One row: between `earliest_us` and `latest_us` after the step before it, this event."""

    earliest_us: int
    latest_us: int
    event: str
    attributes: Mapping[str, Expression]
    when: Guard | None


@dataclass(frozen=True, slots=True)
class Story:
    """A named life cycle; `summary` is one sentence for people."""

    name: str
    summary: str
    steps: tuple[Step, ...]

    @property
    def takes(self) -> Mapping[str, tuple[str, ...] | None]:
        """What may be given to an unfolding: roles and attributes, with the values of choices (None: any text)."""
        taken: dict[str, tuple[str, ...] | None] = {}
        for names, expression in self._free():
            for name in filter(None, names):
                values = tuple(expression.weights) if isinstance(expression, Choice) else None
                known = taken.get(name, ())
                taken[name] = None if values is None or known is None else tuple(dict.fromkeys(known + values))
        return taken

    def _free(self) -> Iterator[tuple[tuple[str, str], Id | Choice]]:
        """Everything the table leaves open, under its role and its attribute."""
        for step in self.steps:
            for attribute, expression in step.attributes.items():
                if isinstance(expression, Id | Choice):
                    yield (expression.role, attribute), expression
            if step.when:
                yield (step.when.choice.role, ""), step.when.choice

    def aliases(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """What is given under an attribute's name, under every role that stands in this attribute."""
        return {role: given[name] for (role, name), _ in self._free() if role and name in given} | dict(given)


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """What an unfolding yields: an event, and how long after the story's beginning it occurs."""

    offset_us: int
    event: str
    attributes: Mapping[str, str]


def step(after: str, event: str, /, *, when: Guard | None = None, **attributes: Expression) -> Step:
    """A row of a story's table; `after` is a duration ("30s") or a span ("5m..1h") since the step before it."""
    low, span, high = after.partition("..")
    earliest = parse_duration(low)
    latest = parse_duration(high) if span else earliest
    if latest < earliest:
        raise ValueError(f'"{after}" ends before it begins; write the shorter duration first')
    return Step(earliest, latest, event, attributes, when)


def either(*values: str) -> Choice:
    """Any of these values, drawn anew at every step."""
    return Choice(dict.fromkeys(values, 1))


def turn(role: str, weights: Mapping[str, int]) -> Choice:
    """Where a story may go one way or another: drawn once, by weight, and waited for with `was`."""
    return Choice(weights, role)


def check_given(story: Story, given: Mapping[str, str]) -> list[Problem]:
    """What keeps these values from being given to the story; a value that a step fixes is the story and stays."""
    takes = story.takes
    problems = []
    for name, value in given.items():
        if name not in takes:
            hint = did_you_mean(name, takes)
            problems.append(Problem((name,), f"{story.name} has nothing to give here{hint}; it takes {_list(takes)}"))
        elif (values := takes[name]) is not None and value not in values:
            problems.append(Problem((name,), f'"{value}" is not among {_list(values)}{did_you_mean(value, values)}'))
    return problems


def unfold(story: Story, seed: int, key: str | int, given: Mapping[str, str] = NOTHING) -> tuple[StoryEvent, ...]:
    """The story's events, in order; the same seed, key and given values make the same events.

    `given` fixes roles (`project`) or attributes (`PROJECT_ID`: all roles that stand in it). Raises `Invalid`.
    """
    if problems := check_given(story, given):
        raise Invalid(problems)
    unfolding = _Unfolding(seed, ("story", story.name, key), story.aliases(given))
    return tuple(unfolding.events(story.steps))


@dataclass(frozen=True, slots=True)
class _Unfolding:
    seed: int
    names: tuple[str | int, ...]
    given: Mapping[str, str]

    def events(self, steps: tuple[Step, ...]) -> Iterator[StoryEvent]:
        """Delays add up over the steps that happen, so a spread can never turn cause and effect around."""
        offset_us = 0
        happened: dict[str, int] = {}
        for row, one in enumerate(steps):
            if one.when and self._value(one.when.choice, row, "") != one.when.value:
                continue
            offset_us += self._delay(one, row)
            values = {
                attribute: _ago(each, happened, offset_us)
                if isinstance(each, Ago)
                else self._value(each, row, attribute)
                for attribute, each in one.attributes.items()
            }
            happened[one.event] = offset_us
            yield StoryEvent(offset_us, one.event, values)

    def _delay(self, one: Step, row: int) -> int:
        """Whole seconds between the bounds: people read these instants."""
        spread_seconds = (one.latest_us - one.earliest_us) // SECOND
        return one.earliest_us + SECOND * pick(self.seed, spread_seconds + 1, *self.names, row, "after")

    def _value(self, expression: str | Id | Choice, row: int, attribute: str) -> str:
        if isinstance(expression, str):
            return expression
        name = expression.role or attribute
        given = self.given.get(name)
        if isinstance(expression, Id):
            return self._made_up(expression, name) if given is None else given
        if given is not None and given in expression.weights:
            return given
        place = (name,) if expression.role else (row, name)
        return _weighted(expression.weights, pick(self.seed, sum(expression.weights.values()), *self.names, *place))

    def _made_up(self, expression: Id, name: str) -> str:
        if expression.numbers is None:
            return seeded_uuid(self.seed, *self.names, name)
        return str(expression.numbers[pick(self.seed, len(expression.numbers), *self.names, name)])


def _ago(expression: Ago, happened: Mapping[str, int], offset_us: int) -> str:
    if expression.event not in happened:
        return ""
    return f"-{format_duration(offset_us - happened[expression.event])}"


def _weighted(weights: Mapping[str, int], number: int) -> str:
    """The value in whose share of the whole the number lies."""
    for value, weight in weights.items():
        number -= weight
        if number < 0:
            return value
    raise ValueError("the number lies beyond the sum of the weights")


def _list(names: Mapping[str, object] | tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
