"""The simulated tenant over HTTP: what an event says is already there when its webhook arrives (E10, section 4)."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yarl
from aiohttp import ClientSession, web
from customer import URL, Customer
from provided import KEYS, START, Provider, opened

from simulator.api.app import management_routes
from simulator.api.keys import Keys
from simulator.clock.pace import JUMP
from simulator.engine.service import open_service
from simulator.providers import AURORA
from simulator.wire.sender import live_wire

SIGNED = {"PROJECT_ID": "p1", "AGREEMENT_ID": "a1", "STATUS": "signed"}


async def test_an_agreement_is_read_back_as_the_guide_shows_it_e10(provider: Provider) -> None:
    provider.simulation.emit("demo", "agreement_status_changed", SIGNED | {"STATUS": "sent"})
    await provider.advance(60)
    provider.simulation.emit("demo", "agreement_status_changed", SIGNED)
    await provider.advance(0)
    answer = await provider.customer.ask("GET", "/tenants/demo/agreements/a1")
    assert answer.status == 200
    agreement = answer.body["agreement"]
    assert {name: agreement[name] for name in ("id", "project_id", "status")} == {
        "id": "a1",
        "project_id": "p1",
        "status": "signed",
    }
    assert agreement["sent_at"] == "2026-03-06 17:00:00 UTC"
    assert agreement["updated_at"] == "2026-03-06 17:01:00 UTC"
    assert set(agreement) >= {"design_id", "agreement_template_name", "created_at", "last_viewed_at", "error_message"}


@pytest.mark.parametrize(
    ("event", "attributes", "path", "shown"),
    [
        ("project_created", {"PROJECT_ID": "p", "SOURCE": "api"}, "projects/p", {"project": {"source": "api"}}),
        ("design_created", {"PROJECT_ID": "p", "DESIGN_ID": "d", "SOURCE": "api"}, "designs/d/summary", {"design": {}}),
        ("design_request_created", {"DESIGN_REQUEST_ID": "r", "SOURCE": "api"}, "design_requests/r", {}),
        (
            "plan_set_request_status_changed",
            {"PLAN_SET_REQUEST_ID": "s", "STATUS": "completed"},
            "plan_set_requests/s",
            {},
        ),
        (
            "performance_simulation_job_completed",
            {"DESIGN_ID": "d", "JOB_ID": "j", "STATUS": "succeeded", "SOURCE": "api"},
            "designs/d/performance_simulation?job_id=j",
            {"performance_simulation_job": {"status": "succeeded"}},
        ),
    ],
)
async def test_what_a_receiver_reads_back_is_there_e10(
    provider: Provider, event: str, attributes: dict[str, str], path: str, shown: dict[str, Any]
) -> None:
    provider.simulation.emit("demo", event, attributes)
    await provider.advance(0)
    answer = await provider.customer.ask("GET", f"/tenants/demo/{path}")
    assert answer.status == 200
    for envelope, held in shown.items():
        assert answer.body[envelope].items() >= held.items()


async def test_what_never_was_and_what_is_gone_is_not_found_e10(provider: Provider) -> None:
    provider.simulation.emit("demo", "project_deleted", {"PROJECT_ID": "p", "SOURCE": "app"})
    await provider.advance(0)
    for project in ("p", "q"):
        answer = await provider.customer.ask("GET", f"/tenants/demo/projects/{project}")
        assert (answer.status, answer.messages) == (404, ["there is no such object in this tenant"])


async def test_a_tenants_objects_are_its_own_e10(provider: Provider) -> None:
    provider.simulation.emit("demo", "lead_changed", {"LEAD_ID": "l"})
    await provider.advance(0)
    other = provider.as_("sk_prod_other")
    assert (await other.ask("GET", "/tenants/demo/leads/l")).status == 403
    assert (await other.ask("GET", "/tenants/other/leads/l")).status == 404
    assert (await provider.as_("rk_sand_demo").ask("GET", "/tenants/demo/leads/l")).status == 200
    assert (await provider.as_(None).ask("GET", "/tenants/demo/leads/l")).status == 401


async def test_objects_are_read_and_not_written_e10(customer: Customer) -> None:
    answer = await customer.ask("POST", "/tenants/demo/projects/p", b"{}")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")


@pytest.mark.parametrize("lead", ["a/b", "a b", "%2F", "☀️", "..", "{x}", "a?b#c", "'; DROP TABLE objects;--"])
async def test_an_id_may_be_any_text_e10(provider: Provider, lead: str) -> None:
    provider.simulation.emit("demo", "lead_changed", {"LEAD_ID": lead})
    await provider.advance(0)
    url = yarl.URL(f"{provider.customer.base}/tenants/demo/leads/{quote(lead, safe='')}", encoded=True)
    headers = {"Authorization": "Bearer sk_sand_demo"}
    async with provider.customer.session.get(url, headers=headers) as answer:
        assert (answer.status, (await answer.json())["id"]) == (200, lead)


@pytest.mark.parametrize(
    "target",
    [
        b"/tenants/demo/leads/\xff",
        b"/tenants/demo/leads/%FF",
        b"/tenants/demo/designs/d/irradiance?job_id=%FF\xfe",
        b"/tenants/demo/designs/d/irradiance?job_id=%ED%A0%80",
        b"/tenants/demo/webhooks/\xff",
        b"/tenants/\xff/webhooks",
        b"/tenants/demo/leads/%00",
    ],
)
async def test_a_target_that_is_not_utf_8_is_answered_and_never_500(provider: Provider, target: bytes) -> None:
    host, port = provider.customer.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_sand_demo\r\nConnection: close\r\n\r\n"
    writer.write(head)
    status = int((await reader.read()).split(b" ", 2)[1])
    writer.close()
    await writer.wait_closed()
    assert status in (400, 403, 404)


async def test_a_webhook_finds_its_object_in_the_new_state_e10() -> None:
    """Over real HTTP on both sides, on a jumping clock: each receiver reads back before it answers."""
    seen: list[tuple[str, str]] = []
    async with ClientSession(headers={"Authorization": "Bearer sk_sand_demo"}) as session:

        async def receive(request: web.Request) -> web.Response:
            url = f"{api}/tenants/demo/agreements/{request.query['agreement_id']}"
            async with session.get(url) as answer:
                seen.append((request.query["status"], (await answer.json())["agreement"]["status"]))
            return web.Response(status=503 if len(seen) % 3 == 1 else 200)

        app = web.Application()
        app.router.add_get("/{path:.*}", receive)
        async with (
            listening(app) as receiver,
            open_service(AURORA, ":memory:", live_wire(AURORA), pace=JUMP, seed=7, start=START) as service,
        ):
            provider = web.Application()
            provider.add_routes(management_routes(service, Keys(KEYS)))
            async with listening(provider) as api:
                words = {
                    "event": "agreement_status_changed",
                    "url_template": URL.replace("http://127.0.0.1:9", receiver),
                }
                service.simulation.subscriptions.register("demo", words)
                for agreement in range(10):
                    given = {"PROJECT_ID": "p1", "AGREEMENT_ID": f"a{agreement}"}
                    service.simulation.emit("demo", "agreement_status_changed", given | {"STATUS": "viewed"})
                await service.simulation.settled()
    assert len(seen) > 10
    assert {said == shown for said, shown in seen} == {True}


class listening:  # noqa: N801 - reads as a context manager
    """An application on loopback; its base URL."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


async def test_a_restart_keeps_every_object_e10(tmp_path: Path) -> None:
    db = tmp_path / "kept.sqlite"
    paths = ["projects/p1", "agreements/a1", "leads/l1", "designs/d1/summary", "projects/gone"]

    async def look(provider: Provider) -> list[str]:
        return [(await provider.customer.ask("GET", f"/tenants/demo/{path}")).text for path in paths]

    async with opened(db) as before:
        for name, attributes in (
            ("agreement_status_changed", SIGNED),
            ("design_created", {"PROJECT_ID": "p1", "DESIGN_ID": "d1", "SOURCE": "app"}),
            ("lead_changed", {"LEAD_ID": "l1"}),
            ("project_deleted", {"PROJECT_ID": "gone", "SOURCE": "app"}),
        ):
            before.simulation.emit("demo", name, attributes)
            await before.advance(60)
        shown = await look(before)
    async with opened(db) as after:
        assert await look(after) == shown
