"""One verification: options become a target and probes, findings are told as they come, the report is written.

In: what was given on the command line. Out: whether the receiver may go live.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from hypothesis.configuration import set_hypothesis_home_dir
from rich.console import Console

from simulator.api.loopback import serve_tenants
from simulator.cli.outputs import Outputs, write_file
from simulator.contract.check import Check
from simulator.contract.checks import CATALOGUE
from simulator.contract.finding import Finding
from simulator.contract.matrix import kill_matrix, matrix_table
from simulator.contract.probe import API, KEY, CommandProbe, Probe, Probes, UrlProbe, sql_probe
from simulator.contract.target import Target
from simulator.contract.verify import Verification, chosen, verify
from simulator.domain.provider import Profile
from simulator.errors import Invalid, Problem, did_you_mean
from simulator.providers import profile_named
from simulator.report.document import report_document
from simulator.report.model import CheckView, Report
from simulator.report.verification import render_verification
from simulator.wire.targets import Targets

Watch = Callable[[Check, Finding | None], None]

_SECRET_OPTIONS = ("header_auth", "basic_auth")
_LOCAL = ("out", "html_file", "junit_file", "json_file", "only", "provider", "allowed", "fail_on", "seed")


def show_list(provider: str) -> None:
    """Every check with the provider's clause, and what it needs, or why it does not apply."""
    profile = profile_named(provider)
    for check in CATALOGUE:
        needs = f" (needs {', '.join(check.needs)})" if check.needs else ""
        spared = check.spared(profile)
        click.echo(f"{check.id:22}{f'skipped: {spared}' if spared else f'{check.clause(profile)}{needs}'}")


async def show_matrix() -> None:
    """The kill matrix, as it stands in the documentation."""
    click.echo(matrix_table(await kill_matrix(serve_tenants)))


async def run(url: str, *, fail_on: Sequence[str], **given: Any) -> bool:
    """Whether no check failed, nor any with a verdict of `fail_on`."""
    outputs = Outputs(given["out"], given["json_file"], given["html_file"], given["junit_file"])
    outputs.check()
    with Console(stderr=True).status("sending plain events") as status, TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)  # it keeps notes, which belong in nobody's working folder

        def tell(check: Check, _finding: Finding | None) -> None:
            status.update(check.id)

        report = await verify(_verification(url, given, tell))
    console = Console()
    console.print(render_verification(report), crop=False)  # what is there to be copied stands whole
    for path in [*outputs.write(report_document(report)), *_write_scenarios(report, given["out"])]:
        console.print(f"written: {path}", markup=False, highlight=False, soft_wrap=True)
    return not any(check.verdict in ("fail", *fail_on) for check in report.checks)


def _verification(url: str, given: dict[str, Any], watch: Watch) -> Verification:
    profile = profile_named(given["provider"]).for_this_machine()
    names = [name for name in (given["events"] or "").split(",") if name]
    return Verification(
        target=Target(url, given["header_auth"], given["basic_auth"]),
        profile=profile,
        events=names,
        probes=_probes(given, profile),
        checks=chosen(given["only"], given["skip"]),
        seed=given["seed"],
        allowed_hosts=given["allowed"],
        source_address=given["source_address"],
        api=partial(serve_tenants, port=given["api_port"] or 0),
        command=_repeat(url, given),
        watch=watch,
    )


def _probes(given: dict[str, Any], profile: Profile) -> Probes:
    targets = Targets(given["allowed"])
    known = frozenset(name for kind in profile.catalogue.values() for name in kind.attributes)
    probes = Probes(
        state=_probe(given, "state", targets, known),
        repeats=_probe(given, "repeat", targets, known),
        forget=_action(given, "reset", "forget", targets, frozenset(), method="POST"),
        reconcile=_action(given, "reconcile", "reconcile", targets, known | {API, KEY}),
        settle_seconds=given["settle"],
        ignored=frozenset(given["ignore"]),
    )
    problems = [*_unknown_names("state", probes.state, known), *_unknown_names("repeat", probes.repeats, known)]
    if problems := [*problems, *_unknown_names("reconcile", probes.reconcile, known | {API, KEY})]:
        raise Invalid(problems)
    return probes


def _probe(given: dict[str, Any], name: str, targets: Targets, known: frozenset[str]) -> Probe | None:
    forms = {form: given[f"{name}_{form}"] for form in ("url", "cmd", "sql") if given[f"{name}_{form}"]}
    if len(forms) > 1:
        raise click.UsageError(f"{' and '.join(f'--{name}-{form}' for form in forms)} are two ways to ask; give one")
    match [*forms.items()]:
        case [("url", text)]:
            return UrlProbe(_allowed(text, targets), targets)
        case [("cmd", text)]:
            return CommandProbe(text, known)
        case [("sql", text)]:
            return sql_probe(text)
    return None


def _action(
    given: dict[str, Any], name: str, verb: str, targets: Targets, known: frozenset[str], method: str = "GET"
) -> Probe | None:
    """Something that the receiver is made to do, by a URL or a command."""
    url, command = given[f"{name}_url"], given[f"{name}_cmd"]
    if url and command:
        raise click.UsageError(f"--{name}-url and --{name}-cmd are two ways to {verb}; give one")
    if url:
        return UrlProbe(_allowed(url, targets), targets, method=method)
    return CommandProbe(command, known) if command else None


def _allowed(url: str, targets: Targets) -> str:
    """The URL, if its host may be asked at all; placeholders stand for what a URL can carry."""
    targets.check_url(url.replace("<", "").replace(">", ""))
    return url


def _unknown_names(option: str, probe: Probe | None, known: frozenset[str]) -> Iterator[Problem]:
    for name in sorted(probe.names - known) if probe else ():
        yield Problem((f"--{option}",), f"names {name}, which no event has{did_you_mean(name, known)}")


def _repeat(url: str, given: dict[str, Any]) -> str:
    """The command that does the same again; of a secret only the name is written."""
    words = ["aurora-sim", "verify", url, "--seed", str(given["seed"])]
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        if not value or name in _LOCAL:
            continue
        if name in _SECRET_OPTIONS:
            words += [option, f"{value[0]}{'=' if name == 'header_auth' else ':'}…"]
        else:
            words += [word for one in _each(value) for word in (option, str(one))]
    words += [word for host in given["allowed"] for word in ("--allow-host", host)]
    if given["provider"] != "aurora":
        words += ["--provider", given["provider"]]
    return shlex.join(words)


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def _write_scenarios(report: Report, folder: Path | None) -> Iterator[Path]:
    """The scenarios that show failures again, beside the report."""
    for check in _with_scenario(report) if folder else ():
        assert folder
        path = folder / f"{check.id}.yaml"
        write_file(path, check.scenario)
        yield path


def _with_scenario(report: Report) -> list[CheckView]:
    return [check for check in report.checks if check.scenario]
