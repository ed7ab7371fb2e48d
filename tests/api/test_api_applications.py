"""Partner applications over HTTP: one subscription for every tenant that enabled the application (S13)."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from customer import Customer, Words
from provided import Provider, opened

from simulator.domain.auth import HIDDEN
from simulator.providers import AURORA

URL = "https://partner.example/hear?tenant=<TENANT_ID>&session=<SESSION_TOKEN>&lead=<LEAD_ID>"
LEAST: Words = {
    "event": "lead_changed",
    "url_template": URL,
    "header_auth_key": "X-Token",
    "header_auth_value": "s3cr3t",
}
HOUR = 3_600


async def listen(provider: Provider, **words: object) -> Words:
    return (await provider.partner.webhooks("POST", words=LEAST | words)).webhook


def enable(provider: Provider, tenant: str, *, enabled: bool = True) -> None:
    provider.service.emitter.switch_application(tenant, "demo-app", enabled=enabled)


async def change_lead(provider: Provider, tenant: str = "demo", lead: str = "l1") -> list[str]:
    """A lead changes in this tenant; the URLs that were asked for since then, as they were on the wire."""
    before = len(provider.requests)
    provider.simulation.emit(tenant, "lead_changed", {"LEAD_ID": lead})
    await provider.advance(0)
    return [request.sent_url for request in provider.requests[before:]]


def parameter(url: str, name: str) -> str:
    (value,) = parse_qs(urlsplit(url).query)[name]
    return value


async def test_an_application_has_the_same_calls_under_its_own_path_and_envelope_s13(partner: Customer) -> None:
    answer = await partner.webhooks("POST", words=LEAST)
    assert set(answer.body) == {"partner_application_webhook"}
    made = answer.webhook
    assert await partner.all() == [made]
    assert set((await partner.webhooks("GET")).body) == {"partner_application_webhooks"}
    assert await partner.change(made["id"], enabled=False) == made | {"enabled": False}
    assert (await partner.webhooks("DELETE", made["id"])).status == 204
    assert (await partner.webhooks("GET", made["id"])).messages == [
        "partner_application_webhook: there is none with this id"
    ]


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        ({"url_template": URL.replace("<TENANT_ID>", "t")}, ["url_template: must hold <TENANT_ID>"]),
        ({"url_template": URL.replace("<SESSION_TOKEN>", "s")}, ["url_template: must hold <SESSION_TOKEN>"]),
        (
            {"url_template": "https://partner.example/"},
            ["url_template: must hold <TENANT_ID>", "url_template: must hold <SESSION_TOKEN>"],
        ),
        ({"url_template": URL.replace("https", "http")}, ["url_template: must begin with https://"]),
        (
            {"header_auth_key": "", "header_auth_value": ""},
            ["header_auth_key: is missing; a partner application needs a header token or a basic pair"],
        ),
    ],
)
async def test_more_is_asked_of_an_application_s13(partner: Customer, words: Words, messages: list[str]) -> None:
    answer = await partner.webhooks("POST", words=LEAST | words)
    assert (answer.status, answer.messages) == (422, messages)
    made = (await partner.webhooks("POST", words=LEAST)).webhook
    assert (await partner.webhooks("PUT", made["id"], words)).messages == messages


async def test_a_basic_pair_is_credentials_enough_s13(partner: Customer) -> None:
    words = {name: LEAST[name] for name in ("event", "url_template")}
    answer = await partner.webhooks("POST", words=words | {"basic_auth_username": "u", "basic_auth_password": "p"})
    assert answer.status == 200


async def test_a_tenant_has_no_session_to_put_into_its_template_s13(customer: Customer) -> None:
    answer = await customer.webhooks("POST", words=LEAST)
    assert answer.status == 422
    assert [message[:31] for message in answer.messages] == [
        "url_template: holds <TENANT_ID>",
        "url_template: holds <SESSION_TO",
    ]


async def test_one_subscription_covers_every_tenant_that_enabled_the_application_s13(provider: Provider) -> None:
    await listen(provider)
    enable(provider, "demo")
    enable(provider, "other")
    heard = [await change_lead(provider, tenant) for tenant in ("demo", "other", "third")]
    assert [[parameter(url, "tenant") for url in urls] for urls in heard] == [["demo"], ["other"], []]


async def test_a_tenant_that_disables_the_application_is_heard_no_more_s13(provider: Provider) -> None:
    await listen(provider)
    enable(provider, "demo")
    enable(provider, "demo", enabled=False)
    assert await change_lead(provider) == []


async def test_an_application_hears_that_it_is_enabled_and_that_it_is_disabled_s13(provider: Provider) -> None:
    template = URL.replace("<LEAD_ID>", "<STATUS>")
    await listen(provider, event="app_status_changed", url_template=template)
    enable(provider, "demo")
    enable(provider, "demo", enabled=False)
    await provider.advance(0)
    assert [parameter(request.sent_url, "lead") for request in provider.requests] == ["enabled", "disabled"]


async def test_an_event_goes_to_the_tenants_own_subscriptions_and_to_the_applications_e2(provider: Provider) -> None:
    await listen(provider)
    await provider.customer.make(event="lead_changed", url_template="http://127.0.0.1:9/own?l=<LEAD_ID>")
    enable(provider, "demo")
    assert [url[:25] for url in await change_lead(provider)] == [URL[:25], "http://127.0.0.1:9/own?l="]


async def test_an_application_has_five_subscriptions_of_an_event_over_all_tenants_s9(provider: Provider) -> None:
    for _ in range(5):
        await listen(provider)
        await provider.customer.make(event="lead_changed", url_template="http://127.0.0.1:9/")
    answer = await provider.partner.webhooks("POST", words=LEAST)
    assert answer.messages == [
        "event: lead_changed has 5 subscriptions in this application already, which is the limit (S9)"
    ]


async def test_a_session_token_reads_the_tenants_objects_and_changes_nothing_s13(provider: Provider) -> None:
    await listen(provider)
    enable(provider, "demo")
    (url,) = await change_lead(provider)
    session = provider.as_(parameter(url, "session"))
    assert (await session.ask("GET", "/tenants/demo/leads/l1")).body["id"] == "l1"
    assert (await session.webhooks("GET")).status == 200
    answer = await session.webhooks("POST", words=LEAST)
    assert (answer.status, answer.messages) == (403, ["a session token may read and change nothing"])
    assert (await session.ask("GET", "/tenants/other/leads/l1")).status == 403
    assert (await session.ask("GET", "/partner_applications/demo-app/webhooks")).status == 403


async def test_a_session_token_lives_for_one_virtual_hour_s13(provider: Provider) -> None:
    await listen(provider)
    enable(provider, "demo")
    (url,) = await change_lead(provider)
    session = provider.as_(parameter(url, "session"))
    await provider.advance(HOUR - 1)
    assert (await session.ask("GET", "/tenants/demo/leads/l1")).status == 200
    await provider.advance(1)
    answer = await session.ask("GET", "/tenants/demo/leads/l1")
    assert (answer.status, answer.messages) == (401, ["this session token has expired"])


async def test_a_session_token_is_worth_nothing_once_the_application_is_disabled_s13(provider: Provider) -> None:
    await listen(provider)
    enable(provider, "demo")
    (url,) = await change_lead(provider)
    enable(provider, "demo", enabled=False)
    answer = await provider.as_(parameter(url, "session")).ask("GET", "/tenants/demo/leads/l1")
    assert (answer.status, answer.messages) == (403, ["the tenant has disabled this application"])


@pytest.mark.parametrize("change", [lambda one: one[:-1], lambda one: "A" + one[1:], lambda one: one + "A"])
async def test_a_changed_session_token_is_not_known_s13(provider: Provider, change: Callable[[str], str]) -> None:
    await listen(provider)
    enable(provider, "demo")
    (url,) = await change_lead(provider)
    answer = await provider.as_(change(parameter(url, "session"))).ask("GET", "/tenants/demo/leads/l1")
    assert (answer.status, answer.messages) == (401, ["this key is not known"])


@pytest.mark.parametrize(("reading", "same"), [("attempt", False), ("event", True)])
async def test_a_session_token_is_minted_at_the_attempt_or_at_the_event_s13(reading: str, *, same: bool) -> None:
    """`session_token_minted`: each attempt brings an hour of its own, or all of them that of the event."""
    readings = replace(AURORA.readings, session_token_minted=reading)  # type: ignore[arg-type]  # parametrized
    async with opened(profile=replace(AURORA, readings=readings), status=503) as provider:
        await listen(provider)
        enable(provider, "demo")
        await change_lead(provider)
        await provider.advance(30)
        first, second = (parameter(request.sent_url, "session") for request in provider.requests)
        assert (first == second) is same
        await provider.advance(HOUR - 1)
        late = await provider.as_(second).ask("GET", "/tenants/demo/leads/l1")
        assert late.status == (401 if same else 200)


async def test_the_same_seed_mints_the_same_tokens_s13() -> None:
    async def sent() -> list[str]:
        async with opened() as provider:
            await listen(provider)
            enable(provider, "demo")
            return await change_lead(provider)

    assert await sent() == await sent()


async def test_a_session_token_is_sent_and_shown_nowhere_s13_s7(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await listen(provider)
    enable(provider, "demo")
    (url,) = await change_lead(provider)
    token = parameter(url, "session")
    dumped = "\n".join(provider.simulation.ledger.db.conn.iterdump())
    heard = "".join(answer.text for answer in provider.customer.heard)
    assert token not in dumped + heard + caplog.text + repr(provider.requests)
    (row,) = provider.simulation.ledger.db.query("SELECT url FROM attempts")
    assert row["url"] == f"https://partner.example/hear?tenant=demo&session={HIDDEN}&lead=l1"


async def test_a_restart_keeps_applications_the_tenants_that_enabled_them_and_open_sessions_s13(
    tmp_path: Path,
) -> None:
    db = tmp_path / "kept.sqlite"
    async with opened(db) as before:
        made = await listen(before)
        enable(before, "demo")
        enable(before, "other")
        enable(before, "other", enabled=False)
        (url,) = await change_lead(before)
    async with opened(db) as after:
        assert await after.partner.all() == [made]
        assert [len(await change_lead(after, tenant)) for tenant in ("demo", "other")] == [1, 0]
        assert (await after.as_(parameter(url, "session")).ask("GET", "/tenants/demo/leads/l1")).status == 200


async def test_an_application_of_the_same_name_as_a_tenant_is_somebody_else_s13(provider: Provider) -> None:
    """Their subscriptions, quotas and keys are apart."""
    made = await listen(provider)
    tenant = provider.as_("sk_sand_demo", owner="/tenants/demo-app")
    assert (await tenant.webhooks("GET", made["id"])).status == 403
    assert await change_lead(provider, "demo-app") == []
