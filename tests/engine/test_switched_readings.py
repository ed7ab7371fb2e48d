"""Readings that shape requests, time limits and quotas; those of retries and disabling stand with their clauses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from loopback import Loopback, Unfinished
from stage import Stage, with_readings

from simulator.errors import Invalid

OverHttp = Callable[..., Stage]


@pytest.mark.parametrize(
    ("switched", "target"),
    [
        ({}, "/in?status=a%20b%2Cc%26d"),
        ({"space_encoding": "+"}, "/in?status=a+b%2Cc%26d"),
        ({"comma_encoding": ","}, "/in?status=a%20b,c%26d"),
    ],
)
async def test_the_encoding_of_values_is_a_reading_e6(
    over_http: OverHttp, receiver: Loopback, switched: dict[str, str], target: str
) -> None:
    stage = over_http(profile=with_readings(**switched))
    stage.subscribe("/in?status=<STATUS>", event="project_status_changed")
    stage.emit("project_status_changed", PROJECT_ID="p", STATUS="a b,c&d")
    await stage.settle()
    assert receiver.targets() == [target]


@pytest.mark.parametrize(("unknown", "target"), [("empty", "/in?id=7&x="), ("keep", "/in?id=7&x=<NOBODY>")])
async def test_what_an_unknown_placeholder_becomes_is_a_reading_s10(
    over_http: OverHttp, receiver: Loopback, unknown: str, target: str
) -> None:
    stage = over_http(profile=with_readings(unknown_placeholder=unknown))
    stage.subscribe("/in?id=<LEAD_ID>&x=<NOBODY>")
    stage.emit()
    await stage.settle()
    assert receiver.targets() == [target]


@pytest.mark.parametrize(("scope", "outcome"), [("total", "body_timeout"), ("headers", "success")])
async def test_a_body_that_never_ends_fails_or_is_left_out_of_the_account_r1(
    over_http: OverHttp, receiver: Loopback, scope: str, outcome: str
) -> None:
    """`timeout_scope`."""
    receiver.script(Unfinished(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
    stage = over_http(timeout_seconds=0.5, scope=scope)
    stage.subscribe()
    stage.emit()
    await stage.until(10)
    assert [(row["outcome"], row["status"]) for row in stage.attempts()] == [(outcome, 200)]


@pytest.mark.parametrize("counts_disabled", [True, False])
async def test_whether_disabled_subscriptions_count_for_the_limit_is_a_reading_s9(
    over_http: OverHttp, counts_disabled: bool
) -> None:
    stage = over_http(profile=with_readings(limit_counts_disabled=counts_disabled))
    for _ in range(5):
        stage.subscribe(enabled=False)
    if counts_disabled:
        with pytest.raises(Invalid, match="lead_changed has 5 subscriptions in this tenant already"):
            stage.subscribe()
    else:
        assert stage.subscribe().enabled
