"""A customer of the provider's API, and the words in which tests speak of one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

URL = "http://127.0.0.1:9/agreement_status_changed?agreement_id=<AGREEMENT_ID>&status=<STATUS>"
LEAST = {"event": "agreement_status_changed", "url_template": URL}
TOKEN, PASSWORD = "s3cr3t-2dbcbba1", "s3cr3t-Powering the future 0f solar together!"
WHOLE = LEAST | {
    "description": "CRM",
    "enabled": True,
    "header_auth_key": "X-Aurora-Webhook-Token",
    "header_auth_value": TOKEN,
    "basic_auth_username": "user@example.com",
    "basic_auth_password": PASSWORD,
    "filters": [{"url_parameter": "<STATUS>", "value": ["sent", "signed"]}],
}

Words = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def webhook(self) -> Words:
        """The object in a successful answer."""
        assert self.status == 200, self.text
        (envelope,) = self.body.values()
        return envelope

    @property
    def messages(self) -> list[str]:
        """What the errors say; the body of a refusal holds nothing else (S4)."""
        assert self.headers["Content-Type"] == "application/json; charset=utf-8"
        assert set(self.body) == {"errors"}
        assert all(set(error) == {"message"} for error in self.body["errors"])
        return [error["message"] for error in self.body["errors"]]


@dataclass
class Customer:
    """Asks with one key, for one owner. `heard` keeps every answer."""

    session: ClientSession
    base: str
    key: str | None = "sk_sand_demo"
    owner: str = "/tenants/demo"
    envelope: str = "webhook"
    heard: list[Answer] = field(default_factory=list)

    async def ask(self, method: str, path: str, data: bytes | None = None, **headers: str) -> Answer:
        """One request, body as it is."""
        if self.key is not None:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        async with self.session.request(method, f"{self.base}{path}", data=data, headers=headers) as answer:
            self.heard.append(Answer(answer.status, answer.headers.copy(), await answer.text()))
            return self.heard[-1]

    async def webhooks(self, method: str, webhook_id: str = "", words: object = None) -> Answer:
        """One request for the owner's webhooks; `words` go into the envelope."""
        path = f"{self.owner}/webhooks" + (f"/{webhook_id}" if webhook_id else "")
        data = None if words is None else json.dumps({self.envelope: words}).encode()
        return await self.ask(method, path, data)

    async def make(self, **words: Any) -> Words:
        """A webhook that is accepted."""
        return (await self.webhooks("POST", words=LEAST | words)).webhook

    async def change(self, webhook_id: str, **words: Any) -> Words:
        return (await self.webhooks("PUT", webhook_id, words)).webhook

    async def see(self, webhook_id: str) -> Words:
        return (await self.webhooks("GET", webhook_id)).webhook

    async def all(self) -> list[Words]:
        (listed,) = (await self.webhooks("GET")).body.values()
        return listed
