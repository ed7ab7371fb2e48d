"""`domain/filters`: does this event concern that subscription? Decided once, with the reason (E3)."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.filters import Filter, Refusal, judge

SIGNED = {"PROJECT_ID": "p1", "STATUS": "signed", "SOURCE": "api"}

names = st.sampled_from(["STATUS", "SOURCE", "ASSET_TYPE"])
values = st.sampled_from(["sent", "Sent", "signed", "sent ", ""])
filters = st.builds(Filter, names, st.lists(values, min_size=1, max_size=3).map(tuple))
filter_lists = st.lists(filters, max_size=3)
attribute_maps = st.dictionaries(names, values)


def passes(filters: list[Filter], attributes: dict[str, str]) -> bool:
    """The clause, word by word: all filtered attributes match, each matches any of its values."""
    return all(any(attributes.get(one.attribute) == value for value in one.values) for one in filters)


@given(filter_lists, attribute_maps)
def test_all_filters_must_match_and_each_matches_any_of_its_values(
    filters: list[Filter], attributes: dict[str, str]
) -> None:
    """E3: AND between filters, OR within one."""
    assert (judge(filters, attributes) is None) == passes(filters, attributes)


@given(filter_lists, attribute_maps)
def test_the_order_of_filters_and_of_their_values_is_irrelevant(
    filters: list[Filter], attributes: dict[str, str]
) -> None:
    """E3."""
    verdict = judge(filters, attributes) is None
    for order in permutations(filters):
        turned = [Filter(one.attribute, one.values[::-1]) for one in order]
        assert (judge(turned, attributes) is None) == verdict


@given(attribute_maps)
def test_without_filters_nothing_is_filtered(attributes: dict[str, str]) -> None:
    """E3."""
    assert judge([], attributes) is None


@pytest.mark.parametrize("value", ["Signed", "SIGNED", " signed", "signed ", "sign", "", "signed,sent"])
def test_comparison_is_exact_and_case_sensitive(value: str) -> None:
    """E3."""
    assert judge([Filter("STATUS", ("sent", "signed"))], SIGNED) is None
    assert judge([Filter("STATUS", ("sent", value))], SIGNED) is not None


def test_a_refusal_says_which_filter_refused_and_what_the_event_held() -> None:
    """E3: a filtered-out event leaves a visible record saying which filter refused it."""
    wanted = Filter("STATUS", ("sent", "viewed"))
    refusal = judge([Filter("SOURCE", ("api",)), wanted], SIGNED)
    assert refusal == Refusal(wanted, "signed")
    assert str(refusal) == 'filter STATUS wants "sent", "viewed"; the event has "signed"'


def test_the_first_filter_that_refuses_is_the_one_that_is_named() -> None:
    """E3."""
    both = [Filter("STATUS", ("sent",)), Filter("SOURCE", ("app",))]
    assert judge(both, SIGNED) == Refusal(both[0], "signed")
    assert judge(both[::-1], SIGNED) == Refusal(both[1], "api")


def test_an_absent_attribute_matches_nothing_not_even_the_empty_text() -> None:
    """E3."""
    refusal = judge([Filter("ASSET_TYPE", ("",))], SIGNED)
    assert str(refusal) == 'filter ASSET_TYPE wants ""; the event has none'
    assert judge([Filter("ASSET_TYPE", ("",))], SIGNED | {"ASSET_TYPE": ""}) is None
