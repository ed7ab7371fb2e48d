"""The flawed receivers: each shows its flaw over HTTP, and in all else does what the robust one does (section 4)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer
from duties import BASIC, DUTIES, TOKEN, Sender
from served_receiver import Served

from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.receivers import AURA_FLAWS, AURORA_KINDS, FLAWS, load
from simulator.receivers.app import make_app
from simulator.receivers.flaws.races_on_duplicates import RacesOnDuplicates
from simulator.receivers.flaws.works_before_answering import WorksBeforeAnswering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORK_SECONDS = WorksBeforeAnswering.WORK_SECONDS  # its own figure: the tests set another

TO_ANSWER = frozenset(
    {
        "an event is answered with 200",
        "an unfamiliar status is accepted",
        "an unfamiliar parameter is accepted",
    }
)
TO_KNOW = frozenset(
    {
        "an event takes effect",
        "values are decoded once",
        "a genuine repeat is read back again",
        "two statuses without an order are to be read back",
    }
)
TO_REFUSE = frozenset(
    {
        "another method is 405",
        "an unknown path is 404",
        "an event without an id is 400",
        "absent credentials are 401",
        "a wrong token is 401",
        "an empty token is 401",
        "the token in another case is 401",
        "a wrong password is 401",
    }
)
A_REPEAT = frozenset(
    {
        "a duplicate in a row has no effect",
        "a duplicate much later has no effect",
        "duplicates that arrive together have one effect",
        "duplicates of what is known that arrive together have no effect",
    }
)

BREAKS: dict[str, frozenset[str]] = {
    "robust": frozenset(),
    "answers-everything": TO_REFUSE | TO_KNOW | {"every event answered with 200 is kept"},
    "expects-post": TO_ANSWER | TO_KNOW | (TO_REFUSE - {"another method is 405", "an unknown path is 404"}),
    "refuses-unfamiliar-status": frozenset({"an unfamiliar status is accepted"}),
    "refuses-unfamiliar-parameters": frozenset({"an unfamiliar parameter is accepted"}),
    "redirects": TO_ANSWER | TO_KNOW | (TO_REFUSE - {"an unknown path is 404"}),
    "checks-no-token": frozenset(one for one in TO_REFUSE if one.endswith("401")),
    "accepts-absent-token": frozenset({"absent credentials are 401"}),
    "compares-token-loosely": frozenset({"the token in another case is 401"}),
    "last-write-wins": frozenset(
        {"what comes late overwrites nothing", "two statuses without an order are to be read back"}
    ),
    "counts-duplicates": A_REPEAT,
    "races-on-duplicates": frozenset({"duplicates that arrive together have one effect"}),
    "decodes-twice": frozenset({"values are decoded once"}),
    "works-before-answering": frozenset(),  # nothing but time shows it
    "answers-before-failing": frozenset({"every event answered with 200 is kept"}),
    "merges-genuine-repeats": frozenset({"a genuine repeat is read back again"}),
    "fails-after-the-first": frozenset(
        {
            "a second event is answered like the first",
            "values are decoded once",
            "a genuine repeat is read back again",
            "two statuses without an order are to be read back",
        }
    ),
}
"""What each kind does not do, of all that a receiver owes: exactly this, and nothing else."""

DIALECTS = {"expects-post": {"method": "POST"}, "redirects": {"path_ends": "/"}}
"""How to speak to those who expect another request than the one that is sent."""


@pytest.fixture(autouse=True)
def quick_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorksBeforeAnswering, "WORK_SECONDS", 0.0)
    monkeypatch.setattr(RacesOnDuplicates, "WAIT_SECONDS", 0.01)


@asynccontextmanager
async def served(kind: str) -> AsyncIterator[Served]:
    """A receiver of this kind that demands both kinds of credentials."""
    receiver = load(kind)(":memory:", TOKEN, BASIC)
    async with TestClient(TestServer(make_app(receiver))) as client:
        yield Served(client, receiver)


async def broken_by(kind: str, **dialect: str) -> set[str]:
    """The duties that a fresh receiver of this kind does not do."""
    broken = set()
    for name, holds in DUTIES.items():
        async with served(kind) as receiver:
            if not await holds(Sender(receiver, **dialect)):
                broken.add(name)
    return broken


def test_there_is_a_sentence_and_an_expectation_for_every_kind() -> None:
    assert BREAKS.keys() == AURORA_KINDS.keys() == {"robust", *FLAWS}
    assert len({*FLAWS.values(), *AURA_FLAWS.values()}) == len(FLAWS) + len(AURA_FLAWS)


@pytest.mark.parametrize("kind", BREAKS)
async def test_a_flawed_receiver_breaks_this_and_nothing_else(kind: str) -> None:
    assert await broken_by(kind) == BREAKS[kind]


@pytest.mark.parametrize("kind", DIALECTS)
async def test_what_expects_another_request_is_robust_once_it_gets_it(kind: str) -> None:
    assert await broken_by(kind, **DIALECTS[kind]) == set()


@pytest.mark.parametrize("event", CATALOGUE)
async def test_a_documented_url_holds_no_parameter_that_is_unfamiliar(event: str) -> None:
    """Only what was added is refused, never the template that Aurora suggests."""
    query = CATALOGUE[event].suggested_template.partition("?")[2].replace("<", "").replace(">", "")
    async with served("refuses-unfamiliar-parameters") as receiver:
        assert await Sender(receiver).send(event, query) == 200


async def test_a_redirect_points_to_the_same_url_with_a_slash() -> None:
    """R2: the target would have taken it, but no redirect is followed."""
    async with served("redirects") as receiver:
        status, answer = await receiver.answer("/lead_changed?lead_id=a%20b")
        assert (status, answer.headers["Location"]) == (301, "/lead_changed/?lead_id=a%20b")


async def test_what_expects_post_says_so() -> None:
    async with served("expects-post") as receiver:
        status, answer = await receiver.answer("/lead_changed?lead_id=l1")
        assert (status, answer.headers["Allow"]) == (405, "POST")


async def test_a_token_in_the_authorization_header_is_compared_loosely_too() -> None:
    receiver = load("compares-token-loosely")(header_auth=("Authorization", "Bearer Right"))
    async with TestClient(TestServer(make_app(receiver))) as client:
        for token, status in (("Bearer Right", 200), ("bearer RIGHT", 200), ("Bearer wrong", 401)):
            sent = await Served(client, receiver).get("/lead_changed?lead_id=l1", Authorization=token)
            assert sent == status


async def test_slow_work_keeps_a_burst_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five that worked side by side would take the time of one; less than that of four shows nothing."""
    monkeypatch.setattr(WorksBeforeAnswering, "WORK_SECONDS", 0.02)
    async with served("works-before-answering") as receiver:
        begun = asyncio.get_running_loop().time()
        assert await asyncio.gather(*(Sender(receiver).agreement("sent", f"a{n}") for n in range(5))) == [200] * 5
        assert asyncio.get_running_loop().time() - begun > 4 * 0.02


def test_slow_work_is_fine_alone_and_too_long_for_a_burst_of_fifty() -> None:
    """R1: 10 s."""
    assert WORK_SECONDS < 1
    assert 50 * WORK_SECONDS > 10
