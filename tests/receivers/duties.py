"""What a receiver owes, one duty a function: each is asked of a fresh receiver, over HTTP, and holds or does not."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from served_receiver import Served

TOKEN = ("X-Token", "Right-1")
BASIC = ("user", "Pass")


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


RIGHT = {TOKEN[0]: TOKEN[1], "authorization": basic(*BASIC)}


class Sender:
    """Speaks to one receiver that demands a token and a basic pair, in the dialect that the receiver wants."""

    def __init__(self, served: Served, method: str = "GET", path_ends: str = "") -> None:
        self._served, self.method, self._path_ends = served, method, path_ends

    async def send(self, event: str, query: str, *, method: str = "", **changed: str | None) -> int:
        """The status of the answer; `changed` credentials replace the right ones, None leaves one out."""
        headers = RIGHT | {name.replace("_", "-"): value for name, value in changed.items()}
        given = {name: value for name, value in headers.items() if value is not None}
        return await self._served.get(f"/{event}{self._path_ends}?{query}", method or self.method, **given)

    async def agreement(self, status: str, object_id: str = "a1", **changed: str | None) -> int:
        query = f"project_id=p1&agreement_id={object_id}&status={status}"
        return await self.send("agreement_status_changed", query, **changed)

    async def show(self, path: str) -> Any:
        return await self._served.show(path)

    async def effects(self) -> int:
        return len((await self.show("/state"))["effects"])


Duty = Callable[[Sender], Awaitable[bool]]
DUTIES: dict[str, Duty] = {}


def duty(asked: Duty) -> Duty:
    DUTIES[asked.__name__.replace("_", " ")] = asked
    return asked


@duty
async def an_event_is_answered_with_200(to: Sender) -> bool:
    return await to.agreement("signed") == 200


@duty
async def an_event_takes_effect(to: Sender) -> bool:
    await to.agreement("signed")
    return await to.show("/agreements") == {"a1": "signed"} and await to.effects() == 1


@duty
async def every_event_answered_with_200_is_kept(to: Sender) -> bool:
    answered = {f"a{digit}" for digit in "0123456789abcdef" if await to.agreement("sent", f"a{digit}") == 200}
    return (await to.show("/agreements")).keys() == answered


@duty
async def a_second_event_is_answered_like_the_first(to: Sender) -> bool:
    return await to.agreement("sent", "a1") == await to.agreement("sent", "a3")


@duty
async def another_method_is_405(to: Sender) -> bool:
    return await to.send("lead_changed", "lead_id=l1", method="PUT") == 405


@duty
async def an_unknown_path_is_404(to: Sender) -> bool:
    return await to.send("lead_forgotten", "lead_id=l1") == 404


@duty
async def an_event_without_an_id_is_400(to: Sender) -> bool:
    return await to.send("lead_changed", "lead=l1") == 400


@duty
async def absent_credentials_are_401(to: Sender) -> bool:
    return await to.agreement("sent", X_Token=None, authorization=None) == 401


@duty
async def a_wrong_token_is_401(to: Sender) -> bool:
    return await to.agreement("sent", X_Token="wrong") == 401


@duty
async def an_empty_token_is_401(to: Sender) -> bool:
    return await to.agreement("sent", X_Token="") == 401


@duty
async def the_token_in_another_case_is_401(to: Sender) -> bool:
    return await to.agreement("sent", X_Token=TOKEN[1].swapcase()) == 401


@duty
async def a_wrong_password_is_401(to: Sender) -> bool:
    return await to.agreement("sent", authorization=basic(BASIC[0], "pass")) == 401


@duty
async def an_unfamiliar_status_is_accepted(to: Sender) -> bool:
    return await to.agreement("archived") == 200


@duty
async def an_unfamiliar_parameter_is_accepted(to: Sender) -> bool:
    return await to.agreement("sent&aurora_event=agreement") == 200


@duty
async def values_are_decoded_once(to: Sender) -> bool:
    texts = {"A%2BB": "A+B", "A+B": "A+B", "50%25%20off": "50% off", "%252F": "%2F"}
    for number, wire in zip("1357", texts, strict=True):
        await to.send("project_status_changed", f"project_id=p{number}&status={wire}")
    return list((await to.show("/projects")).values()) == list(texts.values())


@duty
async def a_duplicate_in_a_row_has_no_effect(to: Sender) -> bool:
    await to.agreement("signed")
    once = await to.effects()
    await to.agreement("signed")
    return await to.effects() == once


@duty
async def a_duplicate_much_later_has_no_effect(to: Sender) -> bool:
    await to.agreement("signed")
    await to.agreement("sent", "a3")
    once = await to.effects()
    await to.agreement("signed")
    return await to.effects() == once


@duty
async def duplicates_that_arrive_together_have_one_effect(to: Sender) -> bool:
    await asyncio.gather(*(to.agreement("signed") for _ in range(8)))
    return await to.effects() <= 1


@duty
async def duplicates_of_what_is_known_that_arrive_together_have_no_effect(to: Sender) -> bool:
    await to.agreement("signed")
    once = await to.effects()
    await asyncio.gather(*(to.agreement("signed") for _ in range(4)))
    return await to.effects() == once


@duty
async def a_genuine_repeat_is_read_back_again(to: Sender) -> bool:
    for _ in range(2):
        await to.send("web_proposal_url_created", "design_id=d1&source=app")
    return [refresh["wished"] for refresh in await to.show("/refreshes")] == [2]


@duty
async def two_statuses_without_an_order_are_to_be_read_back(to: Sender) -> bool:
    for status in ("Won", "Lost"):
        await to.send("project_status_changed", f"project_id=p1&status={status}")
    return await to.show("/projects") == {"p1": "to be read back"}


@duty
async def what_comes_late_overwrites_nothing(to: Sender) -> bool:
    await to.agreement("signed")
    before = await to.show("/agreements")
    await to.agreement("viewed")
    return await to.show("/agreements") == before
