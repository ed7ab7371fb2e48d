"""Subscriptions of every tenant with their health, and changes to them in the provider's own words.

A secret goes in and never comes out (S7).
"""

from __future__ import annotations

from aiohttp import web

from simulator.control.answers import say
from simulator.control.bodies import NewSubscription, SubscriptionChange
from simulator.control.desk import Desk
from simulator.control.operation import Asked, Operation
from simulator.control.records import Record, subscription_records, with_health
from simulator.domain.subscription import Owner
from simulator.errors import Invalid, Refused

PATH = "/simulator/subscriptions"


async def show_all(asked: Asked) -> web.Response:
    """Every subscription, deleted ones included: deliveries still speak of them."""
    return say({"subscriptions": _records(asked.desk)})


async def show(asked: Asked) -> web.Response:
    """One, by id or name."""
    subscription = asked.desk.subscription(asked.request.match_info["id"])
    return say(_record(asked.desk, subscription.id))


async def make(asked: Asked) -> web.Response:
    """A new one, for a tenant or a partner application."""
    wanted: NewSubscription = asked.body
    desk = asked.desk
    if wanted.name is not None and wanted.name in {one.name for one in desk.simulation.roster if not one.deleted_at}:
        raise Refused(f'there is a subscription called "{wanted.name}" already; choose another name, or none')
    owner = Owner(wanted.application, "application") if wanted.application else Owner(wanted.tenant)
    try:
        made = desk.simulation.subscriptions.register_for(owner, wanted.definition, name=wanted.name or "")
    except Invalid as error:
        raise error.within("definition") from None
    return say(_record(desk, made.id), 201, {"Location": f"{PATH}/{made.id}"})


async def change(asked: Asked) -> web.Response:
    """What is named changes, the rest stays; the next attempt goes by it (R5)."""
    wanted: SubscriptionChange = asked.body
    found = asked.desk.subscription(asked.request.match_info["id"])
    try:
        asked.desk.simulation.subscriptions.update(found.id, wanted.definition)
    except Invalid as error:
        raise error.within("definition") from None
    return say(_record(asked.desk, found.id))


async def delete(asked: Asked) -> web.Response:
    """Its pending deliveries are cancelled for good (R6)."""
    found = asked.desk.subscription(asked.request.match_info["id"])
    asked.desk.simulation.subscriptions.delete(found.id)
    return say(_record(asked.desk, found.id))


def _record(desk: Desk, subscription_id: str) -> Record:
    """One, with its definition as a form that changes it is filled in: no secret is among it (S7)."""
    form, definition = desk.simulation.profile.form, desk.simulation.roster.get(subscription_id).definition
    return _records(desk, subscription_id)[0] | {"definition": form.filled(definition) if form else None}


def _records(desk: Desk, only: str | None = None) -> list[Record]:
    desk.simulation.commit()
    records = subscription_records(desk.simulation.ledger.db, desk.meters.by_subscription, only)
    return with_health(desk.simulation, records)


_NO_SUCH = {404: "there is no such subscription"}

OPERATIONS = (
    Operation("GET", PATH, "list_subscriptions", "Every subscription with its health", show_all, {200: "all of them"}),
    Operation(
        "POST",
        PATH,
        "make_subscription",
        "A new subscription",
        make,
        {201: "the subscription", 404: "the provider has no applications", 409: "the name is taken"},
        body=NewSubscription,
    ),
    Operation("GET", f"{PATH}/{{id}}", "show_subscription", "One subscription", show, {200: "it", **_NO_SUCH}),
    Operation(
        "PATCH",
        f"{PATH}/{{id}}",
        "change_subscription",
        "Change a subscription, enable it, disable it",
        change,
        {200: "the subscription as it is now", **_NO_SUCH},
        body=SubscriptionChange,
    ),
    Operation(
        "DELETE", f"{PATH}/{{id}}", "delete_subscription", "Delete a subscription", delete, {200: "it", **_NO_SUCH}
    ),
)
