"""API keys: what they look like, whose they are, and where they come from (S5, S13).

In: `TENANT=KEY` words from flags, a file and the environment. Out: `Keys`, which finds a key by what a request holds.
Keys are secrets: no error and no `repr` repeats one, and comparing takes as long for a wrong key as for a right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from urllib.parse import quote

from simulator.domain.subscription import Owner
from simulator.errors import Misuse, NotFound

VARIABLE = "AURORA_SIM_KEYS"
APPLICATION = "application:"

SANDBOX_TENANT = Owner("demo")
SANDBOX_APPLICATION = Owner("demo-app", "application")

_KEY = re.compile(r"[sr]k_(sand|prod)_[A-Za-z0-9._~%-]+")
_FORM = (
    f"write TENANT=KEY, or {APPLICATION}APPLICATION=KEY; a key is sk_ or rk_, then sand_ or prod_, then its own part"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key belongs to one tenant or one partner application. A restricted one (`rk_`) may read and change nothing."""

    text: str = field(repr=False)
    owner: Owner

    @property
    def restricted(self) -> bool:
        return self.text.startswith("rk_")


def ready_made(owner: Owner) -> Key:
    """The key that an owner has where nobody made one: `sk_sand_demo` for the tenant `demo`.

    Everybody knows it, so it is for loopback only.
    """
    prefix = "" if owner.kind == "tenant" else f"{owner.kind}_"
    return Key(f"sk_sand_{prefix}{quote(owner.id, safe='')}", owner)


class Keys:
    """The keys that count. `public` says that they are the ready-made ones, which everybody knows."""

    def __init__(self, keys: Iterable[Key] | None = None) -> None:
        """Without keys: the ready-made ones of the sandbox. Raises `Misuse` where one key has two owners."""
        self.public = keys is None
        self._by_digest: dict[bytes, Key] = {}
        for key in map(ready_made, (SANDBOX_TENANT, SANDBOX_APPLICATION)) if keys is None else keys:
            known = self._by_digest.setdefault(_digest(key.text), key)
            if known.owner != key.owner:
                raise Misuse(
                    f"one key is given to the {known.owner} and to the {key.owner}; give each a key of its own"
                )

    def __iter__(self) -> Iterator[Key]:
        return iter(self._by_digest.values())

    def find(self, text: str) -> Key | None:
        """The key that reads like this, or None."""
        wanted, found = _digest(text), None
        for digest, key in self._by_digest.items():
            if compare_digest(digest, wanted):
                found = key
        return found


def collect_keys(flags: Iterable[str], file: Path | None, environment: Mapping[str, str]) -> Keys:
    """Every key that a command is given; the ready-made ones where it is given none.

    `flags` are words, `file` holds one a line (`#` begins a comment), the variable `AURORA_SIM_KEYS` holds words
    between commas or blanks. Raises `Misuse` or `NotFound`.
    """
    words = [("--api-key", word) for word in flags]
    words += _lines(file) if file else []
    words += [(VARIABLE, word) for word in re.split(r"[,\s]+", environment.get(VARIABLE, "")) if word]
    return Keys([parse_key(word, where) for where, word in words] or None)


def parse_key(word: str, where: str) -> Key:
    """`TENANT=KEY` or `application:APPLICATION=KEY`. Raises `Misuse` that says where, and never what."""
    name, _, text = word.partition("=")
    owner = Owner(name.removeprefix(APPLICATION), "application") if name.startswith(APPLICATION) else Owner(name)
    if not (owner.id and _KEY.fullmatch(text)):
        raise Misuse(f"{where}: this is no key; {_FORM}")
    return Key(text, owner)


def _lines(file: Path) -> list[tuple[str, str]]:
    """The words of a file, each with its place; a file without any is not taken for a wish for the ready-made keys."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise NotFound(f"the keys in {file} cannot be read: {reason}") from None
    words = [(f"{file}:{number}", line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1)]
    if not any(word for _, word in words):
        raise Misuse(f"{file} holds no key; {_FORM}")
    return [(where, word) for where, word in words if word]


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()
