"""`api/keys`: what keys look like, whose they are, and where they come from (S5)."""

from pathlib import Path

import pytest

from simulator.api.keys import SANDBOX_TENANT, Key, Keys, collect_keys, parse_key, ready_made
from simulator.domain.subscription import Owner
from simulator.errors import Misuse, NotFound

DEMO = Owner("demo")


@pytest.mark.parametrize(
    ("word", "owner"),
    [
        ("demo=sk_sand_a", DEMO),
        ("demo=sk_prod_a-B.9~_%", DEMO),
        ("a tenant=rk_sand_a", Owner("a tenant")),
        ("application:app=sk_sand_a", Owner("app", "application")),
    ],
)
def test_a_key_belongs_to_a_tenant_or_an_application_s5(word: str, owner: Owner) -> None:
    assert parse_key(word, "here") == Key(word.partition("=")[2], owner)


@pytest.mark.parametrize(
    "word",
    [
        "sk_sand_s3cr3t",
        "=sk_sand_s3cr3t",
        "application:=sk_sand_s3cr3t",
        "demo=s3cr3t",
        "demo=sk_s3cr3t",
        "demo=pk_sand_s3cr3t",
        "demo=sk_test_s3cr3t",
        "demo=sk_sand_",
        "demo=sk_sand_s3cr3t s3cr3t",
        "demo=sk_sand_s3cr3t=",
        "demo=sk_sand_s3cr3t☀",
        "",
    ],
)
def test_what_is_no_key_is_refused_and_never_repeated_s5_s7(word: str) -> None:
    with pytest.raises(Misuse) as refusal:
        parse_key(word, "AURORA_SIM_KEYS")
    assert str(refusal.value).startswith("AURORA_SIM_KEYS: this is no key; write TENANT=KEY, or application:")
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize(("text", "restricted"), [("sk_sand_a", False), ("rk_sand_a", True), ("rk_prod_a", True)])
def test_a_restricted_key_is_known_by_its_prefix_s5(text: str, *, restricted: bool) -> None:
    assert Key(text, DEMO).restricted is restricted


def test_a_key_is_found_by_the_whole_of_it_s5() -> None:
    keys = Keys([parse_key("demo=sk_sand_aa", ""), parse_key("other=sk_sand_ab", "")])
    assert [(found := keys.find(text)) and found.owner.id for text in ("sk_sand_aa", "sk_sand_ab")] == ["demo", "other"]
    assert [keys.find(text) for text in ("sk_sand_a", "sk_sand_aaa", "SK_SAND_AA", "", "\udcff")] == [None] * 5


def test_no_repr_shows_a_key_s7() -> None:
    keys = Keys([parse_key("demo=sk_sand_s3cr3t", "")])
    assert "s3cr3t" not in repr(keys) + repr(list(keys))


def test_without_any_there_is_a_ready_made_one_that_everybody_knows_s5() -> None:
    keys = collect_keys([], None, {})
    assert keys.public
    found = keys.find("sk_sand_demo")
    assert found is not None
    assert (found.owner, found.restricted) == (SANDBOX_TENANT, False)


def test_ready_made_keys_of_different_owners_differ_s5() -> None:
    owners = [Owner("a"), Owner("a", "application"), Owner("a b"), Owner("a%20b"), Owner("ä/b=c,d")]
    keys = Keys(map(ready_made, owners))
    assert [key.owner for key in keys] == owners
    assert all(parse_key(f"x={key.text}", "") for key in keys)


def test_keys_come_from_flags_a_file_and_the_environment_s5(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# ours\ndemo=sk_sand_file  # the usual one\n\nother=rk_prod_file\n", encoding="utf-8")
    variables = {"AURORA_SIM_KEYS": "demo=sk_sand_env, other=sk_sand_env2\n"}
    keys = collect_keys(["demo=sk_sand_flag"], file, variables)
    assert not keys.public
    assert [(key.owner.id, key.text) for key in keys] == [
        ("demo", "sk_sand_flag"),
        ("demo", "sk_sand_file"),
        ("other", "rk_prod_file"),
        ("demo", "sk_sand_env"),
        ("other", "sk_sand_env2"),
    ]
    assert keys.find("sk_sand_demo") is None


def test_a_wrong_line_of_a_file_is_named_s5(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("demo=sk_sand_a\nsk_sand_s3cr3t\n", encoding="utf-8")
    with pytest.raises(Misuse, match=r"keys:2: this is no key"):
        collect_keys([], file, {})


@pytest.mark.parametrize("content", ["", "# demo=sk_sand_a\n\n"])
def test_a_file_without_keys_is_not_taken_for_the_ready_made_ones_s5(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Misuse, match=r"keys holds no key; write TENANT=KEY"):
        collect_keys(["demo=sk_sand_a"], file, {})


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "keys"
    if content:
        file.write_bytes(content)
    with pytest.raises(NotFound, match=r"the keys in .*keys cannot be read: "):
        collect_keys([], file, {})


def test_one_key_cannot_have_two_owners_s5() -> None:
    with pytest.raises(Misuse, match='one key is given to the tenant "a" and to the tenant "b"') as refusal:
        collect_keys(["a=sk_sand_s3cr3t", "b=sk_sand_s3cr3t"], None, {})
    assert "s3cr3t" not in str(refusal.value)


def test_the_same_key_may_be_given_twice_s5() -> None:
    assert len(list(collect_keys(["a=sk_sand_x", "a=sk_sand_x"], None, {"AURORA_SIM_KEYS": "a=sk_sand_x"}))) == 1
