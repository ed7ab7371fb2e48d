"""Who may come in: the exact secrets, all that are configured, and nothing that is nearly right."""

from __future__ import annotations

import base64

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from simulator.receivers.credentials import Credentials

TOKEN = ("X-Aurora-Webhook-Token", "2dbcbba1-9f64")
BASIC = ("solär@example.com", "Powering the future 0f solar: together!")


def headers(**given: str) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict({name.replace("_", "-"): value for name, value in given.items()}))


def basic(text: str, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode()).decode()}"


RIGHT_BASIC = basic(":".join(BASIC))


def test_without_configured_secrets_everybody_may_come_in() -> None:
    """E7: no auth fields, no auth header."""
    assert Credentials().accept(headers())
    assert Credentials().accept(headers(Authorization="Basic ???"))


@pytest.mark.parametrize("name", ["X_Aurora_Webhook_Token", "x_aurora_webhook_token", "X_AURORA_WEBHOOK_TOKEN"])
def test_the_name_of_the_header_is_read_without_regard_to_case(name: str) -> None:
    assert Credentials(TOKEN).accept(headers(**{name: TOKEN[1]}))


@pytest.mark.parametrize("given", ["", " ", "2dbcbba1", "2dbcbba1-9f64x", "2DBCBBA1-9F64", "ü", "\udcff"])
def test_a_token_that_is_not_exact_is_refused(given: str) -> None:
    assert not Credentials(TOKEN).accept(headers(X_Aurora_Webhook_Token=given))


def test_an_absent_token_is_refused() -> None:
    """Section 4: compares the token but accepts its absence."""
    assert not Credentials(TOKEN).accept(headers())
    assert not Credentials(TOKEN).accept(headers(X_Other=TOKEN[1]))


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_right_user_and_password_may_come_in(scheme: str) -> None:
    """E7: UTF-8, spaces and colons kept."""
    assert Credentials(basic_auth=BASIC).accept(headers(Authorization=basic(":".join(BASIC), scheme)))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Basic",
        "Basic ",
        "Basic ???",
        "Basic é",
        "Bearer " + RIGHT_BASIC.split()[1],
        RIGHT_BASIC.split()[1],
        RIGHT_BASIC[:-4],
        RIGHT_BASIC[:9] + "!" + RIGHT_BASIC[9:],
        basic(""),
        basic(":"),
        basic(BASIC[0]),
        basic(f"{BASIC[0]}:"),
        basic(f":{BASIC[1]}"),
        basic(f"{BASIC[0]}:{BASIC[1]} "),
        basic(f"{BASIC[0]}:{BASIC[1].lower()}"),
    ],
)
def test_basic_auth_that_is_not_exact_is_refused(given: str) -> None:
    assert not Credentials(basic_auth=BASIC).accept(headers(Authorization=given))


def test_absent_basic_auth_is_refused() -> None:
    assert not Credentials(basic_auth=BASIC).accept(headers())


def test_with_both_configured_both_must_come() -> None:
    """S10: both kinds may be set, both are sent."""
    both = Credentials(TOKEN, BASIC)
    assert both.accept(headers(X_Aurora_Webhook_Token=TOKEN[1], Authorization=RIGHT_BASIC))
    assert not both.accept(headers(X_Aurora_Webhook_Token=TOKEN[1]))
    assert not both.accept(headers(Authorization=RIGHT_BASIC))


@pytest.mark.parametrize("pair", [("", ""), ("X-Token", ""), ("", "secret")])
def test_an_empty_secret_is_no_secret_and_is_refused_at_once(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="neither of them empty"):
        Credentials(header_auth=pair)
    with pytest.raises(ValueError, match="neither of them empty"):
        Credentials(basic_auth=pair)


def test_one_header_cannot_carry_both_secrets() -> None:
    """S10."""
    with pytest.raises(ValueError, match="name another"):
        Credentials(("authorization", "token"), BASIC)


def test_secrets_show_in_no_repr() -> None:
    """S7."""
    shown = repr(Credentials(TOKEN, BASIC))
    assert TOKEN[1] not in shown
    assert BASIC[1] not in shown
