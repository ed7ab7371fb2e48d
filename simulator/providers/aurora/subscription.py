"""Aurora's "webhook" object in the customer's words, checked and turned into a `Definition` (S8, S10–S13).

In: the fields of a request body or of a scenario, and the definition they change, if any. Out: a definition, or
`Invalid` with every problem found, each naming its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.domain import template
from simulator.domain.auth import BasicAuth, HeaderAuth, check_header_name, check_secret
from simulator.domain.event import Catalogue, EventType, unknown_event
from simulator.domain.filters import Filter
from simulator.domain.provider import Readings
from simulator.domain.subscription import Definition
from simulator.errors import Invalid, Problem, did_you_mean

TEXTS = (
    "description",
    "event",
    "url_template",
    "header_auth_key",
    "header_auth_value",
    "basic_auth_username",
    "basic_auth_password",
)
AUTH = TEXTS[3:]
FIELDS = (*TEXTS, "enabled", "filters")

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of a subscription beyond the common rules: these placeholders, https, credentials (S13)."""

    placeholders: tuple[str, ...] = ()
    https_only: bool = False
    needs_auth: bool = False


OF_TENANTS = Rules()
TENANT_ID, SESSION_TOKEN = "TENANT_ID", "SESSION_TOKEN"
OF_APPLICATIONS = Rules((TENANT_ID, SESSION_TOKEN), https_only=True, needs_auth=True)


def define(
    words: Words, former: Definition | None, catalogue: Catalogue, readings: Readings, rules: Rules = OF_TENANTS
) -> Definition:
    """The definition that these words make, merged over the former one (S2); raises `Invalid`."""
    problems = _check_types(words)
    if problems:
        raise Invalid(problems)
    merged = {**(spell(former) if former else {}), **words}
    problems = _check(merged, catalogue, readings, rules)
    if problems:
        raise Invalid(problems)
    return Definition(
        events=(merged["event"],),
        url_template=merged["url_template"],
        enabled=merged.get("enabled", True),
        description=merged.get("description"),
        headers=_header_auth(merged),
        basic_auth=_basic_auth(merged),
        filters=tuple(Filter(_bare(one["url_parameter"]), tuple(one["value"])) for one in merged.get("filters", ())),
    )


def define_for_application(
    words: Words, former: Definition | None, catalogue: Catalogue, readings: Readings
) -> Definition:
    """The same for the subscription of a partner application (S13)."""
    return define(words, former, catalogue, readings, OF_APPLICATIONS)


def spell(definition: Definition) -> dict[str, Any]:
    """A definition in the customer's words with all that it holds; for showing, take its secrets out first."""
    words: dict[str, Any] = {
        "event": definition.events[0],
        "url_template": definition.url_template,
        "enabled": definition.enabled,
        "filters": [{"url_parameter": f"<{one.attribute}>", "value": [*one.values]} for one in definition.filters],
    }
    if definition.description is not None:
        words["description"] = definition.description
    for header in definition.headers:
        words |= {"header_auth_key": header.name, "header_auth_value": header.value}
    if basic := definition.basic_auth:
        words |= {"basic_auth_username": basic.username, "basic_auth_password": basic.password}
    return words


def suggest(kind: EventType, receiver: str) -> dict[str, Any]:
    """The least a customer would write for an event: its suggested path and query, on this receiver."""
    split = urlsplit(kind.suggested_template)
    return {"event": kind.name, "url_template": f"{receiver.rstrip('/')}{split.path}?{split.query}"}


def credentials(header: tuple[str, str] | None, basic: tuple[str, str] | None) -> dict[str, Any]:
    """A token and a basic pair in the customer's words."""
    words: dict[str, Any] = {}
    if header:
        words["header_auth_key"], words["header_auth_value"] = header
    if basic:
        words["basic_auth_username"], words["basic_auth_password"] = basic
    return words


def _check_types(words: Words) -> list[Problem]:
    problems = [
        Problem((name,), f"there is no such field{did_you_mean(name, FIELDS)}; the fields are {', '.join(FIELDS)}")
        for name in words
        if name not in FIELDS
    ]
    problems += [Problem((name,), flaw) for name in TEXTS if name in words for flaw in _check_text(words[name])]
    if not isinstance(words.get("enabled", True), bool):
        problems.append(Problem(("enabled",), "must be true or false"))
    return problems + _check_filter_types(words.get("filters", []))


def _check_text(value: Any) -> list[str]:
    if not isinstance(value, str):
        return ["must be text" + (", not null" if value is None else "")]
    return [] if template.can_be_encoded(value) else ["holds a lone surrogate, which UTF-8 cannot encode"]


def _check_filter_types(filters: Any) -> list[Problem]:
    if not isinstance(filters, list | tuple):
        return [Problem(("filters",), 'must be a list such as [{"url_parameter": "<STATUS>", "value": ["signed"]}]')]
    problems = []
    for index, one in enumerate(filters):
        where = ("filters", index)
        if not isinstance(one, Mapping) or set(one) != {"url_parameter", "value"}:
            problems.append(Problem(where, "must hold url_parameter and value, and nothing else"))
            continue
        problems += [Problem((*where, "url_parameter"), flaw) for flaw in _check_text(one["url_parameter"])]
        values = one["value"]
        if not isinstance(values, list | tuple) or not values or any(map(_check_text, values)):
            problems.append(Problem((*where, "value"), "must be a list of at least one text that UTF-8 can encode"))
    return problems


def _check(words: Words, catalogue: Catalogue, readings: Readings, rules: Rules) -> list[Problem]:
    problems = [Problem((name,), "is missing") for name in ("event", "url_template") if not words.get(name)]
    problems += _check_auth(words, rules)
    if not words.get("event"):
        return problems
    kind = catalogue.get(words["event"])
    if kind is None:
        return [*problems, unknown_event(catalogue, words["event"])]
    if words.get("url_template"):
        problems += _check_template(words["url_template"], kind, readings, rules)
    return problems + _check_filters(words.get("filters", ()), kind)


def _check_template(source: str, kind: EventType, readings: Readings, rules: Rules) -> list[Problem]:
    flaws = template.check(
        source,
        kind.attributes + rules.placeholders,
        required=rules.placeholders,
        https_only=rules.https_only,
        unknown=readings.unknown_placeholder,
    )
    return [Problem(("url_template",), flaw) for flaw in flaws]


def _check_filters(filters: Any, kind: EventType) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, one in enumerate(filters):
        attribute = _bare(one["url_parameter"])
        where = ("filters", index)
        if attribute in seen:
            problems.append(
                Problem((*where, "url_parameter"), f"<{attribute}> has a filter already; list all its values")
            )
        elif attribute not in kind.filterable:
            problems.append(Problem((*where, "url_parameter"), _no_filter(attribute, kind)))
        elif (allowed := kind.filterable[attribute]) is not None:
            problems += [
                Problem((*where, "value"), f'"{value}" is not among {", ".join(allowed)}{did_you_mean(value, allowed)}')
                for value in one["value"]
                if value not in allowed
            ]
        seen.add(attribute)
    return problems


def _no_filter(attribute: str, kind: EventType) -> str:
    if not kind.filterable:
        return f"{kind.name} has no filters"
    hint = did_you_mean(attribute, kind.filterable)
    return (
        f"{kind.name} has no filter on <{attribute}>{hint}; it has {', '.join(f'<{one}>' for one in kind.filterable)}"
    )


def _check_auth(words: Words, rules: Rules) -> list[Problem]:
    if rules.needs_auth and not any(words.get(name) for name in AUTH):
        text = "is missing; a partner application needs a header token or a basic pair"
        return [Problem(("header_auth_key",), text)]
    problems = _check_pair(words, "header_auth_key", "header_auth_value", check_header_name, check_secret)
    problems += _check_pair(words, "basic_auth_username", "basic_auth_password", _check_username, check_secret)
    if words.get("header_auth_key", "").lower() == "authorization" and words.get("basic_auth_username"):
        problems.append(Problem(("header_auth_key",), "Authorization is taken by the basic pair; use one of the two"))
    return problems


def _check_pair(
    words: Words,
    first: str,
    second: str,
    check_first: Callable[[str], list[str]],
    check_second: Callable[[str], list[str]],
) -> list[Problem]:
    """Half a pair is refused (S10); an empty text counts as absent, so a PUT can take a pair away."""
    if not words.get(first) and not words.get(second):
        return []
    for here, other in ((first, second), (second, first)):
        if not words.get(here):
            return [Problem((here,), f"is missing; {other} needs it")]
    return [
        *(Problem((first,), flaw) for flaw in check_first(words[first])),
        *(Problem((second,), flaw) for flaw in check_second(words[second])),
    ]


def _check_username(username: str) -> list[str]:
    if ":" in username:
        return ["holds a colon, which ends the user name in basic authentication (RFC 7617)"]
    return check_secret(username)


def _header_auth(words: Words) -> tuple[HeaderAuth, ...]:
    if not words.get("header_auth_key"):
        return ()
    return (HeaderAuth(words["header_auth_key"], words["header_auth_value"]),)


def _basic_auth(words: Words) -> BasicAuth | None:
    if not words.get("basic_auth_username"):
        return None
    return BasicAuth(words["basic_auth_username"], words["basic_auth_password"])


def _bare(parameter: str) -> str:
    """The brackets around a filter's attribute are optional on input (S12)."""
    return parameter[1:-1] if parameter.startswith("<") and parameter.endswith(">") else parameter
