"""What an embedded receiver is to demand of webhooks: a pair or none, never shown, and only where there is one (E7)."""

from __future__ import annotations

import pytest

from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.load import parse_scenario
from simulator.scenario.scenario import Demands

FILE = "name: Test\nsubscriptions: [{name: leads, event: lead_created}]\n"


def demands(said: str) -> Demands:
    return parse_scenario(f"{FILE}demands: {said}\n", "test.yaml").demands


def test_without_them_nothing_is_demanded():
    assert parse_scenario(FILE, "test.yaml").demands == Demands(None, None)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("{header_auth_key: X-Token, header_auth_value: secret}", Demands(("X-Token", "secret"), None)),
        ("{basic_auth_username: user, basic_auth_password: secret}", Demands(None, ("user", "secret"))),
    ],
)
def test_each_kind_is_a_pair_and_is_never_shown(said, meant):
    """S7"""
    assert demands(said) == meant
    assert "secret" not in repr(demands(said))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{header_auth_key: X-Token}", "demands: header_auth_key needs header_auth_value"),
        ("{basic_auth_password: secret}", "demands: basic_auth_password needs basic_auth_username"),
        ('{header_auth_key: "", header_auth_value: x}', "demands.header_auth_key: must not be empty"),
        ("{token: x}", "demands.token: there is no such key"),
        ("secret", "demands: must be a mapping"),
    ],
)
def test_anything_else_is_refused(said, problem):
    with pytest.raises(InvalidScenario, match=problem) as refused:
        demands(said)
    assert "secret" not in str(refused.value).replace("basic_auth", "").replace(problem, "")


def test_a_receiver_that_is_not_embedded_cannot_be_told():
    with pytest.raises(InvalidScenario, match="only an embedded receiver can be told what to demand"):
        demands("{header_auth_key: a, header_auth_value: b}\nreceiver: http://localhost:3000")
