"""Aurora's "webhook" object as a form: the fields of `subscription.py`, in the order of filling them in."""

from __future__ import annotations

from simulator.domain.form import Form, FormField
from simulator.providers.aurora.subscription import spell

HEADER = "Header token"
BASIC = "Basic authentication"

FORM = Form(
    (
        FormField("event", "event", "Event", required=True),
        FormField(
            "url_template",
            "url",
            "URL template",
            required=True,
            hint="<NAME> stands for an attribute of the event",
            placeholders=True,
        ),
        FormField("filters", "filters", "Filters", hint="with none, every such event is delivered"),
        FormField("header_auth_key", "text", "Header", group=HEADER),
        FormField("header_auth_value", "secret", "Value", group=HEADER),
        FormField("basic_auth_username", "text", "User name", group=BASIC),
        FormField("basic_auth_password", "secret", "Password", group=BASIC),
        FormField("description", "text", "Description"),
        FormField("enabled", "switch", "Enabled"),
    ),
    spell,
)
