"""Where the reports of a command are written: single files, and folders that hold one in every form.

In: documents as they stand in `report.json`. Out: files. Whether they can be written is asked before a run, so that
nobody waits for a report that has no place. What makes a form is imported when one is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import Refused, Unavailable

Document = dict[str, Any]


def json_report(document: Document) -> str:
    """`report.json` as text."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _html(document: Document) -> str:
    from simulator.report.html import html_report

    return html_report(document)


def _junit(document: Document) -> str:
    from simulator.report.junit import junit_report

    return junit_report([document])


def _ndjson(document: Document) -> str:
    from simulator.report.ndjson import ndjson_report

    return ndjson_report(document)


_FORMS: Mapping[str, Callable[[Document], str]] = {
    "report.json": json_report,
    "report.html": _html,
    "junit.xml": _junit,
    "report.ndjson": _ndjson,
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files and the folder that were asked for, each None where it was not."""

    folder: Path | None = None
    json: Path | None = None
    html: Path | None = None
    junit: Path | None = None
    ndjson: Path | None = None

    def check(self, read: Iterable[Path] = ()) -> None:
        """Make the folders; raises `Unavailable` or `Refused` where something could not be written.

        What the command reads, and what it writes already, is never written over.
        """
        taken = {path.resolve(): "is read by this command" for path in read}
        for path in filter(None, (self.json, self.html, self.junit, self.ndjson)):
            refuse_taken(path, taken)
            taken[path.resolve()] = "is to hold another form of the report"
            if path.is_dir():
                raise Refused(f"{path} is a folder; name a file")
            _check_place(path, path.parent)
        if self.folder:
            _check_place(self.folder, self.folder)

    def write(self, document: Document, label: str = "") -> list[Path]:
        """Write one report in every form that was asked for; `label` names its own folder within the folder."""
        targets = list(self._targets(label))
        for path, form in targets:
            write_file(path, _FORMS[form](document))
        return [path for path, _ in targets]

    def _targets(self, label: str) -> Iterator[tuple[Path, str]]:
        for path, form in zip((self.json, self.html, self.junit, self.ndjson), _FORMS, strict=True):
            if path:
                yield path, form
        if self.folder:
            yield from ((self.folder / label / form, form) for form in _FORMS)


def refuse_taken(path: Path, taken: Mapping[Path, str]) -> None:
    """Raise `Refused` where this file has another purpose; `taken` says which, by resolved path."""
    if purpose := taken.get(path.resolve()):
        raise Refused(f"{path} {purpose}; name another file")


def write_file(path: Path, text: str) -> None:
    """Write a text in UTF-8 with the folders it needs; raises `Unavailable`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")  # a lone surrogate is no reason to lose all
    except OSError as error:
        raise _unwritable(path, error) from error


def _check_place(path: Path, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise Unavailable(f"{path} cannot be written: permission denied")


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"{path} cannot be written: {error.strerror}")
