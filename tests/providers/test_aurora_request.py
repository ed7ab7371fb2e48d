"""`providers/aurora/request`: the exact request for an event under the latest definition (E4–E9, S7)."""

from base64 import b64decode
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.event import Event
from simulator.domain.provider import Readings
from simulator.domain.subscription import Definition
from simulator.domain.template import Unknown
from simulator.providers.aurora import AURORA
from simulator.providers.aurora.request import build_request

PLAIN = Definition(
    events=("project_status_changed",),
    url_template="https://www.yourapp.com/e?project_id=<PROJECT_ID>&status=<STATUS>",
)
EVENT = Event(1, "demo", "project_status_changed", {"PROJECT_ID": "p1", "STATUS": "In Progress, soon"}, 0)
TOKEN = HeaderAuth("X-Aurora-Webhook-Token", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6")
BASIC = BasicAuth("user@example.com", "Powering the future 0f solar together!")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
secrets = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map("s3cr3t-{}".format)


def test_an_attempt_is_one_get_without_body_or_content_type() -> None:
    """E4, E9: no signature, no delivery id and no timestamp either."""
    request = build_request(PLAIN, EVENT, Readings())
    assert (request.method, request.body, request.headers, request.secret_headers) == ("GET", None, (), ())


def test_the_url_is_the_expanded_template() -> None:
    """E5, E6."""
    request = build_request(PLAIN, EVENT, Readings())
    assert request.url == "https://www.yourapp.com/e?project_id=p1&status=In%20Progress%2C%20soon"


@pytest.mark.parametrize(
    ("readings", "status"),
    [
        (Readings(space_encoding="+"), "In+Progress%2C+soon"),
        (Readings(comma_encoding=","), "In%20Progress,%20soon"),
    ],
)
def test_the_url_is_encoded_as_the_readings_say(readings: Readings, status: str) -> None:
    """E6."""
    assert build_request(PLAIN, EVENT, readings).url.endswith(f"&status={status}")


@pytest.mark.parametrize(("unknown", "end"), [("empty", "&tenant="), ("keep", "&tenant=<TENANT_ID>")])
def test_an_unknown_placeholder_is_sent_as_the_reading_says(unknown: Unknown, end: str) -> None:
    """S10."""
    definition = replace(PLAIN, url_template=f"{PLAIN.url_template}&tenant=<TENANT_ID>")
    readings = Readings(unknown_placeholder=unknown)
    assert build_request(definition, EVENT, readings).url.endswith(end)


@given(texts, texts)
def test_a_receiver_reads_back_what_the_event_held(project: str, status: str) -> None:
    """E6, E8."""
    event = replace(EVENT, attributes={"PROJECT_ID": project, "STATUS": status})
    query = urlsplit(build_request(PLAIN, event, Readings()).url).query
    assert parse_qsl(query, keep_blank_values=True) == [("project_id", project), ("status", status)]


def test_a_header_token_goes_with_the_request() -> None:
    """E7."""
    request = build_request(replace(PLAIN, headers=(TOKEN,)), EVENT, Readings())
    assert request.secret_headers == (("X-Aurora-Webhook-Token", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6"),)


def test_a_basic_pair_goes_with_the_request() -> None:
    """E7."""
    request = build_request(replace(PLAIN, basic_auth=BASIC), EVENT, Readings())
    ((name, value),) = request.secret_headers
    assert name == "Authorization"
    assert b64decode(value.removeprefix("Basic ")) == b"user@example.com:Powering the future 0f solar together!"


def test_both_kinds_of_credentials_go_together() -> None:
    """S10: both kinds may be set and both are sent."""
    request = build_request(replace(PLAIN, headers=(TOKEN,), basic_auth=BASIC), EVENT, Readings())
    assert [name for name, _ in request.secret_headers] == ["X-Aurora-Webhook-Token", "Authorization"]


def test_values_are_the_events_while_template_and_credentials_are_the_latest() -> None:
    """E8, R5: a corrected URL or credential takes effect at the next attempt."""
    corrected = replace(PLAIN, url_template="https://www.yourapp.com/v2/<PROJECT_ID>", headers=(TOKEN,))
    first, second = (build_request(definition, EVENT, Readings()) for definition in (PLAIN, corrected))
    assert first.url.startswith("https://www.yourapp.com/e?project_id=p1&")
    assert (second.url, second.secret_headers) == ("https://www.yourapp.com/v2/p1", (TOKEN.header(),))


def test_the_same_event_under_the_same_definition_is_the_same_request() -> None:
    """E4: first attempt and retries alike."""
    assert build_request(PLAIN, EVENT, Readings()) == build_request(PLAIN, EVENT, Readings())


@given(secrets, secrets)
def test_no_secret_is_shown_where_definition_and_request_are(token: str, password: str) -> None:
    """S7."""
    words = {
        "event": "project_status_changed",
        "url_template": PLAIN.url_template,
        "header_auth_key": "X-Token",
        "header_auth_value": token,
        "basic_auth_username": "crm",
        "basic_auth_password": password,
    }
    definition = AURORA.define(words, None, AURORA.catalogue, AURORA.readings)
    request = AURORA.build_request(definition, EVENT, AURORA.readings)
    shown = f"{definition!r} {definition} {request!r} {request} {request.shown_headers()}"
    hidden = [token, password, *(value.removeprefix("Basic ") for _, value in request.secret_headers)]
    assert not [secret for secret in hidden if secret in shown]
