"""What customers do through AURA's API, each with the event that follows, and the Responder Simulator, which emits
nothing (A12).

In: the objects of a customer source and what is given. Out: one deed; `NotFound` or `Refused` where it cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.domain.world import Action, Deed, Objects
from simulator.errors import NotFound, Refused
from simulator.providers.aura.catalogue import ENTITIES
from simulator.providers.aura.world import SIMULATED, STAGES

Given = Mapping[str, str]

OVER = ("soft_cancelled", "cancelled", "closed")
UNDER_WAY = ("dispatched", "acknowledged", "arrived", "completed")


def _creates(event: str) -> Callable[[Objects, Given], Deed]:
    """A new object; a customer that it names must exist."""

    def perform(objects: Objects, given: Given) -> Deed:
        if "customerId" in given:
            _find(objects, "customer", given["customerId"])
        return Deed(event, given)

    return perform


def _cancel_callout(objects: Objects, given: Given) -> Deed:
    """Before a responder is under way none is needed any more; afterwards the cancellation is soft (I)."""
    callout = _open_callout(objects, given["id"])
    if callout["status"] in UNDER_WAY:
        return Deed("CALLOUT_SOFT_CANCELLED_BY_CUSTOMER", _spelt("callout", callout, "soft_cancelled"))
    return Deed("CALLOUT_NO_LONGER_REQUIRES_RESPONSE", _spelt("callout", callout, "cancelled"))


def _cancel_subscription(objects: Objects, given: Given) -> Deed:
    """One that is cancelled already cannot be again: that fails, and says so by an event of its own (I)."""
    subscription = _find(objects, "subscription", given["id"])
    failed = subscription["status"] == "cancelled"
    event = "SUBSCRIPTION_CANCELLED_FAILED" if failed else "SUBSCRIPTION_CANCELLED"
    return Deed(event, _spelt("subscription", subscription, "cancelled"))


def _simulate_responder(objects: Objects, given: Given) -> Deed:
    _open_callout(objects, given["id"])
    if given["status"] not in STAGES:
        raise Refused(
            f'the Responder Simulator cannot bring a callout to "{given["status"]}"; {", ".join(STAGES)} can be'
        )
    return Deed(SIMULATED, given)


def _open_callout(objects: Objects, callout_id: str) -> Mapping[str, Any]:
    callout = _find(objects, "callout", callout_id)
    if callout["status"] in OVER:
        raise Refused(f"callout {callout_id} is {callout['status']} already")
    return callout


def _find(objects: Objects, kind: str, name: str) -> Mapping[str, Any]:
    found = objects.get((kind, name))
    if found is None:
        raise NotFound(f"there is no {kind} {name}")
    return found


def _spelt(kind: str, found: Mapping[str, Any], status: str) -> dict[str, str]:
    """An object as the attributes of an event, with the status that it has from now on."""
    spelt = {name: "" if found[name] is None else str(found[name]) for name in ENTITIES[kind]}
    return {**spelt, "status": status}


ACTIONS = {
    "create_customer": Action("A customer is created.", (), ENTITIES["customer"], _creates("CREATED_CUSTOMER")),
    "create_callout": Action(
        "A callout is created.", (), ("id", "customerId", "latitude", "longitude"), _creates("NEW_CALLOUT")
    ),
    "cancel_callout": Action("A callout is cancelled by the customer.", ("id",), (), _cancel_callout),
    "activate_subscription": Action(
        "A subscription is activated.", (), ("id", "customerId", "plan"), _creates("SUBSCRIPTION_CREATED")
    ),
    "cancel_subscription": Action("A subscription is cancelled.", ("id",), (), _cancel_subscription),
    "simulate_responder": Action(
        "The staging Responder Simulator advances a callout; no event follows.",
        ("id", "status"),
        (),
        _simulate_responder,
    ),
}
