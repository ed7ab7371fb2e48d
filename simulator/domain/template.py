"""URL templates: parse, check, expand. All encoding of attribute values stands in this file.

In: the template a customer wrote, and attribute values. Out: the URL whose bytes go on the wire (E5, E6),
or every problem with the template (S10, S11).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urlsplit

from simulator.errors import did_you_mean

Unknown = Literal["reject", "empty", "keep"]

LONGEST = 16_000
"""Characters of a template. Receivers read about 8000 of a URL; this is told before anything is sent to them."""

_PLACEHOLDER = re.compile(r"<([A-Za-z0-9_]+)>")
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")
_AUTHORITY_END = re.compile(r"[/?#]")


def can_be_encoded(text: str) -> bool:
    """Whether UTF-8, and so a URL, a header and the record, can carry this text: a lone surrogate cannot be."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a value is written into a URL, where the guide is silent (E6)."""

    space: Literal["%20", "+"] = "%20"
    comma: Literal["%2C", ","] = "%2C"
    _ascii: Mapping[int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        written = {code: quote(chr(code), safe="") for code in range(128)}
        object.__setattr__(self, "_ascii", {**written, ord(" "): self.space, ord(","): self.comma})

    def encode(self, value: str) -> str:
        """Percent-encode all but the unreserved characters of RFC 3986."""
        if value.isascii():
            return value.translate(self._ascii)
        return quote(value, safe="").replace("%20", self.space).replace("%2C", self.comma)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template: `statics[0] names[0] statics[1] names[1] … statics[n]`.

    `places` are the names, each with the static that follows it.
    """

    statics: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", tuple(zip(self.names, self.statics[1:], strict=True)))


@lru_cache(maxsize=4096)
def parse(source: str) -> Template:
    """Split at the whole `<NAME>` tokens, so no name can match inside a longer one (E5)."""
    pieces = _PLACEHOLDER.split(source)
    return Template(statics=tuple(pieces[::2]), names=tuple(pieces[1::2]))


def expand(template: Template, values: Mapping[str, str], encoding: Encoding, *, unknown: Unknown = "reject") -> str:
    """The URL as sent: values encoded, everything else exactly as it was written (E5, E6).

    A name without a value stands for the empty text, or with `keep` for itself; `check` has refused it where neither
    is wanted (S10).
    """
    url, encode = template.statics[0], encoding.encode
    for name, static in template.places:
        value = values.get(name)
        if value is not None:
            url += encode(value) + static
        else:
            url += f"<{name}>{static}" if unknown == "keep" else static
    return url


def check(
    source: str,
    attributes: Collection[str],
    *,
    required: Collection[str] = (),
    https_only: bool = False,
    unknown: Unknown = "reject",
) -> list[str]:
    """What is wrong with a template for an event with these attributes; empty when it can be used (S10, S11)."""
    if not source:
        return ["is empty; give a URL such as https://www.yourapp.com/path?id=<PROJECT_ID>"]
    if len(source) > LONGEST:
        return [f"is longer than {LONGEST} characters, which no receiver reads"]
    names = parse(source).names
    return [
        *_check_characters(source),
        *_check_address(source, https_only=https_only),
        *_check_names(names, attributes if unknown == "reject" else names, attributes),
        *(f"must hold <{name}>" for name in required if name not in names),
    ]


def _check_characters(source: str) -> list[str]:
    bare = _PLACEHOLDER.sub("", source)
    problems = []
    if bad := _UNSENDABLE.search(bare):
        escaped = quote(bad.group(), errors="surrogatepass")
        problems.append(f"holds {bad.group()!r}, which a URL cannot carry; percent-encode it ({escaped})")
    if "<" in bare or ">" in bare:
        problems.append('holds "<" or ">" outside a placeholder; a placeholder is written <NAME>')
    if "#" in bare:
        problems.append('holds a fragment ("#"), which is never sent to a receiver; leave it out or write %23')
    return problems


def _check_address(source: str, *, https_only: bool) -> list[str]:
    scheme, separator, rest = source.partition("://")
    schemes = ("https",) if https_only else ("http", "https")
    if not separator or scheme.lower() not in schemes:
        return [f"must begin with {' or '.join(f'{allowed}://' for allowed in schemes)}"]
    authority = _AUTHORITY_END.split(rest, maxsplit=1)[0]
    if "<" in authority:
        return ["has a placeholder in its host or port; placeholders may stand in the path and the query"]
    if "@" in authority:
        return ["carries a user name before the host; credentials have fields of their own"]
    try:
        split = urlsplit(f"{scheme}://{authority}")
        missing = not split.hostname or split.port == 0
    except ValueError as error:
        return [f"has a host or port that cannot be used: {error}"]
    return ["has no host, or the port 0"] if missing else []


def _check_names(names: Collection[str], allowed: Collection[str], attributes: Collection[str]) -> list[str]:
    return [
        f"holds <{name}>, which this event does not have{did_you_mean(name, attributes)}; "
        f"it has {', '.join(f'<{attribute}>' for attribute in attributes)}"
        for name in dict.fromkeys(names)
        if name not in allowed
    ]
