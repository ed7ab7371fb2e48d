"""`cli/welcome`: where the server is, as a program on this machine reaches it."""

from __future__ import annotations

import pytest

from simulator.cli.welcome import Address


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8025"),
        ("0.0.0.0", "http://127.0.0.1:8025"),
        ("::1", "http://[::1]:8025"),
        ("::", "http://[::1]:8025"),
        ("192.168.1.7", "http://192.168.1.7:8025"),
    ],
)
def test_the_address_can_be_pasted(host: str, url: str) -> None:
    assert Address(host, 8025, None, token_is_ours=False).url == url


@pytest.mark.parametrize(("ours", "shown"), [(True, "t0ken"), (False, "$AURORA_SIM_TOKEN")])
def test_only_a_token_that_we_made_is_shown(*, ours: bool, shown: str) -> None:
    address = Address("0.0.0.0", 8025, "t0ken", token_is_ours=ours)
    assert address.shown_token == shown
    assert "t0ken" not in repr(address)
