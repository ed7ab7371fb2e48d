"""`/simulator/faults`: what is done to the wire on purpose."""

from __future__ import annotations

import pytest
from served import Served, at

FAULTS = "/simulator/faults"


async def outcomes(face: Served, delivery: int = 1) -> list[str]:
    told = (await face.get(f"/simulator/deliveries/{delivery}")).json
    return [one["fault"] or one["outcome"] for one in told["attempts"]]


async def test_a_fault_acts_from_now_on_and_until_it_is_cleared(face: Served) -> None:
    face.subscribe()
    said = await face.post(FAULTS, {"kind": "status", "status": 502, "name": "gateway"})
    assert said.status == 201
    assert said.json["id"] == "gateway"
    assert said.json["active"]
    await face.emit()
    await face.advance(0)
    assert [one["id"] for one in (await face.delete(FAULTS)).json["cleared"]] == ["gateway"]
    await face.advance(30)
    told = (await face.get("/simulator/deliveries/1")).json
    assert [one["status"] for one in told["attempts"]] == [502, 200]


async def test_a_fault_ends_by_itself_after_its_time(face: Served) -> None:
    said = await face.post(FAULTS, {"kind": "refuse", "for": "6h"})
    assert said.json["until"] == at(6 * 3_600)
    assert said.json["summary"] == "refuse · 6h"
    await face.advance(6 * 3_600)
    (told,) = (await face.get(FAULTS)).json["faults"]
    assert not told["active"]


async def test_a_fault_acts_only_where_it_is_aimed(face: Served) -> None:
    face.subscribe(name="crm")
    face.subscribe("lead_created", name="jobs")
    await face.post(FAULTS, {"kind": "reset", "subscription": "jobs", "attempt": [1]})
    await face.emit()
    await face.emit("lead_created")
    await face.advance(30)
    assert await outcomes(face, 1) == ["success"]
    assert await outcomes(face, 2) == ["reset", "success"]


async def test_faults_without_a_name_are_numbered(face: Served) -> None:
    ids = [(await face.post(FAULTS, {"kind": "dns"})).json["id"] for _ in range(2)]
    await face.delete(FAULTS)
    ids.append((await face.post(FAULTS, {"kind": "dns"})).json["id"])
    assert ids == ["fault-1", "fault-2", "fault-3"]


async def test_a_name_is_used_once(face: Served) -> None:
    await face.post(FAULTS, {"kind": "dns", "name": "fault-2"})
    assert (await face.post(FAULTS, {"kind": "dns", "name": "fault-2"})).status == 409
    assert (await face.post(FAULTS, {"kind": "dns"})).json["id"] == "fault-3"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", []),
        ("?id=a", ["b", "c"]),
        ("?kind=dns", ["b"]),
        ("?subscription=crm", ["a", "b"]),
        ("?kind=tls&subscription=crm", ["a", "b", "c"]),
    ],
)
async def test_only_those_that_are_meant_are_cleared(face: Served, query: str, left: list[str]) -> None:
    face.subscribe(name="crm")
    await face.post(FAULTS, {"kind": "dns", "name": "a"})
    await face.post(FAULTS, {"kind": "tls", "name": "b"})
    await face.post(FAULTS, {"kind": "dns", "name": "c", "subscription": "crm"})
    await face.delete(f"{FAULTS}{query}")
    assert [one["id"] for one in (await face.get(FAULTS)).json["faults"] if one["active"]] == left


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "is missing"),
        ({"kind": "flood"}, 422, "should be"),
        ({"kind": "refuse", "status": 500}, 422, "status belongs to"),
        ({"kind": "refuse", "delay": "5s"}, 422, "delay belongs to"),
        ({"kind": "slow", "period": "5s"}, 422, "period belongs to"),
        ({"kind": "flap", "period": "0s"}, 422, "longer than nothing"),
        ({"kind": "status", "status": 600}, 422, "less than or equal to 599"),
        ({"kind": "refuse", "probability": 0}, 422, "greater than 0"),
        ({"kind": "refuse", "attempt": [0]}, 422, "greater than or equal to 1"),
        ({"kind": "refuse", "for": "30000d"}, 422, "is longer than 3650d"),
        ({"kind": "refuse", "event": "lead_chnged"}, 422, 'did you mean "lead_changed"?'),
        ({"kind": "refuse", "subscription": "nobody"}, 404, "there is no subscription"),
    ],
)
async def test_a_fault_that_cannot_be_is_refused(face: Served, body: object, status: int, words: str) -> None:
    said = await face.post(FAULTS, body)
    assert said.status == status
    assert words in said.words
    assert (await face.get(FAULTS)).json["faults"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "refuse", "status": 500}, "status"),
        ({"kind": "refuse", "delay": "5s"}, "delay"),
        ({"kind": "slow", "period": "5s"}, "period"),
        ({"kind": "flap", "period": "0s"}, "period"),
        ({"kind": "refuse", "for": "0s"}, "for"),
        ({"kind": "refuse", "for": "4000d"}, "for"),
        ({"kind": "slow", "delay": "4000d"}, "delay"),
        ({"kind": "flap", "period": "4000d"}, "period"),
        ({"kind": "refuse", "attempt": [1, 7]}, "attempt[1]"),
    ],
)
async def test_what_does_not_fit_its_kind_names_its_field(face: Served, body: object, field: str) -> None:
    assert (await face.post(FAULTS, body)).fields == [field]


async def test_a_fault_ends_within_the_calendar(face: Served) -> None:
    await face.post("/simulator/clock/advance", {"to": "2099-01-01T00:00:00Z"})
    assert "end of the calendar" in (await face.post(FAULTS, {"kind": "refuse", "for": "3650d"})).words


async def test_the_finer_points_of_a_fault_arrive(face: Served) -> None:
    await face.post(FAULTS, {"kind": "slow", "delay": "3s"})
    await face.post(FAULTS, {"kind": "flap", "period": "2m"})
    slow, flap = face.sim.faults
    assert (slow.delay_us, flap.period_us) == (3_000_000, 120_000_000)
