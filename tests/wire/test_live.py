"""One attempt over real sockets: what goes out byte for byte, and how the answer and the deadline are read."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from raw_receiver import OK, PASSAGE, Caller, MakeWire, Receive, answering

from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.errors import TargetNotAllowed


def get(url: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", url, headers)


def reply(status: int, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def test_a_get_carries_what_it_was_given_and_three_headers_of_the_client_e4_e9(
    receive: Receive, live: MakeWire
) -> None:
    receiver = await receive()
    request = Request("GET", receiver.url("/hook?id=1"), (("X-Mark", "m"),), (("X-Token", "s3cret"),))
    await live().send(request, PASSAGE)
    assert receiver.requests == [
        b"GET /hook?id=1 HTTP/1.1\r\n"
        + f"Host: 127.0.0.1:{receiver.port}\r\n".encode()
        + b"User-Agent: aurora-sim/test\r\n"
        b"X-Mark: m\r\n"
        b"X-Token: s3cret\r\n"
        b"Accept: */*\r\n"
        b"\r\n"
    ]


async def test_a_post_carries_its_body_and_only_the_content_type_it_was_given(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    given = (("Content-Type", "application/json; charset=utf-8"),)
    await live().send(Request("POST", receiver.url(), given, body=b'{"a": "\xc3\xbc"}'), PASSAGE)
    await live().send(Request("POST", receiver.url(), body=b"bare"), PASSAGE)
    first, second = receiver.requests
    assert first.count(b"Content-Type") == 1
    assert b"\r\nContent-Type: application/json; charset=utf-8\r\n" in first
    assert first.endswith(b'\r\nContent-Length: 11\r\n\r\n{"a": "\xc3\xbc"}')
    assert b"Content-Type" not in second


@pytest.mark.parametrize(
    "target",
    [
        "/a?status=In%20Progress%2C%20Completed",
        "/a?x=%23%2F%25%3D%26%3F%2B",
        "/a?name=J%C3%BCrgen%20%E2%82%AC",
        "/a?empty=&also=",
        "/a?plus=a+b",
        "/a?lower=%2c%c3%bc",
        "/a?bare=!$'()*,;:@/?-._~",
        "/tenants/<ID>/x?id=<ID>",
        "/projects/a%2Fb/%2E%2E/c%20d;v=1",
        "//double//slash/../dots/./here",
        "/a?twice=1&twice=2&&&",
        "/a?no-value&=no-key",
    ],
)
async def test_the_bytes_of_the_url_reach_the_receiver_unchanged_e6(
    receive: Receive, live: MakeWire, target: str
) -> None:
    receiver = await receive()
    await live().send(get(receiver.url(target)), PASSAGE)
    assert receiver.requests[0].split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()


async def test_headers_keep_their_case_order_spaces_and_repetitions_e7(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    given = (("x-LOWER-Upper", "  two  spaces "), ("B", "2"), ("A", "1"), ("B", "3"), ("X-Name", "Jürgen €"))
    await live().send(get(receiver.url(), *given), PASSAGE)
    lines = receiver.requests[0].decode().split("\r\n")
    assert lines[3:8] == ["x-LOWER-Upper:   two  spaces ", "B: 2", "A: 1", "B: 3", "X-Name: Jürgen €"]


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", "Accept", "ACCEPT", "Accept-Encoding"])
async def test_a_header_of_the_customer_stands_in_place_of_the_clients(
    receive: Receive, live: MakeWire, name: str
) -> None:
    receiver = await receive()
    await live().send(get(receiver.url(), (name, "mine")), PASSAGE)
    lines = receiver.requests[0].decode().split("\r\n")
    assert [line for line in lines if line.lower().startswith(f"{name.lower()}:")] == [f"{name}: mine"]


async def test_nothing_is_remembered_between_attempts(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(reply(200, "Set-Cookie: a=1; Path=/")), live()
    for _ in range(2):
        await wire.send(get(receiver.url()), PASSAGE)
    assert receiver.requests[0] == receiver.requests[1]


async def test_a_proxy_or_a_netrc_of_the_environment_is_not_asked(
    receive: Receive, live: MakeWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, proxy = await receive(), await receive()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    await live().send(get(receiver.url()), PASSAGE)
    assert (len(receiver.requests), len(proxy.requests)) == (1, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_fails_and_its_target_gets_no_request_r2(
    receive: Receive, live: MakeWire, status: int
) -> None:
    target = await receive()
    receiver = await receive(reply(status, f"Location: {target.url('/elsewhere')}"))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status, outcome.error) == (Kind.REDIRECT, status, "redirects are not followed")
    assert (len(receiver.requests), len(target.requests)) == (1, 0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Kind.SUCCESS),
        (201, Kind.SUCCESS),
        (204, Kind.SUCCESS),
        (299, Kind.SUCCESS),
        (304, Kind.REDIRECT),
        (400, Kind.CLIENT_ERROR),
        (404, Kind.CLIENT_ERROR),
        (410, Kind.CLIENT_ERROR),
        (429, Kind.CLIENT_ERROR),
        (500, Kind.SERVER_ERROR),
        (503, Kind.SERVER_ERROR),
        (599, Kind.SERVER_ERROR),
        (600, Kind.MALFORMED),
        (999, Kind.MALFORMED),
    ],
)
async def test_only_the_2xx_succeed_r1_r2(receive: Receive, live: MakeWire, status: int, kind: Kind) -> None:
    receiver = await receive(reply(status))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status) == (kind, status)
    assert outcome.virtual_us is None
    assert outcome.fault == ""


async def test_the_body_of_an_answer_is_not_looked_into_r1(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(reply(200, "Content-Encoding: gzip", "Content-Type: bad/;;", body=b"this is no gzip"))
    assert (await live().send(get(receiver.url()), PASSAGE)).succeeded


async def test_an_endless_body_is_read_up_to_a_bound_and_the_connection_closed_r1(
    receive: Receive, live: MakeWire
) -> None:
    sent: list[int] = []

    async def pour(caller: Caller) -> None:
        await caller.say(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(ConnectionError):
            while True:
                await caller.say(b"x" * 65536)
                sent.append(65536)

    receiver = await receive(pour)
    assert (await live(60).send(get(receiver.url()), PASSAGE)).succeeded
    assert sum(sent) < 64 << 20


async def answer_after(receive: Receive, live: MakeWire, delay: float, timeout: float) -> Outcome:
    receiver = await receive(answering(OK, after=delay))
    return await live(timeout).send(get(receiver.url()), PASSAGE)


@pytest.mark.parametrize(("delay", "kind"), [(0.8, Kind.SUCCESS), (1.3, Kind.HEADERS_TIMEOUT)])
async def test_an_answer_must_come_before_the_time_is_up_r1(
    receive: Receive, live: MakeWire, delay: float, kind: Kind
) -> None:
    assert (await answer_after(receive, live, delay, timeout=1.0)).kind is kind


async def test_ten_seconds_are_ten_seconds_and_not_rounded_up_to_the_next_r1(receive: Receive, live: MakeWire) -> None:
    """A client library that rounds its deadlines up to whole seconds would let an answer at 10.3 s through."""
    outcomes = await asyncio.gather(*(answer_after(receive, live, delay, 10.0) for delay in (9.8, 10.3)))
    assert [outcome.kind for outcome in outcomes] == [Kind.SUCCESS, Kind.HEADERS_TIMEOUT]


async def test_connect_headers_and_body_share_one_deadline_r1(receive: Receive, live: MakeWire) -> None:
    async def dawdle(caller: Caller) -> None:
        await asyncio.sleep(0.3)
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(0.3)
        await caller.say(b"ok")

    receiver = await receive(dawdle)
    outcome = await live(0.5).send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status) == (Kind.BODY_TIMEOUT, 200)
    assert (await live(2).send(get(receiver.url()), PASSAGE)).succeeded


async def test_a_trickling_body_does_not_push_the_deadline_away_r1(receive: Receive, live: MakeWire) -> None:
    async def trickle(caller: Caller) -> None:
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            await asyncio.sleep(0.02)
            await caller.say(b"x")

    receiver = await receive(trickle)
    assert (await live(0.3).send(get(receiver.url()), PASSAGE)).kind is Kind.BODY_TIMEOUT


@pytest.mark.parametrize("body", [b"", b"5\r\nab", b"not a chunk"])
async def test_with_scope_headers_the_body_is_left_out_of_the_account_r1(
    receive: Receive, live: MakeWire, body: bytes
) -> None:
    """An endless, a broken-off and a garbled body: the head has come in time, and the status stands."""

    async def answer(caller: Caller) -> None:
        await caller.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(0.05)
        await caller.say(body)
        if not body:
            await caller.hung_up()

    receiver = await receive(answer)
    outcome = await live(0.3, scope="headers").send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status, outcome.error) == (Kind.SUCCESS, 200, "")
    assert outcome.real_us < 300_000


async def test_with_scope_headers_the_head_must_still_be_in_time_r1(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(answering(OK, after=0.5))
    outcome = await live(0.2, scope="headers").send(get(receiver.url()), PASSAGE)
    assert outcome.kind is Kind.HEADERS_TIMEOUT


async def test_with_scope_headers_a_receiver_may_finish_its_answer(receive: Receive, live: MakeWire) -> None:
    finished: list[bool] = []

    async def answer(caller: Caller) -> None:
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(0.1)
        await caller.say(b"ok")
        finished.append(not caller.reader.at_eof())

    receiver = await receive(answer)
    await live(1, scope="headers").send(get(receiver.url()), PASSAGE)
    assert finished == [True]


async def test_an_attempt_measures_its_real_duration(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(answering(OK, after=0.2))
    assert (await live().send(get(receiver.url()), PASSAGE)).real_us >= 200_000
    assert (await live(0.1).send(get(receiver.url()), PASSAGE)).real_us >= 100_000


async def test_waiting_for_a_place_is_not_part_of_an_attempt(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(answering(OK, after=0.2)), live(0.5, limit=1)
    outcomes = await asyncio.gather(*(wire.send(get(receiver.url()), PASSAGE) for _ in range(4)))
    assert all(outcome.succeeded for outcome in outcomes)


async def test_no_more_than_the_limit_are_on_the_wire(receive: Receive, live: MakeWire) -> None:
    present, most = 0, 0

    async def count(caller: Caller) -> None:
        nonlocal present, most
        present += 1
        most = max(most, present)
        await asyncio.sleep(0.02)
        present -= 1
        await caller.say(OK)

    receiver, wire = await receive(count), live(limit=3)
    await asyncio.gather(*(wire.send(get(receiver.url()), PASSAGE) for _ in range(12)))
    assert most == 3


async def test_a_host_that_nobody_allowed_is_not_reached_and_ends_the_run(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    with pytest.raises(TargetNotAllowed, match="--allow-host staging"):
        await live().send(get("http://staging.example.com/"), PASSAGE)
    with pytest.raises(TargetNotAllowed):
        await live().send(get(f"http://127.0.0.1:{receiver.port}@evil.example/"), PASSAGE)
    assert receiver.connections == 0


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "crm.localhost"])
async def test_names_under_localhost_reach_this_machine(receive: Receive, live: MakeWire, host: str) -> None:
    receiver = await receive()
    assert (await live().send(get(receiver.url(host=host)), PASSAGE)).succeeded


async def test_ipv6_loopback_is_reached(receive: Receive, live: MakeWire) -> None:
    try:
        receiver = await receive(host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert (await live().send(get(receiver.url(host="[::1]")), PASSAGE)).succeeded
    assert (await live().send(get(receiver.url(host="localhost")), PASSAGE)).succeeded


async def test_the_source_address_is_the_one_asked_for(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    await live(source_address="127.0.0.2").send(get(receiver.url()), PASSAGE)
    assert receiver.peers == ["127.0.0.2"]


async def test_an_attempt_that_is_called_off_leaves_its_place_to_the_next(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(Caller.hung_up), live(limit=1)
    attempt = asyncio.create_task(wire.send(get(receiver.url()), PASSAGE))
    await receiver.first_request()
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    second = await receive()
    assert (await wire.send(get(second.url()), PASSAGE)).succeeded


async def test_a_wire_may_be_closed_unused_and_twice(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(), live()
    await wire.close()
    await wire.send(get(receiver.url()), PASSAGE)
    await wire.close()
    await wire.close()
