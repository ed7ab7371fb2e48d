"""The receiver that does everything right, over real HTTP: each mistake of real life, not made (section 4)."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.receivers import views
from simulator.receivers.catalogue import CATALOGUE, EVENTS
from simulator.receivers.kinds import UNCLEAR
from simulator.receivers.robust import Receiver
from simulator.receivers.statement import understand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from served_receiver import Serve, Served

    from simulator.receivers.kinds import Kind
    from simulator.receivers.statement import Statement


SENT, VIEWED, SIGNED = (
    f"/agreement_status_changed?project_id=p1&agreement_id=a1&status={status}"
    for status in ("sent", "viewed", "signed")
)
POST_SALES = [{"kind": "agreement", "id": "a1", "effect": "start post-sales workflow"}]


# --- who may come in, and how ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_any_method_but_get_is_405_and_changes_nothing(robust: Served, method: str) -> None:
    status, answer = await robust.answer(SIGNED, method)
    assert status == 405
    assert answer.headers["Allow"] == "GET"
    assert await robust.show("/agreements") == {}


@pytest.mark.parametrize("path", ["/", "/nothing", "/agreement_status_changed/", "/x/agreement_status_changed"])
async def test_an_unknown_path_is_404_and_never_a_redirect(robust: Served, path: str) -> None:
    """R2: a redirect would not be followed."""
    assert await robust.get(path + "?agreement_id=a1&status=signed") == 404


async def test_configured_credentials_are_demanded_of_webhooks(serve: Serve) -> None:
    served = await serve(header_auth=("X-Token", "right"))
    assert await served.get(SIGNED) == 401
    assert await served.get(SIGNED, **{"X-Token": ""}) == 401
    assert await served.get(SIGNED, **{"X-Token": "wrong"}) == 401
    assert await served.show("/state") == {"objects": {}, "effects": []}
    assert await served.get(SIGNED, **{"x-token": "right"}) == 200


async def test_a_refusal_says_which_credentials_it_wants(serve: Serve) -> None:
    served = await serve(basic_auth=("user", "password"))
    status, answer = await served.answer(SENT)
    assert status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


async def test_a_corrected_credential_makes_the_refused_webhook_count(serve: Serve) -> None:
    """R5: each retry uses the latest definition."""
    served = await serve(header_auth=("X-Token", "right"))
    assert await served.get(SIGNED, **{"X-Token": "old"}) == 401
    assert await served.get(SIGNED, **{"X-Token": "right"}) == 200
    assert (await served.show("/state"))["effects"] == POST_SALES


# --- what may stand in a request ------------------------------------------------------------------------


async def test_an_unfamiliar_status_is_accepted_kept_and_read_back(robust: Served) -> None:
    await robust.get(VIEWED)
    assert await robust.get(SENT.replace("sent", "archived")) == 200
    known = await robust.show("/agreements/a1")
    assert known["status"] == "viewed"
    assert known["facts"]["agreement_status_changed"] == ["archived", "viewed"]
    assert known["to_be_read_back"]


async def test_unfamiliar_parameters_and_enum_values_are_accepted(robust: Served) -> None:
    assert await robust.get(SENT + "&financing_id=&aurora_event=x&%C3%A9=1") == 200
    assert await robust.get("/lead_created?lead_id=l1&source=carrier%20pigeon") == 200
    assert (await robust.show("/leads/l1"))["facts"]["source"] == ["carrier pigeon"]


@pytest.mark.parametrize("query", ["", "?", "?project_id=p1&status=sent", "?agreement_id=&status=sent"])
async def test_an_event_without_the_id_of_its_object_is_400(robust: Served, query: str) -> None:
    assert await robust.get("/agreement_status_changed" + query) == 400


async def test_a_query_that_is_not_utf_8_is_400(robust: Served) -> None:
    assert await robust.get("/lead_changed?lead_id=%FF") == 400


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ("In%20Progress", "In Progress"),
        ("A%2BB", "A+B"),
        ("A+B", "A+B"),
        ("50%25%20%26%20more", "50% & more"),
        ("%C3%BCberpr%C3%BCft", "überprüft"),
    ],
)
async def test_percent_escapes_arrive_exactly(robust: Served, wire: str, text: str) -> None:
    """E6; section 4: decodes + and %20 differently."""
    await robust.get(f"/project_status_changed?project_id=p1&status={wire}")
    assert await robust.show("/projects") == {"p1": text}


# --- durable before the answer --------------------------------------------------------------------------


async def test_what_was_answered_outlives_the_program(serve: Serve, tmp_path: Path) -> None:
    """Section 4: answers before the work and loses it on restart."""
    first = await serve(tmp_path / "db.sqlite")
    assert await first.get(SIGNED) == 200
    second = await serve(tmp_path / "db.sqlite")
    assert await second.show("/state") == await first.show("/state")
    assert await second.decision(SIGNED) == "duplicate"


@pytest.mark.parametrize("table", ["received", "facts", "objects", "effects"])
async def test_work_that_fails_is_500_leaves_nothing_and_succeeds_on_the_retry(
    serve: Serve, tmp_path: Path, table: str
) -> None:
    """Section 4: answers 200 although its own work failed."""
    served = await serve(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(tmp_path / "db.sqlite")) as vandal:
        vandal.execute(f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        assert await served.get(SIGNED) == 500
        assert await served.show("/state") == {"objects": {}, "effects": []}
        assert await served.show("/received") == []
        vandal.execute("DROP TRIGGER full")
    assert await served.decision(SIGNED) == "applied"
    assert (await served.show("/state"))["effects"] == POST_SALES


async def test_a_failed_wish_fails_the_request(serve: Serve, tmp_path: Path) -> None:
    served = await serve(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(tmp_path / "db.sqlite")) as vandal:
        vandal.execute("CREATE TRIGGER full BEFORE INSERT ON refreshes BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        status, answer = await served.answer("/lead_changed?lead_id=l1")
    assert status == 500
    assert await answer.json() == {"decision": "failed", "error": "disk full"}


# --- duplicates and genuine repeats ---------------------------------------------------------------------


@pytest.mark.parametrize("event", EVENTS)
async def test_a_duplicate_of_any_event_changes_no_state(robust: Served, event: str) -> None:
    """R11: duplicates in rare cases."""
    target = f"/{event}?{EVENTS[event][0].id}=x1&status=completed"
    await robust.get(target)
    once = await robust.show("/state"), await robust.show(f"/state/{EVENTS[event][0].name}/x1")
    assert await robust.get(target) == 200
    assert (await robust.show("/state"), await robust.show(f"/state/{EVENTS[event][0].name}/x1")) == once


async def test_a_duplicate_is_known_in_a_row_and_much_later(robust: Served) -> None:
    decisions = [await robust.decision(target) for target in (SENT, SENT, VIEWED, SIGNED, SENT, SIGNED)]
    assert decisions == ["applied", "duplicate", "applied", "applied", "duplicate", "duplicate"]
    assert (await robust.show("/state"))["effects"] == POST_SALES


async def test_a_duplicate_with_a_new_session_token_is_still_a_duplicate(robust: Served) -> None:
    """S13: the token of a partner application is minted for each attempt."""
    assert await robust.decision("/design_deleted?design_id=d1&session_token=one") == "applied"
    assert await robust.decision("/design_deleted?session_token=two&design_id=d1") == "duplicate"


async def test_concurrent_duplicates_have_one_effect(serve: Serve, tmp_path: Path) -> None:
    first, second = await serve(tmp_path / "db.sqlite"), await serve(tmp_path / "db.sqlite")
    decisions = await asyncio.gather(*(served.decision(SIGNED) for _ in range(20) for served in (first, second)))
    assert sorted(decisions) == ["applied"] + ["duplicate"] * 39
    assert (await first.show("/state"))["effects"] == POST_SALES


@pytest.mark.parametrize(
    "target",
    [
        "/web_proposal_url_created?design_id=d1&source=app",
        "/project_changed?project_id=p1&source=app&attributes=name",
        "/lead_changed?lead_id=l1",
        "/consumption_profile_changed?project_id=p1",
        "/project_status_changed?project_id=p1&status=Won",
        "/app_status_changed?app_id=x1&status=enabled",
    ],
)
async def test_a_genuine_repeat_is_not_swallowed(robust: Served, target: str) -> None:
    """Section 4: de-duplicates on a key that merges genuine repeats."""
    assert [await robust.decision(target) for _ in range(2)] == ["applied", "applied"]
    assert [refresh["wished"] for refresh in await robust.show("/refreshes")] == [2]


# --- order ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations([SENT, VIEWED, SIGNED])))
async def test_sent_viewed_and_signed_end_signed_in_any_order(robust: Served, order: tuple[str, ...]) -> None:
    """R11: signed may come before viewed."""
    assert [await robust.get(target) for target in order] == [200, 200, 200]
    assert await robust.show("/state") == {"objects": {"agreement": {"a1": "signed"}}, "effects": POST_SALES}


async def test_what_comes_late_is_stale_and_answered_with_success(robust: Served) -> None:
    """Section 4: lets viewed overwrite signed."""
    assert [await robust.decision(target) for target in (SIGNED, VIEWED, VIEWED)] == [
        "applied",
        "stale",
        "duplicate",
    ]


async def test_a_signature_learned_late_still_starts_its_work(robust: Served) -> None:
    await robust.get(SIGNED.replace("signed", "canceled"))
    assert await robust.decision(SIGNED) == "applied"
    assert await robust.show("/state") == {
        "objects": {"agreement": {"a1": "canceled"}},
        "effects": POST_SALES,
    }


async def test_the_work_of_each_agreement_starts_for_itself(robust: Served) -> None:
    await robust.get(SIGNED)
    await robust.get(SIGNED.replace("a1", "a2"))
    assert [effect["id"] for effect in (await robust.show("/state"))["effects"]] == ["a1", "a2"]


async def test_two_project_statuses_are_kept_and_the_current_one_is_to_be_read_back(robust: Served) -> None:
    for status in ("Won", "Lost", "Won"):
        await robust.get(f"/project_status_changed?project_id=p1&status={status}")
    known = await robust.show("/projects/p1")
    assert known["status"] == UNCLEAR
    assert known["facts"]["project_status_changed"] == ["Lost", "Won"]
    assert known["to_be_read_back"]


def statements(kind: Kind) -> list[Statement]:
    """Much of what can be said of two objects of one kind."""
    return [
        understand(event.name, {"project_id": "p1", "source": "api", kind.id: object_id, "status": status})
        for event in kind.events
        for object_id in ("x1", "x2")
        for status in (*kind.order, "Won", "Lost")
    ]


def known_after(said: Iterable[Statement], kind: Kind) -> list[views.Json]:
    """All that a fresh receiver knows when it has heard this."""
    receiver = Receiver()
    for statement in said:
        receiver.apply(statement)
    objects = [views.one_object(receiver.records, kind.name, object_id) for object_id in ("x1", "x2")]
    known = [views.state(receiver.records), *objects]
    receiver.close()
    return known


@settings(deadline=None)
@given(st.data(), st.sampled_from(CATALOGUE))
def test_the_same_webhooks_in_any_order_and_number_leave_the_same_knowledge(data: st.DataObject, kind: Kind) -> None:
    """R11, for every event: order and repetition change nothing that a probe can see."""
    said = data.draw(st.lists(st.sampled_from(statements(kind)), min_size=1, max_size=8))
    repeats = data.draw(st.lists(st.sampled_from(said), max_size=4))
    shuffled = data.draw(st.permutations(said + repeats))
    assert known_after(shuffled, kind) == known_after(said, kind)
