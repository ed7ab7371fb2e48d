"""The sample receiver that `serve` starts with itself: subscribed once, found again at the next start.

In: a simulation and the receiver's base URL. Out: subscriptions of the tenant `demo`: to everything that happens in the
provider's first story, or to all events where one subscription is for several. The receiver has another port each time,
so what was its own follows it there.
"""

from __future__ import annotations

from simulator.domain.provider import Profile
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid
from simulator.store.readback import facts

TENANT = "demo"
FACT = "receiver"


def settle_in(simulation: Simulation, base: str) -> None:
    """Subscribe this receiver, or move to it what the last one had."""
    former = facts(simulation.ledger.db).get(FACT)
    if former:
        _move(simulation, former, base)
    else:
        _subscribe(simulation, base)
    simulation.ledger.note({FACT: base})


def _subscribe(simulation: Simulation, base: str) -> None:
    profile = simulation.profile
    events = _events(profile)
    names = [FACT] if profile.events_field else events
    for name, words in zip(names, profile.suggest_all(events, base), strict=True):
        try:
            simulation.subscriptions.register(TENANT, words, name=name)
        except Invalid:
            return  # as many as the provider allows, which is one at least


def _events(profile: Profile) -> list[str]:
    if profile.events_field:
        return [kind.name for kind in profile.catalogue.values() if not kind.deprecated]
    return list(dict.fromkeys(step.event for step in next(iter(profile.stories.values())).steps))


def _move(simulation: Simulation, former: str, base: str) -> None:
    field = simulation.profile.address_field
    for subscription in list(simulation.roster):
        url = subscription.definition.url_template
        if subscription.deleted_at is None and f"{url}/".startswith(f"{former}/"):
            simulation.subscriptions.update(subscription.id, {field: base + url.removeprefix(former)})
