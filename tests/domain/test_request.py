"""`domain/request`: a request exactly as it goes on the wire, its secrets hidden (E4, S7)."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.auth import HIDDEN, BasicAuth
from simulator.domain.request import Request


def test_a_request_has_no_headers_and_no_body_unless_it_was_given_some() -> None:
    """E4, E7, E9."""
    request = Request("GET", "https://www.yourapp.com/?a=b%2Cc")
    assert (request.headers, request.secret_headers, request.body) == ((), (), None)


def test_all_headers_are_shown_in_order_with_every_secret_hidden() -> None:
    """S7: the name of a header is no secret."""
    request = Request(
        "POST",
        "https://www.yourapp.com/",
        headers=(("Content-Type", "application/json"),),
        secret_headers=(("X-Token", "2dbcbba1"), ("Authorization", "Basic YTpi")),
    )
    assert request.shown_headers() == (
        ("Content-Type", "application/json"),
        ("X-Token", HIDDEN),
        ("Authorization", HIDDEN),
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map("s3cr3t-{}".format))
def test_no_secret_is_shown_where_a_request_is(secret: str) -> None:
    """S7: neither as it is, nor in base64."""
    basic = BasicAuth("crm", secret).header()
    request = Request("GET", "https://www.yourapp.com/", secret_headers=(("X-Token", secret), basic))
    shown = f"{request!r} {request} {request.shown_headers()}"
    assert secret not in shown
    assert basic[1].removeprefix("Basic ") not in shown


def test_a_secret_in_the_url_is_sent_and_shown_nowhere() -> None:
    """S7, S13: a session token stands in the URL, wherever the template wants it and however often."""
    request = Request("GET", "https://www.yourapp.com/s3cr3t?t=s3cr3t&a=b").hiding("s3cr3t")
    assert request.sent_url == "https://www.yourapp.com/s3cr3t?t=s3cr3t&a=b"
    assert request.url == f"https://www.yourapp.com/{HIDDEN}?t={HIDDEN}&a=b"
    assert "s3cr3t" not in f"{request!r} {request}"


def test_several_secrets_in_the_url_are_all_hidden() -> None:
    """S7."""
    request = Request("GET", "https://www.yourapp.com/one/two").hiding("one").hiding("two")
    assert (request.url, request.sent_url) == (
        f"https://www.yourapp.com/{HIDDEN}/{HIDDEN}",
        "https://www.yourapp.com/one/two",
    )


def test_a_url_without_secrets_is_sent_as_it_is_shown() -> None:
    """E6."""
    assert Request("GET", "https://www.yourapp.com/?a=b%2Cc").sent_url == "https://www.yourapp.com/?a=b%2Cc"


def test_a_request_cannot_be_changed_on_its_way() -> None:
    """E6."""
    request = Request("GET", "https://www.yourapp.com/")
    with pytest.raises(FrozenInstanceError):
        request.url = "https://elsewhere.example/"  # type: ignore[misc]  # the very thing that must not work
