"""What happens in a tenant, told again and again with fresh ids: a story, a life cycle, or a single event.

In: the profile's stories and the events in scope. Out: plots. A plot's ids are roles: each telling plays them by ids
that nobody has seen, so that one telling never meets the traces of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.contract.bench import Case
from simulator.domain.chance import pick, seeded_uuid
from simulator.domain.event import Catalogue
from simulator.domain.provider import Profile
from simulator.domain.story import Story, StoryEvent, unfold

_ID = re.compile(r"(?:.+_)?ID(?:_.+)?|id|.+Id")
_STATUS = ("STATUS", "status")
_NUMBERS = 10**12  # fresh ids that are numbers have as many digits: none stands by chance in a text


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """Events in the order in which they occur. `roles` names, by each id that stands in them, what it stands for.

    A plot is equal to itself only: it is what histories are grouped by.
    """

    name: str
    cases: tuple[Case, ...]
    roles: Mapping[str, str]

    def told(self, seed: int, *key: str | int) -> Plot:
        """The same with fresh ids, which belong to this seed and key."""
        fresh = {known: _fresh(known, seed, "telling", *key, role) for known, role in self.roles.items()}
        cases = tuple(
            replace(case, attributes={name: fresh.get(value, value) for name, value in case.attributes.items()})
            for case in self.cases
        )
        return Plot(self.name, cases, {fresh[known]: role for known, role in self.roles.items()})

    def word(self, place: int) -> str:
        """What tells this event from the others, for a sentence: its status where that suffices."""
        case = self.cases[place]
        status = status_of(case.attributes)
        alike = sum(status_of(one.attributes) == status for one in self.cases)
        same_event = all(one.event == case.event for one in self.cases)
        return status if status and same_event and alike == 1 else case.event


def plot_of(name: str, cases: Sequence[Case]) -> Plot:
    """A plot of these events; an id that stands in several of them is one role."""
    roles: dict[str, str] = {}
    for case in cases:
        for attribute, value in case.attributes.items():
            if value and is_id(attribute) and value not in roles:
                number = sum(role.startswith(f"<{attribute}") for role in roles.values())
                roles[value] = f"<{attribute} {number + 1}>" if number else f"<{attribute}>"
    return Plot(name, tuple(cases), roles)


def plots_of_stories(profile: Profile, events: Sequence[str], seed: int, at: int) -> list[Plot]:
    """The stories whose order of arrival must not matter, told with the events in scope; the plainest first."""
    plots = courses(profile, events, seed, at)
    decidable = [plot for plot in plots if _is_decidable(plot, profile.catalogue)]
    distinct = {tuple((case.event, status_of(case.attributes)) for case in plot.cases): plot for plot in decidable}
    return sorted(distinct.values(), key=lambda plot: not life_cycle(plot))


def courses(profile: Profile, events: Sequence[str], seed: int, at: int) -> list[Plot]:
    """All stories as they go, told with the events in scope, as if they began at this instant."""
    return [_plot_of_story(profile, story, events, seed, at) for story in profile.stories.values()]


def is_id(attribute: str) -> bool:
    """Whether an attribute holds the id of an object, by its name."""
    return _ID.fullmatch(attribute) is not None


def status_of(attributes: Mapping[str, str]) -> str:
    """The status that an event tells, by the name of the attribute; empty where it tells none."""
    return next((attributes[name] for name in _STATUS if name in attributes), "")


def repeated_events(profile: Profile, seed: int) -> frozenset[str]:
    """The events that some story tells twice with no other status in between: their repeats look like duplicates."""
    return frozenset(
        one.event
        for story in profile.stories.values()
        for one, following in _pairs(unfold(story, seed, "contract"))
        if status_of(one.attributes) == status_of(following.attributes)
    )


def life_cycle(plot: Plot) -> bool:
    """Whether all events are about one object whose status goes on: of one name, or each with a status of its own."""
    objects = {tuple(value for name, value in case.attributes.items() if is_id(name)) for case in plot.cases}
    statuses = [status_of(case.attributes) for case in plot.cases]
    one_name = len({case.event for case in plot.cases}) == 1
    return one_name or (len(objects) == 1 and all(statuses) and len(set(statuses)) > 1)


def _pairs(told: Sequence[StoryEvent]) -> Iterator[tuple[StoryEvent, StoryEvent]]:
    """Each event with the next one of its name."""
    last: dict[str, StoryEvent] = {}
    for one in told:
        if one.event in last:
            yield last[one.event], one
        last[one.event] = one


def _plot_of_story(profile: Profile, story: Story, events: Sequence[str], seed: int, at: int) -> Plot:
    told = [one for one in unfold(story, seed, "contract") if one.event in events]
    return plot_of(
        story.name,
        [Case(one.event, profile.dated(one.event, one.attributes, at + one.offset_us)) for one in told],
    )


def _fresh(known: str, seed: int, *names: str | int) -> str:
    """An id that nobody has seen, of the kind of the one that it stands for."""
    return str(_NUMBERS + pick(seed, _NUMBERS, *names)) if known.isdecimal() else seeded_uuid(seed, *names)


def _is_decidable(plot: Plot, catalogue: Catalogue) -> bool:
    """Whether the events alone tell their order: two or more, no two alike, no status that is open or comes back."""
    said = [(case.event, tuple(sorted(case.attributes.items()))) for case in plot.cases]
    return len(said) > 1 and len(set(said)) == len(said) and not any(_open_changes(plot, catalogue))


def _open_changes(plot: Plot, catalogue: Catalogue) -> Iterator[str]:
    """Events that occur more than once for an attribute without a closed list: which came last cannot be known."""
    names = [case.event for case in plot.cases]
    for case in plot.cases:
        kind = catalogue[case.event]
        is_open = any(name not in kind.allowed and not is_id(name) for name in kind.attributes)
        if is_open and names.count(case.event) > 1:
            yield case.event
