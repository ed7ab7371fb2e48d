"""A receiver's knowledge made comparable: what an answer holds, what was gained between two, where two gains differ.

In: the text of an answer. Out: plain values without order, and words. Ids are written as the roles they play, so that
the same story told with other ids leaves the same gain. No network, no files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

LONGEST = 160  # characters of a value that are shown

_NUMBER = " (a number)"


def read_answer(text: str, ignored: Collection[str] = ()) -> Any:
    """JSON where it is JSON, else lines of text; lists sorted, and the keys that do not count left out."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = [line.rstrip() for line in text.splitlines() if line.strip()]
    return _normal(value, ignored)


def gained(before: Any, after: Any) -> Any:
    """What `after` holds beyond `before`: new entries, further items, how much a number grew; None for nothing."""
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return None
    if isinstance(before, dict) and isinstance(after, dict):
        return _gained_entries(before, after)
    if isinstance(before, list) and isinstance(after, list):
        return _gained_items(before, after)
    if _is_number(before) and _is_number(after):
        return f"{after - before:+}"
    return after if before is None else {"before": before, "after": after}


def in_roles(value: Any, roles: Mapping[str, str]) -> Any:
    """The value with every id written as its role, sorted again; of an id that is a number the role says so."""
    return _normal(_replaced(value, roles), ())


def in_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with every role written as its id again, as a number where it was one."""
    if isinstance(value, str) and value.endswith(_NUMBER) and (role := value.removesuffix(_NUMBER)) in ids:
        return int(ids[role])
    if isinstance(value, dict):
        return {in_ids(key, ids): in_ids(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_ids(inner, ids) for inner in value]
    return _replaced(value, ids)


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, keys included."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def difference(expected: Any, actual: Any, path: str = "") -> str:
    """The first place where two values differ, in words; empty where they do not."""
    if _text(expected) == _text(actual):
        return ""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted(expected.keys() | actual.keys()):
            inner = difference(expected.get(key), actual.get(key), f"{path}.{key}" if path else key)
            if inner:
                return inner
    if isinstance(expected, list) and isinstance(actual, list):
        return _difference_of_lists(expected, actual, path)
    return f"{path or 'the state'} is {show(actual)}, expected {show(expected)}"


def show(value: Any) -> str:
    """A value for a sentence."""
    text = "nothing" if value is None else _text(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _difference_of_lists(expected: list[Any], actual: list[Any], path: str) -> str:
    where = path or "the state"
    more, fewer = _beyond(expected, actual), _beyond(actual, expected)
    if more and fewer:
        return f"{where} holds {show(more[0])}, expected {show(fewer[0])}"
    return f"{where} holds once too often {show(more[0])}" if more else f"{where} lacks {show(fewer[0])}"


def _gained_entries(before: dict[str, Any], after: dict[str, Any]) -> Any:
    gains = {key: gained(before.get(key), value) for key, value in after.items() if key in before}
    fresh = {key: value for key, value in after.items() if key not in before}
    lost = {f"no {key}": before[key] for key in before if key not in after}
    found = {key: gain for key, gain in gains.items() if gain is not None} | fresh | lost
    return found or None


def _gained_items(before: list[Any], after: list[Any]) -> Any:
    more, fewer = _beyond(before, after), _beyond(after, before)
    return {"items": more, "no more": fewer} if fewer else more or None


def _beyond(those: list[Any], these: list[Any]) -> list[Any]:
    """What these hold beyond those, each item as often as it is too many."""
    left = Counter(map(_text, those))
    beyond = []
    for one in these:
        left[_text(one)] -= 1
        if left[_text(one)] < 0:
            beyond.append(one)
    return beyond


def _normal(value: Any, ignored: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _normal(inner, ignored) for key, inner in sorted(value.items()) if key not in ignored}
    if isinstance(value, list):
        return sorted((_normal(inner, ignored) for inner in value), key=_text)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    """The value with these names replaced wherever they stand in a text, a key, or alone as a number."""
    if isinstance(value, dict):
        return {_replaced(key, names): _replaced(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, names) for inner in value]
    if isinstance(value, str):
        for name, other in names.items():
            value = value.replace(name, other)
    elif _is_number(value) and str(value) in names:
        return names[str(value)] + _NUMBER
    return value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
