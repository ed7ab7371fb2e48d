"""The files of the page: served from this server alone, under a policy that lets nothing else in."""

from __future__ import annotations

import re

import pytest
from served import served

from simulator.dashboard.pages import page_routes, pieces

MODULES = sorted(name for name in pieces() if name.endswith(".js"))
IMPORT = re.compile(r'^import (?:.* from )?"([^"]+)";', re.MULTILINE)


async def test_the_page_and_every_file_of_it_come_from_this_server() -> None:
    async with served(others=page_routes()) as face:
        page = await face.get("/")
        assert page.status == 200
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.json):
            assert (await face.get(link)).status == 200
        assert (await face.get("/static/nothing.js")).status == 404


async def test_a_file_that_a_browser_knows_is_not_sent_again() -> None:
    async with served(others=page_routes()) as face:
        first = await face.get("/static/app.js")
        again = await face.get("/static/app.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status) == (200, 304)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_files_that_exist(name: str) -> None:
    text = pieces()[name].content.decode()
    for target in IMPORT.findall(text):
        assert target.startswith("sim/"), f"{name} imports {target}; write sim/…"
        assert target.removeprefix("sim/") in pieces(), f"{name} imports {target}, which is not served"


@pytest.mark.parametrize("name", MODULES)
def test_no_module_writes_markup_or_asks_the_network_behind_the_back_of_api_and_stream(name: str) -> None:
    text = pieces()[name].content.decode()
    assert "innerHTML" not in text
    assert "insertAdjacentHTML" not in text
    assert name == "api.js" or "fetch(" not in text
    assert name == "stream.js" or "EventSource(" not in text
    assert len(text.splitlines()) <= 250
    assert [line for line in text.splitlines() if len(line) > 120] == []
