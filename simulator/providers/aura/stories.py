"""AURA's life cycles, one table each: a callout to its end, one that is cancelled, a subscription, a new customer.

Read a row as: how long after the row above, which event, with which attributes. Times within the incident are told as
the story itself went.
"""

from __future__ import annotations

from functools import partial

from simulator.domain.story import Ago, Expression, Id, Step, Story, step
from simulator.providers.aura.catalogue import RESPONSE_TYPES
from simulator.providers.aura.samples import CLASSIFICATIONS, IDS, RESPONDERS, STATUSES, SUPPLIERS

CUSTOMER = Id("customer", IDS)
DISPATCHED, ARRIVED, COMPLETED = (
    "RESPONDER_MANUALLY_DISPATCHED",
    "RESPONDER_ARRIVED_ON_SCENE",
    "RESPONDER_COMPLETED",
)


def callout(after: str, event: str, **more: Expression) -> Step:
    return step(
        after,
        event,
        when=None,
        id=Id("callout", IDS),
        customerId=CUSTOMER,
        latitude="0.042",
        longitude="0.017",
        createdAt="" if event == "NEW_CALLOUT" else Ago("NEW_CALLOUT"),
        **{"status": STATUSES[event], **more},
    )


def responder(after: str, event: str) -> Step:
    return callout(
        after,
        event,
        responder=RESPONDERS[0],
        supplier=SUPPLIERS[0],
        responseType=RESPONSE_TYPES[0],
        classification=CLASSIFICATIONS[0],
        dispatchedAt=Ago(DISPATCHED),
        arrivedAt=Ago(ARRIVED),
        completedAt="",
    )


subscription = partial(step, id=Id("subscription", IDS), customerId=CUSTOMER, plan="panic monthly")

CALLOUT_BEGINS = (
    callout("0s", "NEW_CALLOUT"),
    callout("30s..2m", "CALLOUT_OWNED"),
    responder("30s..3m", DISPATCHED),
)

_ALL = (
    Story(
        "callout_resolved",
        "A callout is owned, a responder is dispatched, arrives and completes, and the callout is closed.",
        (
            *CALLOUT_BEGINS,
            responder("10s..1m", "RESPONDER_ACKNOWLEDGED_CALLOUT"),
            responder("0s", "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"),
            callout("1m..3m", "CALLOUT_EVENTS_CHANGED", status="acknowledged"),
            callout("1m..3m", "CALLOUT_EVENTS_CHANGED", status="acknowledged"),
            responder("4m..15m", ARRIVED),
            responder("5m..40m", COMPLETED),
            callout("1m..10m", "CALLOUT_CLOSED"),
        ),
    ),
    Story(
        "callout_cancelled",
        "The customer cancels while a responder is on the way, and the callout is closed.",
        (
            *CALLOUT_BEGINS,
            callout("1m..5m", "CALLOUT_SOFT_CANCELLED_BY_CUSTOMER"),
            callout("10s..1m", "CALLOUT_NO_LONGER_REQUIRES_RESPONSE"),
            callout("1m..10m", "CALLOUT_CLOSED"),
        ),
    ),
    Story(
        "subscription_lifecycle",
        "A customer signs up, changes the subscription after some days and cancels it in the end.",
        (
            step("0s", "CREATED_CUSTOMER", id=CUSTOMER, name="Sunny Example", email="", phone=""),
            subscription("1m..10m", "SUBSCRIPTION_CREATED", status="active"),
            subscription("1d..20d", "SUBSCRIPTION_UPDATED", status="active"),
            subscription("5d..30d", "SUBSCRIPTION_CANCELLED", status="cancelled"),
        ),
    ),
)

STORIES = {story.name: story for story in _ALL}
