"""The files of the page: served from this server alone, under a policy that lets nothing else in."""

from __future__ import annotations

import re

import pytest
from served import served

from simulator.dashboard.pages import page_routes
from simulator.dashboard.pieces import pieces

MODULES = sorted(name for name in pieces() if name.endswith(".js"))
IMPORT = re.compile(r'^import\s[^;]*?"([^"]+)";', re.MULTILINE)


async def test_the_page_and_every_file_of_it_come_from_this_server() -> None:
    async with served(others=page_routes()) as face:
        shown = await face.get("/")
        assert shown.status == 200
        assert "'unsafe-inline'" not in shown.headers["Content-Security-Policy"]
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', shown.json):
            assert (await face.get(link)).status == 200
        assert (await face.get("/static/nothing.js")).status == 404


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/static/style.css", "/static/icon.svg"])
@pytest.mark.parametrize("accepted", ["gzip, deflate", "identity"])
async def test_a_file_that_a_browser_knows_is_not_sent_again(path: str, accepted: str) -> None:
    takes = {"Accept-Encoding": accepted}
    async with served(others=page_routes()) as face:
        first = await face.get(path, headers=takes)
        again = await face.get(path, headers={**takes, "If-None-Match": first.headers["ETag"]})
        weakly = await face.get(path, headers={**takes, "If-None-Match": f'"other", W/{first.headers["ETag"]}'})
        other = await face.get(path, headers={**takes, "If-None-Match": '"other"'})
    assert (first.status, again.status, weakly.status, other.status) == (200, 304, 304, 200)
    assert (again.json, other.json) == ("", first.json)


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/static/style.css", "/static/icon.svg"])
async def test_text_goes_out_gzipped_to_whom_takes_it_and_as_it_is_to_whom_does_not(path: str) -> None:
    async with served(others=page_routes()) as face:
        plain = await face.get(path, headers={"Accept-Encoding": "identity"})
        packed = await face.get(path, headers={"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json == plain.json, "the client unpacks it"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert plain.headers["ETag"] != packed.headers["ETag"], "to a cache these are two things"
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}


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
