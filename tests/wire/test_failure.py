"""What can go wrong on the wire, in the field's own terms (R2): every kind, made for real on loopback."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import socket
from collections.abc import Iterator
from contextlib import suppress
from ssl import (
    CERT_REQUIRED,
    PROTOCOL_TLS_SERVER,
    MemoryBIO,
    SSLContext,
    SSLError,
    SSLWantReadError,
    create_default_context,
)
from typing import Any

import pytest
import trustme
from aiohttp import ClientConnectorError, ClientError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from raw_receiver import OK, PASSAGE, Caller, MakeWire, Receive, Receiver, answering

from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.errors import Unavailable
from simulator.wire.failure import explain
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets

HEAD = b"HTTP/1.1 200 OK\r\n"


def get(url: str) -> Request:
    return Request("GET", url, secret_headers=(("X-Token", "s3cret-token"),))


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that is bound, so that nobody takes it, and not listened on, so that it refuses."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_a_port_where_nobody_listens_is_refused_r2(live: MakeWire, free_port: int) -> None:
    outcome = await live().send(get(f"http://127.0.0.1:{free_port}/"), PASSAGE)
    assert (outcome.kind, outcome.status, outcome.error) == (Kind.REFUSED, None, "connection refused")


async def test_a_port_refused_on_both_loopback_addresses_is_refused_r2(live: MakeWire, free_port: int) -> None:
    outcome = await live().send(get(f"http://localhost:{free_port}/"), PASSAGE)
    assert outcome.kind is Kind.REFUSED


async def test_a_name_that_does_not_resolve_is_dns_r2(live: MakeWire) -> None:
    outcome = await live(5, allowed=("does-not-exist.invalid",)).send(get("http://does-not-exist.invalid/"), PASSAGE)
    assert (outcome.kind, outcome.error) == (Kind.DNS, "the name does not resolve")


async def test_a_name_that_no_name_service_could_hold_is_dns_r2(live: MakeWire) -> None:
    name = "a" * 70 + ".example"
    assert (await live(allowed=(name,)).send(get(f"http://{name}/"), PASSAGE)).kind is Kind.DNS


async def test_a_receiver_that_cannot_be_reached_from_here_is_unreachable_r2(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    outcome = await live(source_address="::1").send(get(receiver.url()), PASSAGE)
    assert outcome.kind is Kind.UNREACHABLE
    assert outcome.error == "no way to the receiver: its address is IPv4, and the one to send from is IPv6"


async def test_the_way_from_an_ipv4_address_to_an_ipv6_receiver_is_told_as_well_r2(live: MakeWire) -> None:
    outcome = await live(source_address="127.0.0.1").send(get("http://[::1]:9/"), PASSAGE)
    assert outcome.kind is Kind.UNREACHABLE
    assert outcome.error == "no way to the receiver: its address is IPv6, and the one to send from is IPv4"


async def test_a_port_refused_under_a_name_is_refused_whatever_the_source_address_r2(
    live: MakeWire, free_port: int
) -> None:
    """A name with addresses of both kinds: only those count to which this one can send."""
    outcome = await live(source_address="127.0.0.1").send(get(f"http://localhost:{free_port}/"), PASSAGE)
    assert outcome.kind is Kind.REFUSED


async def test_a_backlog_that_is_full_is_a_connect_timeout_r2(live: MakeWire) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for caller in waiting:
            caller.setblocking(False)
            caller.connect_ex(address)
        outcome = await live(0.3).send(get(f"http://127.0.0.1:{address[1]}/"), PASSAGE)
        for caller in waiting:
            caller.close()
    assert (outcome.kind, outcome.error) == (Kind.CONNECT_TIMEOUT, "no connection before the time was up")


async def test_silence_after_the_request_is_a_headers_timeout_r2(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(Caller.hung_up)
    outcome = await live(0.2).send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.error) == (Kind.HEADERS_TIMEOUT, "no answer before the time was up")
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("head", [HEAD[:10], HEAD, HEAD + b"X: 1\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
async def test_a_head_that_never_ends_is_a_headers_timeout_r2(receive: Receive, live: MakeWire, head: bytes) -> None:
    receiver = await receive(answering(head))
    assert (await live(0.2).send(get(receiver.url()), PASSAGE)).kind is Kind.HEADERS_TIMEOUT


@pytest.mark.parametrize(
    "rest", [b"\r\n", b"Content-Length: 5\r\n\r\nab", b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"]
)
async def test_a_body_that_never_ends_is_a_body_timeout_r2(receive: Receive, live: MakeWire, rest: bytes) -> None:
    receiver = await receive(answering(HEAD + rest))
    outcome = await live(0.2).send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status) == (Kind.BODY_TIMEOUT, 200)


async def test_a_connection_closed_without_an_answer_is_a_reset_after_one_hit_r2(
    receive: Receive, live: MakeWire
) -> None:
    receiver, wire = await receive(answering(b"", keeps_open=False)), live()
    for hits in (1, 2, 3):
        outcome = await wire.send(get(receiver.url()), PASSAGE)
        assert (outcome.kind, outcome.error) == (Kind.RESET, "connection closed without an answer")
        assert len(receiver.requests) == hits


@pytest.mark.parametrize("before", [b"", HEAD + b"Content-Length: 5\r\n\r\nab", HEAD + b"\r\nab"])
async def test_a_connection_that_is_reset_is_a_reset_after_one_hit_r2(
    receive: Receive, live: MakeWire, before: bytes
) -> None:
    """Before the answer, in its body, and in a body that ends with the connection."""

    async def reset(caller: Caller) -> None:
        await caller.say(before)
        await asyncio.sleep(0.05)
        caller.reset()

    receiver = await receive(reset)
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status) == (Kind.RESET, 200 if before else None)
    assert outcome.error == "connection reset before the answer was complete"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"\x16\x03\x01 garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9.9.9 200 OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_malformed_r2(receive: Receive, live: MakeWire, answer: bytes) -> None:
    receiver = await receive(answering(answer, keeps_open=False))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert outcome.kind is Kind.MALFORMED
    assert 0 < len(outcome.error) <= 120
    assert "\n" not in outcome.error


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nSet-Cookie: " + b"s3cret" * 3_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"s3cret" * 3_000 + b": a\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: s3cret\0\r\n\r\n",
        b"HTTP/1.1 200 " + b"s3cret" * 3_000 + b"\r\n\r\n",
    ],
)
async def test_nothing_of_an_answer_that_cannot_be_read_stands_in_the_record_r2(
    receive: Receive, live: MakeWire, answer: bytes
) -> None:
    """S7: a receiver's cookies are no business of a report."""
    receiver = await receive(answering(answer, keeps_open=False))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert outcome.kind is Kind.MALFORMED
    assert outcome.error.startswith("not an HTTP answer: ")
    assert "s3c" not in outcome.error


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"])
async def test_a_head_that_breaks_off_is_malformed_r2(receive: Receive, live: MakeWire, head: bytes) -> None:
    receiver = await receive(answering(head, keeps_open=False))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.error) == (
        Kind.MALFORMED,
        "connection closed in the middle of the answer's head",
    )


@pytest.mark.parametrize("rest", [b"Content-Length: 5\r\n\r\nab", b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"])
async def test_a_body_that_breaks_off_is_malformed_and_no_success_r1(
    receive: Receive, live: MakeWire, rest: bytes
) -> None:
    receiver = await receive(answering(HEAD + rest, keeps_open=False))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.error) == (Kind.MALFORMED, "the body is incomplete or garbled")
    assert str(outcome) == "malformed"


async def test_a_body_that_ends_with_the_connection_is_complete_r1(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(answering(b"HTTP/1.0 200 OK\r\n\r\nall of it", keeps_open=False))
    assert (await live().send(get(receiver.url()), PASSAGE)).succeeded


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n", None),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", None),
        (b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n", None),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 101),
    ],
)
async def test_an_answer_of_1xx_alone_is_informational_and_fails_r2(
    receive: Receive, live: MakeWire, answer: bytes, status: int | None
) -> None:
    receiver = await receive(answering(answer, keeps_open=False))
    outcome = await live().send(get(receiver.url()), PASSAGE)
    assert (outcome.kind, outcome.status) == (Kind.INFORMATIONAL, status)
    assert not outcome.succeeded


async def test_a_1xx_before_the_answer_is_passed_over_r2(receive: Receive, live: MakeWire) -> None:
    receiver = await receive(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK)
    assert (await live().send(get(receiver.url()), PASSAGE)).status == 200


class Authority:
    """An authority that the wire trusts, and receivers with its certificates or with others."""

    def __init__(self) -> None:
        self._authority, self._stranger = trustme.CA(), trustme.CA()
        self.trust = create_default_context()
        self._authority.configure_trust(self.trust)

    def valid(self) -> SSLContext:
        return self._context(self._authority.issue_cert("localhost", "127.0.0.1"))

    def unknown(self) -> SSLContext:
        return self._context(self._stranger.issue_cert("127.0.0.1"))

    def expired(self) -> SSLContext:
        past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        return self._context(self._authority.issue_cert("127.0.0.1", not_after=past))

    def of_another_host(self) -> SSLContext:
        return self._context(self._authority.issue_cert("crm.example"))

    def demanding(self) -> SSLContext:
        context = self.valid()
        context.verify_mode = CERT_REQUIRED
        return context

    def _context(self, certificate: trustme.LeafCert) -> SSLContext:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_receiver_with_a_trusted_certificate_is_reached(
    receive: Receive, live: MakeWire, authority: Authority, host: str
) -> None:
    receiver, wire = await receive(ssl=authority.valid()), live(ssl=authority.trust)
    for _ in range(3):
        assert (await wire.send(get(receiver.url(host=host, scheme="https")), PASSAGE)).succeeded
    assert len(receiver.requests) == 3


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("unknown", "unable to get local issuer certificate"),
        ("expired", "certificate has expired"),
        ("of_another_host", "IP address mismatch"),
    ],
)
async def test_a_certificate_that_is_not_trusted_is_tls_and_sees_no_request_r2(
    receive: Receive, live: MakeWire, authority: Authority, certificate: str, reason: str
) -> None:
    receiver = await receive(ssl=getattr(authority, certificate)())
    outcome = await live(ssl=authority.trust).send(get(receiver.url(scheme="https")), PASSAGE)
    assert outcome.kind is Kind.TLS
    assert outcome.error.startswith("certificate not accepted: ")
    assert reason in outcome.error
    assert receiver.requests == []


async def test_a_receiver_that_demands_a_certificate_of_ours_is_tls_r2(live: MakeWire, authority: Authority) -> None:
    """It says so only after our side of the handshake, when the request is already on its way."""

    async def demand(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = MemoryBIO(), MemoryBIO()
        handshake = authority.demanding().wrap_bio(incoming, outgoing, server_side=True)
        with suppress(SSLError):
            while True:
                with suppress(SSLWantReadError):
                    handshake.do_handshake()
                writer.write(outgoing.read())
                incoming.write(await reader.read(65536))
        writer.write(outgoing.read())
        writer.write_eof()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(demand, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        outcome = await live(ssl=authority.trust).send(get(url), PASSAGE)
    assert (outcome.kind, outcome.error) == (
        Kind.TLS,
        "connection refused by TLS: tlsv13 alert certificate required",
    )


async def test_without_a_context_the_systems_trust_holds(
    receive: Receive, live: MakeWire, authority: Authority
) -> None:
    receiver = await receive(ssl=authority.valid())
    assert (await live().send(get(receiver.url(scheme="https")), PASSAGE)).kind is Kind.TLS


async def test_a_port_that_speaks_no_tls_is_tls_r2(receive: Receive, live: MakeWire, authority: Authority) -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await live(ssl=authority.trust).send(get(f"https://127.0.0.1:{port}/"), PASSAGE)
    assert (outcome.kind, outcome.error) == (Kind.TLS, "handshake failed: wrong version number")


async def test_a_handshake_that_never_ends_is_a_connect_timeout_r2(live: MakeWire, authority: Authority) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        assert (await live(0.3, ssl=authority.trust).send(get(url), PASSAGE)).kind is Kind.CONNECT_TIMEOUT


async def test_a_handshake_that_is_broken_off_is_a_reset_r2(live: MakeWire, authority: Authority) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert (await live(ssl=authority.trust).send(get(url), PASSAGE)).kind is Kind.RESET


def test_a_machine_out_of_sockets_is_no_failure_of_the_receiver() -> None:
    key: Any = None
    with pytest.raises(Unavailable, match="EMFILE"):
        explain(ClientConnectorError(key, OSError(errno.EMFILE, "Too many open files")))


async def test_a_source_address_of_another_machine_is_no_failure_of_the_receiver(
    receive: Receive, live: MakeWire
) -> None:
    receiver = await receive()
    with pytest.raises(Unavailable, match="EADDRNOTAVAIL"):
        await live(source_address="192.0.2.1").send(get(receiver.url()), PASSAGE)


def test_a_failure_that_nobody_foresaw_is_still_a_kind() -> None:
    assert explain(ClientError("whatever")) == (Kind.MALFORMED, "the answer cannot be read (ClientError)")


async def test_no_text_holds_a_port_a_path_or_a_secret(receive: Receive, live: MakeWire, free_port: int) -> None:
    """Ports differ from run to run and would spoil the digest; paths hold values, headers secrets (S7)."""

    async def echo(caller: Caller) -> None:
        await caller.say(receiver.requests[-1])

    receiver = await receive(echo)
    for port in (receiver.port, free_port):
        outcome = await live().send(get(f"http://127.0.0.1:{port}/path?q=value"), PASSAGE)
        assert not outcome.succeeded
        assert not any(part in repr(outcome) for part in (str(port), "path", "value", "s3cret", "127.0.0.1"))


ANSWERS = st.lists(
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 103 Early\r\n",
            b"HTTP/1.0 302 Found\r\n",
            b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n",
            b"Content-Length: 3\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Content-Encoding: gzip\r\n",
            b"Connection: close\r\n",
            b"Set-Cookie: \xff=\x80; Path\r\n",
            b"Location: http://[bad/\r\n",
            b"\r\n",
            b"3\r\nabc\r\n",
            b"0\r\n\r\n",
            b"abc",
            b" ",
            b"\x00",
        ]
    )
    | st.binary(max_size=8),
    max_size=8,
).map(b"".join)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANSWERS, cut=st.booleans())
@example(answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", cut=False)
@example(answer=OK + b"and more", cut=False)
async def test_whatever_comes_back_is_an_outcome_and_the_next_attempt_is_clean_r2(answer: bytes, cut: bool) -> None:
    async def behave(caller: Caller) -> None:
        if caller_says.pop():
            await caller.say(OK)
            return
        await caller.say(answer)
        if cut:
            caller.reset()

    caller_says = [True, False]
    receiver = Receiver(behave)
    await receiver.start("127.0.0.1", None)
    wire = LiveWire(2, targets=Targets(), user_agent="x")
    try:
        first = await wire.send(get(receiver.url()), PASSAGE)
        second = await wire.send(get(receiver.url()), PASSAGE)
    finally:
        await wire.close()
        await receiver.stop()
    assert isinstance(first, Outcome)
    assert not first.timed_out
    assert second.status == 200
    assert len(receiver.requests) == 2
