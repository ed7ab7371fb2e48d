"""`api/loopback`: the provider's face while a run lasts, and a receiver that reads back from it (E10)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from customer import Customer
from provided import KEYS, Provider

from simulator.api.keys import Keys
from simulator.api.loopback import Access, serve_api, serve_tenants
from simulator.api.runner import NO_REQUEST
from simulator.engine.simulation import Simulation
from simulator.errors import Unavailable
from simulator.scenario.load import load_scenario
from simulator.scenario.run import Conditions, run_scenario

SCENARIO = """
name: Read back
seed: 7
receiver: robust
subscriptions:
  - {{name: projects, event: project_status_changed}}
timeline:
  - {{at: 0s, emit: {{event: project_status_changed, attributes: {{PROJECT_ID: p1, STATUS: Sold}}}}}}
expect:
  - receiver: {{probe: "{probe}", equals: {{read: true}}}}
"""


@pytest.fixture
async def served(provider: Provider) -> AsyncIterator[Customer]:
    async with serve_api(provider.service, Keys(KEYS)) as base:
        yield provider.as_("sk_sand_demo", base=base)


async def test_the_api_is_served_on_loopback_e10(provider: Provider, served: Customer) -> None:
    provider.simulation.emit("demo", "lead_changed", {"LEAD_ID": "l"})
    await provider.advance(0)
    assert (await served.ask("GET", "/tenants/demo/leads/l")).body["id"] == "l"
    assert served.base.startswith("http://127.0.0.1:")


async def test_a_run_puts_days_into_seconds_so_nobody_has_to_wait_s3(served: Customer) -> None:
    answers = [await served.webhooks("GET") for _ in range(100)]
    assert {answer.status for answer in answers} == {200}


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}])
async def test_a_web_page_that_the_user_visits_gets_nothing(served: Customer, headers: dict[str, str]) -> None:
    assert (await served.ask("GET", "/tenants/demo/webhooks", **headers)).status == 403


async def test_what_is_no_request_is_not_repeated(served: Customer) -> None:
    answer = await served.ask("GET", "/tenants/demo/webhooks", **{"X-Token": "s3cret-token" * 1_000})
    assert (answer.status, answer.body) == (400, {"errors": [{"message": NO_REQUEST}]})


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:1", "[::1]:1", "localhost"])
async def test_a_program_may_use_any_name_of_this_machine(served: Customer, host: str) -> None:
    assert (await served.ask("GET", "/tenants/demo/webhooks", Host=host)).status == 200


@pytest.mark.parametrize(
    "host", [b"", b"[::", b"a:b:c", b"\xff\xfe", b"127.0.0.1 x", b"evil@127.0.0.1", b"127.0.0.1.evil.example", b"[x]"]
)
async def test_a_host_that_is_none_of_ours_is_turned_away_and_never_500(served: Customer, host: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.base.rpartition(":")[2]))
    head = b"GET /tenants/demo/webhooks HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    writer.write(head)
    status = int((await reader.read()).split(b" ", 2)[1])
    writer.close()
    await writer.wait_closed()
    assert status in (400, 403)


async def test_a_port_that_is_taken_is_named(provider: Provider, served: Customer) -> None:
    port = int(served.base.rpartition(":")[2])
    with pytest.raises(Unavailable, match=rf"the API cannot listen on 127\.0\.0\.1:{port}: .*; choose another port"):
        async with serve_api(provider.service, Keys(KEYS), port):
            pass


async def test_each_tenant_of_a_run_has_its_ready_made_key_s5(provider: Provider) -> None:
    provider.simulation.emit("b c", "lead_changed", {"LEAD_ID": "l"})
    provider.simulation.commit()
    async with serve_tenants(provider.simulation, ["a", "b c"]) as access:
        assert access.key == "sk_sand_a"
        assert access.url.endswith("/tenants/a")
        base = access.url.removesuffix("/tenants/a")
        other = provider.as_("sk_sand_b%20c", base=base)
        assert (await other.ask("GET", "/tenants/b%20c/leads/l")).status == 200
        assert (await other.ask("GET", "/tenants/a/leads/l")).status == 403


async def test_an_embedded_receiver_reads_back_what_a_webhook_hints_at_e10(tmp_path: Path) -> None:
    """The probe answers only when the receiver has been to the API, so nothing here depends on who is faster."""
    read = asyncio.Event()
    wanted: list[Sequence[str]] = []

    @asynccontextmanager
    async def api(simulation: Simulation, tenants: Sequence[str]) -> AsyncIterator[Access]:
        wanted.append(tenants)
        async with serve_tenants(simulation, tenants) as access, ClientSession() as session:

            async def relay(request: web.Request) -> web.Response:
                url = f"{access.url}{request.path}"
                async with session.get(url, headers={"Authorization": request.headers["Authorization"]}) as answer:
                    assert (await answer.json())["project"]["status"] == "Sold"
                    read.set()
                    return web.Response(body=await answer.read(), content_type="application/json")

            async with up({"/projects/p1": relay}) as url:
                yield Access(url, access.key)

    async def probe(_: web.Request) -> web.Response:
        await read.wait()
        return web.json_response({"read": True})

    async with up({"/probe": probe}) as url:
        file = tmp_path / "read-back.yaml"
        file.write_text(SCENARIO.format(probe=f"{url}/probe"), encoding="utf-8")
        report = await run_scenario(load_scenario(file), Conditions(api=api))
    assert report.verdict == "pass"
    assert wanted == [("demo",)]


@asynccontextmanager
async def up(views: dict[str, object]) -> AsyncIterator[str]:
    """These views on loopback; the base URL."""
    app = web.Application()
    for path, view in views.items():
        app.router.add_get(path, view)  # type: ignore[arg-type]  # a handler
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
