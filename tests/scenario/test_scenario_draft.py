"""One mistake never hides another, and what only follows from one is not told."""

from __future__ import annotations

import pytest
from scenario_texts import HEAD, problems, problems_of_step

from simulator.scenario.draft import understand


def test_every_mistake_of_a_step_is_told_at_once() -> None:
    step = "{at: 5, emit: {evnt: x, count: 0, attributes: {STATUS: 3}}, fault: {refuse: }}"
    assert [line.split("; ")[0] for line in problems_of_step(step)] == [
        "f.yaml:6:10: timeline[0].at: 5 has no unit",
        'f.yaml:6:20: timeline[0].emit.evnt: there is no such key (did you mean "event"?)',
        "f.yaml:6:36: timeline[0].emit.count: must be at least 1",
        "f.yaml:6:60: timeline[0].emit.attributes.STATUS: must be text, and this is a number",
    ]


def test_a_rule_between_keys_is_told_beside_a_mistake_within_one() -> None:
    step = "{at: 0s, fault: {slow: {delay: x}, refuse: {}}}"
    lines = problems_of_step(step)
    assert [line.split(": ")[1] for line in lines] == ["timeline[0].fault", "timeline[0].fault.slow.delay"]


TYPES = [
    ("name: [x]", "must be text, and this is a list"),
    ("name: 5", "must be text, and this is a number; put it in quotes"),
    ("name: true", "must be text, and this is true or false; put it in quotes"),
    ("name:", "must be text; nothing stands here"),
    ("name: ''", "must not be empty"),
    ("seed: 1.5", "must be a whole number, and this is a number"),
    ("seed: '1'", "must be a whole number, and this is text"),
    ("seed: -1", "must be at least 0"),
    ("timeline: {}", "must be a list, and this is a mapping"),
    ("timeline:", "must be a list; nothing stands here"),
    ("timeline: [5]", "must be a mapping of keys to values, and this is a number"),
    ("switches: []", "must be a mapping of keys to values, and this is a list"),
    ("clock: jump", "must be a mapping of keys to values, and this is text"),
    ("expect: [{disabled: {subscription: crm, never: false}}]", "must be true; otherwise leave the key out"),
    ("expect: [{delivered: {share: 2}}]", "must be at most 1"),
    ("expect: [{outcomes: {counts: {}}}]", "must not be empty"),
]


@pytest.mark.parametrize(("line", "sentence"), TYPES)
def test_a_value_of_another_type_is_told_what_it_must_be(line: str, sentence: str) -> None:
    head = HEAD.replace("name: Test\n", "") if line.startswith("name") else HEAD
    (problem,) = problems(f"{head}{line}\n")
    assert problem.endswith(f": {sentence}")


def test_what_is_missing_is_told_where_it_should_stand() -> None:
    assert problems("subscriptions: []\n") == ["f.yaml:1:1: name: is missing"]
    assert problems("name: x\n") == ["f.yaml:1:1: subscriptions: is missing"]
    assert problems_of_step("{at: 0s, emit: }") == ["f.yaml:6:20: timeline[0].emit.event: is missing"]


def test_what_is_no_mapping_is_no_scenario() -> None:
    assert problems("- 1\n") == ["f.yaml:1:1: must be a mapping of keys to values, such as name: My scenario"]


def test_secrets_are_never_repeated() -> None:
    """S7: not where the secret is of another type, and not where it is half a pair."""
    secret = "8273645546372819"
    lines = problems(
        "name: x\nsubscriptions:\n"
        f"  - {{name: a, event: lead_changed, header_auth_value: {secret}}}\n"
        f"  - {{name: b, event: lead_changed, basic_auth_password: [{secret}]}}\n"
        f'  - {{name: c, event: lead_changed, basic_auth_username: u, basic_auth_password: "{secret}\\n"}}\n'
        f"  - {{name: d, evnt: lead_changed, headers: {{X: {secret}}}}}\n"
    )
    assert len(lines) == 6
    assert secret not in "".join(lines)


def test_what_can_be_understood_is_kept() -> None:
    draft = understand({"name": "x", "subscriptions": [{"name": "a", "oops": 1}, 5], "timeline": [{"at": "0s"}]})
    assert {index: entry.name for index, entry in draft.subscriptions.items()} == {0: "a"}
    assert not draft.timeline
    assert len(draft.findings) == 3
    assert draft.explains(("subscriptions", 0))
    assert not draft.explains(("subscriptions", 7))
