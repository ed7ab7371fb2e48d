"""`domain/form`: what a definition puts into a form, and that no secret is among it (S7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.domain.auth import HIDDEN, BasicAuth, HeaderAuth
from simulator.domain.form import FieldKind, Form, FormField
from simulator.domain.subscription import Definition

PLAIN = Definition(("lead_changed",), "http://127.0.0.1:9/in", description="leads")
SECRET = replace(PLAIN, headers=(HeaderAuth("X-Token", "s3cret"),), basic_auth=BasicAuth("u", "p4ss"))


def test_a_definition_without_secrets_still_tells_that_they_are_there() -> None:
    """S7"""
    shown = SECRET.without_secrets()
    assert [one.header() for one in shown.headers] == [("X-Token", HIDDEN)]
    assert shown.basic_auth == BasicAuth("u", HIDDEN)
    assert replace(shown, headers=(), basic_auth=None) == PLAIN
    assert PLAIN.without_secrets() == PLAIN


def test_whatever_a_profile_spells_a_filled_form_holds_no_secret() -> None:
    """S7: even a profile that would tell everything is handed nothing to tell."""
    form = Form((), lambda one: {"all": [header.value for header in one.headers], "basic": one.basic_auth})
    assert form.filled(SECRET) == {"all": [HIDDEN], "basic": BasicAuth("u", HIDDEN)}


@pytest.mark.parametrize(("kind", "secret"), [("secret", True), ("headers", True), ("text", False), ("url", False)])
def test_a_field_knows_whether_what_it_takes_is_secret(kind: FieldKind, secret: bool) -> None:
    assert FormField("name", kind, "Name").secret is secret
