"""`/simulator/subscriptions`: every tenant's, with their health, in the provider's own words."""

from __future__ import annotations

import json

import pytest
from served import NOBODY, Served, at, served, status

SUBSCRIPTIONS = "/simulator/subscriptions"
LEADS = {"event": "lead_changed", "url_template": f"{NOBODY}/in?lead=<LEAD_ID>"}


async def test_a_subscription_is_made_listed_changed_and_deleted(face: Served) -> None:
    made = await face.post(SUBSCRIPTIONS, {"tenant": "acme", "name": "crm", "definition": LEADS})
    assert made.status == 201
    path = made.headers["Location"]
    assert (await face.get(path)).json == made.json
    assert (made.json["tenant_id"], made.json["name"], made.json["enabled"]) == ("acme", "crm", True)
    changed = await face.patch(path, {"definition": {"url_template": f"{NOBODY}/other"}})
    assert [one["change"] for one in changed.json["revisions"]] == ["created", "URL template"]
    gone = await face.delete(path)
    assert gone.json["deleted_at"] == at(0)
    assert [one["id"] for one in (await face.get(SUBSCRIPTIONS)).json["subscriptions"]] == [made.json["id"]]


async def test_a_subscription_is_found_by_its_name_as_well(face: Served) -> None:
    face.subscribe(name="crm")
    said = await face.patch(f"{SUBSCRIPTIONS}/crm", {"definition": {"enabled": False}})
    assert (said.status, said.json["enabled"]) == (200, False)
    assert said.json["disabled_reason"] == "disabled by the customer (R6)"


async def test_a_secret_goes_in_and_never_comes_out(face: Served) -> None:
    """S7"""
    auth = {
        "header_auth_key": "X-Token",
        "header_auth_value": "s3cret",
        "basic_auth_username": "u",
        "basic_auth_password": "p4ss",
    }
    made = await face.post(SUBSCRIPTIONS, {"name": "crm", "definition": LEADS | auth})
    assert made.json["auth"] == ["X-Token", "Authorization: Basic"]
    wrong = await face.patch(f"{SUBSCRIPTIONS}/crm", {"definition": {"header_auth_value": "s3cret\r\n"}})
    told = [made.json, wrong.json]
    told += [(await face.get(path)).json for path in (SUBSCRIPTIONS, "/simulator/snapshot", "/simulator/report")]
    for secret in ("s3cret", "p4ss"):
        assert secret not in json.dumps(told)


async def test_the_providers_problems_stand_in_the_definition(face: Served) -> None:
    said = await face.post(SUBSCRIPTIONS, {"definition": {"event": "lead_chnged", "url_template": "", "colour": 1}})
    assert said.status == 422
    assert said.fields == ["definition.colour"]
    said = await face.post(SUBSCRIPTIONS, {"definition": {"event": "lead_chnged"}})
    assert said.fields == ["definition.url_template", "definition.event"]


async def test_a_receiver_that_nobody_allowed_is_refused(face: Served) -> None:
    """Nobody floods a stranger by a typo."""
    said = await face.post(SUBSCRIPTIONS, {"definition": LEADS | {"url_template": "https://example.com/in"}})
    assert (said.status, said.fields) == (422, ["definition.url_template"])
    assert "--allow-host example.com" in said.words


async def test_the_sixth_for_an_event_is_refused(face: Served) -> None:
    """S9"""
    for number in range(5):
        assert (await face.post(SUBSCRIPTIONS, {"name": f"n{number}", "definition": LEADS})).status == 201
    said = await face.post(SUBSCRIPTIONS, {"definition": LEADS})
    assert (said.status, said.fields) == (422, ["definition.event"])


async def test_a_name_is_given_once(face: Served) -> None:
    await face.post(SUBSCRIPTIONS, {"name": "crm", "definition": LEADS})
    assert (await face.post(SUBSCRIPTIONS, {"name": "crm", "definition": LEADS})).status == 409
    await face.delete(f"{SUBSCRIPTIONS}/crm")
    assert (await face.post(SUBSCRIPTIONS, {"name": "crm", "definition": LEADS})).status == 201


@pytest.mark.parametrize("body", [{}, {"definition": []}, {"definition": LEADS, "tenant": 7}, {"definiton": LEADS}])
async def test_a_body_that_says_something_else_is_refused(face: Served, body: object) -> None:
    assert (await face.post(SUBSCRIPTIONS, body)).status == 422


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_one_that_does_not_exist_is_not_found(face: Served, method: str) -> None:
    body = {"definition": {}} if method == "PATCH" else None
    assert (await face.ask(method, f"{SUBSCRIPTIONS}/nobody", body)).status == 404


async def test_health_tells_how_close_it_is_to_being_disabled_and_when_that_passes() -> None:
    """R7: attempts leave the window exactly 48 h later."""
    async with served(status(503)) as face:
        face.subscribe(name="crm")
        await face.emit(count=2)
        await face.advance(30)
        health = (await face.get(f"{SUBSCRIPTIONS}/crm")).json["health"]
        assert health == {
            "failing": 4,
            "limit": 100,
            "window_seconds": 172_800,
            "oldest_leaves_at": at(172_800),
            "last_success_at": None,
        }
        await face.advance(172_800 - 30)
        health = (await face.get(f"{SUBSCRIPTIONS}/crm")).json["health"]
        assert health["oldest_leaves_at"] == at(172_830)


async def test_attempts_are_counted_from_the_beginning(face: Served) -> None:
    face.subscribe(name="crm")
    await face.emit(count=3)
    await face.advance(0)
    told = (await face.get(f"{SUBSCRIPTIONS}/crm")).json
    assert (told["attempts"], told["failures"]) == (3, 0)
