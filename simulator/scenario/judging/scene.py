"""What a judge looks at: the report of a run, and the deliveries an expectation speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.domain.delivery import State
from simulator.report.model import DeliveryView, Report, SubscriptionView
from simulator.scenario.expectations import Scope


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict in words; `evidence` are the ids of deliveries that show why it is red."""

    passed: bool
    expected: str
    actual: str
    evidence: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """The report, the scenario's start, and what was asked of the receiver and refused to the operator."""

    report: Report
    start: int
    probe_answers: Mapping[str, Any]
    refusals: Mapping[int, str]

    def absent(self, said: Any) -> Opinion | None:
        """The opinion on an expectation whose subscription was never there."""
        name = getattr(said, "subscription", None)
        if name is None or any(one.name == name for one in self.report.subscriptions):
            return None
        return Opinion(False, f"a subscription called {name}", "there was none in this run")

    def subscription(self, name: str) -> SubscriptionView:
        return next(one for one in self.report.subscriptions if one.name == name)

    def deliveries(self, scope: Scope) -> list[DeliveryView]:
        """Every delivery in scope, those that a filter refused included, oldest first."""
        wanted = {one.id for one in self.report.subscriptions if scope.subscription in (None, one.name)}
        return [
            one for one in self.report.deliveries if one.subscription_id in wanted and scope.event in (None, one.event)
        ]

    def sent(self, scope: Scope) -> list[DeliveryView]:
        """The deliveries in scope that were to be sent, oldest first."""
        return [one for one in self.deliveries(scope) if one.state != State.FILTERED]


def ids(deliveries: Iterable[DeliveryView]) -> list[int]:
    return [one.id for one in deliveries]


def tell_states(deliveries: Sequence[DeliveryView]) -> str:
    """`118 of 120 delivered, 2 exhausted`, most first; what became of them, in one line."""
    states = Counter(one.state for one in deliveries)
    return ", ".join(f"{count} {state}" for state, count in states.most_common()) or "no deliveries"
