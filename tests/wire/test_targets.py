"""Which receivers may be reached: nobody floods a stranger by a typo or by a trick with a URL."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.errors import Environment, Misuse, TargetNotAllowed
from simulator.wire.targets import Targets, parse_host


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/hook?id=1",
        "http://127.255.255.254/",
        "https://[::1]:8443/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost",
        "http://LocalHost:80/",
        "http://localhost./",
        "http://crm.localhost/",
        "http://a.b.LOCALHOST./",
        "HTTP://127.0.0.1/",
        "http://127.0.0.1/?next=http://evil.example/@evil",
        "http://127.0.0.1#@evil.example/",
    ],
)
def test_this_machine_is_always_allowed(url: str) -> None:
    Targets().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/",
        "http://8.8.8.8/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://128.0.0.1/",
        "http://[::2]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[::ffff:808:808]/",
        "http://[64:ff9b::7f00:1]/",
        "http://localhost.evil.example/",
        "http://notlocalhost/",
        "http://xlocalhost/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1.nip.io/",
        "http://evil.example#@127.0.0.1/",
        "http://evil.example?@127.0.0.1/",
        "http://evil.example/@127.0.0.1",
        "http://evil.example:80/127.0.0.1",
    ],
)
def test_another_host_is_not_allowed_and_the_text_names_it_and_the_cure(url: str) -> None:
    with pytest.raises(TargetNotAllowed, match="is not this machine") as refusal:
        Targets().check_url(url)
    host = str(refusal.value).split('"')[1]
    assert f"--allow-host {host}" in str(refusal.value)
    assert Targets([host]).check_url(url)
    assert isinstance(refusal.value, Environment)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://134744072/",
        "http://0x7f000001/",
        "http://0x8.0x8.0x8.0x8/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://010.8.8.8/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.1./",
        "http://127.0.0.256/",
        "http://localhost../",
        "http://.localhost/",
        "http://-/",
        "http://%6cocalhost/",
        "http://127%2e0%2e0%2e1/",
        "http://[::1%25lo]/",
        "http://[fe80::1%25eth0]/",
        "http://localhost,evil.example/",
        "http://local_host_/;",
        "http:///path",
        "http://:80/",
    ],
)
@pytest.mark.parametrize("allowed", [(), ("evil.example", "2130706433.example")])
def test_a_host_that_programs_read_differently_is_refused_even_where_it_would_be_loopback(
    url: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(TargetNotAllowed):
        Targets(allowed).check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1%2f@evil.example/",
        "http://user:s3cret@127.0.0.1/",
        "http://:s3cret@127.0.0.1/",
        "http://127.0.0.1\\@evil.example/",
        "http://s3cret@@127.0.0.1/",
    ],
)
def test_a_url_with_a_user_is_refused_and_not_repeated_s11(url: str) -> None:
    with pytest.raises(TargetNotAllowed) as refusal:
        Targets(["evil.example"]).check_url(url)
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["ftp", "file", "ws", "httpx", "unix", "javascript"])
def test_only_http_and_https_are_schemes_s11(scheme: str) -> None:
    with pytest.raises(TargetNotAllowed, match=f'"{scheme}".*http and https'):
        Targets().check_url(f"{scheme}://localhost/")


@pytest.mark.parametrize("url", ["", "localhost", "//localhost/", "/path", "http:localhost", "http:/localhost/"])
def test_what_is_no_absolute_url_is_refused(url: str) -> None:
    with pytest.raises(TargetNotAllowed):
        Targets().check_url(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:99999/", "http://localhost:80:90/", "http://localhost:x/", "http://[::1/"]
)
def test_a_url_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(TargetNotAllowed, match="cannot be read"):
        Targets().check_url(url)


def test_port_0_is_refused() -> None:
    with pytest.raises(TargetNotAllowed, match="port 0"):
        Targets().check_url("http://localhost:0/")


@pytest.mark.parametrize("character", [" ", "\t", "\r\n", "\n", "\x00", "\x7f", "ü", "．", "\u200b", "１"])
def test_a_character_that_no_request_line_can_carry_is_refused(character: str) -> None:
    for url in (f"http://127.0.0.1/{character}", f"http://127.0.0{character}.1/", f"{character}http://127.0.0.1/"):
        with pytest.raises(TargetNotAllowed, match="percent-encode"):
            Targets().check_url(url)


def test_a_fullwidth_localhost_is_not_localhost() -> None:
    with pytest.raises(TargetNotAllowed):
        Targets().check_url("http://ｌｏｃａｌｈｏｓｔ/")


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("staging.example.com", "https://staging.example.com:8443/hook"),
        ("Staging.Example.Com", "http://STAGING.example.com./"),
        (" staging.example.com. ", "http://staging.example.com/"),
        ("10.0.0.7", "http://10.0.0.7/"),
        ("2001:db8::1", "http://[2001:DB8:0:0::1]/"),
        ("[2001:db8::1]", "http://[2001:db8::1]/"),
        ("crm_test", "http://crm_test:8000/"),
    ],
)
def test_a_host_that_was_named_is_allowed(allowed: str, url: str) -> None:
    Targets([allowed]).check_url(url)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "http://a.staging.example.com/", "http://10.0.0.8/", "http://[::ffff:10.0.0.7]/"]
)
def test_naming_a_host_allows_no_other(url: str) -> None:
    with pytest.raises(TargetNotAllowed):
        Targets(["staging.example.com", "10.0.0.7"]).check_url(url)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "http://staging.example.com",
        "staging.example.com:8080",
        "staging.example.com/x",
        "*.example.com",
        "*",
        "127.1",
        "ü.example",
    ],
)
def test_an_entry_that_is_no_host_is_refused_as_misuse(entry: str) -> None:
    with pytest.raises(Misuse, match="is not a host"):
        Targets([entry])


def test_the_url_that_was_checked_is_the_one_to_connect_to_byte_for_byte_e6() -> None:
    target = Targets().check_url("http://127.0.0.1:80/a%2Fb/../c?x=%2C%20%c3&y=+")
    assert target.raw_path_qs == "/a%2Fb/../c?x=%2C%20%c3&y=+"


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("http://127.0.0.1:80/a%2Fb/../c?x=%2C%20%c3&y=+", "http://127.0.0.1:80", "/a%2Fb/../c?x=%2C%20%c3&y=+"),
        ("http://localhost", "http://localhost", "/"),
        ("http://localhost?a=1", "http://localhost", "/?a=1"),
        ("https://[::1]:8443//a?b=http://c/?d#e?f", "https://[::1]:8443", "//a?b=http://c/?d"),
        ("http://127.0.0.1#@evil.example/", "http://127.0.0.1", "/"),
        ("HTTP://LocalHost./p?", "HTTP://LocalHost.", "/p?"),
    ],
)
def test_a_url_is_cut_behind_its_port_and_keeps_its_bytes_e6(url: str, origin: str, path: str) -> None:
    assert Targets().reach(url) == (origin, path)


def test_the_verdict_on_an_origin_holds_for_whatever_follows_it() -> None:
    targets = Targets()
    for path in ("/", "/@localhost", "?localhost", "#@127.0.0.1/"):
        with pytest.raises(TargetNotAllowed, match="is not this machine"):
            targets.reach(f"http://evil.example{path}")
    for path in (" ", "\r\nX: 1", "/\tü"):
        with pytest.raises(TargetNotAllowed, match="percent-encode"):
            targets.reach(f"http://127.0.0.1/{path}")


@given(st.from_regex(r"(https?://|/|http:)?[a-zA-Z0-9.:%@?#\\/\[\]x_-]{1,30}", fullmatch=True))
@example("http:/?://127.0.0.1/")
@example("//x?://127.0.0.1/")
@example("http://127.0.0.1\\@evil.example/")
def test_cut_in_two_a_url_is_let_through_as_the_whole_is_and_leads_to_the_same_receiver(url: str) -> None:
    try:
        whole = Targets().check_url(url)
    except TargetNotAllowed as refusal:
        with pytest.raises(TargetNotAllowed, match=re.escape(str(refusal))):
            Targets().reach(url)
        return
    origin, path = Targets().reach(url)
    reached = Targets().check_url(origin)
    assert (reached.scheme, reached.raw_host, reached.port) == (whole.scheme, whole.raw_host, whole.port)
    assert path.removesuffix("?") == whole.raw_path_qs


@given(st.from_regex(r"[a-zA-Z0-9.:%@\\/\[\]x_-]{1,24}", fullmatch=True))
def test_whatever_is_let_through_without_a_name_leads_to_this_machine(text: str) -> None:
    try:
        target = Targets().check_url(f"http://{text}/")
    except TargetNotAllowed:
        return
    host = parse_host(target.raw_host or "")
    assert host is not None
    assert host.is_loopback
    assert target.raw_user is None
