"""`api/subscriptions`: webhooks are made, listed, shown, changed and deleted over HTTP (S1–S4, S6–S12, S14)."""

import asyncio
import json
import logging
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from customer import LEAST, PASSWORD, TOKEN, URL, WHOLE, Customer
from provided import Provider, opened

from simulator.providers import AURORA

AGREEMENT = {"PROJECT_ID": "p", "AGREEMENT_ID": "a", "STATUS": "signed"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SHOWN = {
    "id",
    "description",
    "event",
    "url_template",
    "enabled",
    "header_auth_key",
    "basic_auth_username",
    "filters",
    "created_at",
    "updated_at",
}


async def test_a_webhook_is_made_and_shown_in_its_envelope_s1_s4(customer: Customer) -> None:
    answer = await customer.webhooks("POST", words=WHOLE)
    assert set(answer.body) == {"webhook"}
    made = answer.webhook
    assert set(made) == SHOWN
    assert {name: made[name] for name in SHOWN & set(WHOLE)} == {name: WHOLE[name] for name in SHOWN & set(WHOLE)}


async def test_a_webhook_is_listed_shown_changed_and_deleted_s2(customer: Customer) -> None:
    first, second = await customer.make(), await customer.make(description="second")
    assert await customer.all() == [first, second]
    assert await customer.see(second["id"]) == second
    changed = await customer.change(second["id"], description="changed")
    assert changed["description"] == "changed"
    gone = await customer.webhooks("DELETE", first["id"])
    assert (gone.status, gone.text) == (204, "")
    assert await customer.all() == [changed]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_partial_body_is_merged_s2(customer: Customer, method: str) -> None:
    made = (await customer.webhooks("POST", words=WHOLE)).webhook
    changed = (await customer.webhooks(method, made["id"], {"enabled": False})).webhook
    assert changed == made | {"enabled": False}


async def test_the_secrets_that_a_partial_body_leaves_out_are_kept_s2(provider: Provider) -> None:
    made = (await provider.customer.webhooks("POST", words=WHOLE)).webhook
    await provider.customer.change(made["id"], description="other")
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    assert ("X-Aurora-Webhook-Token", TOKEN) in provider.requests[0].secret_headers


async def test_head_is_answered_like_get_without_a_body_s2(customer: Customer) -> None:
    answer = await customer.webhooks("HEAD")
    assert (answer.status, answer.text) == (200, "")


async def test_a_webhook_that_does_not_exist_is_not_found_s3(customer: Customer) -> None:
    made = await customer.make()
    await customer.webhooks("DELETE", made["id"])
    for webhook_id in (made["id"], "no-such-id", "%00", "..%2F..%2Fetc"):
        for method, words in (("GET", None), ("PUT", {"enabled": True}), ("DELETE", None)):
            answer = await customer.webhooks(method, webhook_id, words)
            assert (answer.status, answer.messages) == (404, ["webhook: there is none with this id"])


async def test_another_tenants_webhook_is_not_found_s3(provider: Provider) -> None:
    made = await provider.customer.make()
    other = provider.as_("sk_prod_other", owner="/tenants/other")
    assert (await other.webhooks("GET", made["id"])).status == 404
    assert (await other.webhooks("PUT", made["id"], {"enabled": False})).status == 404
    assert (await other.webhooks("DELETE", made["id"])).status == 404
    assert await other.all() == []
    assert await provider.customer.all() == [made]


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("", "PUT", "GET,HEAD,POST"),
        ("", "DELETE", "GET,HEAD,POST"),
        ("", "OPTIONS", "GET,HEAD,POST"),
        ("/1", "POST", "DELETE,GET,HEAD,PATCH,PUT"),
        ("/1", "TRACE", "DELETE,GET,HEAD,PATCH,PUT"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones_s3(
    customer: Customer, path: str, method: str, allowed: str
) -> None:
    answer = await customer.ask(method, f"/tenants/demo/webhooks{path}")
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    assert answer.messages == [f"{method} is not allowed here; allowed are {allowed.replace(',', ', ')}"]


async def test_a_path_of_which_nothing_is_known_is_not_found_s3(customer: Customer) -> None:
    for path in ("", "/", "/webhook", "/webhooks/", "/webhooks/1/2", "/webhooks//"):
        answer = await customer.ask("GET", f"/tenants/demo{path}")
        assert answer.status == 404, path
        assert len(answer.messages) == 1


async def test_every_fault_has_an_entry_that_names_its_field_s4(customer: Customer) -> None:
    words = {
        "event": "agreement_status_changed",
        "url_template": "ftp://www.yourapp.com/?s=<STATE>",
        "header_auth_key": "X-Token",
        "filters": [{"url_parameter": "PROJECT_ID", "value": ["p1"]}, {"url_parameter": "STATUS", "value": ["sold"]}],
    }
    answer = await customer.webhooks("POST", words=words)
    assert answer.status == 422
    assert [message.partition(": ")[0] for message in answer.messages] == [
        "header_auth_value",
        "url_template",
        "url_template",
        "filters[0].url_parameter",
        "filters[1].value",
    ]
    assert await customer.all() == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], 'webhook: is missing; the body must be {"webhook": {…}}'),
        ("text", 'webhook: is missing; the body must be {"webhook": {…}}'),
        (None, 'webhook: is missing; the body must be {"webhook": {…}}'),
        ({}, "webhook: is missing"),
        ({"webhook": []}, "webhook: must be an object"),
        ({"webhook": None}, "webhook: must be an object"),
        ({"webhook": {}}, "event: is missing"),
        ({"webhook": {"event": 1}}, "event: must be text"),
        ({"webhook": LEAST, "x": 1}, 'x: there is no such field; the body holds "webhook" alone'),
        (
            {"Webhook": LEAST},
            'Webhook: there is no such field (did you mean "webhook"?); the body holds "webhook" alone',
        ),
    ],
)
async def test_an_envelope_that_does_not_hold_is_refused_s4(customer: Customer, body: object, message: str) -> None:
    answer = await customer.ask("POST", "/tenants/demo/webhooks", json.dumps(body).encode())
    assert answer.status == 422
    assert answer.messages[0] == message


async def test_ids_are_uuids_and_no_two_are_the_same_s6(customer: Customer) -> None:
    ids = [(await customer.make())["id"] for _ in range(5)]
    assert all(UUID.fullmatch(one) for one in ids)
    assert len(set(ids)) == 5


async def test_timestamps_are_those_of_the_virtual_clock_s6(provider: Provider) -> None:
    made = await provider.customer.make()
    assert (made["created_at"], made["updated_at"]) == ("2026-03-06 17:00:00 UTC", "2026-03-06 17:00:00 UTC")
    await provider.advance(90_000)
    changed = await provider.customer.change(made["id"], description="later")
    assert (changed["created_at"], changed["updated_at"]) == ("2026-03-06 17:00:00 UTC", "2026-03-07 18:00:00 UTC")


async def test_a_secret_is_in_no_answer_no_log_and_no_exception_s7(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    customer = provider.customer
    made = (await customer.webhooks("POST", words=WHOLE)).webhook
    await customer.see(made["id"])
    await customer.all()
    await customer.change(made["id"], header_auth_value=f"{TOKEN}-2", basic_auth_password=f"{PASSWORD}-2")
    for wrong in (
        {"header_auth_value": f"{TOKEN}\n"},
        {"header_auth_value": [TOKEN]},
        {"basic_auth_password": {PASSWORD: 1}},
        {"header_auth_value": TOKEN, "header_auth_key": ""},
        {"basic_auth_password": f"{PASSWORD}\ud800"},
        {"event": "no_such_event", "header_auth_value": TOKEN},
    ):
        assert (await customer.webhooks("PUT", made["id"], wrong)).status == 422
    await customer.ask("POST", "/tenants/demo/webhooks", json.dumps({"webhook": WHOLE}).encode()[:-2])
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    heard = [answer.text + str(answer.headers) for answer in customer.heard]
    told = "\n".join([*heard, caplog.text, *map(repr, provider.simulation.roster), *map(repr, provider.requests)])
    assert len(heard) == 11
    assert TOKEN not in told
    assert PASSWORD not in told


async def test_optional_fields_may_be_absent_and_enabled_is_the_default_s8(customer: Customer) -> None:
    made = await customer.make()
    assert made["enabled"] is True
    assert made["filters"] == []
    assert [made[name] for name in ("description", "header_auth_key", "basic_auth_username")] == [None] * 3


@pytest.mark.parametrize(
    "field",
    [
        "description",
        "event",
        "url_template",
        "header_auth_key",
        "header_auth_value",
        "basic_auth_username",
        "basic_auth_password",
    ],
)
async def test_null_in_a_text_field_is_refused_s8(customer: Customer, field: str) -> None:
    made = (await customer.webhooks("POST", words=WHOLE)).webhook
    answer = await customer.webhooks("PUT", made["id"], {field: None})
    assert (answer.status, answer.messages) == (422, [f"{field}: must be text, not null"])
    assert await customer.see(made["id"]) == made


FULL = "event: agreement_status_changed has 5 subscriptions in this tenant already, which is the limit (S9)"


async def test_the_sixth_webhook_of_an_event_is_refused_s9(customer: Customer) -> None:
    made = [await customer.make(enabled=number > 1) for number in range(5)]
    sixth = await customer.webhooks("POST", words=LEAST)
    assert (sixth.status, sixth.messages) == (422, [FULL])
    await customer.webhooks("DELETE", made[0]["id"])
    assert (await customer.webhooks("POST", words=LEAST)).status == 200


async def test_another_tenant_has_five_of_its_own_s9(provider: Provider) -> None:
    for _ in range(5):
        await provider.customer.make()
    await provider.as_("sk_prod_other", owner="/tenants/other").make()


async def test_moving_a_sixth_onto_an_event_is_refused_s9(customer: Customer) -> None:
    for _ in range(5):
        await customer.make()
    other = await customer.make(event="project_created", url_template="http://127.0.0.1:9/?p=<PROJECT_ID>")
    answer = await customer.webhooks("PUT", other["id"], LEAST)
    assert (answer.status, answer.messages) == (422, [FULL])
    assert await customer.see(other["id"]) == other


async def test_disabled_ones_do_not_count_where_the_reading_says_so_s9() -> None:
    """`limit_counts_disabled: false`: then enabling is what exceeds the limit."""
    lenient = replace(AURORA, readings=replace(AURORA.readings, limit_counts_disabled=False))
    async with opened(profile=lenient) as provider:
        for _ in range(5):
            await provider.customer.make()
        sixth = await provider.customer.make(enabled=False)
        answer = await provider.customer.webhooks("PUT", sixth["id"], {"enabled": True})
        assert (answer.status, answer.messages) == (422, [FULL])


async def test_fifty_racing_creates_never_make_six_s9(customer: Customer) -> None:
    answers = await asyncio.gather(*(customer.webhooks("POST", words=LEAST) for _ in range(50)))
    assert Counter(answer.status for answer in answers) == {200: 5, 422: 45}
    assert len(await customer.all()) == 5


async def test_racing_moves_never_make_six_s9(customer: Customer) -> None:
    others = [
        await customer.make(event=event, url_template="http://127.0.0.1:9/")
        for event in ("project_created", "project_deleted", "design_created")
        for _ in range(4)
    ]
    answers = await asyncio.gather(
        *(customer.webhooks("PUT", one["id"], LEAST) for one in others),
        *(customer.webhooks("POST", words=LEAST) for _ in range(10)),
    )
    assert Counter(answer.status for answer in answers) == {200: 5, 422: 17}
    assert Counter(one["event"] for one in await customer.all())["agreement_status_changed"] == 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"event": "agreement_status_change"}, 'event: there is no event "agreement_status_change" (did you mean'),
        ({"url_template": f"{URL}&x=<DESIGN_ID>"}, "url_template: holds <DESIGN_ID>, which this event does not have"),
        ({"header_auth_key": "X"}, "header_auth_value: is missing; header_auth_key needs it"),
        ({"basic_auth_password": "x"}, "basic_auth_username: is missing; basic_auth_password needs it"),
        (
            {
                "header_auth_key": "Authorization",
                "header_auth_value": "x",
                "basic_auth_username": "u",
                "basic_auth_password": "p",
            },
            "header_auth_key: Authorization is taken by the basic pair; use one of the two",
        ),
    ],
)
async def test_a_payload_that_does_not_hold_is_refused_s10(
    customer: Customer, words: dict[str, Any], message: str
) -> None:
    answer = await customer.webhooks("POST", words=LEAST | words)
    assert answer.status == 422
    assert answer.messages[0].startswith(message)


async def test_both_kinds_of_credentials_are_sent_s10(provider: Provider) -> None:
    await provider.customer.webhooks("POST", words=WHOLE)
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    assert [name for name, _ in provider.requests[0].secret_headers] == ["X-Aurora-Webhook-Token", "Authorization"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("ftp://a/", "url_template: must begin with http:// or https://"),
        ("https:///p", "url_template: has no host, or the port 0"),
        ("https://u:p@a/", "url_template: carries a user name before the host; credentials have fields of"),
        ("https://<STATUS>/", "url_template: has a placeholder in its host or port;"),
    ],
)
async def test_a_template_needs_an_address_s11(customer: Customer, template: str, message: str) -> None:
    answer = await customer.webhooks("POST", words=LEAST | {"url_template": template})
    assert answer.status == 422
    assert answer.messages[0].startswith(message)


async def test_a_template_is_stored_and_returned_as_it_was_written_s11(customer: Customer) -> None:
    template = "HTTP://127.0.0.1:9/a%2fb//<STATUS>?x=%2f,y&e=&s=<STATUS>"
    made = await customer.make(url_template=template)
    assert (await customer.see(made["id"]))["url_template"] == template


async def test_the_brackets_of_a_filter_are_optional_s12(customer: Customer) -> None:
    bare = await customer.make(filters=[{"url_parameter": "STATUS", "value": ["sent"]}])
    assert bare["filters"] == [{"url_parameter": "<STATUS>", "value": ["sent"]}]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([{"url_parameter": "PROJECT_ID", "value": ["p"]}], "filters[0].url_parameter: agreement_status_changed has"),
        ([{"url_parameter": "STATUS", "value": ["Signed"]}], 'filters[0].value: "Signed" is not among sent, viewed,'),
        ([{"url_parameter": "STATUS", "value": []}], "filters[0].value: must be a list of at least one text"),
        ([{"url_parameter": "STATUS"}], "filters[0]: must hold url_parameter and value, and nothing else"),
        ({"STATUS": ["sent"]}, "filters: must be a list such as"),
        (None, "filters: must be a list such as"),
    ],
)
async def test_a_filter_that_the_table_does_not_allow_is_refused_s12(
    customer: Customer, filters: object, message: str
) -> None:
    answer = await customer.webhooks("POST", words=LEAST | {"filters": filters})
    assert answer.status == 422
    assert answer.messages[0].startswith(message)


async def test_a_project_status_may_be_filtered_by_any_text_s12(customer: Customer) -> None:
    filters = [{"url_parameter": "<STATUS>", "value": ["In Progress", "☀️ ready"]}]
    words = {"event": "project_status_changed", "url_template": "http://127.0.0.1:9/?s=<STATUS>", "filters": filters}
    assert (await customer.make(**words))["filters"] == filters


async def test_each_attempt_names_the_revision_it_used_s14(provider: Provider) -> None:
    made = await provider.customer.make()
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    await provider.customer.change(made["id"], url_template="http://127.0.0.1:9/new")
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    attempts = provider.simulation.ledger.db.query("SELECT revision, url FROM attempts ORDER BY seq")
    assert [(row["revision"], row["url"].rpartition("/")[2][:3]) for row in attempts] == [(1, "agr"), (2, "new")]


async def test_an_answer_leaves_only_when_what_it_says_is_recorded_s14(provider: Provider) -> None:
    made = await provider.customer.make()
    (row,) = provider.simulation.ledger.db.query("SELECT subscription_id FROM revisions")
    assert row["subscription_id"] == made["id"]


async def test_disabling_and_enabling_over_the_api_is_seen_at_once_r6_r9(provider: Provider) -> None:
    made = await provider.customer.make(enabled=False)
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    assert provider.requests == []
    await provider.customer.change(made["id"], enabled=True)
    provider.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
    await provider.advance(0)
    assert len(provider.requests) == 1


async def test_a_restart_keeps_every_webhook(tmp_path: Path) -> None:
    """S14, R14: also its secrets, and what was deleted stays deleted."""
    db = tmp_path / "kept.sqlite"
    async with opened(db) as before:
        kept = (await before.customer.webhooks("POST", words=WHOLE)).webhook
        changed = await before.customer.change(kept["id"], description="changed")
        gone = await before.customer.make()
        await before.customer.webhooks("DELETE", gone["id"])
    async with opened(db) as after:
        assert await after.customer.all() == [changed]
        assert (await after.customer.webhooks("GET", gone["id"])).status == 404
        after.simulation.emit("demo", "agreement_status_changed", AGREEMENT)
        await after.advance(0)
        assert ("X-Aurora-Webhook-Token", TOKEN) in after.requests[0].secret_headers
