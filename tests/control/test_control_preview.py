"""`POST /simulator/subscriptions/preview`: a definition tried out, and nothing made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from served import NOBODY, Served, served

from simulator.domain.fault import Passage
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.domain.session import open_session
from simulator.providers import PROFILES
from simulator.providers.aura import AURA

PREVIEW = "/simulator/subscriptions/preview"
SUBSCRIPTIONS = "/simulator/subscriptions"
AGREEMENTS = {
    "event": "agreement_status_changed",
    "url_template": f"{NOBODY}/in?agreement=<AGREEMENT_ID>&status=<STATUS>",
}
CALLOUTS = {"url": f"{NOBODY}/aura", "events": ["NEW_CALLOUT", "CALLOUT_CLOSED"]}
PROFILES_HERE = [profile.for_this_machine() for profile in PROFILES.values()]


async def tried(face: Served, definition: dict[str, Any], **more: Any) -> Any:
    said = await face.post(PREVIEW, {"definition": definition, **more})
    assert said.status == 200, said.json
    return said.json


async def test_the_request_is_the_one_that_a_delivery_would_send(face: Served) -> None:
    """E5, E6: rendered by the same code, with the same sample values."""
    told = await tried(face, AGREEMENTS, attributes={"STATUS": "signed"})
    await face.post(SUBSCRIPTIONS, {"name": "crm", "definition": AGREEMENTS})
    await face.emit("agreement_status_changed", attributes=told["attributes"])
    await face.advance(0)
    (attempt,) = (await face.get("/simulator/deliveries/1")).json["attempts"]
    assert (told["request"]["method"], told["request"]["url"]) == (attempt["method"], attempt["url"])
    assert told["problems"] == []


async def test_values_are_written_into_the_url_as_on_the_wire(face: Served) -> None:
    """E6"""
    definition = {"event": "project_status_changed", "url_template": f"{NOBODY}/in?s=<STATUS>"}
    told = await tried(face, definition, attributes={"STATUS": "a b&c/ø"})
    assert told["request"]["url"] == f"{NOBODY}/in?s=a%20b%26c%2F%C3%B8"
    assert told["request"]["body"] is None


async def test_nothing_is_made_and_nothing_recorded(face: Served) -> None:
    made = face.subscribe(name="crm")
    face.sim.commit()
    before = (face.desk.feed.cursor, face.sim.ledger.mark, [*face.sim.roster])
    await tried(face, AGREEMENTS)
    await tried(face, {"url_template": f"{NOBODY}/elsewhere"}, subscription=made.id)
    await tried(face, {"enabled": False}, subscription="crm")
    assert (face.desk.feed.cursor, face.sim.ledger.mark, [*face.sim.roster]) == before


async def test_every_problem_is_told_beside_its_field(face: Served) -> None:
    """S10, S12"""
    wrong = AGREEMENTS | {
        "url_template": "ftp://host/<STATSU>",
        "filters": [{"url_parameter": "STATUS", "value": ["sinned"]}],
        "header_auth_key": "X-Token",
    }
    told = await tried(face, wrong)
    assert [one["field"] for one in told["problems"]] == [
        "definition.header_auth_value",
        "definition.url_template",
        "definition.url_template",
        "definition.filters[0].value",
    ]
    assert told["request"] is None
    assert any('did you mean "STATUS"' in one["message"] for one in told["problems"])


async def test_a_receiver_that_nobody_allowed_is_told(face: Served) -> None:
    told = await tried(face, AGREEMENTS | {"url_template": "https://example.com/in"})
    assert "--allow-host example.com" in told["problems"][0]["message"]


async def test_the_sixth_for_an_event_is_told(face: Served) -> None:
    """S9; of those that exist, one may still be changed."""
    for number in range(5):
        face.subscribe(name=f"n{number}")
    leads = {"event": "lead_changed", "url_template": f"{NOBODY}/in"}
    assert "which is the limit" in (await tried(face, leads))["problems"][0]["message"]
    assert (await tried(face, {"url_template": f"{NOBODY}/on"}, subscription="n3"))["problems"] == []


async def test_no_secret_is_in_the_answer_but_the_names_of_headers(face: Served) -> None:
    """S7"""
    auth = {
        "header_auth_key": "X-Token",
        "header_auth_value": "s3cret",
        "basic_auth_username": "u",
        "basic_auth_password": "p4ss",
    }
    told = await tried(face, AGREEMENTS | auth)
    assert told["request"]["headers"] == ["X-Token", "Authorization"]
    wrong = await tried(face, AGREEMENTS | auth | {"header_auth_value": "s3cret\r\n"})
    assert "s3cret" not in json.dumps([told, wrong])
    assert "p4ss" not in json.dumps([told, wrong])


async def test_the_session_token_of_a_partner_application_is_shown_nowhere() -> None:
    """S7, S13: not where it is tried out, nor in what was sent, for whoever asks in whichever form."""
    url = "https://localhost/<TENANT_ID>/<SESSION_TOKEN>?token=<SESSION_TOKEN>&lead=<LEAD_ID>"
    auth = {"header_auth_key": "X-Token", "header_auth_value": "s3cret"}
    body = {
        "application": "app",
        "name": "partner",
        "definition": {"event": "lead_changed", "url_template": url} | auth,
    }
    arrived: list[str] = []

    def receive(request: Request, _: Passage) -> Outcome:
        arrived.append(request.sent_url)
        return Outcome(Kind.SUCCESS, 200, virtual_us=0)

    async with served(receive) as face:
        assert (await face.post(SUBSCRIPTIONS, body)).status == 201
        told = await tried(face, {}, subscription="partner")
        assert told["request"]["url"].startswith("https://localhost/demo/••••?token=••••&lead=")
        face.desk.service.emitter.switch_application("demo", "app", enabled=True)
        await face.emit()
        await face.advance(0)
        token = arrived[0].partition("token=")[2].partition("&")[0]
        assert open_session(token, face.sim.seed) is not None
        paths = ("deliveries/1", "snapshot", "report", "report?format=html", "session")
        shown = [told, *[(await face.get(f"/simulator/{path}")).json for path in paths]]
    assert "••••" in shown[1]["attempts"][0]["url"]
    assert all(token not in (one if isinstance(one, str) else json.dumps(one)) for one in shown)


async def test_a_change_is_tried_out_over_what_there_is_the_secret_included(face: Served) -> None:
    """S2"""
    face.subscribe(name="crm", header_auth_key="X-Token", header_auth_value="s3cret")
    told = await tried(face, {"url_template": f"{NOBODY}/new?lead=<LEAD_ID>"}, subscription="crm")
    assert told["request"]["url"].startswith(f"{NOBODY}/new?lead=")
    assert told["request"]["headers"] == ["X-Token"]
    told = await tried(face, {"header_auth_key": ""}, subscription="crm")
    assert [one["field"] for one in told["problems"]] == ["definition.header_auth_key"]


async def test_the_sample_passes_the_filters_and_what_does_not_pass_says_why(face: Served) -> None:
    """E3"""
    filtered = AGREEMENTS | {"filters": [{"url_parameter": "<STATUS>", "value": ["signed", "viewed"]}]}
    told = await tried(face, filtered)
    assert (told["attributes"]["STATUS"], told["filtered"]) == ("signed", None)
    told = await tried(face, filtered, attributes={"STATUS": "sent"})
    assert told["filtered"] == 'filter STATUS wants "signed", "viewed"; the event has "sent"'
    assert told["request"]["url"].endswith("status=sent")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"attributes": {"STATUS": "sinned"}}, "attributes.STATUS"),
        ({"attributes": {"COLOUR": "red"}}, "attributes.COLOUR"),
        ({"event": "lead_changed"}, "event"),
        ({"event": "lead_chnged"}, "event"),
    ],
)
async def test_an_event_that_cannot_occur_is_a_problem(face: Served, more: dict[str, Any], field: str) -> None:
    """E1"""
    told = await tried(face, AGREEMENTS, **more)
    assert [one["field"] for one in told["problems"]] == [field]


async def test_one_that_does_not_exist_cannot_be_changed(face: Served) -> None:
    assert (await face.post(PREVIEW, {"definition": {}, "subscription": "nobody"})).status == 404


async def test_another_providers_definition_shows_its_body_and_whom_it_replaces() -> None:
    """A2, A7"""
    async with served(profile=AURA.for_this_machine()) as face:
        told = await tried(face, CALLOUTS | {"headers": {"Authorization": "Bearer t0ken"}}, event="CALLOUT_CLOSED")
        assert told["request"]["method"] == "POST"
        assert json.loads(told["request"]["body"])["message"] == "CALLOUT_CLOSED"
        assert told["request"]["headers"] == ["Content-Type", "Authorization"]
        assert told["replaces"] == []
        first = face.sim.subscriptions.register("demo", CALLOUTS, name="first")
        told = await tried(face, CALLOUTS)
        assert told["replaces"] == [{"id": first.id, "name": "first"}]
        assert (await tried(face, {"events": ["NEW_CALLOUT"]}, subscription="first"))["replaces"] == []


@pytest.mark.parametrize("profile", PROFILES_HERE, ids=PROFILES)
async def test_a_suggested_definition_is_filled_in_and_found_right(profile: Any) -> None:
    """What the page begins with, for every event of every provider."""
    async with served(profile=profile) as face:
        catalogue = (await face.get("/simulator/catalogue")).json
        known = {field["name"] for field in catalogue["definition"]}
        for one in catalogue["events"]:
            words = json.loads(json.dumps(one["suggested"]).replace("{receiver}", NOBODY))
            assert words.keys() <= known
            assert (await tried(face, words))["problems"] == []


@pytest.mark.parametrize("profile", PROFILES_HERE, ids=PROFILES)
async def test_one_subscription_tells_its_fields_and_no_secret(profile: Any) -> None:
    """S7: what it tells changes nothing when it is given back, its secrets left out."""
    async with served(profile=profile) as face:
        fields = {field["name"]: field for field in (await face.get("/simulator/catalogue")).json["definition"]}
        words = profile.suggest(next(iter(profile.catalogue)), NOBODY)
        words |= profile.say_credentials(("X-Token", "s3cret"), None)
        made = face.sim.subscriptions.register("demo", words, name="crm")
        told = (await face.get(f"{SUBSCRIPTIONS}/crm")).json["definition"]
        assert "s3cret" not in json.dumps(told)
        assert "••••" in str(told)
        assert told.keys() <= fields.keys()
        plain = {name: value for name, value in told.items() if not fields[name]["secret"]}
        await face.patch(f"{SUBSCRIPTIONS}/crm", {"definition": plain})
        assert face.sim.roster.get(made.id).definition == made.definition
