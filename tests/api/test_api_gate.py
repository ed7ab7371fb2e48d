"""`api/gate`: who may ask what, and how often (S3, S5, S13)."""

import asyncio
from collections import Counter

import pytest
from customer import LEAST, Customer
from provided import Provider, opened

from simulator.api.app import PER_MINUTE

OURS, THEIRS, PARTNER = "/tenants/demo", "/tenants/other", "/partner_applications/demo-app"
STANDARD, RESTRICTED, OTHER, APPLICATION = (
    "sk_sand_demo",
    "rk_sand_demo",
    "sk_prod_other",
    "sk_sand_application_demo-app",
)


@pytest.mark.parametrize(
    ("key", "owner", "reading", "writing"),
    [
        (STANDARD, OURS, 200, 200),
        (RESTRICTED, OURS, 200, 403),
        (OTHER, OURS, 403, 403),
        (APPLICATION, OURS, 403, 403),
        (STANDARD, THEIRS, 403, 403),
        (RESTRICTED, THEIRS, 403, 403),
        (OTHER, THEIRS, 200, 200),
        (STANDARD, "/tenants/nobody", 403, 403),
        (STANDARD, PARTNER, 403, 403),
        (APPLICATION, PARTNER, 200, 422),
        (APPLICATION, "/partner_applications/other", 403, 403),
        ("sk_sand_unknown", OURS, 401, 401),
        ("sk_sand_dem", OURS, 401, 401),
        ("sk_sand_demo2", OURS, 401, 401),
        ("SK_SAND_DEMO", OURS, 401, 401),
        ("", OURS, 401, 401),
        (None, OURS, 401, 401),
        (None, PARTNER, 401, 401),
        (None, "/tenants/nobody", 401, 401),
    ],
)
async def test_what_each_key_may_do_s3_s5(
    provider: Provider, key: str | None, owner: str, reading: int, writing: int
) -> None:
    customer = provider.as_(key, owner=owner, envelope="partner_application_webhook" if owner == PARTNER else "webhook")
    assert (await customer.webhooks("GET")).status == reading
    assert (await customer.webhooks("POST", words=LEAST)).status == writing


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic c2tfc2FuZF9kZW1vOg==", "sk_sand_demo", "Token sk_sand_demo", "Bearer sk_sand_demo x"],
)
async def test_another_form_of_authorization_is_no_key_s5(customer: Customer, header: str) -> None:
    answer = await customer.ask("GET", f"{OURS}/webhooks", Authorization=header)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert len(answer.messages) == 1


async def test_the_scheme_may_be_written_in_any_case_s5(customer: Customer) -> None:
    """RFC 9110: the name of a scheme is case-insensitive."""
    assert (await customer.ask("GET", f"{OURS}/webhooks", Authorization="bearer  sk_sand_demo")).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_restricted_key_changes_nothing_s3(provider: Provider, method: str) -> None:
    made = await provider.customer.make()
    restricted = provider.as_(RESTRICTED)
    answer = await restricted.webhooks(method, "" if method == "POST" else made["id"], LEAST)
    assert answer.status == 403
    assert answer.messages == ["a restricted key (rk_) may read and change nothing; use a standard key (sk_)"]
    assert await restricted.all() == [made]


async def test_a_key_that_is_turned_away_learns_nothing_of_what_exists_s3(provider: Provider) -> None:
    made = await provider.customer.make()
    other = provider.as_(OTHER)
    answers = [await other.webhooks("GET", one) for one in (made["id"], "no-such-id")]
    assert [(answer.status, answer.text) for answer in answers] == [(403, answers[0].text)] * 2


async def test_no_answer_repeats_a_key_s7(provider: Provider) -> None:
    for key in (STANDARD, RESTRICTED, OTHER, "sk_sand_unknown"):
        customer = provider.as_(key)
        await customer.webhooks("GET")
        await customer.webhooks("POST", words={"event": "x"})
    assert not [answer for answer in provider.customer.heard if "k_sand" in answer.text or "sk_prod" in answer.text]
    assert len(provider.customer.heard) == 8


async def test_the_ninety_first_request_of_a_minute_has_to_wait_s3() -> None:
    real = [0]
    async with opened(per_minute=90, now=lambda: real[0]) as provider:
        customer = provider.customer
        assert {(await customer.webhooks("GET")).status for _ in range(90)} == {200}
        real[0] = 12_500_000
        answer = await customer.webhooks("GET")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "48")
        assert answer.messages == ["too many requests; come again in 48 s"]
        real[0] += 48_000_000
        assert (await customer.webhooks("GET")).status == 200


async def test_ninety_requests_a_minute_are_the_default_s3() -> None:
    """By a real clock: ninety-one requests on loopback take no minute."""
    async with opened(per_minute=PER_MINUTE) as provider:
        answers = [await provider.customer.webhooks("HEAD") for _ in range(91)]
        assert [answer.status for answer in answers] == [200] * 90 + [429]


async def test_the_limit_is_real_time_not_virtual_s3() -> None:
    """The customer's program waits in real time; the virtual clock may have jumped for days meanwhile."""
    async with opened(per_minute=1, now=lambda: 0) as provider:
        assert (await provider.customer.webhooks("GET")).status == 200
        await provider.advance(7 * 86_400)
        assert (await provider.customer.webhooks("GET")).status == 429


async def test_each_key_has_a_limit_of_its_own_s3() -> None:
    async with opened(per_minute=1, now=lambda: 0) as provider:
        for key in (STANDARD, RESTRICTED, APPLICATION):
            answers = [await provider.as_(key, owner=OURS).webhooks("GET") for _ in range(2)]
            assert [answer.status for answer in answers][1] == 429


async def test_a_request_without_a_known_key_counts_for_nobody_s3() -> None:
    async with opened(per_minute=1, now=lambda: 0) as provider:
        assert {(await provider.as_("sk_sand_unknown").webhooks("GET")).status for _ in range(5)} == {401}
        assert (await provider.customer.webhooks("GET")).status == 200


async def test_racing_requests_share_the_limit_s3() -> None:
    async with opened(per_minute=90, now=lambda: 0) as provider:
        answers = await asyncio.gather(*(provider.customer.webhooks("GET") for _ in range(100)))
        assert Counter(answer.status for answer in answers) == {200: 90, 429: 10}
