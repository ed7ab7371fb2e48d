"""`providers/aurora/subscription`: the "webhook" object in the customer's words, checked (S1, S2, S4, S7–S13)."""

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.filters import Filter
from simulator.domain.provider import Readings
from simulator.domain.subscription import Definition
from simulator.errors import Invalid
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.subscription import FIELDS, define, define_for_application, spell, suggest

URL = "https://www.yourapp.com/e?project_id=<PROJECT_ID>&status=<STATUS>"
LEAST = {"event": "agreement_status_changed", "url_template": URL}
WHOLE = LEAST | {
    "description": "CRM",
    "enabled": False,
    "header_auth_key": "X-Aurora-Webhook-Token",
    "header_auth_value": "2dbcbba1-9f64-4c07-86dc-02effcbeafa6",
    "basic_auth_username": "user@example.com",
    "basic_auth_password": "Powering the future 0f solar together!",
    "filters": [{"url_parameter": "<STATUS>", "value": ["sent", "signed"]}],
}
TEXTS = [field for field in FIELDS if field not in {"enabled", "filters"}]

Words = dict[str, Any]


def defined(words: Words, former: Definition | None = None, **answers: Any) -> Definition:
    return define(words, former, CATALOGUE, Readings(**answers))


def refusals(words: Words, former: Definition | None = None, **answers: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        defined(words, former, **answers)
    return [str(problem) for problem in refusal.value.problems]


def test_an_event_and_a_template_are_enough() -> None:
    """S8: `enabled` defaults to true, optional fields may be absent."""
    assert defined(LEAST) == Definition(events=("agreement_status_changed",), url_template=URL, enabled=True)


def test_every_field_has_its_place() -> None:
    """S1."""
    assert defined(WHOLE) == Definition(
        events=("agreement_status_changed",),
        url_template=URL,
        enabled=False,
        description="CRM",
        headers=(HeaderAuth("X-Aurora-Webhook-Token", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6"),),
        basic_auth=BasicAuth("user@example.com", "Powering the future 0f solar together!"),
        filters=(Filter("STATUS", ("sent", "signed")),),
    )


@pytest.mark.parametrize("event", CATALOGUE)
def test_the_suggested_subscription_of_every_event_is_accepted(event: str) -> None:
    """S10, S11: also over plain http."""
    words = suggest(CATALOGUE[event], "http://127.0.0.1:8080")
    assert defined(words).url_template.startswith(f"http://127.0.0.1:8080/{event}?")


def test_a_template_is_stored_as_it_was_written() -> None:
    """S11: unencoded, `<` and `>` kept."""
    assert defined(LEAST | {"url_template": f"{URL}&x=%2f,y"}).url_template == f"{URL}&x=%2f,y"


@pytest.mark.parametrize("missing", ["event", "url_template"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_event_and_template_are_needed(missing: str, how: str) -> None:
    """S8."""
    words = LEAST | {missing: ""} if how == "empty" else {name: LEAST[name] for name in LEAST if name != missing}
    assert refusals(words) == [f"{missing}: is missing"]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    ("value", "flaw"), [(None, "must be text, not null"), (7, "must be text"), ([], "must be text")]
)
def test_a_text_field_takes_text_only(field: str, value: object, flaw: str) -> None:
    """S8: JSON null on a string field is refused."""
    assert refusals(WHOLE | {field: value}) == [f"{field}: {flaw}"]


@pytest.mark.parametrize("field", TEXTS)
def test_a_text_field_takes_nothing_that_utf_8_cannot_encode(field: str) -> None:
    """S8: JSON can spell a lone surrogate, the record and the wire cannot hold it."""
    assert refusals(WHOLE | {field: "\ud800"}) == [f"{field}: holds a lone surrogate, which UTF-8 cannot encode"]


@pytest.mark.parametrize("value", ["true", 1, 0, None])
def test_enabled_is_true_or_false(value: object) -> None:
    """S8."""
    assert refusals(LEAST | {"enabled": value}) == ["enabled: must be true or false"]


def test_an_unknown_field_is_told_which_there_are() -> None:
    """S4."""
    (refusal,) = refusals(LEAST | {"url_templat": URL})
    assert refusal.startswith('url_templat: there is no such field (did you mean "url_template"?); the fields are')
    assert all(field in refusal for field in FIELDS)


def test_every_fault_is_found_and_names_its_field() -> None:
    """S4: one entry for every fault found."""
    words = {
        "event": "agreement_status_changed",
        "url_template": "ftp://www.yourapp.com/?s=<STATE>",
        "header_auth_key": "X-Token",
        "filters": [{"url_parameter": "PROJECT_ID", "value": ["p1"]}, {"url_parameter": "STATUS", "value": ["sold"]}],
    }
    assert [refusal.partition(": ")[0] for refusal in refusals(words)] == [
        "header_auth_value",
        "url_template",
        "url_template",
        "filters[0].url_parameter",
        "filters[1].value",
    ]


def test_an_unknown_event_is_refused_with_those_there_are() -> None:
    """S10."""
    (refusal,) = refusals(LEAST | {"event": "agreement_status_change"})
    assert refusal.startswith('event: there is no event "agreement_status_change" (did you mean "agreement_status_ch')
    assert all(event in refusal for event in CATALOGUE)


def test_an_unknown_placeholder_is_refused_unless_the_reading_lets_it_pass() -> None:
    """S10: `unknown_placeholder`."""
    words = LEAST | {"url_template": f"{URL}&design=<DESIGN_ID>"}
    (refusal,) = refusals(words)
    assert refusal.startswith("url_template: holds <DESIGN_ID>, which this event does not have")
    assert defined(words, unknown_placeholder="empty") == defined(words, unknown_placeholder="keep")


@pytest.mark.parametrize(
    ("template", "flaw"),
    [
        ("www.yourapp.com/e", "must begin with http:// or https://"),
        ("https:///e", "has no host, or the port 0"),
        ("https://crm:pw@www.yourapp.com/", "carries a user name before the host; credentials have fields of"),
        ("https://<STATUS>.yourapp.com/", "has a placeholder in its host or port"),
        ("https://www.yourapp.com:<STATUS>/", "has a placeholder in its host or port"),
        ("<STATUS>://www.yourapp.com/", "must begin with http:// or https://"),
        ("https://www.yourapp.com/#<STATUS>", 'holds a fragment ("#")'),
    ],
)
def test_an_unusable_template_is_refused(template: str, flaw: str) -> None:
    """S11, E5."""
    (refusal,) = refusals(LEAST | {"url_template": template})
    assert refusal.startswith(f"url_template: {flaw}")


PAIRS = [("header_auth_key", "header_auth_value"), ("basic_auth_username", "basic_auth_password")]


@pytest.mark.parametrize(("half", "missing"), PAIRS + [(second, first) for first, second in PAIRS])
def test_half_an_auth_pair_is_refused(half: str, missing: str) -> None:
    """S10: an empty text is as good as an absent one."""
    words = LEAST | {half: "X-Token"}
    assert refusals(words) == refusals(words | {missing: ""}) == [f"{missing}: is missing; {half} needs it"]


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_a_token_in_authorization_and_a_basic_pair_exclude_each_other(name: str) -> None:
    """S10."""
    token = {"header_auth_key": name, "header_auth_value": "Bearer x"}
    assert defined(LEAST | token).headers == (HeaderAuth(name, "Bearer x"),)
    assert refusals(WHOLE | token) == ["header_auth_key: Authorization is taken by the basic pair; use one of the two"]


@pytest.mark.parametrize(
    ("field", "value", "flaw"),
    [
        ("header_auth_key", "X Token", '"X Token" is not a header name; letters, digits and hyphens make one'),
        ("header_auth_key", "Host", '"Host" belongs to HTTP itself and cannot carry a token; choose another name'),
        ("header_auth_value", "a\r\nX-Injected: b", "holds a control character, which no header can carry"),
        ("basic_auth_username", "a:b", "holds a colon, which ends the user name in basic authentication (RFC 7617)"),
        ("basic_auth_username", "a\0", "holds a control character, which no header can carry"),
        ("basic_auth_password", "a\n", "holds a control character, which no header can carry"),
    ],
)
def test_credentials_that_no_header_can_carry_are_refused(field: str, value: str, flaw: str) -> None:
    """E7, S10."""
    assert refusals(WHOLE | {field: value}) == [f"{field}: {flaw}"]


@pytest.mark.parametrize("parameter", ["STATUS", "<STATUS>"])
def test_the_brackets_of_a_filter_are_optional(parameter: str) -> None:
    """S12."""
    words = LEAST | {"filters": [{"url_parameter": parameter, "value": ["signed"]}]}
    assert defined(words).filters == (Filter("STATUS", ("signed",)),)


def test_a_filter_need_not_stand_on_an_attribute_of_the_template() -> None:
    """E3, S12."""
    words = {
        "event": "project_created",
        "url_template": "https://www.yourapp.com/e",
        "filters": [{"url_parameter": "SOURCE", "value": ["api"]}],
    }
    assert defined(words).filters == (Filter("SOURCE", ("api",)),)


def test_a_filter_on_any_string_takes_any_string() -> None:
    """S12: "Unlike other webhook statuses, a project status can be any string"."""
    filters = [{"url_parameter": "STATUS", "value": ["In Progress", "", "☀️, soon"]}]
    words = LEAST | {"event": "project_status_changed", "filters": filters}
    assert defined(words).filters == (Filter("STATUS", ("In Progress", "", "☀️, soon")),)


@pytest.mark.parametrize(
    ("event", "filters", "refused"),
    [
        (
            "lead_created",
            [{"url_parameter": "SOURCES", "value": ["api"]}],
            (
                "filters[0].url_parameter: lead_created has no filter on <SOURCES> "
                '(did you mean "SOURCE"?); it has <SOURCE>'
            ),
        ),
        (
            "agreement_status_changed",
            [{"url_parameter": "PROJECT_ID", "value": ["p1"]}],
            "filters[0].url_parameter: agreement_status_changed has no filter on <PROJECT_ID>; it has <STATUS>",
        ),
        (
            "project_changed",
            [{"url_parameter": "<ATTRIBUTES>", "value": ["name"]}],
            "filters[0].url_parameter: project_changed has no filter on <ATTRIBUTES>; it has <SOURCE>",
        ),
        (
            "lead_changed",
            [{"url_parameter": "LEAD_ID", "value": ["l1"]}],
            "filters[0].url_parameter: lead_changed has no filters",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": ["api", "App"]}],
            'filters[0].value: "App" is not among lcai, api (did you mean "api"?)',
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": ["api"]}, {"url_parameter": "<SOURCE>", "value": ["lcai"]}],
            "filters[1].url_parameter: <SOURCE> has a filter already; list all its values",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": []}],
            "filters[0].value: must be a list of at least one text that UTF-8 can encode",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": "api"}],
            "filters[0].value: must be a list of at least one text that UTF-8 can encode",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": ["api", None]}],
            "filters[0].value: must be a list of at least one text that UTF-8 can encode",
        ),
        (
            "project_status_changed",
            [{"url_parameter": "STATUS", "value": ["\ud800"]}],
            "filters[0].value: must be a list of at least one text that UTF-8 can encode",
        ),
        (
            "lead_created",
            [{"url_parameter": "<SOURCE", "value": ["api"]}],
            (
                "filters[0].url_parameter: lead_created has no filter on <<SOURCE> "
                '(did you mean "SOURCE"?); it has <SOURCE>'
            ),
        ),
        ("lead_created", [{"url_parameter": 7, "value": ["api"]}], "filters[0].url_parameter: must be text"),
        (
            "lead_created",
            [{"url_parameter": None, "value": ["api"]}],
            "filters[0].url_parameter: must be text, not null",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE"}],
            "filters[0]: must hold url_parameter and value, and nothing else",
        ),
        (
            "lead_created",
            [{"url_parameter": "SOURCE", "value": ["api"], "not": True}],
            "filters[0]: must hold url_parameter and value, and nothing else",
        ),
        ("lead_created", ["SOURCE"], "filters[0]: must hold url_parameter and value, and nothing else"),
        (
            "lead_created",
            {"SOURCE": ["api"]},
            'filters: must be a list such as [{"url_parameter": "<STATUS>", "value": ["signed"]}]',
        ),
        (
            "lead_created",
            None,
            'filters: must be a list such as [{"url_parameter": "<STATUS>", "value": ["signed"]}]',
        ),
    ],
)
def test_a_filter_that_cannot_work_is_refused(event: str, filters: object, refused: str) -> None:
    """S12."""
    words = {"event": event, "url_template": "https://www.yourapp.com/e", "filters": filters}
    assert refusals(words) == [refused]


def test_every_filter_that_cannot_work_is_named() -> None:
    """S4, S12."""
    words = {
        "event": "lead_created",
        "url_template": "https://www.yourapp.com/e",
        "filters": ["SOURCE", {"url_parameter": "SOURCE", "value": ["api"]}, {"url_parameter": None, "value": []}],
    }
    assert [refusal.partition(": ")[0] for refusal in refusals(words)] == [
        "filters[0]",
        "filters[2].url_parameter",
        "filters[2].value",
    ]


@pytest.mark.parametrize(
    ("change", "merged"),
    [
        ({}, {}),
        ({"enabled": True}, {"enabled": True}),
        ({"description": "x"}, {"description": "x"}),
        ({"description": ""}, {"description": ""}),
        ({"url_template": "http://127.0.0.1/"}, {"url_template": "http://127.0.0.1/"}),
        (
            {"header_auth_value": "rotated"},
            {"headers": (HeaderAuth("X-Aurora-Webhook-Token", "rotated"),)},
        ),
        (
            {"header_auth_key": "X-Other"},
            {"headers": (HeaderAuth("X-Other", "2dbcbba1-9f64-4c07-86dc-02effcbeafa6"),)},
        ),
        ({"header_auth_key": "", "header_auth_value": ""}, {"headers": ()}),
        ({"basic_auth_password": "rotated"}, {"basic_auth": BasicAuth("user@example.com", "rotated")}),
        ({"basic_auth_username": "", "basic_auth_password": ""}, {"basic_auth": None}),
        ({"filters": []}, {"filters": ()}),
        (
            {"filters": [{"url_parameter": "STATUS", "value": ["viewed"]}]},
            {"filters": (Filter("STATUS", ("viewed",)),)},
        ),
    ],
)
def test_a_partial_body_changes_what_it_names_and_nothing_else(change: Words, merged: Words) -> None:
    """S2: PUT merges; a field is taken away by an empty one."""
    former = defined(WHOLE)
    assert defined(change, former) == replace(former, **merged)


def test_another_event_has_to_suit_what_stays() -> None:
    """S2, S10, S12: the merged whole is what is checked."""
    refused = [refusal.partition(":")[0] for refusal in refusals({"event": "lead_changed"}, defined(WHOLE))]
    assert refused == ["url_template", "url_template", "filters[0].url_parameter"]


def test_a_pair_may_not_lose_one_half() -> None:
    """S2, S10."""
    assert refusals({"basic_auth_password": ""}, defined(WHOLE)) == [
        "basic_auth_password: is missing; basic_auth_username needs it"
    ]


def test_a_refused_change_leaves_the_former_definition_as_it_was() -> None:
    """S2."""
    former = defined(WHOLE)
    refusals({"event": "teapot"}, former)
    assert former == defined(WHOLE)


PARTNER = {
    "event": "app_status_changed",
    "url_template": "https://www.yourapp.com/<TENANT_ID>?app=<APP_ID>&t=<SESSION_TOKEN>",
    "header_auth_key": "X-Token",
    "header_auth_value": "2dbcbba1",
}
NO_TOKEN = {"header_auth_key": "", "header_auth_value": ""}
BASIC_PAIR = {"basic_auth_username": "crm", "basic_auth_password": "pw"}


def partner(words: Words, former: Definition | None = None) -> Definition:
    return define_for_application(words, former, CATALOGUE, Readings())


@pytest.mark.parametrize("words", [PARTNER, PARTNER | NO_TOKEN | BASIC_PAIR, PARTNER | BASIC_PAIR])
def test_a_partner_application_gives_two_placeholders_https_and_credentials(words: Words) -> None:
    """S13: one kind of credentials is enough."""
    assert partner(words).url_template == PARTNER["url_template"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (
            {"url_template": "http://www.yourapp.com/<TENANT_ID>/<SESSION_TOKEN>"},
            "url_template: must begin with https://",
        ),
        ({"url_template": "https://www.yourapp.com/<TENANT_ID>"}, "url_template: must hold <SESSION_TOKEN>"),
        ({"url_template": "https://www.yourapp.com/<SESSION_TOKEN>"}, "url_template: must hold <TENANT_ID>"),
        (NO_TOKEN, "header_auth_key: is missing; a partner application needs a header token or a basic pair"),
        ({"header_auth_value": ""}, "header_auth_value: is missing; header_auth_key needs it"),
        (NO_TOKEN | {"basic_auth_username": "crm"}, "basic_auth_password: is missing; basic_auth_username needs it"),
    ],
)
def test_what_a_partner_application_lacks_is_refused(change: Words, refused: str) -> None:
    """S13: at once, and when a change takes it away."""
    for words, former in ((PARTNER | change, None), (change, partner(PARTNER))):
        with pytest.raises(Invalid) as refusal:
            partner(words, former)
        assert [str(problem) for problem in refusal.value.problems] == [refused]


@pytest.mark.parametrize("placeholder", ["TENANT_ID", "SESSION_TOKEN"])
def test_a_tenant_has_no_use_for_the_placeholders_of_applications(placeholder: str) -> None:
    """S10, S13."""
    (refusal,) = refusals(LEAST | {"url_template": f"{URL}&x=<{placeholder}>"})
    assert refusal.startswith(f"url_template: holds <{placeholder}>, which this event does not have")


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
secrets = texts.map("s3cr3t-{}".format)
said: st.SearchStrategy[Words] = st.fixed_dictionaries(
    {"event": st.just("agreement_status_changed"), "url_template": st.just(URL)},
    optional={
        "description": texts,
        "enabled": st.booleans(),
        "filters": st.lists(
            st.fixed_dictionaries(
                {
                    "url_parameter": st.sampled_from(["STATUS", "<STATUS>"]),
                    "value": st.lists(st.sampled_from(["sent", "viewed"]), min_size=1),
                }
            ),
            max_size=1,
        ),
    },
)
usernames = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=":"), min_size=1, max_size=20)
header_pairs = st.fixed_dictionaries({"header_auth_key": st.just("X-Token"), "header_auth_value": secrets})
basic_pairs = st.fixed_dictionaries({"basic_auth_username": usernames, "basic_auth_password": secrets})
nothing: st.SearchStrategy[Words] = st.just({})


@given(said, header_pairs | nothing, basic_pairs | nothing)
def test_what_a_customer_said_can_be_spelled_and_defined_again(words: Words, header: Words, basic: Words) -> None:
    """S2: what merging rests on."""
    definition = defined(words | header | basic)
    assert defined(spell(definition)) == definition
    assert defined({}, definition) == definition


@given(said, st.permutations(["description", "enabled", "header_auth", "basic_auth", "filters"]))
def test_it_is_all_the_same_whether_a_subscription_is_made_at_once_or_in_steps(words: Words, order: list[str]) -> None:
    """S2: as long as both halves of a pair come together."""
    whole = WHOLE | words
    parts = [{name: value for name, value in whole.items() if name.startswith(group)} for group in order]
    stepwise = reduce(lambda former, part: defined(part, former), parts, defined(LEAST))
    assert stepwise == defined(whole)


@given(secrets, st.sampled_from(["", "\n", "\ud800"]), st.dictionaries(st.sampled_from(TEXTS), texts | st.none()))
def test_no_refusal_repeats_a_secret(secret: str, flaw: str, others: Words) -> None:
    """S7: neither in what is said nor in how the error shows itself."""
    words = others | {"header_auth_value": secret + flaw, "basic_auth_password": flaw + secret, "enabled": "yes"}
    assume(secret not in others.values())
    with pytest.raises(Invalid) as refusal:
        defined(words)
    assert secret not in f"{refusal.value} {refusal.value!r} {refusal.value.problems!r}"
    assert secret not in " ".join(refusals(words | {"enabled": True, "event": "teapot"}))
