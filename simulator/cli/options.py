"""Options that several commands share, checked where they are given."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from math import inf
from typing import Any

import click

from simulator.cli.place import Place
from simulator.clock.pace import PAUSED, Pace, parse_pace
from simulator.domain.instant import FASTEST, parse_duration


def pace_option(context: click.Context, parameter: click.Parameter, value: str | None) -> Pace | None:
    """`--speed`: jump, elastic, or so many times real time; never paused, which would never come to an end."""
    if value is None:
        return None
    try:
        pace = parse_pace(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None
    if pace == PAUSED:
        raise click.BadParameter("a paused run would never end; give jump, elastic or a number", context, parameter)
    if FASTEST < pace.idle < inf:
        text = f"{value} is faster than {FASTEST} times real time; jump is faster still"
        raise click.BadParameter(text, context, parameter)
    return pace


def host_option(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """`--host`: never empty, which would mean every address of this machine."""
    if not value:
        text = "an empty host would let in every machine; write 0.0.0.0 if that is meant"
        raise click.BadParameter(text, context, parameter)
    return value


def filled_option(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An option that is given says something: an empty one is a variable that was never set."""
    if value == "":
        raise click.BadParameter("is empty; say what is meant, or leave it out", context, parameter)
    return value


def url_option(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An http or https URL. Whether it is a good one, its scheme apart, is for whoever uses it to say."""
    if value is None or value.lower().startswith(("http://", "https://")):
        return value
    raise click.BadParameter(f'"{value}" is no URL; write it as http://localhost:3000', context, parameter)


def duration_option(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """A virtual duration such as `30m`, as microseconds."""
    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def seconds_option(longest: int) -> Callable[[click.Context, click.Parameter, float], float]:
    """Real seconds, from none up to so many. It is no range of click's: that lets through what is no number."""

    def check(context: click.Context, parameter: click.Parameter, value: float) -> float:
        if not 0 <= value <= longest:
            raise click.BadParameter(f"must be a number of seconds from 0 to {longest}", context, parameter)
        return value

    return check


def output_option(form: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--json FILE` and its like, as the parameter `json_file`."""
    return click.option(f"--{form}", f"{form}_file", metavar="FILE", type=Place(), help=text)


def source_address_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--source-address`, for a receiver that lets in only some (A13)."""
    text = "send from this address of this machine"
    return click.option("--source-address", metavar="IP", callback=_address, help=text)(command)


def _address(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else str(ip_address(value))
    except ValueError:
        text = f'"{value}" is no IP address; write one of this machine, such as 127.0.0.2'
        raise click.BadParameter(text, context, parameter) from None


def switches_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--switch NAME=VALUE`, as in the `switches` of a scenario; the provider's profile says which there are."""
    text = "a reading of the guide where it is silent, as in scenarios"
    option = click.option("--switch", "switches", multiple=True, metavar="NAME=VALUE", callback=_switches, help=text)
    return option(command)


def _switches(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    return {name: switch_value(text) for name, text in attribute_pairs(context, parameter, values).items()}


def switch_value(text: str) -> Any:
    """The value as YAML reads it, as in the `switches` of a scenario: true, 0.1, or a word."""
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text  # such as %20


def attribute_pairs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` arguments as a mapping; the value may be empty and may hold further equals signs."""
    pairs: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            example = "retry_delay_from=start" if parameter.name == "switches" else "STATUS=signed"
            raise click.BadParameter(f'"{value}" is not NAME=VALUE, such as {example}', context, parameter)
        if name in pairs:
            raise click.BadParameter(f"{name} is given twice", context, parameter)
        pairs[name] = text
    return pairs


def header_pair(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, str] | None:
    """`NAME=VALUE`; what was given is never repeated, half of it is a secret."""
    return _pair(context, parameter, value, "=", "NAME=VALUE")


def basic_pair(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, str] | None:
    """`USER:PASSWORD`; what was given is never repeated, half of it is a secret."""
    return _pair(context, parameter, value, ":", "USER:PASSWORD")


def _pair(
    context: click.Context, parameter: click.Parameter, value: str | None, separator: str, form: str
) -> tuple[str, str] | None:
    if value is None:
        return None
    first, found, second = value.partition(separator)
    if not (first and found and second):
        raise click.BadParameter(f"must be {form}, both parts given", context, parameter)
    return first, second
