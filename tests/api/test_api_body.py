"""`api/body`: whatever somebody sends is answered clearly, and never with a 500 (S3, S4)."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator

import pytest
from customer import LEAST, Customer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from provided import Provider, opened

WEBHOOKS = "/tenants/demo/webhooks"
ANY_TIME = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)


async def post(customer: Customer, body: bytes, **headers: str) -> tuple[int, list[str]]:
    answer = await customer.ask("POST", WEBHOOKS, body, **headers)
    return answer.status, answer.messages if answer.status >= 400 else []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON: it is empty"),
        (b"{", "the body is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'{"webhook": {}} x', "the body is not JSON: Extra data: line 1 column 17 (char 16)"),
        (b"webhook=1", "the body is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"webhook": {"event": "a", "event": "b"}}', 'the body is not JSON: an object holds "event" twice'),
        (b'{"webhook": 1, "webhook": 2}', 'the body is not JSON: an object holds "webhook" twice'),
        (b'{"webhook": NaN}', "the body is not JSON: NaN is no number"),
        (b'{"webhook": -Infinity}', "the body is not JSON: -Infinity is no number"),
        (b'{"webhook": ' + b"9" * 5_000 + b"}", "the body is not JSON: a number has more than 100 digits"),
        (b"[" * 400_000, "the body is nested too deeply"),
        (b'{"a":' * 150_000, "the body is nested too deeply"),
        (b'{"webhook": "\xff"}', "the body is not JSON: it is not UTF-8 at byte 13"),
        ('{"webhook": {}}'.encode("utf-16"), "the body is not JSON: it is not UTF-8 at byte 0"),
        (b'{"webhook": "\x00"}', "the body is not JSON: Invalid control character at: line 1 column 14 (char 13)"),
    ],
)
async def test_a_body_that_is_not_json_is_answered_400_s3(customer: Customer, body: bytes, message: str) -> None:
    assert await post(customer, body) == (400, [message])


async def test_a_body_with_a_byte_order_mark_is_answered_400_s3(customer: Customer) -> None:
    status, (message,) = await post(customer, b"\xef\xbb\xbf" + json.dumps({"webhook": LEAST}).encode())
    assert (status, "BOM" in message) == (400, True)


async def test_a_megabyte_is_read_and_no_more_s3(customer: Customer) -> None:
    start = json.dumps({"webhook": LEAST}).encode()
    assert (await post(customer, start.ljust(1_000_000)))[0] == 200
    assert await post(customer, start.ljust(1_000_001)) == (413, ["the body is larger than 1000000 bytes"])


async def test_a_body_without_a_length_is_bounded_as_well_s3(customer: Customer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    answer = await customer.ask("POST", WEBHOOKS, endless())  # type: ignore[arg-type]  # chunks
    assert answer.status == 413


async def test_a_compressed_body_is_bounded_by_what_it_holds_s3(customer: Customer) -> None:
    bomb = zlib.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = await customer.ask("POST", WEBHOOKS, bomb, **{"Content-Encoding": "deflate"})
    assert answer.status == 413


async def test_a_compressed_body_is_understood_s3(customer: Customer) -> None:
    packed = gzip.compress(json.dumps({"webhook": LEAST}).encode())
    assert (await post(customer, packed, **{"Content-Encoding": "gzip"}))[0] == 200


async def test_a_body_that_is_not_compressed_as_it_says_is_answered_400_s3(customer: Customer) -> None:
    assert await post(customer, b"{}", **{"Content-Encoding": "gzip"}) == (
        400,
        ["the body is not encoded as its headers say"],
    )


async def test_a_body_that_holds_very_many_values_is_refused_before_each_costs_a_sentence_s3(
    customer: Customer,
) -> None:
    body = json.dumps({"webhook": {f"f{number}": 1 for number in range(50_000)}}).encode()
    assert await post(customer, body) == (422, ["the body holds more than 1000 values"])


async def test_a_name_that_no_encoding_can_carry_is_answered_s4(customer: Customer) -> None:
    status, messages = await post(customer, b'{"webhook": {"\\ud800": 1}}')
    assert status == 422
    assert messages[0].startswith("\ud800: there is no such field")


async def test_the_content_type_is_nobodys_business_s1(customer: Customer) -> None:
    body = json.dumps({"webhook": LEAST}).encode()
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
        assert (await post(customer, body, **{"Content-Type": content_type}))[0] == 200


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    [*LEAST, "enabled", "filters", "description", "header_auth_key", "header_auth_value", "basic_auth_username", "x"]
)
words = st.dictionaries(
    fields,
    json_values
    | st.sampled_from(["project_created", "https://a.example/<PROJECT_ID>", "X-Token", "a:b", "Authorization", ""])
    | st.lists(st.fixed_dictionaries({"url_parameter": json_values, "value": json_values}), max_size=3),
)


@ANY_TIME
@given(body=json_values | words.map(lambda one: {"webhook": one}))
async def test_whatever_json_is_sent_is_accepted_or_refused_s4(provider: Provider, body: object) -> None:
    answer = await provider.customer.ask("POST", WEBHOOKS, json.dumps(body).encode())
    assert answer.status in (200, 422)
    assert answer.status == 200 or answer.messages


@ANY_TIME
@given(body=st.binary(max_size=200))
async def test_whatever_bytes_are_sent_are_refused_s4(provider: Provider, body: bytes) -> None:
    answer = await provider.customer.ask("PUT", f"{WEBHOOKS}/1", body)
    assert answer.status in (400, 404, 422)
    assert answer.messages


@ANY_TIME
@given(changes=st.lists(words, max_size=4))
async def test_a_webhook_stays_whole_whatever_is_put_s2(changes: list[dict[str, object]]) -> None:
    """A refused change changes nothing; an accepted one is shown as it was answered."""
    async with opened() as provider:
        made = await provider.customer.make()
        for change in changes:
            answer = await provider.customer.webhooks("PUT", made["id"], change)
            assert answer.status in (200, 422)
            made = answer.webhook if answer.status == 200 else made
            assert await provider.customer.see(made["id"]) == made
        assert (await provider.customer.webhooks("DELETE", made["id"])).status == 204
