"""The command line: wiring and exit codes.

0 passed · 1 the receiver or an expectation failed · 2 wrong use or invalid file · 3 the environment failed ·
130 interrupted. Results go to stdout, progress and errors to stderr. A command's module is imported only when that
command runs, so that `--help` stays fast.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import StringIO
from traceback import print_exception

import click

from simulator import __version__
from simulator.errors import Bug, SimulatorError, did_you_mean

COMMANDS = {
    "serve": "the simulator as a server: provider API, control API, page",
    "run": "run scenarios against a receiver and judge what they expect",
    "verify": "is this receiver ready for go-live: every check of the contract",
    "plan": "what an outage would cost, computed without network",
    "emit": "send one event, to a receiver or through a running server",
    "resend": "send again what a running server gave up",
    "clock": "read and drive the clock of a running server",
    "events": "the events there are: attributes, values, filters, suggested template",
    "profile": "what two providers do differently, side by side",
    "scenarios": "list, check and begin scenario files",
    "receiver": "start a sample receiver",
    "report": "make the report of a recorded run again",
}

INTERRUPTED = 130
LONGEST_LINE = 2_000  # of a message; a list of all events is a third of it


class LazyGroup(click.Group):
    """Knows its commands by name and one line; imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"simulator.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f'there is no command "{name}"{did_you_mean(name, COMMANDS)}; there are {", ".join(COMMANDS)}')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="aurora-sim")
def root() -> None:
    """Sends webhooks as Aurora Solar does, over real HTTP, on a clock that jumps.

    \b
    Examples:
      aurora-sim run scenarios/weekend-outage.yaml
      aurora-sim run scenarios/weekend-outage.yaml --target http://localhost:3000
      aurora-sim emit agreement_status_changed STATUS=signed --target http://localhost:3000
      aurora-sim events agreement_status_changed
    """


def main() -> None:
    """Run the command line and exit with its code; a user never sees a traceback for bad input."""
    try:
        code = root.main(prog_name="aurora-sim", standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.ClickException as misuse:
        said = StringIO()
        misuse.show(said)
        click.echo(_bounded(said.getvalue()), err=True, nl=False)
        code = misuse.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; what was accepted is recorded", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone: nothing more to say
        code = 0
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it gets an exit code of its own
        code = _explain(error)
    sys.exit(code or 0)


def _explain(error: Exception) -> int:
    """A clear sentence for what went wrong on purpose; a traceback only where the fault is ours."""
    if isinstance(error, SimulatorError) and not isinstance(error, Bug):
        click.echo(f"error: {_bounded(str(error))}", err=True)
        return error.exit_code
    print_exception(error)
    click.echo("this is a fault of the simulator; what was accepted is recorded", err=True)
    return Bug.exit_code


def _bounded(message: str) -> str:
    """Whoever gave a word of a hundred thousand letters need not read it again."""
    return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in message.split("\n"))
