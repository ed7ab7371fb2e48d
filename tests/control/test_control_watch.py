"""`control/watch`: what a log tells of a simulation that nobody looks at."""

from __future__ import annotations

import logging

import pytest
from served import Served, served, status

from simulator.errors import StoreUnusable


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="simulator.control")
    return caplog


async def test_a_subscription_that_the_provider_disabled_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """R7, R8"""
    async with served(status(503)) as face:
        face.subscribe(name="crm", header_auth_key="X-Token", header_auth_value="s3cret")
        await face.emit(count=100)
        await face.advance(60)
        face.sim.commit()
    (line,) = (record.getMessage() for record in caplog.records)
    assert line.startswith('subscription "crm", revision 2: auto-disabled: 100 attempts within 48 h')
    assert "s3cret" not in caplog.text


async def test_every_change_by_people_is_told(face: Served, caplog: pytest.LogCaptureFixture) -> None:
    crm = face.subscribe(name="crm")
    for change in ({"enabled": False}, {"enabled": True}):
        await face.patch("/simulator/subscriptions/crm", {"definition": change})
    await face.delete(f"/simulator/subscriptions/{crm.id}")
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "disabled by the customer (R6)",
        "enabled",
        "deleted",
    ]


async def test_an_engine_that_stops_is_told_loudly_and_walks_end(
    face: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with face.sim.clock.holding():
        await face.post("/simulator/clock/advance", {"by": "1h", "wait": False})
        face.sim.fail(StoreUnusable("run.sqlite: the disk is full"))
        while (await face.get("/simulator/clock")).json["advancing_to"]:
            pass
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == (
        "ERROR",
        "the engine has stopped: run.sqlite: the disk is full",
    )
