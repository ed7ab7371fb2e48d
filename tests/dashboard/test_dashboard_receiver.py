"""The receiver's own view beside the sender's: over real HTTP, with a real receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect
from served import Served, served

from simulator.dashboard.pages import page_routes
from simulator.dashboard.receiver import PATH, receiver_operations
from simulator.receivers.app import make_app
from simulator.receivers.robust import Receiver
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets

pytestmark = [pytest.mark.asyncio(loop_scope="module")]

EVENT = "agreement_status_changed"


@asynccontextmanager
async def up(app: web.Application) -> AsyncIterator[str]:
    """An application on a free port of this machine."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def watched() -> AsyncIterator[tuple[Served, str, Receiver]]:
    """A paused simulation with its page and the receiver that it sends to."""
    receiver = Receiver()
    async with up(make_app(receiver)) as base:
        wire = LiveWire(10, targets=Targets(), user_agent="aurora-sim/test", scope="total")
        further = receiver_operations("robust", base)
        async with served(wire=wire, others=page_routes(), further=further) as face:
            template = f"{base}/{EVENT}?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>"
            face.subscribe(EVENT, name="crm", url_template=template)
            yield face, base, receiver


@pytest_asyncio.fixture(loop_scope="module")
async def beside() -> AsyncIterator[tuple[Served, str, Receiver]]:
    async with watched() as parts:
        yield parts


async def sign(face: Served, agreement: str = "a1", status: str = "signed") -> None:
    attributes = {"PROJECT_ID": "p1", "AGREEMENT_ID": agreement, "STATUS": status}
    await face.emit(EVENT, attributes=attributes)
    await face.advance(0)


async def rows(face: Served) -> list[dict[str, Any]]:
    said = await face.get(PATH)
    assert said.status == 200, said.json
    return list(said.json["rows"])


Beside = tuple[Served, str, Receiver]


async def test_what_was_sent_stands_beside_what_became_of_it(beside: Beside) -> None:
    face, base, _ = beside
    await sign(face)
    said = (await face.get(PATH)).json
    (row,) = said["rows"]
    assert (said["kind"], said["url"]) == ("robust", base)
    assert (row["sent"]["delivery_id"], row["sent"]["outcome"]) == (1, "success")
    assert (row["got"]["decision"], row["got"]["status"]) == ("applied", 200)
    assert not row["disagrees"]
    assert said["objects"] == {"agreement": {"a1": "signed"}}
    assert [one["effect"] for one in said["effects"]] == ["start post-sales workflow"]


async def test_a_lost_acknowledgement_is_told_and_its_retry_is_a_duplicate(beside: Beside) -> None:
    face, _, _ = beside
    await face.post("/simulator/faults", {"kind": "lost_response", "for": "20s"})
    await sign(face)
    await face.advance(60)
    retry, first = await rows(face)
    assert first["disagrees"]
    assert first["note"] == "acknowledgement lost: applied there, failed here"
    assert (retry["got"]["decision"], retry["sent"]["number"], retry["disagrees"]) == ("duplicate", 2, False)


async def test_an_attempt_that_a_fault_kept_away_never_arrived(beside: Beside) -> None:
    face, _, _ = beside
    await face.post("/simulator/faults", {"kind": "refuse", "for": "20s"})
    await sign(face)
    await face.advance(60)
    retry, first = await rows(face)
    assert (first["got"], first["note"]) == (None, "never arrived")
    assert (retry["sent"]["number"], retry["got"]["number"]) == (2, 1)


async def test_two_that_look_alike_at_one_instant_are_named_and_none_is_chosen(beside: Beside) -> None:
    face, _, _ = beside
    await sign(face)
    await sign(face)
    found = await rows(face)
    assert [row["sent"] for row in found] == [None, None]
    assert [[one["delivery_id"] for one in row["candidates"]] for row in found] == [[1, 2], [1, 2]]
    assert {row["note"] for row in found} == {"several look alike and were on the wire together"}


async def test_a_request_of_somebody_else_is_shown_as_nobodys(beside: Beside) -> None:
    face, base, _ = beside
    async with face.client.get(f"{base}/{EVENT}?project_id=p&agreement_id=x&status=sent"):
        pass
    (row,) = await rows(face)
    assert (row["sent"], row["note"]) == (None, "no recorded attempt looks like it")


async def test_a_receiver_that_forgot_everything_is_read_anew(beside: Beside) -> None:
    face, _, receiver = beside
    await sign(face, "a1")
    assert len(await rows(face)) == 1
    receiver.records.forget_everything()
    await face.advance(1)
    await sign(face, "a2")
    newest, oldest = await rows(face)
    assert (newest["got"]["number"], newest["sent"]["delivery_id"]) == (1, 2)
    assert (oldest["got"], oldest["note"]) == (None, "the receiver has no record of it")


async def test_rows_come_by_pages_newest_first(beside: Beside) -> None:
    face, _, _ = beside
    for number in range(3):
        await sign(face, f"a{number}")
    first = (await face.get(f"{PATH}?limit=2")).json
    second = (await face.get(f"{PATH}?limit=2&skip={first['next']}")).json
    assert [row["sent"]["delivery_id"] for row in first["rows"] + second["rows"]] == [3, 2, 1]
    assert second["next"] is None


async def test_without_a_receiver_it_says_so() -> None:
    async with served(further=receiver_operations("", None)) as face:
        said = await face.get(PATH)
    assert said.status == 200
    assert said.json == {"kind": None, "why": "serve was started without --receiver"}


@pytest.mark.parametrize("answer", [lambda: web.Response(text="hello"), lambda: web.json_response([{"number": 1}])])
async def test_a_receiver_that_answers_nonsense_is_an_error_of_its_own(answer: Callable[[], web.Response]) -> None:
    app = web.Application()

    async def say(_: web.Request) -> web.Response:
        return answer()

    app.router.add_get("/{path:.*}", say)
    async with up(app) as base, served(further=receiver_operations("robust", base)) as face:
        said = await face.get(PATH)
    assert said.status == 502
    assert "gave no answer that could be read" in said.words


async def test_a_receiver_that_is_gone_is_an_error_of_its_own() -> None:
    async with served(further=receiver_operations("robust", "http://127.0.0.1:9")) as face:
        said = await face.get(PATH)
    assert said.status == 502


@pytest.mark.browser
async def test_the_page_shows_both_sides_and_marks_where_they_differ(look: Any) -> None:
    async with watched() as (face, _, _):
        await face.post("/simulator/faults", {"kind": "lost_response", "for": "20s"})
        await sign(face)
        await face.advance(60)
        page = await look(face, "/#p=receiver")
        panel = page.locator("sim-receiver")
        await expect(panel.locator("tbody").first.locator("tr")).to_have_count(2)
        await expect(panel.locator("tr.differs")).to_contain_text("acknowledgement lost")
        await expect(panel).to_contain_text("1 disagreement")
        await expect(panel).to_contain_text("start post-sales workflow")
        await panel.get_by_role("button", name="Only what differs").click()
        await expect(panel.locator("tbody").first.locator("tr")).to_have_count(1)
        await panel.locator("button.link").first.click()
        await expect(page.locator("sim-inspector")).to_contain_text("Delivery 1")
        await sign(face, "a9")
        await expect(panel).to_contain_text("3 requests")
        await page.close()


@pytest.mark.browser
async def test_the_page_says_how_to_start_a_receiver_and_that_one_is_silent(look: Any) -> None:
    async with served(others=page_routes(), further=receiver_operations("", None)) as face:
        page = await look(face, "/#p=receiver")
        await expect(page.locator("sim-receiver")).to_contain_text("aurora-sim serve --receiver robust")
        await page.close()
    async with served(others=page_routes(), further=receiver_operations("robust", "http://127.0.0.1:9")) as face:
        page = await look(face, "/#p=receiver", loud=("502",))
        await expect(page.locator("sim-receiver [role=alert]")).to_contain_text("gave no answer that could be read")
        await expect(page.locator("sim-receiver").get_by_role("button", name="Retry")).to_be_visible()
        await page.close()
