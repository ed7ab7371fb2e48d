"""`wire/head`: the bytes of a request; what arrives at a receiver is tested with the wire (`test_live`)."""

from __future__ import annotations

import pytest

from simulator.domain.request import Request
from simulator.errors import Bug
from simulator.wire.head import write_request


def written(*headers: tuple[str, str], method: str = "GET", body: bytes | None = None) -> list[str]:
    request = Request(method, "http://ignored/", headers, body=body)
    return write_request(request, "/a?b=%2C", "crm.localhost:80", "us/1").decode().split("\r\n")


def test_a_get_has_a_request_line_and_three_headers_e4_e9() -> None:
    assert written() == [
        "GET /a?b=%2C HTTP/1.1",
        "Host: crm.localhost:80",
        "User-Agent: us/1",
        "Accept: */*",
        "",
        "",
    ]


def test_headers_stand_in_their_order_the_secret_ones_last_e7() -> None:
    request = Request("GET", "", (("B", "1"), ("a", "2")), (("X-Token", "ü"),))
    lines = write_request(request, "/", "h", "u").decode().split("\r\n")
    assert lines[3:6] == ["B: 1", "a: 2", "X-Token: ü"]


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", "ACCEPT"])
def test_what_was_given_is_not_added_again(name: str) -> None:
    assert [line for line in written((name, "mine")) if line.lower().startswith(name.lower())] == [f"{name}: mine"]


def test_the_length_of_a_body_is_told_in_bytes() -> None:
    assert written(method="POST", body="ü".encode())[-3:] == ["Content-Length: 2", "", "ü"]


def test_a_post_without_a_body_says_so() -> None:
    assert written(method="POST")[-3:] == ["Content-Length: 0", "", ""]


@pytest.mark.parametrize("value", ["a\r\nX-Admin: 1", "a\nb", "a\rb", "a\0b"])
def test_no_header_can_begin_a_line_that_nobody_gave_s7(value: str) -> None:
    with pytest.raises(Bug) as bug:
        written(("X-Token", value))
    assert value not in str(bug.value)
