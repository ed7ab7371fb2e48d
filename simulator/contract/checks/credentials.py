"""Does the receiver demand what proves where a webhook comes from: exactly that, nothing that only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from simulator.contract.bench import Bench, Manner
from simulator.contract.check import Check
from simulator.contract.finding import Finding, failed, passed, unstable
from simulator.domain.auth import BasicAuth, HeaderAuth

Headers = tuple[HeaderAuth, ...]


async def wrong_is_refused(bench: Bench) -> Finding:
    return await _must_refuse(bench, {"a wrong secret": _altered(bench, lambda _: "not-the-secret")})


async def absent_is_refused(bench: Bench) -> Finding:
    return await _must_refuse(
        bench, {"no credentials": ((),), "an empty secret": _altered(bench, lambda _: "", keep_scheme=False)}
    )


async def near_is_refused(bench: Bench) -> Finding:
    return await _must_refuse(
        bench,
        {
            "the secret and more behind it": _altered(bench, lambda secret: secret + "x"),
            "the secret without its last character": _altered(bench, lambda secret: secret[:-1]),
            "the secret in other case": _altered(bench, str.swapcase),
        },
    )


async def right_is_taken(bench: Bench) -> Finding:
    """Again, because a receiver may take the first for a nonce; and with the names of the headers in other case."""
    right = bench.target.credentials
    other = tuple(replace(one, name=one.name.swapcase()) for one in right)
    if await _refusal(bench, right, "again"):
        return unstable()
    if refusal := await _refusal(bench, other, "other case"):
        return failed(f"the right credentials, under a header name in other case, were answered {refusal}")
    return passed("the right credentials were taken again, and under a header name in other case")


async def _must_refuse(bench: Bench, variants: dict[str, tuple[Headers, ...]]) -> Finding:
    for words, those in variants.items():
        for number, headers in enumerate(those):
            if not await _refusal(bench, headers, f"{words} {number}"):
                return failed(f"an event with {words} was taken", "anyone who knows the URL can send events")
    if await _refusal(bench, bench.target.credentials, "control"):
        return unstable()
    return passed(f"refused: {', '.join(variants)}")


async def _refusal(bench: Bench, headers: Headers, key: str) -> str:
    """How an event with these headers was refused; empty where it was taken."""
    kind = (await bench.usable())[0]
    (sent,) = await bench.send(bench.case(kind, {}, key), manner=Manner(headers=headers))
    return "" if sent.accepted else str(sent.outcomes[-1])


def _altered(bench: Bench, alter: Callable[[str], str], *, keep_scheme: bool = True) -> tuple[Headers, ...]:
    """The credentials with one secret after the other altered, the others right; what alters nothing is left out."""
    right = bench.target.credentials
    changed = list(_changed(bench, alter, keep_scheme=keep_scheme))
    return tuple(
        (*right[:place], one, *right[place + 1 :])
        for place, one in enumerate(changed)
        if one.value != right[place].value
    )


def _changed(bench: Bench, alter: Callable[[str], str], *, keep_scheme: bool) -> Iterator[HeaderAuth]:
    if bench.target.header_auth:
        name, secret = bench.target.header_auth
        yield HeaderAuth(name, alter(secret))
    if bench.target.basic_auth:
        user, password = bench.target.basic_auth
        name, value = BasicAuth(user, alter(password)).header()
        yield HeaderAuth(name, value if keep_scheme else "Basic ")


CHECKS = (
    Check(
        id="credentials-right",
        advice="Compare the value exactly, find the header whatever the case of its name, and accept it again.",
        run=right_is_taken,
        needs=("credentials",),
    ),
    Check(
        id="credentials-wrong",
        advice="Answer 401 unless the credentials are exactly those of the subscription.",
        run=wrong_is_refused,
        needs=("credentials",),
    ),
    Check(
        id="credentials-absent",
        advice="Refuse a request without the header, and one with an empty value, just like a wrong one.",
        run=absent_is_refused,
        needs=("credentials",),
        after=("credentials-wrong",),
    ),
    Check(
        id="credentials-near",
        advice="Compare the whole value, case-sensitively, in constant time; never by its beginning.",
        run=near_is_refused,
        needs=("credentials",),
        after=("credentials-wrong",),
    ),
)
