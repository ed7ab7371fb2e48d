"""`providers/aurora/management`: how Aurora shows a subscription, and where (S1, S2, S4, S6, S7, S13)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.filters import Filter
from simulator.domain.instant import parse_instant
from simulator.domain.provider import Face
from simulator.domain.subscription import Definition, Subscription
from simulator.providers import AURORA
from simulator.providers.aurora.management import FACES, show
from simulator.providers.aurora.subscription import FIELDS

MADE = parse_instant("2026-03-06T17:00:00.999999Z")
PLAIN = Definition(events=("lead_changed",), url_template="https://www.yourapp.com/?l=<LEAD_ID>")
WHOLE = replace(
    PLAIN,
    description="CRM",
    headers=(HeaderAuth("X-Token", "s3cr3t-1"),),
    basic_auth=BasicAuth("user", "s3cr3t-2"),
    filters=(Filter("SOURCE", ("api", "lcai")),),
)


def subscription(definition: Definition) -> Subscription:
    return Subscription("s1", "demo", "crm", 1, definition, created_at=MADE, updated_at=MADE)


def test_every_field_is_shown_but_for_the_secrets_s7() -> None:
    shown = show(subscription(WHOLE))
    assert set(shown) == {*FIELDS, "id", "created_at", "updated_at"} - {"header_auth_value", "basic_auth_password"}
    assert "s3cr3t" not in json.dumps(shown)


def test_the_object_is_shown_in_the_customers_words_s1_s6() -> None:
    assert show(subscription(WHOLE)) == {
        "id": "s1",
        "description": "CRM",
        "event": "lead_changed",
        "url_template": "https://www.yourapp.com/?l=<LEAD_ID>",
        "enabled": True,
        "header_auth_key": "X-Token",
        "basic_auth_username": "user",
        "filters": [{"url_parameter": "<SOURCE>", "value": ["api", "lcai"]}],
        "created_at": "2026-03-06 17:00:00 UTC",
        "updated_at": "2026-03-06 17:00:00 UTC",
    }


def test_what_was_not_given_is_null_s8() -> None:
    shown = show(subscription(PLAIN))
    assert [shown[name] for name in ("description", "header_auth_key", "basic_auth_username", "filters")] == [
        None,
        None,
        None,
        [],
    ]


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.owner)
def test_a_face_has_its_owner_in_the_path_and_its_name_in_the_envelope_s2_s13(face: Face) -> None:
    assert f"{{{face.owner}_id}}" in face.path
    assert face.many == f"{face.one}s"


def test_the_paths_are_the_providers_s1_s13() -> None:
    assert [(face.path, face.one) for face in AURORA.faces] == [
        ("/tenants/{tenant_id}/webhooks", "webhook"),
        ("/partner_applications/{application_id}/webhooks", "partner_application_webhook"),
    ]
