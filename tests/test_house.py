"""The rules of the house, held by reading the source: who may import whom, what is never named, how long a file may be.

Every violation says where it stands and what cures it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "simulator"

FLOORS = {
    "domain": 0,
    "errors": 0,
    "providers": 1,
    "clock": 2,
    "store": 3,
    "wire": 3,
    "engine": 4,
    "report": 4,
    "plan": 4,
    "scenario": 5,
    "contract": 5,
    "api": 5,
    "control": 5,
    "dashboard": 6,
    "cli": 7,
    "pytest_plugin": 7,
    "__main__": 8,
}
APART = "receivers"
FACES = 5  # from this floor on people and programs come in
HANDED_A_PROFILE = {"engine", "store", "wire", "clock"}
NAMES_NO_PROVIDER = HANDED_A_PROFILE | {"report"}
IN_REAL_TIME = {"clock", APART}  # receivers are programs like their users' own: they have no other time
PURE_WITHOUT = {"asyncio", "sqlite3", "sqlite_utils", "aiohttp", "logging", "random", "time", "pydantic"}
LONGEST = 300
WORDS = {
    "notification": "event",
    "endpoint": "subscription",
    "hook": "subscription",
    "destination": "subscription",
    "result": "outcome",
    "replay": "resend",
    "redeliver": "resend",
    "chaos": "fault",
}
PLUGIN_HOOK = re.compile(r"pytest_\w+")  # the names that pytest itself asks for
PROVIDER = re.compile(
    r"\b(aurora|aura)\b(?!-(sim|webhook-simulator)\b)", re.IGNORECASE
)  # the product's own name may stand


@dataclass(frozen=True)
class Module:
    """One file of the package. `part` is the folder, or the file where it stands alone."""

    path: Path

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def part(self) -> str:
        return [*self.name.split("."), ""][1]

    @cached_property
    def source(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every module that is imported, wherever in the file, with its line."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.path}:{node.lineno}: write the import in full, from {PACKAGE}…"
                found += [(node.lineno, target) for target in self._targets(node)]
        return found

    def _targets(self, node: ast.ImportFrom) -> list[str]:
        """`from simulator.clock import pace` names a module, `from simulator.clock.pace import JUMP` one in it."""
        base = node.module or ""
        inner = [f"{base}.{alias.name}" for alias in node.names]
        return [one if one in NAMES else base for one in inner]

    def at(self, line: int, text: str) -> str:
        return f"{self.path.relative_to(ROOT)}:{line}: {text}"


MODULES = [Module(path) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]
NAMES = {module.name for module in MODULES}
Check = Callable[[Module], Iterator[str]]


def ours(name: str) -> str | None:
    """The part of the package that an import names, None where it is somebody else's; the bare package is `""`."""
    package, _, rest = name.partition(".")
    return rest.partition(".")[0] if package == PACKAGE else None


def wrong_floors(module: Module) -> Iterator[str]:
    """A file imports from lower floors and from its own folder; neighbours do not know each other."""
    for line, target in module.imports:
        part = ours(target)
        if part in (None, "", module.part):
            continue
        if module.part == APART:
            yield module.at(line, f"{APART} stand apart and import nothing of ours; move what is needed into {APART}")
        elif part == APART:
            if FLOORS[module.part] < FACES:
                yield module.at(
                    line, f"only the faces (floor {FACES} and up) may start receivers; hand in a URL instead"
                )
        elif module.part == "clock":
            yield module.at(line, "the clock imports nothing of ours; hand in a function, or move the caller up")
        elif FLOORS[part] > FLOORS[module.part]:
            yield module.at(line, f"{part} lives upstairs; let it import {module.part}, or hand its function down")
        elif FLOORS[part] == FLOORS[module.part] and FLOORS[part]:
            yield module.at(line, f"{part} and {module.part} are neighbours; let a floor above bring them together")


def impure_domain(module: Module) -> Iterator[str]:
    if module.part != "domain":
        return
    for line, target in module.imports:
        if target.partition(".")[0] in PURE_WITHOUT:
            yield module.at(line, f"domain is pure and knows no {target}; take its value as an argument")


def pydantic_inside(module: Module) -> Iterator[str]:
    for line, target in module.imports:
        if target.partition(".")[0] == "pydantic" and FLOORS.get(module.part, 0) < FACES:
            yield module.at(line, "pydantic stands at the edges only; inside, use a frozen dataclass")


def named_providers(module: Module) -> Iterator[str]:
    """Engine, store, wire and clock are handed a profile and never ask which; a report may look one up by its name."""
    if module.part not in NAMES_NO_PROVIDER:
        return
    for line, target in module.imports:
        if ours(target) == "providers" and (module.part in HANDED_A_PROFILE or target != f"{PACKAGE}.providers"):
            yield module.at(line, "no provider is named here; take a Profile as an argument")
    for line, text in enumerate(module.source.splitlines(), 1):
        if found := PROVIDER.search(text):
            yield module.at(line, f'"{found.group()}" names a provider; ask the profile (`profile.name`)')


def forbidden_calls(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.Attribute):
            yield from _forbidden_attribute(module, node)
        elif isinstance(node, ast.Name) and node.id == "print" and not _may_print(module):
            yield module.at(node.lineno, "print is for the command line; return the text, or use logging")
        elif isinstance(node, ast.Call) and ast.unparse(node) == "Random()":
            yield module.at(node.lineno, "draws must be seeded; write Random(seed)")
    yield from _forbidden_imports(module)


def _may_print(module: Module) -> bool:
    return module.part == "cli" or module.name == f"{PACKAGE}.{APART}.__main__"


def _forbidden_attribute(module: Module, node: ast.Attribute) -> Iterator[str]:
    base = ast.unparse(node.value)
    owner = base.rpartition(".")[2]
    in_real_time = module.part in IN_REAL_TIME
    if (owner, node.attr) in {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}:
        if not in_real_time:
            yield module.at(node.lineno, f"{owner}.{node.attr} is real time; ask the clock (`clock.now()`)")
    elif (base, node.attr) == ("asyncio", "sleep"):
        if not in_real_time:
            yield module.at(node.lineno, "asyncio.sleep waits in real time; set a timer of the clock (`clock.call_at`)")
    elif node.attr == "time" and "loop" in base.lower() and not in_real_time:
        yield module.at(node.lineno, "the loop's time is real; ask the clock, or measure with a Stopwatch")
    elif (owner, node.attr) in {("uuid", "uuid1"), ("uuid", "uuid4"), ("os", "urandom")}:
        yield module.at(node.lineno, f"{owner}.{node.attr} differs from run to run; use `seeded_uuid` or `draw`")


def _forbidden_imports(module: Module) -> Iterator[str]:
    in_real_time = module.part in IN_REAL_TIME
    for line, source, name in _imported_names(module):
        if source == "time" and not in_real_time:
            yield module.at(line, "`time` is real; ask the clock, or measure with a Stopwatch of clock/")
        elif (source, name) == ("asyncio", "sleep") and not in_real_time:
            yield module.at(line, "asyncio.sleep waits in real time; set a timer of the clock (`clock.call_at`)")
        elif source == "random" and name != "Random":
            yield module.at(line, "draws must be seeded; use `draw` or `pick` of domain/chance, or `Random(seed)`")
        elif (source, name) in {("uuid", "uuid1"), ("uuid", "uuid4"), ("os", "urandom")}:
            yield module.at(line, f"{source}.{name} differs from run to run; use `seeded_uuid` or `draw`")


def _imported_names(module: Module) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of everything that is imported; the name is empty where the whole module is."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def missing_docstring(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield module.at(1, "open the file with a docstring: what enters, what leaves, what it may not know")


def too_long(module: Module) -> Iterator[str]:
    length = module.source.count("\n")
    if length > LONGEST:
        yield module.at(length, f"{length} lines; beyond {LONGEST} a file has two jobs: give one of them a file")


def foreign_words(module: Module) -> Iterator[str]:
    """Names that we give use the field's standard terms."""
    for line, name in _given_names(module):
        if PLUGIN_HOOK.fullmatch(name):
            continue
        for word in re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()):
            if right := WORDS.get(word.removesuffix("s")):
                yield module.at(line, f'"{name}" says "{word}"; here the word is "{right}"')


def _given_names(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


CHECKS: list[Check] = [
    wrong_floors,
    impure_domain,
    pydantic_inside,
    named_providers,
    forbidden_calls,
    missing_docstring,
    too_long,
    foreign_words,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.replace("_", " "))
def test_the_house_has_no(check: Check) -> None:
    violations = [text for module in MODULES for text in check(module)]
    assert not violations, "\n" + "\n".join(violations)


def test_every_part_has_its_floor() -> None:
    parts = {module.part for module in MODULES} - {"", APART}
    assert parts <= FLOORS.keys(), f"give them a floor here and in simulator/README.md: {sorted(parts - FLOORS.keys())}"


@pytest.mark.parametrize("part", sorted({module.part for module in MODULES} - {""}))
def test_imports_within_a_folder_run_one_way(part: str) -> None:
    """Whoever can be reached from a module must not import it."""
    within = {module.name: module for module in MODULES if module.part == part}
    edges = {name: {target for _, target in module.imports if target in within} for name, module in within.items()}
    assert not (circle := _circle(edges)), (
        f"{' -> '.join(circle)}: break the circle; move what both need into a third file"
    )


def _circle(edges: dict[str, set[str]]) -> list[str]:
    """A path that ends where it began, or nothing: modules that import no other are taken away until none is left."""
    left = {name: targets - {name} for name, targets in edges.items()}
    while leaves := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in leaves:
            del left[name]
    if not left:
        return []
    path = [next(iter(left))]
    while path[-1] not in path[:-1]:
        path.append(min(left[path[-1]] & left.keys()))
    return path[path.index(path[-1]) :]


# The checks themselves can fail


BROKEN = {
    wrong_floors: [
        ("domain/x.py", "from simulator.store.ledger import Ledger", "store lives upstairs"),
        ("store/x.py", "import simulator.wire.live", "are neighbours"),
        ("clock/x.py", "from simulator.errors import Bug", "the clock imports nothing of ours"),
        ("receivers/x.py", "from simulator.errors import Bug", "stand apart"),
        ("engine/x.py", "def f():\n    from simulator.receivers.app import make_app", "only the faces"),
    ],
    impure_domain: [("domain/x.py", "import asyncio", "knows no asyncio")],
    pydantic_inside: [("report/x.py", "from pydantic import BaseModel", "at the edges only")],
    named_providers: [
        ("engine/x.py", "from simulator.providers import profile_named", "take a Profile"),
        ("report/x.py", "from simulator.providers.aurora import AURORA", "take a Profile"),
        ("wire/x.py", "AGENT = 'Aurora'", "ask the profile"),
    ],
    forbidden_calls: [
        ("engine/x.py", "import datetime\nNOW = datetime.datetime.now()", "ask the clock"),
        ("engine/x.py", "from time import monotonic", "Stopwatch"),
        ("engine/x.py", "import asyncio\nasync def f():\n    await asyncio.sleep(1)", "timer of the clock"),
        ("engine/x.py", "from asyncio import sleep", "timer of the clock"),
        ("engine/x.py", "import asyncio\nT = asyncio.get_event_loop().time()", "the loop's time is real"),
        ("engine/x.py", "import random", "domain/chance"),
        ("engine/x.py", "from random import choice", "domain/chance"),
        ("engine/x.py", "from random import Random\nDICE = Random()", "Random(seed)"),
        ("store/x.py", "import uuid\nID = uuid.uuid4()", "seeded_uuid"),
        ("store/x.py", "from uuid import uuid4", "seeded_uuid"),
        ("report/x.py", "print('done')", "for the command line"),
    ],
    missing_docstring: [("cli/x.py", "import click", "open the file with a docstring")],
    too_long: [("cli/x.py", "\n" * 301, "two jobs")],
    foreign_words: [
        ("engine/x.py", "class RetryResult: pass", 'the word is "outcome"'),
        ("engine/x.py", "def send_to(endpoints): pass", 'the word is "subscription"'),
        ("engine/x.py", "self.replay = 1", 'the word is "resend"'),
    ],
}


@pytest.mark.parametrize(
    ("check", "path", "source", "cure"),
    [(check, *case) for check, cases in BROKEN.items() for case in cases],
    ids=lambda given: given.__name__ if callable(given) else None,
)
def test_each_rule_is_seen_to_fail_and_names_its_cure(check: Check, path: str, source: str, cure: str) -> None:
    module = Module(ROOT / PACKAGE / path)
    module.__dict__["source"] = source
    assert any(cure in text and path in text for text in check(module))


def test_a_circle_of_imports_is_found() -> None:
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) in (["b", "c", "b"], ["c", "b", "c"])
    assert _circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
