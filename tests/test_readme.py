"""The README is true: every console block is executed, and what it shows is what comes out.

In what a block shows, a line `...` stands for any lines, and `...` within a line for any text: for what differs from
run to run, and for what would be too long. Trailing blanks do not count. A command that ends with `&` goes on until the
block is over, on a port of its own, which stands in the other commands wherever the README has 3000 or 8025.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import root
from simulator.scenario.load import parse_scenario
from simulator.scenario.run import Conditions, run_scenario

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)
LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)\n")
SERVED_AT = {"receiver": "3000", "serve": "8025"}
TO_SERVER = ("clock", "resend")
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONPATH": str(ROOT)}


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


CONSOLE = fenced("console")
PLAIN = [
    line.partition("  #")[0]
    for block in fenced("")
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith("aurora-sim ")
]
INLINE = re.findall(r"`(aurora-sim [^`]+)`", README)


@dataclass
class Session:
    """One block: `ports` holds the port that stands for each of the README's."""

    folder: Path
    stack: ExitStack
    ports: dict[str, str] = field(default_factory=dict)

    def carry_out(self, command: str) -> str:
        """What the command writes, as far as it has come where it goes on."""
        words = [self._here(word) for word in shlex.split(command.replace("\\\n", " "))]
        if words[-1] == "&":
            return self._begin(words[1:-1])
        if words[0] == "aurora-sim" and words[1] in TO_SERVER:
            words += ["--server", f"http://127.0.0.1:{self.ports['8025']}"]
        program = [sys.executable, "-m", "simulator"] if words[0] == "aurora-sim" else [words[0]]
        done = subprocess.run(
            [*program, *words[1:]],
            capture_output=True,
            text=True,
            cwd=self.folder,
            timeout=60,
            env=ENVIRONMENT,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        return self._there(done.stdout)

    def _begin(self, words: list[str]) -> str:
        words += ["--port", "0"]  # the last one counts
        process = self.stack.enter_context(background(words, self.folder))
        assert process.stdout
        first = process.stdout.readline()
        listening = LISTENING.fullmatch(first)
        assert listening, first
        self.ports[SERVED_AT[words[0]]] = listening[1]
        greeting = [first]
        if words[0] == "serve":
            greeting += until(process.stdout, "  curl")
        return self._there("".join(greeting))

    def _here(self, text: str) -> str:
        for written, real in self.ports.items():
            text = text.replace(f":{written}", f":{real}")
        return text

    def _there(self, text: str) -> str:
        for written, real in self.ports.items():
            text = text.replace(f":{real}", f":{written}")
        return text


@contextmanager
def background(words: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "simulator", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env=ENVIRONMENT,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def until(lines: Iterable[str], beginning: str) -> Iterator[str]:
    """The lines up to the one that begins so, which is the last of its paragraph."""
    for line in lines:
        yield line
        if line.startswith(beginning):
            return


def pattern(shown: str) -> str:
    lines = [r"(?:.*\n)*?" if line == "..." else _line(line) + r"\n" for line in shown.splitlines()]
    return "".join(lines)


def _line(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.rstrip().split("..."))


def stripped(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    with ExitStack() as stack:
        yield Session(tmp_path, stack)


def test_the_readme_shows_every_command_that_people_begin_with():
    shown = {words for block in CONSOLE for words in re.findall(r"^\$ aurora-sim (\w+)", block, re.MULTILINE)}
    assert shown >= {"run", "emit", "events", "receiver", "verify", "scenarios", "plan", "serve", "clock", "resend"}


@pytest.mark.parametrize("block", CONSOLE, ids=[block.partition("\n")[0] for block in CONSOLE])
def test_a_console_block_shows_what_comes_out(block: str, session: Session):
    if "\n$ curl " in block and shutil.which("curl") is None:
        pytest.skip("the block calls curl, which is not installed here")
    pieces = COMMAND.split(block)
    assert pieces[0] == "", "a block begins with a command"
    for command, shown in zip(pieces[1::2], pieces[2::2], strict=True):
        out = stripped(session.carry_out(command))
        assert re.fullmatch(pattern(shown), out), f"$ {command}\n{out}"


@pytest.mark.parametrize("command", sorted({*PLAIN, *INLINE}))
def test_every_other_command_and_each_of_its_options_is_there(command: str):
    words = shlex.split(command)[1:]
    asked = CliRunner().invoke(root, [*words, "--help"])
    assert asked.exit_code == 0, asked.output


async def test_the_scenario_of_ten_lines_holds():
    (text,) = (block for block in fenced("yaml") if "\nname:" in block)
    report = await run_scenario(parse_scenario(text, "README.md"), Conditions())
    assert (report.verdict, len(report.expectations)) == ("pass", 2)


def test_the_step_that_makes_a_walk_is_one():
    (step,) = (block for block in fenced("yaml") if "\nname:" not in block)
    head = "name: Test\nsubscriptions: [{name: crm, event: lead_created}]\ntimeline:\n"
    assert len(parse_scenario(head + step, "README.md").timeline) == 1


def test_the_three_lines_are_a_first_test(aurora):
    (block,) = fenced("python")
    namespace = {"app": _answer}
    exec(block, namespace)
    namespace["test_a_signed_agreement_arrives"](aurora)


async def _answer(scope, receive, send):
    """The shortest ASGI application there is."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body"})


def test_every_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
