"""The README is true: every console block is executed, and what it shows is what comes out.

In a block, a line `...` stands for any lines, and `...` within a line for any text. Trailing blanks do not count.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```console\n\$ aurora-sim (.+?)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def pattern(shown: str) -> str:
    lines = [r"(?:.*\n)*?" if line == "..." else _line(line) + r"\n" for line in shown.splitlines()]
    return "".join(lines)


def _line(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.rstrip().split("..."))


def test_the_readme_shows_commands():
    assert len(blocks()) >= 3


@pytest.mark.parametrize(("words", "shown"), blocks(), ids=[words for words, _ in blocks()])
def test_a_console_block_shows_what_comes_out(words, shown):
    done = subprocess.run(
        [sys.executable, "-m", "simulator", *shlex.split(words)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
        check=False,
    )
    out = "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"
    assert re.fullmatch(pattern(shown), out), f"{done.stdout}\n{done.stderr}"


def test_every_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
