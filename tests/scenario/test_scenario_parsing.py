"""YAML text in, bounded events out: one clear problem, where it stands."""

from __future__ import annotations

import pytest
import yaml

from simulator.scenario import parsing
from simulator.scenario.invalid import InvalidScenario, Mark
from simulator.scenario.parsing import decode, parse

BROKEN = [
    ("", "1:1: is empty; a scenario has at least a name and subscriptions"),
    ("# nothing but a remark\n", "1:1: is empty; a scenario has at least a name and subscriptions"),
    ("name: x\n\t- y\n", "2:1: a tab stands here; indent with spaces"),
    ("name: %20\n", '1:7: nothing can begin with "%"; put the text in quotes'),
    ("a: b: c\n", "1:5: is not YAML: mapping values are not allowed in this context"),
    ("a: 'x\n", "1:4: is not YAML while scanning a quoted scalar: found unexpected end of stream"),
    ("a: b\n---\na: c\n", "2:1: a second document begins; a file holds one scenario"),
    ("aé: \x07\n", "1:5: holds U+0007, which YAML does not allow"),
    ("a:\r\n  b: \udc80\n", "2:6: holds U+DC80, which YAML does not allow"),
    ("%YAML 3.0\n--- a\n", "1:1: is not YAML: found incompatible YAML document"),
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_what_is_not_yaml_gives_one_located_sentence(text: str, line: str) -> None:
    with pytest.raises(InvalidScenario) as invalid:
        parse(text, "f.yaml")
    assert str(invalid.value) == f"f.yaml:{line}"


def test_a_template_without_quotes_is_told_to_take_them() -> None:
    with pytest.raises(InvalidScenario, match=r"text that begins with \{ stands in quotes"):
        parse("url_template: {receiver}/path\n", "f.yaml")


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_deep_nesting_is_refused_and_harms_nothing(opening: str) -> None:
    """libyaml's own composer overruns the stack on these."""
    with pytest.raises(InvalidScenario, match="levels deep"):
        parse(opening * 200_000, "f.yaml")


def test_more_values_than_a_scenario_may_hold_are_refused() -> None:
    with pytest.raises(InvalidScenario, match="100,000 values"):
        parse("[" + "1," * (parsing.MOST_VALUES + 1) + "]", "f.yaml")


def test_a_text_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidScenario, match="larger than 1,000,000 bytes"):
        parse("#" * (parsing.LARGEST_BYTES + 1), "f.yaml")
    with pytest.raises(InvalidScenario, match="larger than 1,000,000 bytes"):
        decode(b"#" * (parsing.LARGEST_BYTES + 1), "f.yaml")


def test_a_file_is_utf_8_and_says_where_it_is_not() -> None:
    with pytest.raises(InvalidScenario) as invalid:
        decode("name: é\nx: ".encode() + b"\xff\n", "f.yaml")
    assert str(invalid.value) == "f.yaml:2:4: is not UTF-8 from here on; save the file in that encoding"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfname: x", "f.yaml") == "name: x"


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_both_parsers_agree_on_places(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml is not everywhere; columns are characters, not bytes, in either."""
    if not hasattr(yaml, loader):
        pytest.skip("this PyYAML was built without libyaml")
    monkeypatch.setattr(parsing, "_PARSER", getattr(yaml, loader))
    events = parse("näme: ☀️ x\nlist: [1, two]\n", "f.yaml")
    assert [parsing.mark_of(event) for event in events][1:4] == [Mark(1, 1), Mark(1, 7), Mark(2, 1)]
