"""`api/answers`: what becomes of our own errors, and how a refusal reads (S3, S4)."""

import json

import pytest
from aiohttp import web

from simulator.api.answers import because, told_as_http
from simulator.errors import Bug, Invalid, Misuse, NotFound, Problem, Refused

TWO = Invalid([Problem(("filters", 0, "value"), "is empty"), Problem((), "and more")])


@pytest.mark.parametrize(
    ("error", "status", "messages"),
    [
        (TWO, 422, ["filters[0].value: is empty", "and more"]),
        (NotFound("nothing there"), 404, ["nothing there"]),
        (Refused("not now"), 409, ["not now"]),
    ],
)
def test_our_errors_become_the_providers_answers_s3_s4(error: Misuse, status: int, messages: list[str]) -> None:
    """409 is for what is well formed and refused by the present state; no clause of S1 to S14 asks for it today."""
    with pytest.raises(web.HTTPException) as raised, told_as_http():
        raise error
    assert raised.value.status == status
    assert raised.value.content_type == "application/json"
    assert [one["message"] for one in json.loads(raised.value.text or "")["errors"]] == messages


def test_a_fault_of_ours_is_no_answer() -> None:
    with pytest.raises(Bug), told_as_http():
        raise Bug("a rule is broken")


def test_a_refusal_can_be_carried_whatever_it_quotes_s4() -> None:
    text = because("\ud800 ☀ \x00")["text"]
    assert text.isascii()
    assert json.loads(text) == {"errors": [{"message": "\ud800 ☀ \x00"}]}
