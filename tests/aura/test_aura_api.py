"""AURA's own API over HTTP: registering, acting, polling (A1–A4, A6, A11, A12)."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulator.api.keyed import keyed_routes
from simulator.domain.subscription import Owner
from simulator.engine.actor import Actor
from simulator.engine.world import followed

WEBHOOKS = "/panic-api/v2/notifiers/webhooks"
OWNERS = {"demo-key": Owner("demo"), "other-key": Owner("other")}


@pytest.fixture
async def client(sender):
    """Of the API, for whatever headers and bytes a test wants to send."""
    with followed(sender.simulation) as world:
        actor = Actor(sender.simulation.profile, sender.emitter, world)
        face = sender.simulation.profile.keyed_face
        app = web.Application()
        app.add_routes(keyed_routes(face, sender.simulation, world, actor, OWNERS.get))
        async with TestClient(TestServer(app)) as client:
            yield client


@pytest.fixture
def api(client):
    """Calls the API: `status, body = await api(method, path, body)`."""

    async def ask(method, path, body=None, *, key="demo-key"):
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with client.request(method, path, data=content, headers=headers) as answer:
            return answer.status, await answer.json()

    return ask


def words(sender, **more):
    return {"url": sender.url, "events": ["NEW_CALLOUT"], **more}


async def test_a_registration_is_answered_with_its_configuration_and_no_secret_a1(api, sender):
    status, body = await api("POST", WEBHOOKS, words(sender, method="webhook", headers={"X-Key": "s3cret"}))
    assert status == 200
    assert body["message"] == "The webhook is registered"
    (config,) = body["notifier"]["config"]
    assert (config["url"], config["events"], config["method"]) == (sender.url, ["NEW_CALLOUT"], "webhook")
    assert [*config["headers"]] == ["X-Key"]
    assert "s3cret" not in json.dumps(body)


async def test_a_body_that_cannot_be_read_is_answered_in_the_providers_words(client):
    """Said to be compressed, nested without end, or with a text that no database can hold."""
    headers = {"Authorization": "Bearer demo-key", "Connection": "close"}
    packed = {**headers, "Content-Encoding": "gzip"}
    surrogate = b'{"url": "http://127.0.0.1:9/\\ud800", "events": ["NEW_CALLOUT"]}'
    for given, body in ((packed, b"not gzip"), (headers, b"[" * 100_000), (headers, surrogate)):
        async with client.post(WEBHOOKS, data=body, headers=given) as answer:
            assert (answer.status, [*await answer.json()]) == (400, ["message"])


async def test_a_refusal_says_by_its_headers_what_would_do(client):
    """RFC 9110: 401 names a scheme, 405 the methods."""
    async with client.get(WEBHOOKS) as answer:
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    async with client.delete(WEBHOOKS, headers={"Authorization": "Bearer demo-key"}) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


async def test_registering_again_replaces_it_whole_a2(api, sender, receiver):
    await api("POST", WEBHOOKS, words(sender, headers={"X-Key": "k"}))
    await api("POST", WEBHOOKS, words(sender, events=["CALLOUT_CLOSED"]))
    _, body = await api("GET", WEBHOOKS)
    (config,) = body["notifier"]["config"]
    assert (config["events"], config["headers"]) == (["CALLOUT_CLOSED"], {})
    await api("POST", "/panic-api/v2/callouts", {})
    await sender.settle()
    assert receiver.posts == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"events": ["NO_SUCH"]}, "there is no event"),
        ({"events": []}, "at least one event name"),
        ({"url": "http://www.yourapp.com/"}, "must begin with https://"),
        ({"colour": "red"}, "there is no such field"),
    ],
)
async def test_what_is_wrong_is_answered_400_and_the_former_stays_a3_a4(api, sender, wrong, told):
    await api("POST", WEBHOOKS, words(sender))
    status, body = await api("POST", WEBHOOKS, words(sender, **wrong))
    assert (status, [*body]) == (400, ["message"])
    assert told in body["message"]
    _, present = await api("GET", WEBHOOKS)
    assert present["notifier"]["config"][0]["events"] == ["NEW_CALLOUT"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, b"{" + b" " * 1_000_001])
async def test_a_body_that_is_no_json_object_is_answered_400_a4(api, body):
    status, answer = await api("POST", WEBHOOKS, body)
    assert (status, [*answer]) == (400, ["message"])


@pytest.mark.parametrize("key", ["", "unknown"])
@pytest.mark.parametrize("path", [WEBHOOKS, "/panic-api/v2/callouts/42", "/panic-api/v2/nothing"])
async def test_without_a_valid_token_nothing_is_told_a4(api, key, path):
    status, body = await api("GET", path, key=key)
    assert (status, [*body]) == (401, ["message"])


async def test_a_deprecated_event_is_accepted_with_a_warning_a6(api, sender):
    events = ["RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"]
    status, body = await api("POST", WEBHOOKS, words(sender, events=events))
    assert status == 200
    assert "is deprecated; use RESPONDER_ACKNOWLEDGED_CALLOUT" in body["message"]


async def test_actions_emit_and_are_read_back_a11_a12(api, sender, receiver):
    await api("POST", WEBHOOKS, words(sender, events=["NEW_CALLOUT", "CALLOUT_NO_LONGER_REQUIRES_RESPONSE"]))
    _, customer = await api("POST", "/panic-api/v2/customers", {"name": "Sunny Example"})
    _, made = await api("POST", "/panic-api/v2/callouts", {"customerId": customer["id"], "latitude": 0.5})
    assert (made["customerId"], made["status"], made["latitude"]) == (customer["id"], "new", 0.5)
    assert (await api("GET", f"/panic-api/v2/callouts/{made['id']}"))[1] == made
    await api("POST", f"/panic-api/v2/callouts/{made['id']}/cancel")
    await sender.settle()
    assert receiver.messages() == ["NEW_CALLOUT", "CALLOUT_NO_LONGER_REQUIRES_RESPONSE"]


async def test_the_responder_simulator_is_seen_by_polling_alone_a12(api, sender, receiver):
    await api("POST", WEBHOOKS, words(sender, events=["NEW_CALLOUT", "RESPONDER_COMPLETED"]))
    _, made = await api("POST", "/panic-api/v2/callouts", {})
    status, shown = await api("POST", f"/panic-api/v2/callouts/{made['id']}/simulate", {"status": "completed"})
    await sender.settle()
    assert (status, shown["status"]) == (200, "completed")
    assert (await api("GET", f"/panic-api/v2/callouts/{made['id']}"))[1]["status"] == "completed"
    assert receiver.messages() == ["NEW_CALLOUT"]


async def test_two_callouts_made_at_one_instant_have_ids_of_their_own(api):
    made = [(await api("POST", "/panic-api/v2/callouts", {}))[1]["id"] for _ in range(3)]
    assert len(set(made)) == 3


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", WEBHOOKS, None, 404),
        ("GET", "/panic-api/v2/callouts/42", None, 404),
        ("GET", "/panic-api/v2/nothing", None, 404),
        ("DELETE", WEBHOOKS, None, 405),
        ("POST", "/panic-api/v2/callouts/42/cancel", None, 404),
        ("POST", "/panic-api/v2/callouts", {"customerId": 9}, 404),
        ("POST", "/panic-api/v2/callouts", {"id": True}, 400),
        ("POST", "/panic-api/v2/callouts", {"colour": "red"}, 400),
    ],
)
async def test_what_cannot_be_is_answered_in_the_providers_words_a4(api, method, path, body, status):
    answered, told = await api(method, path, body)
    assert (answered, [*told]) == (status, ["message"])


async def test_a_second_cancellation_is_a_conflict_a12(api):
    _, made = await api("POST", "/panic-api/v2/callouts", {})
    path = f"/panic-api/v2/callouts/{made['id']}/cancel"
    assert [(await api("POST", path))[0] for _ in range(2)] == [200, 409]


async def test_another_customer_source_sees_nothing_of_it(api):
    _, made = await api("POST", "/panic-api/v2/callouts", {})
    assert (await api("GET", f"/panic-api/v2/callouts/{made['id']}", key="other-key"))[0] == 404


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"latitude": "x"}, 'latitude: "x" is not a number of degrees from -90 to 90'),
        ({"latitude": 999}, 'latitude: "999" is not a number of degrees from -90 to 90'),
        ({"id": "abc"}, 'id: "abc" is not a whole number from 0 to 2^53'),
    ],
)
async def test_a_value_without_its_form_is_400_and_makes_nothing_a11(api, body, told):
    assert await api("POST", "/panic-api/v2/callouts", body) == (400, {"message": told})
