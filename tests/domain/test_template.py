"""`domain/template`: from a URL template to the bytes on the wire (S10, S11, E5, E6)."""

import re
from functools import partial
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.template import LONGEST, Encoding, Template, Unknown, can_be_encoded, check, expand, parse

DEFAULT = Encoding()
ENCODINGS = [Encoding(), Encoding(space="+"), Encoding(comma=","), Encoding(space="+", comma=",")]
UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
BASE = "https://www.yourapp.com"

names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", min_size=1, max_size=12)
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
attributes = st.dictionaries(names, values, min_size=1, max_size=5)


def expanded(source: str, values: dict[str, str], encoding: Encoding = DEFAULT) -> str:
    return expand(parse(source), values, encoding)


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("/a?status=<STATUS>", "/a?status=In%20Progress"),
        ("/<STATUS>/<ID>?again=<ID>&<ID>=<STATUS>", "/In%20Progress/d1?again=d1&d1=In%20Progress"),
        ("/a?aurora_event=design_request_rejected&id=<ID>", "/a?aurora_event=design_request_rejected&id=d1"),
        ("/a?x=%2F%2c+%C3%A6&id=<ID>", "/a?x=%2F%2c+%C3%A6&id=d1"),
        ("/a?id=<ID><ID>", "/a?id=d1d1"),
        ("/a?empty=<EMPTY>&id=<ID>", "/a?empty=&id=d1"),
        ("/no/placeholders?at=all", "/no/placeholders?at=all"),
    ],
)
def test_tokens_are_replaced_wherever_they_stand_and_nothing_else_changes(source: str, url: str) -> None:
    """E5; E6: an empty attribute keeps its key."""
    assert expanded(BASE + source, {"STATUS": "In Progress", "ID": "d1", "EMPTY": ""}) == BASE + url


def test_the_whole_token_counts() -> None:
    """E5: DESIGN_REQUEST_ID never matches inside DESIGN_REQUEST_ID_IN_AURORA."""
    values = {"DESIGN_REQUEST_ID": "short", "DESIGN_REQUEST_ID_IN_AURORA": "long"}
    assert expanded("?a=<DESIGN_REQUEST_ID_IN_AURORA>&b=<DESIGN_REQUEST_ID>", values) == "?a=long&b=short"
    assert check(f"{BASE}/?a=<DESIGN_REQUEST_ID>", ["DESIGN_REQUEST_ID_IN_AURORA"]) != []


@given(names, names, values, values)
def test_no_name_matches_inside_a_longer_one(name: str, more: str, short: str, long: str) -> None:
    """E5."""
    filled = {name: short, name + more: long}
    assert expanded(f"<{name + more}>", filled) == DEFAULT.encode(long)
    assert expanded(f"<{name}>", filled) == DEFAULT.encode(short)


@given(st.lists(st.tuples(st.text("abc/?&=%2F.", max_size=8), names), max_size=5), st.text("abc%20", max_size=8))
def test_a_template_is_its_static_parts_and_its_names_in_turn(pieces: list[tuple[str, str]], last: str) -> None:
    """E5."""
    source = "".join(f"{static}<{name}>" for static, name in pieces) + last
    assert parse(source) == Template((*(static for static, _ in pieces), last), tuple(name for _, name in pieces))


@given(st.text(st.characters(exclude_characters="<")))
def test_static_text_passes_through_as_it_is(source: str) -> None:
    """E5: above all, existing percent-escapes are not encoded again."""
    assert expanded(source, {"A": "x"}) == source


@pytest.mark.parametrize("encoding", ENCODINGS, ids=str)
@given(attributes=attributes)
def test_a_receiver_reads_back_what_the_event_held_in_the_order_of_the_template(
    encoding: Encoding, attributes: dict[str, str]
) -> None:
    """E5, E6: under every reading of the encoding."""
    source = f"{BASE}/e?" + "&".join(f"key_{name}=<{name}>" for name in attributes)
    shuffled = dict(reversed(attributes.items()))
    query = urlsplit(expanded(source, shuffled, encoding)).query
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == [
        (f"key_{name}", value) for name, value in attributes.items()
    ]


@given(attributes)
def test_a_value_in_the_path_stays_one_segment(attributes: dict[str, str]) -> None:
    """E5, E6."""
    path = expanded("/" + "/".join(f"<{name}>" for name in attributes), attributes)
    assert [unquote(segment) for segment in path.split("/")[1:]] == list(attributes.values())


@given(values)
def test_only_unreserved_characters_stay_bare(value: str) -> None:
    """E6."""
    encoded = DEFAULT.encode(value)
    assert re.fullmatch(rf"([{re.escape(UNRESERVED)}]|%[0-9A-F]{{2}})*", encoded)
    assert unquote(encoded) == value


def test_every_unreserved_character_stays_bare() -> None:
    """E6."""
    assert DEFAULT.encode(UNRESERVED) == UNRESERVED


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        (Encoding(), "a%20b%2Cc%2Bd%252C%3CA%3E%C3%A6"),
        (Encoding(space="+"), "a+b%2Cc%2Bd%252C%3CA%3E%C3%A6"),
        (Encoding(comma=","), "a%20b,c%2Bd%252C%3CA%3E%C3%A6"),
        (Encoding(space="+", comma=","), "a+b,c%2Bd%252C%3CA%3E%C3%A6"),
    ],
)
def test_space_and_comma_are_written_as_the_readings_say(encoding: Encoding, encoded: str) -> None:
    """E6: `space_encoding`, `comma_encoding`; a plus and a percent sign of the value are never mistaken for them."""
    assert encoding.encode("a b,c+d%2C<A>æ") == encoded


def test_a_value_that_looks_like_a_placeholder_is_a_value() -> None:
    """E5."""
    assert expanded("?a=<A>&b=<B>", {"A": "<B>", "B": "b"}) == "?a=%3CB%3E&b=b"


def test_a_name_without_a_value_is_empty_or_stays_as_the_reading_says() -> None:
    """S10: `unknown_placeholder`."""
    template = parse("?a=<A>&b=<B>")
    assert expand(template, {"A": "a"}, DEFAULT, unknown="empty") == "?a=a&b="
    assert expand(template, {"A": "a"}, DEFAULT, unknown="keep") == "?a=a&b=<B>"
    assert expand(template, {"A": "", "B": "b"}, DEFAULT, unknown="keep") == "?a=&b=b"


@pytest.mark.parametrize(
    "source",
    [
        "https://www.yourapp.com",
        "http://127.0.0.1:8080/e?id=<ID>",
        "HTTPS://www.yourapp.com/e",
        "https://[::1]:8443/<ID>",
        "https://www.yourapp.com?status=<STATUS>&at=a@b",
        "https://www.yourapp.com/~crm/%2F/x;y=1?a[]=1&b={c}|d",
    ],
)
def test_a_usable_template_has_no_flaws(source: str) -> None:
    """S11: http and https."""
    assert check(source, ["ID", "STATUS"]) == []


@pytest.mark.parametrize(
    ("source", "flaw"),
    [
        ("", "is empty; give a URL"),
        ("www.yourapp.com/e", "must begin with http:// or https://"),
        ("ftp://www.yourapp.com/e", "must begin with http:// or https://"),
        ("//www.yourapp.com/e", "must begin with http:// or https://"),
        ("<ID>://www.yourapp.com/e", "must begin with http:// or https://"),
        ("https:///e", "has no host, or the port 0"),
        ("https://?a=b", "has no host, or the port 0"),
        ("https://:8080/e", "has no host, or the port 0"),
        ("https://www.yourapp.com:0/e", "has no host, or the port 0"),
        ("https://www.yourapp.com:70000/e", "has a host or port that cannot be used"),
        ("https://www.yourapp.com:http/e", "has a host or port that cannot be used"),
        ("https://[::1/e", "has a host or port that cannot be used"),
        ("https://<ID>.yourapp.com/e", "has a placeholder in its host or port"),
        ("https://www.yourapp.com:<ID>/e", "has a placeholder in its host or port"),
        ("https://crm:s3cr3t@www.yourapp.com/e", "carries a user name before the host"),
        ("https://www.yourapp.com/e#<ID>", 'holds a fragment ("#")'),
        ("https://www.yourapp.com/e?a= b", "holds ' ', which a URL cannot carry; percent-encode it (%20)"),
        ("https://www.yourapp.com/Größe", "holds 'ö', which a URL cannot carry; percent-encode it (%C3%B6)"),
        ("https://www.yourapp.com/\n", r"holds '\n', which a URL cannot carry; percent-encode it (%0A)"),
        ("https://www.yourapp.com/\ud800", r"holds '\ud800', which a URL cannot carry"),
        ("https://www.yourapp.com/?a=<ID", 'holds "<" or ">" outside a placeholder'),
        ("https://www.yourapp.com/?a=<<ID>>", 'holds "<" or ">" outside a placeholder'),
        ("https://www.yourapp.com/?a=<I-D>", 'holds "<" or ">" outside a placeholder'),
        (
            "https://www.yourapp.com/?a=<STATE>",
            'holds <STATE>, which this event does not have (did you mean "STATUS"?); it has <ID>, <STATUS>',
        ),
        ("https://www.yourapp.com/?a=<id>", "holds <id>, which this event does not have"),
    ],
)
def test_each_flaw_of_a_template_is_said_once_and_in_words(source: str, flaw: str) -> None:
    """S10, S11, E5."""
    flaws = check(source, ["ID", "STATUS"])
    assert len(flaws) == 1
    assert flaws[0].startswith(flaw)


def test_a_template_is_as_long_as_any_real_url_and_no_longer() -> None:
    """S11: receivers and what stands before them read a few kilobytes of a URL; the bound is far above."""
    url = "https://www.yourapp.com/e?a=<ID>&token="
    assert check(url + "x" * (LONGEST - len(url)), ["ID"]) == []
    assert check(url + "x" * 70_000, ["ID"]) == ["is longer than 16000 characters, which no receiver reads"]


def test_a_template_with_several_flaws_is_told_all_of_them() -> None:
    """S4, S10, S11."""
    flaws = check("ftp://www.yourapp.com/ü?a=<X>&b=<Y>&c=<X>#d", ["ID"], required=["ID"])
    assert [flaw.split(",")[0] for flaw in flaws] == [
        "holds 'ü'",
        'holds a fragment ("#")',
        "must begin with http:// or https://",
        "holds <X>",
        "holds <Y>",
        "must hold <ID>",
    ]


@pytest.mark.parametrize("unknown", ["empty", "keep"])
def test_a_reading_lets_unknown_placeholders_pass(unknown: Unknown) -> None:
    """S10: `unknown_placeholder`."""
    assert check(f"{BASE}/?a=<X>", ["ID"], unknown=unknown) == []


def test_partner_templates_hold_two_placeholders_and_https() -> None:
    """S13."""
    partner = partial(
        check,
        attributes=("APP_ID", "TENANT_ID", "SESSION_TOKEN"),
        required=("TENANT_ID", "SESSION_TOKEN"),
        https_only=True,
    )
    assert partner(f"{BASE}/<TENANT_ID>?t=<SESSION_TOKEN>") == []
    assert partner("http://www.yourapp.com/<TENANT_ID>?app=<APP_ID>") == [
        "must begin with https://",
        "must hold <SESSION_TOKEN>",
    ]


def test_a_password_in_a_template_is_refused_and_not_repeated() -> None:
    """S7, S11."""
    assert "s3cr3t" not in " ".join(check("https://crm:s3cr3t@www.yourapp.com:x/e", []))


@given(st.text(), st.lists(names, max_size=3))
def test_whatever_is_written_there_are_words_for_it_or_it_can_be_sent(source: str, attributes: list[str]) -> None:
    """S10, S11, E6: no text breaks the check, and what passes it is ASCII without blanks whatever the values."""
    if not check(source, attributes):
        assert re.fullmatch(r"[!-~]+", expanded(source, dict.fromkeys(attributes, " ☀️\n")))


@pytest.mark.parametrize(("text", "answer"), [("", True), ("☀️\0", True), ("\ud800", False), ("a\udfffb", False)])
def test_only_a_lone_surrogate_cannot_be_encoded(text: str, answer: bool) -> None:
    """E6."""
    assert can_be_encoded(text) is answer
