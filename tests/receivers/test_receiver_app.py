"""The views: what a receiver knows, as sorted JSON under fixed paths."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from simulator.receivers.catalogue import KINDS

if TYPE_CHECKING:
    from served_receiver import Serve, Served


SIGNED = "/agreement_status_changed?project_id=p1&agreement_id=a1&status=signed"


async def test_the_state_shows_objects_by_kind_and_id_with_their_status(robust: Served) -> None:
    await robust.get(SIGNED)
    await robust.get("/lead_changed?lead_id=l1")
    await robust.get("/asset_created?design_id=d1&asset_id=s2&asset_type=Design%20DXF")
    await robust.get("/asset_created?design_id=d1&asset_id=s1&asset_type=Design%20DXF")
    assert await robust.show("/state") == {
        "objects": {
            "agreement": {"a1": "signed"},
            "asset": {"s1": "created", "s2": "created"},
            "lead": {"l1": None},
        },
        "effects": [
            {"kind": "agreement", "id": "a1", "effect": "start post-sales workflow"},
            {"kind": "asset", "id": "s1", "effect": "download the asset"},
            {"kind": "asset", "id": "s2", "effect": "download the asset"},
        ],
    }


async def test_equal_knowledge_is_equal_text(serve: Serve) -> None:
    one, other = await serve(), await serve()
    targets = [f"/lead_created?lead_id=l{number}&source=api" for number in range(5)] + [SIGNED]
    for target in targets:
        await one.get(target)
    for target in reversed(targets):
        await other.get(target)
    texts = [await (await served.answer("/state"))[1].text() for served in (one, other)]
    assert texts[0] == texts[1]


async def test_one_object_shows_all_that_was_said_of_it(robust: Served) -> None:
    await robust.get(SIGNED)
    assert await robust.show("/agreements/a1") == {
        "kind": "agreement",
        "id": "a1",
        "status": "signed",
        "facts": {"agreement_status_changed": ["signed"], "project_id": ["p1"]},
        "effects": ["start post-sales workflow"],
        "to_be_read_back": False,
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_has_its_plural_as_an_alias(robust: Served, kind: str) -> None:
    event = KINDS[kind].events[0].name
    await robust.get(f"/{event}?{KINDS[kind].id}=x1&status=anything")
    assert list(await robust.show(f"/{kind}s")) == ["x1"]
    assert await robust.show(f"/{kind}s") == await robust.show(f"/state/{kind}")
    assert await robust.show(f"/{kind}s/x1") == await robust.show(f"/state/{kind}/x1")


async def test_an_object_of_which_no_status_is_known_shows_null(robust: Served) -> None:
    await robust.get("/lead_changed?lead_id=l1")
    assert await robust.show("/leads") == {"l1": None}
    assert (await robust.show("/leads/l1"))["status"] is None


async def test_an_id_may_hold_any_character(robust: Served) -> None:
    await robust.get("/lead_changed?lead_id=a%2Fb%20%C3%A9%3F")
    assert (await robust.show("/leads/a%2Fb%20%C3%A9%3F"))["id"] == "a/b é?"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/state/invoice", "there are: agreement"),
        ("/agreements/a9", "no agreement 'a9' was ever heard of"),
        ("/agreements/a/b", "no event is called"),
    ],
)
async def test_what_is_not_there_is_404_with_a_reason(robust: Served, path: str, says: str) -> None:
    status, answer = await robust.answer(path)
    assert status == 404
    assert says in (await answer.json())["error"]


async def test_the_ledger_holds_every_webhook_in_order_as_it_stood_on_the_wire(serve: Serve) -> None:
    served = await serve(header_auth=("X-Token", "right"))
    right = {"X-Token": "right"}
    await served.get("/lead_changed?lead_id=%6C1&b=%2c+,%20", **right)
    await served.get(SIGNED, **{"X-Token": "wrong secret"})
    await served.get(SIGNED, "POST", **right)
    await served.get("/nothing?x", **right)
    await served.get("/lead_changed", **right)
    assert [tuple(row.values()) for row in await served.show("/received")] == [
        ("applied", "GET", 1, "/lead_changed", "lead_id=%6C1&b=%2c+,%20", 200),
        ("refused", "GET", 2, "/agreement_status_changed", SIGNED.partition("?")[2], 401),
        ("refused", "POST", 3, "/agreement_status_changed", SIGNED.partition("?")[2], 405),
        ("refused", "GET", 4, "/nothing", "x", 404),
        ("refused", "GET", 5, "/lead_changed", "", 400),
    ]


async def test_the_ledger_can_be_read_on_from_a_number(robust: Served) -> None:
    for _ in range(3):
        await robust.get(SIGNED)
    assert [row["number"] for row in await robust.show("/received?after=1")] == [2, 3]
    assert await robust.show("/received?after=3") == []


@pytest.mark.parametrize("after", ["", "-1", "x", "1.5", "9" * 30, "%D9%A1"])
async def test_a_cursor_that_is_no_number_is_400(robust: Served, after: str) -> None:
    assert await robust.get(f"/received?after={after}") == 400


async def test_views_stand_in_no_ledger_and_ask_for_no_credentials(serve: Serve) -> None:
    served = await serve(header_auth=("X-Token", "right"))
    for path in ("/health", "/state", "/agreements", "/received", "/refreshes"):
        await served.show(path)
    assert await served.show("/received") == []


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [("/state", "POST", "GET"), ("/state", "HEAD", "GET"), ("/agreements/a1", "PUT", "GET"), ("/reset", "GET", "POST")],
)
async def test_a_view_says_which_method_it_answers(robust: Served, path: str, wrong: str, right: str) -> None:
    status, answer = await robust.answer(path, wrong)
    assert status == 405
    assert answer.headers["Allow"] == right


async def test_a_reset_forgets_everything(robust: Served) -> None:
    await robust.get(SIGNED)
    await robust.get("/lead_changed?lead_id=l1")
    assert await robust.get("/reset", "POST") == 200
    assert await robust.show("/state") == {"objects": {}, "effects": []}
    assert await robust.show("/refreshes") == []
    assert await robust.show("/received") == []
    assert await robust.decision(SIGNED) == "applied"


async def test_health_answers_from_the_database(robust: Served) -> None:
    assert await robust.show("/health") == {"status": "ok"}


async def test_the_application_closes_its_receiver(robust: Served) -> None:
    await robust.client.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        robust.receiver.records.rows("SELECT 1")
