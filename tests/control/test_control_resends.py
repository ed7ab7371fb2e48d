"""`POST /simulator/resend` and its progress (R10)."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import Served, at, served, status

RESEND = "/simulator/resend"


async def missed(face: Served, count: int, *, name: str = "crm", event: str = "lead_changed") -> None:
    """So many deliveries that nobody will send by itself: the subscription was off when they occurred."""
    subscription = face.subscribe(event, name=name, enabled=False)
    await face.emit(event, count=count)
    face.sim.subscriptions.enable(subscription.id)


def states(face: Served) -> dict[str, int]:
    face.sim.commit()
    return dict(face.sim.ledger.db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall())


async def test_everything_missed_is_sent_again(face: Served) -> None:
    await missed(face, 3)
    said = await face.post(RESEND, {})
    assert said.status == 200
    assert (said.json["finished"], said.json["resent"], said.json["refused"]) == (True, 3, 0)
    await face.advance(0)
    assert states(face) == {"delivered": 3}


async def test_a_long_one_goes_on_and_its_progress_can_be_read(face: Served) -> None:
    """Nobody has to wait for it, and the engine is asked other things meanwhile."""
    await missed(face, 1_000)
    said = await face.post(RESEND, {})
    assert (said.status, said.json["finished"]) == (202, False)
    path = said.headers["Location"]
    progress = [said.json["resent"]]
    while not (told := (await face.get(path)).json)["finished"]:
        progress.append(told["resent"])
    assert told["resent"] == 1_000
    assert progress == sorted(progress)
    assert [one["id"] for one in (await face.get(RESEND)).json["resends"]] == [said.json["id"]]
    await face.advance(0)
    assert states(face) == {"delivered": 1_000}


async def test_it_goes_on_after_a_restart_and_resends_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    async with served(path=path) as face:
        await missed(face, 500)
        said = await face.post(RESEND, {})
        assert not said.json["finished"]
    async with served(path=path) as face:
        while not (told := (await face.get(f"{RESEND}/{said.json['id']}")).json)["finished"]:
            pass
        assert told["resent"] == 500
        moves = "SELECT count(*), count(DISTINCT delivery_id) FROM moves WHERE move = 'resend'"
        assert face.sim.ledger.db.execute(moves).fetchone() == (500, 500)
        await face.advance(0)
        assert states(face) == {"delivered": 500}


async def test_only_what_was_missed_between_two_instants(face: Served) -> None:
    subscription = face.subscribe(enabled=False)
    for _ in range(3):
        await face.emit()
        await face.advance(60)
    face.sim.subscriptions.enable(subscription.id)
    said = await face.post(RESEND, {"from": at(60), "to": at(120)})
    assert said.json["resent"] == 1
    await face.advance(0)
    assert states(face) == {"cancelled": 2, "delivered": 1}


@pytest.mark.parametrize(
    ("wanted", "resent"),
    [
        ({"subscription": "jobs"}, 3),
        ({"event": "lead_changed"}, 2),
        ({"tenant": "demo"}, 5),
        ({"tenant": "acme"}, 0),
        ({"states": ["exhausted"]}, 0),
    ],
)
async def test_only_what_a_filter_means(face: Served, wanted: dict[str, object], resent: int) -> None:
    await missed(face, 2, name="crm")
    await missed(face, 3, name="jobs", event="lead_created")
    assert (await face.post(RESEND, wanted)).json["resent"] == resent


async def test_what_was_delivered_is_sent_again_only_when_asked_for(face: Served) -> None:
    face.subscribe()
    await face.emit()
    await face.advance(0)
    assert (await face.post(RESEND, {})).json["resent"] == 0
    assert (await face.post(RESEND, {"states": ["delivered"]})).json["resent"] == 1


async def test_one_refusal_does_not_keep_back_the_others(face: Served) -> None:
    await missed(face, 2, name="crm")
    off = face.subscribe("lead_created", enabled=False)
    await face.emit("lead_created", count=30)
    said = await face.post(RESEND, {})
    assert (said.json["resent"], said.json["refused"]) == (2, 30)
    assert len(said.json["refusals"]) == 20
    assert "its subscription is disabled" in said.json["refusals"][0]["message"]
    assert off.id


async def test_what_begins_during_a_resend_is_not_meant() -> None:
    """It ends, also where everything that is resent fails again at once."""
    async with served(status(503)) as face:
        for event in ("lead_changed", "lead_created", "project_created", "project_changed", "agreement_status_changed"):
            await missed(face, 40, name=event, event=event)  # too few for one of them to be disabled
        said = await face.post(RESEND, {"states": ["cancelled", "pending"]})
        await face.emit(count=50)
        while not (told := (await face.get(f"{RESEND}/{said.json['id']}")).json)["finished"]:
            pass
        assert told["resent"] == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": at(60), "to": at(60)}, None),
        ({"from": "noon"}, "from"),
        ({"states": []}, "states"),
        ({"event": "lead_chnged"}, "event"),
        ({"states": ["filtered"]}, "states[0]"),
        ({"from_": at(0)}, None),
        ([], None),
    ],
)
async def test_a_choice_that_cannot_be_is_refused(face: Served, body: object, field: str | None) -> None:
    said = await face.post(RESEND, body)
    assert said.status == 422
    assert field in said.fields or field is None


async def test_one_fault_of_a_choice_is_told_once(face: Served) -> None:
    said = await face.post(RESEND, {"states": ["nope"]})
    assert said.fields == ["states[0]"]


async def test_a_subscription_that_does_not_exist_is_not_found(face: Served) -> None:
    assert (await face.post(RESEND, {"subscription": "crm"})).status == 404
    assert (await face.get(f"{RESEND}/1")).status == 404
