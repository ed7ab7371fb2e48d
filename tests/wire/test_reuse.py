"""Connections are used again only where that cannot change what the record says.

The receivers here run in threads of their own, on blocking sockets: whether they close before or after the next
request leaves is up to the operating system, as in real life.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from raw_receiver import OK, PASSAGE, Caller, MakeWire, Receive, answering

from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.wire import reuse
from simulator.wire.live import LiveWire
from simulator.wire.reuse import IDLE_SECONDS, TRIAL_SECONDS

Serve = Callable[[socket.socket, int], bool]
"""Answers one request, given how many the connection has brought; False: it closes the connection."""


class Blocking:
    """A receiver in threads; `hits` counts the requests that its program has read."""

    def __init__(self, serve: Serve, *, one_at_a_time: bool = False) -> None:
        self._serve, self._one_at_a_time = serve, one_at_a_time
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.hits = 0
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                if self._one_at_a_time:
                    self._meet(connection)
                else:
                    threading.Thread(target=self._meet, args=[connection], daemon=True).start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _meet(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection, suppress(OSError):
            brought = 0
            while self._reads(connection):
                brought += 1
                if not self._serve(connection, brought):
                    break

    def _reads(self, connection: socket.socket) -> bool:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            if not (data := connection.recv(65536)):
                return False
            request += data
        with self._lock:
            self.hits += 1
        return True


@contextmanager
def blocking(serve: Serve, *, one_at_a_time: bool = False) -> Iterator[Blocking]:
    receiver = Blocking(serve, one_at_a_time=one_at_a_time)
    thread = threading.Thread(target=receiver.run, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop()
        thread.join()


def keeps(connection: socket.socket, _: int) -> bool:
    connection.sendall(OK)
    return True


async def send(wire: LiveWire, url: str, times: int) -> list[Outcome]:
    return [await wire.send(Request("GET", url), PASSAGE) for _ in range(times)]


async def pass_trial(wire: LiveWire, url: str) -> None:
    """Two attempts begin the trial; then its time goes by."""
    await send(wire, url, 2)
    await asyncio.sleep(2 * TRIAL_SECONDS)


@pytest.mark.parametrize("delay", [0.0, 0.0005, 0.005, 0.03])
async def test_a_receiver_that_closes_silently_after_each_answer_is_hit_as_often_as_the_record_says(
    live: MakeWire, delay: float
) -> None:
    """Neither is a request sent again, nor does one fail because it ran into the closing door."""

    def answer_and_close(connection: socket.socket, _: int) -> bool:
        connection.sendall(OK)
        time.sleep(delay)
        return False

    with blocking(answer_and_close) as receiver:
        outcomes = await send(live(), receiver.url, 200)
        assert [str(outcome) for outcome in outcomes] == ["200"] * 200
        assert receiver.hits == 200


async def test_many_at_once_to_such_a_receiver_are_counted_right_too(live: MakeWire) -> None:
    def answer_and_close(connection: socket.socket, _: int) -> bool:
        connection.sendall(OK)
        return False

    with blocking(answer_and_close) as receiver:
        wire = live(10)
        rounds = await asyncio.gather(*(send(wire, receiver.url, 20) for _ in range(20)))
        assert all(outcome.succeeded for outcomes in rounds for outcome in outcomes)
        assert receiver.hits == 400


async def test_a_receiver_that_reads_and_closes_without_an_answer_is_hit_once_each_time(live: MakeWire) -> None:
    with blocking(lambda *_: False) as receiver:
        outcomes = await send(live(), receiver.url, 50)
        assert {outcome.kind for outcome in outcomes} == {Kind.RESET}
        assert receiver.hits == 50


async def test_a_used_connection_that_breaks_under_a_request_is_one_hit_and_one_reset(live: MakeWire) -> None:
    """aiohttp left alone sends a GET again here, and the receiver sees one more than the record."""

    def break_every_fourth(connection: socket.socket, brought: int) -> bool:
        return brought % 4 != 0 and keeps(connection, brought)

    with blocking(break_every_fourth) as receiver:
        wire = live()
        await pass_trial(wire, receiver.url)
        outcomes = await send(wire, receiver.url, 50)
        assert receiver.hits == 52
        assert [outcome.kind for outcome in outcomes].count(Kind.RESET) == 1, "thereafter every connection is fresh"


async def test_a_reset_on_a_fresh_connection_says_nothing_about_reuse(
    receive: Receive, live: MakeWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse, "IDLE_SECONDS", 60.0)  # however busy this machine is, no line becomes too old meanwhile
    receiver, wire = await receive(answering(b"", keeps_open=False)), live()
    assert (await send(wire, receiver.url(), 1))[0].kind is Kind.RESET
    receiver.behave = answering(OK)
    await pass_trial(wire, receiver.url())
    before = receiver.connections
    await send(wire, receiver.url(), 10)
    assert receiver.connections == before


async def test_a_receiver_that_keeps_connections_open_is_met_on_the_same_one_again(live: MakeWire) -> None:
    with blocking(keeps) as receiver:
        wire = live()
        await pass_trial(wire, receiver.url)
        before = receiver.connections
        outcomes = await send(wire, receiver.url, 100)
        assert all(outcome.succeeded for outcome in outcomes)
        assert receiver.connections <= before + 1


async def test_until_the_trial_is_over_every_attempt_gets_a_fresh_connection(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(), live()
    await send(wire, receiver.url(), 5)
    assert receiver.connections == 5


async def test_a_receiver_that_announces_the_end_of_the_connection_is_believed(live: MakeWire) -> None:
    def announce(connection: socket.socket, _: int) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        return False

    with blocking(announce) as receiver:
        outcomes = await send(live(), receiver.url, 50)
        assert all(outcome.succeeded for outcome in outcomes)
        assert receiver.hits == receiver.connections == 50


async def test_a_close_that_the_event_loop_has_not_seen_yet_is_seen(receive: Receive, live: MakeWire) -> None:
    """The receiver passes the trial and closes later; only a look at the socket tells in time."""
    callers: list[Caller] = []

    async def keep(caller: Caller) -> bool:
        callers.append(caller)
        await caller.say(OK)
        return True

    receiver, wire = await receive(keep), live()
    await pass_trial(wire, receiver.url())
    await send(wire, receiver.url(), 1)
    callers[-1].writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    assert (await send(wire, receiver.url(), 1))[0].succeeded


@pytest.mark.parametrize("later", [False, True])
async def test_stray_bytes_after_an_answer_are_not_taken_for_the_next_one(
    receive: Receive, live: MakeWire, later: bool
) -> None:
    """Some servers say 408 on an idle connection; that is nobody's answer."""
    stray = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"

    async def say_more(caller: Caller) -> bool:
        if not later:
            await caller.say(OK + stray)
            return True
        await caller.say(OK)
        await asyncio.sleep(0.01)
        await caller.say(stray)
        return True

    receiver, wire = await receive(), live()
    await pass_trial(wire, receiver.url())
    receiver.behave = say_more
    for _ in range(3):
        assert (await send(wire, receiver.url(), 1))[0].status == 200
        await asyncio.sleep(0.03)


async def test_a_receiver_that_serves_one_connection_at_a_time_is_not_locked_out(live: MakeWire) -> None:
    with blocking(keeps, one_at_a_time=True) as receiver:
        wire = live(5)
        outcomes = await send(wire, receiver.url, 20)
        await wire.close()
        assert all(outcome.succeeded for outcome in outcomes)
        assert all(outcome.real_us < 1_000_000 for outcome in outcomes), "none is charged a second"


async def test_a_connection_that_stood_idle_is_not_used_again(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(), live()
    await pass_trial(wire, receiver.url())
    await send(wire, receiver.url(), 3)
    assert receiver.connections == 2
    await asyncio.sleep(IDLE_SECONDS + 0.1)
    await send(wire, receiver.url(), 3)
    assert receiver.connections == 3


async def test_each_receiver_is_judged_for_itself(live: MakeWire) -> None:
    with ExitStack() as stack:
        good = stack.enter_context(blocking(keeps))
        bad = stack.enter_context(blocking(lambda connection, brought: keeps(connection, brought) and False))
        wire = live()
        await pass_trial(wire, good.url)
        await pass_trial(wire, bad.url)
        await send(wire, bad.url, 20)
        before = good.connections
        await send(wire, good.url, 20)
        assert good.connections <= before + 1
        assert bad.hits == bad.connections == 22


async def test_a_wire_is_closed_in_the_middle_of_a_trial_without_leaving_anything_open(
    receive: Receive, live: MakeWire
) -> None:
    both_gone = asyncio.Barrier(3)

    async def keep(caller: Caller) -> None:
        await caller.say(OK)
        await caller.hung_up()
        await both_gone.wait()

    receiver, wire = await receive(keep), live()
    await send(wire, receiver.url(), 2)
    await wire.close()
    async with asyncio.timeout(5):
        await both_gone.wait()


async def test_a_burst_at_a_new_receiver_is_served_on_fresh_connections(receive: Receive, live: MakeWire) -> None:
    receiver, wire = await receive(answering(OK, after=0.01)), live()
    rounds = await asyncio.gather(*(send(wire, receiver.url(), 3) for _ in range(30)))
    assert all(outcome.succeeded for outcomes in rounds for outcome in outcomes)
    assert len(receiver.requests) == 90
