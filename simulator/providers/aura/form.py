"""AURA's webhook as a form: the fields of `registration.py` but for `method`, which has one value only."""

from __future__ import annotations

from simulator.domain.form import Form, FormField
from simulator.providers.aura.registration import spell

FORM = Form(
    (
        FormField("url", "url", "URL", required=True, hint="https, or this machine itself; it is no template"),
        FormField("events", "events", "Events", required=True),
        FormField("headers", "headers", "Headers", hint="sent with every event"),
    ),
    spell,
)
