"""What the guide promises, measured to the microsecond over real HTTP: instants, counts and boundaries (R1–R4, R7).

The receiver is real, its answers are written for each request. Where time stands while requests are on the wire, an
answer that takes less than a second costs nothing, so every instant is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from loopback import Loopback
from stage import DAY, HOUR, LADDER, START, Stage, instant, with_readings

from simulator.clock.pace import ELASTIC, JUMP, Pace
from simulator.domain import order
from simulator.domain.instant import SECOND

OverHttp = Callable[..., Stage]

EVENT = order.EVENT


# R3, R4: the ladder


async def test_the_attempts_of_a_failing_delivery_stand_at_the_documented_instants_r3(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    attempts = stage.attempts()
    assert [row["started_at"] for row in attempts] == [START + seconds * SECOND for seconds in LADDER]
    assert [row["due_at"] for row in attempts] == [row["started_at"] for row in attempts]
    assert [row["number"] for row in attempts] == [1, 2, 3, 4, 5, 6]
    assert stage.standing(1) == ("exhausted", "the last attempt of the ladder failed (R3)")
    assert len(receiver.hits) == 6


async def test_after_the_sixth_failure_nothing_is_ever_sent_again_r3(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 6
    assert stage.clock.next_due() is None


@pytest.mark.parametrize("fails", range(6))
async def test_a_success_stops_the_chain_r3(stage: Stage, receiver: Loopback, fails: int) -> None:
    receiver.script(*[500] * fails, 204)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER[: fails + 1]
    assert stage.states() == ["delivered"]


@pytest.mark.parametrize("paces", [JUMP, ELASTIC])
async def test_a_microsecond_before_it_is_due_no_retry_leaves_r3(
    over_http: OverHttp, receiver: Loopback, paces: Any
) -> None:
    receiver.script(503)
    stage = over_http()
    stage.subscribe()
    stage.emit()
    for number, seconds in enumerate(LADDER[1:], 1):
        await stage.clock.advance_to(instant(seconds) - 1)
        assert len(receiver.hits) == number
        await stage.clock.advance_to(instant(seconds))
        assert len(receiver.hits) == number + 1


@pytest.mark.parametrize("pace", [JUMP, ELASTIC], ids=str)
async def test_where_idle_time_is_skipped_every_attempt_starts_at_the_very_instant_at_which_it_is_due_r3(
    over_http: OverHttp, receiver: Loopback, pace: Pace
) -> None:
    """Also the first attempts of two subscriptions that hear one event, and retries beside other work."""
    receiver.script(503)
    stage = over_http()
    stage.subscribe()
    stage.subscribe("/other")
    for minutes in range(3):
        stage.sim.plan("demo", "lead_changed", {"LEAD_ID": "7"}, instant(60 * minutes + 1))
    stage.clock.set_pace(pace)
    await stage.until(HOUR)
    attempts = stage.attempts()
    assert len(attempts) == 3 * 2 * 4
    assert [row["started_at"] - row["due_at"] for row in attempts] == [0] * len(attempts)


@pytest.mark.parametrize(
    ("since", "starts"),
    [("end", [0, 40, 350, 2_160, 12_970, 84_980]), ("start", LADDER)],
)
async def test_a_timeout_costs_exactly_the_limit_and_the_delay_runs_from_its_end_or_its_start_r4(
    over_http: OverHttp, receiver: Loopback, since: str, starts: list[int]
) -> None:
    receiver.script(None)
    stage = over_http(timeout_seconds=0.05, profile=with_readings(retry_delay_from=since))
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == starts
    assert all(row["outcome"].endswith("_timeout") for row in stage.attempts())
    assert {row["ended_at"] - row["started_at"] for row in stage.attempts()} == {10 * SECOND}


async def test_jitter_moves_retries_by_its_share_at_most_and_by_seed_r4(
    over_http: OverHttp, receiver: Loopback
) -> None:
    receiver.script(503)

    async def gaps(seed: int) -> list[float]:
        stage = over_http(profile=with_readings(retry_jitter=0.1), seed=seed)
        stage.subscribe()
        stage.emit()
        await stage.settle()
        starts = stage.starts()
        return [after - before for before, after in pairwise(starts)]

    first, again, other = await gaps(1), await gaps(1), await gaps(2)
    assert first == again != other
    for gap, delay in zip(first, [30, 300, 1_800, 10_800, 72_000], strict=True):
        assert 0.9 * delay <= gap <= 1.1 * delay
        assert gap != delay


# R2: what fails, and what is never followed


@pytest.mark.parametrize("code", [201, 204, 299])
async def test_every_2xx_succeeds_r1(stage: Stage, receiver: Loopback, code: int) -> None:
    receiver.script(code)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert [(row["outcome"], row["status"]) for row in stage.attempts()] == [("success", code)]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (304, "redirect"),
        (404, "client_error"),
        (500, "server_error"),
        (b"", "reset"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "informational"),
        (b"nothing of HTTP\r\n\r\n", "malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "malformed"),
    ],
)
async def test_everything_else_fails_and_is_retried_r2(
    stage: Stage, receiver: Loopback, reply: int | bytes, outcome: str
) -> None:
    receiver.script(reply)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER
    assert {row["outcome"] for row in stage.attempts()} == {outcome}
    assert len(receiver.hits) == 6


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_the_target_of_a_redirect_gets_no_request_r2(stage: Stage, receiver: Loopback, code: int) -> None:
    location = f"HTTP/1.1 {code} Elsewhere\r\nLocation: {receiver.url}/elsewhere\r\nContent-Length: 0\r\n\r\n"
    receiver.script(location.encode())
    stage.subscribe("/here?id=<LEAD_ID>")
    stage.emit()
    await stage.settle()
    assert receiver.targets() == ["/here?id=7"] * 6
    assert {row["outcome"] for row in stage.attempts()} == {"redirect"}


# R7: auto-disable


async def test_the_99th_failing_attempt_leaves_enabled_and_the_100th_disables_r7(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(99)
    await stage.now()
    assert len(stage.attempts()) == 99
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert len(stage.attempts()) == 100
    assert not stage.enabled(subscription)
    assert stage.latest(subscription).disabled_at == START
    assert stage.latest(subscription).disabled_reason.startswith("auto-disabled: 100 attempts within 48 h")


async def test_retries_count_like_first_attempts_r7(stage: Stage, receiver: Loopback) -> None:
    """16 deliveries make 96 attempts; of the next 16 the fourth trips the rule."""
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(16)
    await stage.settle()
    assert (len(stage.attempts()), stage.enabled(subscription)) == (96, True)
    for _ in range(3):
        stage.emit()
        await stage.now()
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert not stage.enabled(subscription)


async def test_the_hundredth_failure_cancels_every_retry_for_good_r6_r8(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit_many(100)
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 100
    assert stage.states() == ["cancelled"] * 100
    assert {stage.standing(number)[1] for number in range(1, 101)} == {
        "auto-disabled: 100 attempts within 48 h and no success among them (R7)"
    }


@pytest.mark.parametrize(
    ("seconds", "disabled_after"),
    [(48 * HOUR - 1, 48 * HOUR - 1), (48 * HOUR, 48 * HOUR + 30)],
    ids=["47:59:59", "48:00:00"],
)
async def test_attempts_leave_the_window_exactly_48_hours_later_r7(
    stage: Stage, receiver: Loopback, seconds: int, disabled_after: int
) -> None:
    """60 failures, the first of them at second 0, then 40 at once: with it they are 100, without it 99."""
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(60)
    stage.emit_many(9)
    await stage.until(seconds)
    assert len(stage.attempts()) == 60
    stage.emit_many(40)
    await stage.until(seconds + 30)
    assert stage.latest(subscription).disabled_at == instant(disabled_after)


@pytest.mark.parametrize(("seconds", "enabled"), [(48 * HOUR - 1, True), (48 * HOUR, False)])
async def test_a_success_blocks_for_exactly_48_hours_r7(
    stage: Stage, receiver: Loopback, seconds: int, enabled: bool
) -> None:
    receiver.script(200, 503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(seconds)
    stage.emit_many(120)
    await stage.now()
    assert stage.enabled(subscription) is enabled


async def test_one_success_among_hundreds_of_failures_keeps_the_subscription_enabled_r7(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.answer = lambda hit: 200 if hit.number == 77 else 503
    subscription = stage.subscribe()
    stage.emit_many(60)
    await stage.settle()
    assert len(stage.attempts()) > 300
    assert stage.enabled(subscription)


async def test_under_the_other_reading_only_48_hours_of_nothing_but_failures_disable_r7(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """`autodisable_window: sustained`."""
    receiver.script(503)
    stage = over_http(profile=with_readings(autodisable_window="sustained"))
    subscription = stage.subscribe()
    stage.emit()
    stage.at(48 * HOUR - 1, partial(stage.emit_many, 150), rank=EVENT)
    await stage.until(48 * HOUR - 1)
    assert len(stage.attempts()) == 156
    assert stage.enabled(subscription)
    stage.at(48 * HOUR, stage.emit, rank=EVENT)
    await stage.until(48 * HOUR)
    assert stage.latest(subscription).disabled_at == instant(48 * HOUR)


async def test_under_the_other_reading_a_success_starts_the_48_hours_afresh_r7(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """`autodisable_window: sustained`: failing since hour 30, the subscription is disabled at hour 78."""
    receiver.answer = lambda hit: 200 if hit.number == 7 else 503
    stage = over_http(profile=with_readings(autodisable_window="sustained"))
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(29 * HOUR)
    stage.emit()
    await stage.until(30 * HOUR)
    stage.emit()
    await stage.until(77 * HOUR)
    stage.emit_many(120)
    await stage.now()
    assert stage.enabled(subscription)
    stage.at(78 * HOUR, stage.emit, rank=EVENT)
    await stage.until(78 * HOUR)
    assert stage.latest(subscription).disabled_at == instant(78 * HOUR)
