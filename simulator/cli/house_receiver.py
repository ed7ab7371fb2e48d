"""The sample receiver that `serve` starts with itself: subscribed once, found again at the next start.

In: a simulation and the receiver's base URL. Out: subscriptions of the tenant `demo` to everything that happens in the
provider's first story. The receiver has another port each time, so what was its own follows it there.
"""

from __future__ import annotations

from simulator.engine.simulation import Simulation
from simulator.errors import Invalid
from simulator.store.readback import facts

TENANT = "demo"
FACT, KIND = "receiver", "receiver_kind"


def settle_in(simulation: Simulation, base: str, kind: str) -> None:
    """Subscribe this receiver, or move to it what the last one had."""
    former = facts(simulation.ledger.db).get(FACT)
    if former:
        _move(simulation, former, base)
    else:
        _subscribe(simulation, base)
    simulation.ledger.note({FACT: base, KIND: kind})


def _subscribe(simulation: Simulation, base: str) -> None:
    story = next(iter(simulation.profile.stories.values()))
    for event in dict.fromkeys(step.event for step in story.steps):
        try:
            simulation.subscriptions.register(TENANT, simulation.profile.suggest(event, base), name=event)
        except Invalid:
            return  # as many as the provider allows, which is one at least


def _move(simulation: Simulation, former: str, base: str) -> None:
    for subscription in list(simulation.roster):
        url = subscription.definition.url_template
        if subscription.deleted_at is None and url.startswith(f"{former}/"):
            simulation.subscriptions.update(subscription.id, {"url_template": base + url.removeprefix(former)})
