"""The inspector: values in their template, changed definitions, clauses (ui: sections 6, 10, 12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from looking import OpenReport, Report, asked
from playwright.async_api import expect

from simulator.domain.sample import HOSTILE
from simulator.domain.template import Encoding, expand, parse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TEMPLATES = (
    "http://127.0.0.1:8931/in?a=<A>&b=<B>",
    "http://127.0.0.1:8931/<A>/<B>/<A>?fixed=1%20(2)",
    "https://www.yourapp.com/<A>-<B>.json?x[]=<A>&plus=a+b",
    "https://www.yourapp.com/<A><B>",
)
ENCODINGS = (Encoding(), Encoding(space="+"), Encoding(comma=","), Encoding("+", ","))


def urls() -> Iterator[dict[str, Any]]:
    """Every value that has broken a receiver before, in every template, however it is encoded."""
    for template in TEMPLATES:
        for encoding in ENCODINGS:
            for value in HOSTILE:
                attributes = {"A": value, "B": "p-001"}
                url = expand(parse(template), attributes, encoding)
                yield {"template": template, "url": url, "attributes": attributes}


async def test_whatever_the_value_it_stands_out_and_the_url_stays_as_it_was_sent(
    open_report: OpenReport, document: Report
) -> None:
    """E5, E6"""
    cases = list(urls())
    page = await open_report(document)
    told = await asked(
        page,
        """
      const { urlPieces } = await sim("highlight");
      return argument.map(({ template, url, attributes }) => urlPieces(template, url, attributes));
    """,
        cases,
    )
    for case, pieces in zip(cases, told, strict=True):
        assert "".join(one["text"] for one in pieces) == case["url"]
        names = parse(case["template"]).names
        assert [one["name"] for one in pieces if "name" in one] == [one for one in names if case["attributes"][one]]


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("http://a/in?a=<A>", "http://b/in?a=1"),
        ("http://a/in?a=<A>", "http://a/in?a=2"),
        ("http://a/in", "http://a/in"),
        (None, "http://a/in?a=1"),
    ],
)
async def test_what_does_not_fit_its_template_is_plain(
    open_report: OpenReport, document: Report, template: str | None, url: str
) -> None:
    page = await open_report(document)
    script = 'return (await sim("highlight")).urlPieces(...argument);'
    assert await asked(page, script, [template, url, {"A": "1"}]) == [{"text": url}]


async def test_what_nobody_recorded_is_found_by_its_place(open_report: OpenReport, document: Report) -> None:
    """S13: the values of an application's own placeholders are no attributes."""
    page = await open_report(document)
    script = 'return (await sim("highlight")).urlPieces(...argument);'
    given = ["https://a/<TENANT_ID>?t=<SESSION_TOKEN>&a=<A>", "https://a/t-1?t=s3&a=1", {"A": "1"}]
    named = {one["name"]: one["text"] for one in await asked(page, script, given) if "name" in one}
    assert named == {"TENANT_ID": "t-1", "SESSION_TOKEN": "s3", "A": "1"}


async def test_values_stand_out_in_a_body_and_keys_do_not(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    body = {"message": "m", "callout": {"id": 71, "ID": "x", "note": 'a "quoted" one\n'}}
    attributes = {"ID": "71", "NOTE": 'a "quoted" one\n', "KEY": "callout", "EMPTY": ""}
    script = 'return (await sim("highlight")).bodyPieces(...argument);'
    pieces = await asked(page, script, [json.dumps(body), attributes])
    assert json.loads("".join(one["text"] for one in pieces)) == body
    assert [one["name"] for one in pieces if "name" in one] == ["ID", "NOTE"]
    assert await asked(page, script, ["not JSON", attributes]) == [{"text": "not JSON"}]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("http://a:1/old?x=<A>", "http://a:1/new?x=<A>", (["old"], ["new"])),
        ("http://a/in?x=<A>&y=<B>", "http://a/in?y=<B>&x=<A>&z=1", None),
        ("http://a/in", "http://a/in?id=<ID>", ([], ["?id=<ID>"])),
        ("http://a/in?id=<ID>", "http://a/in", (["?id=<ID>"], [])),
        ("http://a/ünï", "http://a/ünï☀️", None),
        ("x/" * 900, "y/" * 900, None),
        ("", "http://a", ([], ["http://a"])),
    ],
)
async def test_a_comparison_holds_both_texts_whole(
    open_report: OpenReport, document: Report, before: str, after: str, changed: tuple[list[str], list[str]] | None
) -> None:
    page = await open_report(document)
    pieces = await asked(page, 'return (await sim("compare")).comparison(...argument);', [before, after])

    def texts(*kinds: str) -> list[str]:
        return [one["text"] for one in pieces if one["kind"] in kinds]

    assert "".join(texts("same", "gone")) == before
    assert "".join(texts("same", "new")) == after
    if changed is not None:
        assert (texts("gone"), texts("new")) == changed


async def test_a_clause_says_what_the_record_says_of_it(open_report: OpenReport, document: Report) -> None:
    other = {**document, "clauses": {**document["clauses"], "R3": "What another provider says."}}
    failed = next(one for one in document["deliveries"] if one["state"] == "exhausted")
    page = await open_report(other, address=f"#d={failed['id']}")
    await expect(page.locator("sim-inspector")).to_contain_text("R3: What another provider says.")


async def test_a_reason_without_a_clause_stays_as_it_is(open_report: OpenReport, document: Report) -> None:
    """A reason of another provider whose guide is silent, and a record that was written before clauses were told."""
    other = deepcopy({name: value for name, value in document.items() if name != "clauses"})
    one = next(one for one in other["deliveries"] if one["state"] == "exhausted")
    one["attempts"][-1]["why"] = one["reason"] = "the only attempt failed"
    page = await open_report(other, address=f"#d={one['id']}")
    said = page.locator("sim-inspector")
    await expect(said).to_contain_text("the only attempt failed")
    assert await said.locator("dt", has_text="Clause").count() == 0


async def test_values_are_marked_where_they_were_sent_and_in_the_template(
    open_report: OpenReport, document: Report
) -> None:
    one = next(one for one in document["deliveries"] if one["event"] == "agreement_status_changed" and one["attempts"])
    page = await open_report(document, address=f"#d={one['id']}.1")
    current = page.locator('.attempts [aria-current="true"]')
    marks = await current.locator("mark").all_text_contents()
    assert marks == [*one["attributes"].values(), *(f"<{name}>" for name in one["attributes"])]


def corrected(document: Report) -> Report:
    """The same, but the first subscription's template was another one at first."""
    other = deepcopy(dict(document))
    crm = other["subscriptions"][0]
    crm["revisions"][0]["url_template"] = crm["url_template"].replace("/agreement_status_changed", "/wrong")
    crm["revisions"][1]["change"] = "URL template"
    return other


async def test_a_corrected_template_shows_what_it_was_and_what_it_became(
    open_report: OpenReport, document: Report
) -> None:
    """R5"""
    other = corrected(document)
    changed_at = other["subscriptions"][0]["revisions"][1]["at"]
    one = next(
        one
        for one in other["deliveries"]
        if one["event"] == "agreement_status_changed" and one["occurred_at"] < changed_at and len(one["attempts"]) > 4
    )
    page = await open_report(other, address=f"#d={one['id']}")
    definition = page.locator('.attempts [aria-current="true"] dd', has_text="at the event")
    assert "revision 2 (URL template); at the event it was 1" in await definition.inner_text()
    assert await definition.locator("del").all_text_contents() == ["wrong"]
    assert await definition.locator("ins").all_text_contents() == ["agreement_status_changed"]


async def test_a_filtered_delivery_names_the_filter_and_the_clause(open_report: OpenReport, document: Report) -> None:
    """E3"""
    one = next(one for one in document["deliveries"] if one["state"] == "filtered")
    page = await open_report(document, address=f"#d={one['id']}")
    said = await page.locator("sim-inspector").inner_text()
    assert one["reason"].removesuffix(" (E3)") + " (E3)\n" in said
    assert "E3: Filters are decided once, when the event occurs" in said


async def test_a_report_is_read_only(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, address="#d=1")
    assert await page.get_by_role("button", name="Resend").count() == 0
    pending = next(one for one in document["deliveries"] if one["next_due_at"])
    page = await open_report(document, address=f"#d={pending['id']}")
    said = await page.locator(".next-due").inner_text()
    assert said.startswith("Next due ")
    assert " in " not in said
