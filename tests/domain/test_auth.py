"""`domain/auth`: credentials are sent as they were given (E7) and never shown (S7)."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.auth import HIDDEN, BasicAuth, HeaderAuth, check_header_name, check_secret

secrets = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map("s3cr3t-{}".format)


def test_a_header_token_has_exactly_its_name_and_value() -> None:
    """E7."""
    token = HeaderAuth("X-Aurora-Webhook-Token", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6")
    assert token.header() == ("X-Aurora-Webhook-Token", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6")


@pytest.mark.parametrize(
    ("username", "password", "sent"),
    [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),  # both from RFC 7617
        ("a", ":b:", "Basic YTo6Yjo="),
    ],
)
def test_a_basic_pair_is_sent_in_base64_of_utf_8(username: str, password: str, sent: str) -> None:
    """E7."""
    assert BasicAuth(username, password).header() == ("Authorization", sent)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":")), secrets)
def test_a_basic_pair_reaches_the_receiver_unchanged(username: str, password: str) -> None:
    """E7: spaces are kept, as in the guide's "Powering the future 0f solar together!"."""
    _, sent = BasicAuth(username, password).header()
    assert b64decode(sent.removeprefix("Basic ")).decode().partition(":") == (username, ":", password)


@given(secrets)
def test_no_secret_is_shown_where_credentials_are(secret: str) -> None:
    """S7."""
    for credential in (HeaderAuth("X-Token", secret), BasicAuth("crm", secret)):
        assert secret not in f"{credential!r} {credential} {[credential]}"


def test_what_stands_for_a_secret_tells_nothing_of_it() -> None:
    """S7: not even its length."""
    assert HIDDEN == "••••"


@pytest.mark.parametrize("name", ["X-Aurora-Webhook-Token", "Authorization", "x", "!#$%&'*+-.^_`|~09AZaz"])
def test_a_field_name_of_http_can_carry_a_token(name: str) -> None:
    """E7."""
    assert check_header_name(name) == []


@pytest.mark.parametrize("name", ["", "X Token", "X-Token:", "X-Tokén", "X\r\nInjected", "(token)", "a/b", '"quoted"'])
def test_what_is_no_field_name_is_refused(name: str) -> None:
    """E7, S10."""
    assert check_header_name(name) == [f'"{name}" is not a header name; letters, digits and hyphens make one']


@pytest.mark.parametrize("name", ["Host", "Content-Length", "transfer-encoding", "CONNECTION", "Upgrade", "Expect"])
def test_a_field_that_frames_the_request_cannot_carry_a_token(name: str) -> None:
    """E4, E7."""
    assert check_header_name(name) == [f'"{name}" belongs to HTTP itself and cannot carry a token; choose another name']


@pytest.mark.parametrize("secret", ["plain", "with  spaces", "Größe ☀️", "", "a:b,c;d", "\u0085\u2028"])
def test_any_text_without_control_characters_can_be_a_secret(secret: str) -> None:
    """E7."""
    assert check_secret(secret) == []


@pytest.mark.parametrize("flaw", ["\r\nX-Injected: 1", "\n", "\0", "\t", "\x7f", "\x1b[31m", "\ud800"])
def test_a_secret_that_no_header_can_carry_is_refused_and_not_repeated(flaw: str) -> None:
    """E7, S7."""
    problems = check_secret(f"s3cr3t{flaw}")
    assert len(problems) == 1
    assert "no header can carry" in problems[0]
    assert "s3cr3t" not in problems[0]
