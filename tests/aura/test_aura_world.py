"""Customers, callouts and subscriptions: what events, actions and the Responder Simulator do to them (A11, A12)."""

from __future__ import annotations

import json

import pytest

from simulator.domain.instant import SECOND
from simulator.engine.actor import Actor
from simulator.engine.world import followed
from simulator.errors import Invalid, NotFound, Refused
from simulator.providers.aura import AURA
from simulator.providers.aura.catalogue import CATALOGUE

EVERYTHING = [*CATALOGUE]
CALLOUTS = "/panic-api/v2/callouts"


@pytest.fixture
def acting(sender):
    """The sender's tenant, where a test can act and read."""
    with followed(sender.simulation) as world:
        actor = Actor(sender.simulation.profile, sender.emitter, world)

        class Acting:
            count = 0

            def act(self, action: str, **given: str):
                self.count += 1
                return actor.act("demo", action, given, key=("test", self.count))

            async def read(self, path: str, tenant: str = "demo"):
                return await world.read(tenant, path, {})

        yield Acting()


@pytest.mark.parametrize(
    ("action", "event", "path"),
    [
        ("create_customer", "CREATED_CUSTOMER", "customers"),
        ("create_callout", "NEW_CALLOUT", "callouts"),
        ("activate_subscription", "SUBSCRIPTION_CREATED", "subscriptions"),
    ],
)
async def test_what_the_api_creates_is_told_and_read_at_once_a12(sender, acting, action, event, path):
    sender.register(*EVERYTHING)
    acting.act(action, id="42")
    (delivery,) = await sender.settle()
    told = json.loads(delivery.attempts[0].body or "")
    shown = await acting.read(f"/panic-api/v2/{path}/42")
    assert told.pop("message") == event
    assert told[path.removesuffix("s")].items() <= shown.items()


async def test_a_callout_shows_the_truth_that_its_events_told_a11(sender, acting):
    acting.act("create_callout", id="42")
    await sender.clock.advance(60 * SECOND)
    sender.emit("RESPONDER_ARRIVED_ON_SCENE", id="42", dispatchedAt="-30s", customerId="7", createdAt="")
    await sender.settle()
    shown = await acting.read(f"{CALLOUTS}/42")
    assert (shown["id"], shown["customerId"], shown["status"]) == (42, 7, "arrived")
    assert shown["createdAt"] == "2026-03-06T17:00:00Z"
    (incident,) = shown["incidentInformation"]
    assert (incident["dispatchedAt"], incident["arrivedAt"]) == ("2026-03-06T17:00:30Z", "2026-03-06T17:01:00Z")


async def test_cancelling_is_soft_once_a_responder_is_under_way_a12(sender, receiver, acting):
    sender.register("CALLOUT_NO_LONGER_REQUIRES_RESPONSE", "CALLOUT_SOFT_CANCELLED_BY_CUSTOMER")
    acting.act("create_callout", id="1")
    acting.act("cancel_callout", id="1")
    acting.act("create_callout", id="2")
    sender.emit("RESPONDER_MANUALLY_DISPATCHED", id="2")
    acting.act("cancel_callout", id="2")
    await sender.settle()
    assert receiver.messages() == ["CALLOUT_NO_LONGER_REQUIRES_RESPONSE", "CALLOUT_SOFT_CANCELLED_BY_CUSTOMER"]
    assert [(await acting.read(f"{CALLOUTS}/{one}"))["status"] for one in (1, 2)] == ["cancelled", "soft_cancelled"]


async def test_cancelling_a_subscription_twice_fails_with_an_event_of_its_own_a12(sender, receiver, acting):
    sender.register(*EVERYTHING)
    acting.act("activate_subscription", id="70")
    acting.act("cancel_subscription", id="70")
    acting.act("cancel_subscription", id="70")
    await sender.settle()
    assert receiver.messages() == ["SUBSCRIPTION_CREATED", "SUBSCRIPTION_CANCELLED", "SUBSCRIPTION_CANCELLED_FAILED"]


async def test_the_responder_simulator_changes_data_and_tells_nobody_a12(sender, receiver, acting):
    sender.register(*EVERYTHING)
    acting.act("create_callout", id="42")
    for status in ("dispatched", "arrived", "completed"):
        await sender.clock.advance(60 * SECOND)
        acting.act("simulate_responder", id="42", status=status)
    deliveries = await sender.settle()
    shown = await acting.read(f"{CALLOUTS}/42")
    assert receiver.messages() == ["NEW_CALLOUT"]
    assert len(deliveries) == 1
    assert shown["status"] == "completed"
    assert [shown["incidentInformation"][0][f"{one}At"][14:19] for one in ("dispatched", "arrived", "completed")] == [
        "01:00",
        "02:00",
        "03:00",
    ]


def test_no_registration_can_ask_for_what_the_responder_simulator_does_a12(sender):
    with pytest.raises(Invalid, match="there is no event"):
        sender.register(*AURA.silent)


async def test_each_customer_source_sees_its_own_alone(acting):
    acting.act("create_callout", id="42")
    assert await acting.read(f"{CALLOUTS}/42", tenant="other") is None
    assert await acting.read(f"{CALLOUTS}/43") is None
    assert await acting.read("/panic-api/v2/nothing/42") is None


@pytest.mark.parametrize(
    ("action", "given", "error", "told"),
    [
        ("create_calout", {}, NotFound, 'did you mean "create_callout"'),
        ("create_callout", {"customerId": "7"}, NotFound, "there is no customer 7"),
        ("create_callout", {"colour": "red"}, Invalid, "takes no such thing"),
        ("cancel_callout", {}, Invalid, "cancel_callout needs id"),
        ("cancel_callout", {"id": "9"}, NotFound, "there is no callout 9"),
        ("cancel_callout", {"id": "8"}, Refused, "is cancelled already"),
        ("simulate_responder", {"id": "8", "status": "arrived"}, Refused, "is cancelled already"),
        ("create_callout", {"id": "seven"}, Invalid, '"seven" is not a whole number'),
        ("create_callout", {"latitude": "91"}, Invalid, '"91" is not a number of degrees from -90 to 90'),
        ("simulate_responder", {"id": "6", "status": "closed"}, Refused, "cannot bring a callout to"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(acting, action, given, error, told):
    for one in ("8", "6"):
        acting.act("create_callout", id=one)
    acting.act("cancel_callout", id="8")
    with pytest.raises(error, match=told):
        acting.act(action, **given)


async def test_a_story_tells_the_times_of_the_incident_as_it_went_a8(sender, receiver):
    sender.register("NEW_CALLOUT", "RESPONDER_MANUALLY_DISPATCHED", "RESPONDER_ARRIVED_ON_SCENE", "RESPONDER_COMPLETED")
    sender.emitter.play("demo", "callout_resolved", {"callout": "42"}, key=("story",))
    await sender.clock.advance(7_200 * SECOND)
    deliveries = await sender.settle()
    incident = receiver.posts[-1].json["callout"]["incidentInformation"][0]
    told = [incident[one] for one in ("dispatchedAt", "arrivedAt", "completedAt")]
    assert told == [
        one.json["callout"]["incidentInformation"][0][name]
        for one, name in zip(receiver.posts[1:], ("dispatchedAt", "arrivedAt", "completedAt"), strict=True)
    ]
    assert told == sorted(told)
    assert len({post.json["callout"]["id"] for post in receiver.posts}) == 1
    assert [one.state for one in deliveries] == ["delivered"] * 4


@pytest.mark.parametrize("name", AURA.stories)
async def test_every_story_runs_on_legal_events_and_leaves_a_world_to_read(sender, acting, name):
    sender.register(*EVERYTHING)
    planned = sender.emitter.play("demo", name, key=("story", 1))
    assert len({one.attributes["id"] for one in planned}) <= 2
    await sender.clock.advance_to(planned[-1].occurs_at)
    await sender.settle()
    if "callout" in name:
        assert (await acting.read(f"{CALLOUTS}/{planned[0].attributes['id']}"))["status"] == "closed"
