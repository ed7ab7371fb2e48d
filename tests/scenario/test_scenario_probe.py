"""`simulator.scenario.probe`: what a receiver is asked after the run, and whom nobody asks without leave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.errors import TargetNotAllowed
from simulator.scenario.load import parse_scenario
from simulator.scenario.probe import addresses, ask
from simulator.scenario.run import Conditions, run_scenario
from simulator.wire.reading import ANSWER_BOUND
from simulator.wire.targets import Targets

STRANGER = "http://staging.example.com/state"
REDIRECTS = {"/moved": "/state", "/away": STRANGER, "/round": "/round"}


@pytest.fixture
async def receiver() -> AsyncIterator[str]:
    """Answers each path in its own way, and remembers in `/asked` what it was asked."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        match request.path:
            case path if path in REDIRECTS:
                raise web.HTTPTemporaryRedirect(REDIRECTS[path])
            case "/failed":
                return web.json_response({"agreements": 2}, status=502)
            case "/missing":
                return web.json_response({}, status=404)
            case "/long":
                return web.json_response(["x" * ANSWER_BOUND])
            case "/words":
                return web.Response(text="all is well")
            case "/deep":
                return web.Response(text="[" * 100_000)
            case "/asked":
                return web.json_response(asked)
        return web.json_response({"agreements": 2})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def told(receiver: str, *probes: str, api: tuple[str, str] | None = None) -> dict[str, object]:
    targets = Targets()
    return await ask(addresses(probes, receiver, targets, api), targets)


async def test_answers_stand_under_the_probe_as_the_file_writes_it(receiver: str) -> None:
    assert await told(receiver, "{receiver}/state") == {"{receiver}/state": {"agreements": 2}}


async def test_the_bytes_of_a_probe_are_sent_as_they_were_written_with_the_api_and_a_key(receiver: str) -> None:
    """A11."""
    probe = "{receiver}/asked?who=%20a+b&api={api}&key={key}"
    answers = await told(receiver, probe, api=("http://127.0.0.1:1/x", "sk/1"))
    assert answers == {probe: ["/asked?who=%20a+b&api=http%3A%2F%2F127.0.0.1%3A1%2Fx&key=sk%2F1"]}


async def test_a_redirect_is_followed_as_far_as_it_leads_to_nobody_else(receiver: str) -> None:
    assert await told(receiver, "{receiver}/moved", "{receiver}/away", "{receiver}/round") == {
        "{receiver}/moved": {"agreements": 2}
    }


@pytest.mark.parametrize("path", ["failed", "missing"])
async def test_an_answer_outside_2xx_is_no_answer_whatever_its_body_says(receiver: str, path: str) -> None:
    assert await told(receiver, f"{{receiver}}/{path}") == {}


async def test_an_answer_without_end_is_no_answer(receiver: str) -> None:
    assert await told(receiver, "{receiver}/long") == {}


@pytest.mark.parametrize("path", ["words", "deep"])
async def test_what_is_no_json_is_no_answer(receiver: str, path: str) -> None:
    assert await told(receiver, f"{{receiver}}/{path}") == {}


async def test_where_nobody_listens_there_is_no_answer(unused_tcp_port: int) -> None:
    assert await told(f"http://127.0.0.1:{unused_tcp_port}", "{receiver}/state") == {}


async def test_a_probe_of_a_stranger_is_refused_before_anything_is_sent(receiver: str, tmp_path: Path) -> None:
    """Nobody outside this machine is asked anything, unless somebody allowed it by name."""
    text = (
        "name: Test\nsubscriptions: [{name: crm, event: lead_created}]\n"
        "timeline: [{at: 0s, emit: {event: lead_created}}]\n"
        f"expect: [{{receiver: {{probe: '{STRANGER}', count: 1}}}}]\n"
    )
    with pytest.raises(TargetNotAllowed, match=r"--allow-host staging\.example\.com"):
        await run_scenario(parse_scenario(text, "test.yaml"), Conditions(target=receiver))
    assert await told(receiver, "{receiver}/asked") == {"{receiver}/asked": ["/asked"]}


def test_one_that_was_allowed_by_name_may_be_asked() -> None:
    found = addresses([STRANGER], "http://127.0.0.1", Targets(["staging.example.com"]))
    assert str(found[STRANGER]) == STRANGER
