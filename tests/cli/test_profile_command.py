"""`aurora-sim profile diff`: two semantics side by side."""

from __future__ import annotations

import json

from command_line import aurora_sim


def test_what_differs_stands_side_by_side():
    facts = json.loads(aurora_sim("profile", "diff", "aurora", "aura", "--json").out)
    assert facts["request"] == {"aurora": "GET", "aura": "POST"}
    assert facts["attempts at most"] == {"aurora": "6", "aura": "1"}
    assert facts["retries after"] == {"aurora": "30s, 5m, 30m, 3h, 20h", "aura": "none"}
    assert facts["auto-disable"] == {"aurora": "100 attempts in 48 h", "aura": "none"}
    assert facts["one too many"] == {"aurora": "is refused", "aura": "replaces the former"}
    assert "timeout" not in facts


def test_what_is_shared_is_shown_when_asked_for_and_no_provider_differs_from_itself():
    assert json.loads(aurora_sim("profile", "diff", "aura", "aura", "--json").out) == {}
    assert "timeout" in aurora_sim("profile", "diff", "aurora", "aura", "--all").out


def test_an_unknown_provider_is_wrong_use():
    ran = aurora_sim("profile", "diff", "aurora", "aurra")
    assert (ran.code, "did you mean" in ran.err) == (2, True)


def test_a_provider_and_itself_differ_in_nothing():
    assert aurora_sim("profile", "diff", "aura", "aura").out == "aura and aura differ in nothing\n"
