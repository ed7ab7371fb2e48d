"""Names of files and folders on a command line, refused before anything is done with them.

In: a word. Out: a `Path`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class Place(click.Path):
    """A file or folder by its name, as a `Path`; refused where it can never be one, or where nobody may look."""

    def __init__(self, *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; whether it exists is for the command to judge."""
        if not str(value):
            self.fail("an empty name is no file", param, ctx)
        try:
            Path(value).stat()
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            self.fail(f'"{value}" cannot be used: {error.strerror}', param, ctx)
        return super().convert(value, param, ctx)
