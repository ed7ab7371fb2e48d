"""The JSON Schema of a scenario file, for editors: `# yaml-language-server: $schema=scenario.schema.json`.

In: the models, and what the providers know by name. Out: a schema of draft 2020-12 that accepts what the loader
accepts, as far as one place in the file can tell; what takes two places is for the loader alone.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

from simulator.domain.instant import format_duration
from simulator.domain.provider import Profile
from simulator.providers import PROFILES
from simulator.receivers import KINDS
from simulator.scenario.model import ScenarioEntry

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "https://aurora-webhook-simulator.example/scenario-1.schema.json"

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema, made anew at each call."""
    schema: Schema = _tidy(ScenarioEntry.model_json_schema())
    schema["$defs"] |= {f"known_{name}": known for name, known in _known().items()}
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **schema, "title": "Scenario of the Aurora webhook simulator"}


def _tidy(node: Any) -> Any:
    """Without the nulls that stand for keys that are left out, and with defaults as people write them."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _tidy(value) for key, value in node.items()}
    choices = schema.get("anyOf", [])
    if {"type": "null"} in choices:
        present = [choice for choice in choices if choice != {"type": "null"}]
        del schema["anyOf"]
        schema = {**(present[0] if len(present) == 1 else {"anyOf": present}), **schema}
    if "default" in schema:
        schema = _with_default(schema, schema.pop("default"))
    return {"$ref": f"#/$defs/known_{schema.pop('x-known')}", **schema} if "x-known" in schema else schema


def _with_default(schema: Schema, default: Any) -> Schema:
    """Spans are microseconds inside and text outside; what is no plain value needs no default in an editor."""
    if default is None or isinstance(default, dict):
        return schema
    spelt = schema.get("type") == "string" and isinstance(default, int)
    return {**schema, "default": format_duration(default) if spelt else default}


def _known() -> dict[str, Schema]:
    """What can be completed by name: events, stories, providers, receivers, switches."""
    profiles = PROFILES.values()
    switches = {name: _of_hint(hint) for profile in profiles for name, hint in _switches(profile).items()}
    return {
        "event": {"enum": sorted({name for profile in profiles for name in profile.catalogue})},
        "story": {"enum": sorted({name for profile in profiles for name in profile.stories})},
        "action": {"enum": sorted({name for profile in profiles for name in profile.actions})},
        "provider": {"enum": sorted(PROFILES)},
        "receiver": {"anyOf": [{"enum": sorted(KINDS)}, {"type": "string", "pattern": "^https?://"}]},
        "switches": {"type": "object", "properties": switches, "additionalProperties": False},
    }


def _switches(profile: Profile) -> dict[str, Any]:
    hints = get_type_hints(type(profile.readings))
    return {field.name: hints[field.name] for field in fields(profile.readings)}


def _of_hint(hint: Any) -> Schema:
    if hint is bool:
        return {"type": "boolean"}
    return {"type": "number", "minimum": 0, "exclusiveMaximum": 1} if hint is float else {"enum": [*get_args(hint)]}
