"""The command line. Rule: it says in plain words what is wrong and what to do, a line for each thing and status 1;
what is slow to import is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from teahouse import config
from teahouse.config.choosing import choose, places
from teahouse.config.example import example
from teahouse.config.rules import endpoint

Command = Callable[..., None]
CONFIG = click.Path(path_type=str)
KEEPERS = ("account", "audit", "backup", "export", "import")
"""Commands of `teahouse.keeper`."""


class Trouble(click.ClickException):
    """Things that are wrong, a line for each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def show(self, file: Any = None) -> None:
        """As click shows its own."""
        for line in self.lines:
            click.echo(f"Error: {line}", file=file or sys.stderr)


class Commands(click.Group):
    """Those for keepers are imported when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All, by name."""
        return sorted([*super().list_commands(ctx), *KEEPERS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The one of that name."""
        if cmd_name not in KEEPERS:
            return super().get_command(ctx, cmd_name)
        from teahouse.keeper.commands import COMMANDS  # noqa: PLC0415  it imports this module

        return COMMANDS[cmd_name]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="teahouse", prog_name="teahouse", message="%(prog)s %(version)s")
def main() -> None:
    """Teahouse: a chat house for telnet and MUD clients, IRC and browsers."""


def _endpoints(_context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            endpoint(value)
        except ValueError as error:
            raise Trouble(f'{option.opts[0]} "{value}": {error}') from None
    return values


def _listen_option(name: str, what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{name}", multiple=True, metavar="PORT-OR-ENDPOINT", callback=_endpoints, help=what
    )


DATA = click.option(
    "--data",
    metavar="DIR",
    help='Where the house keeps what it keeps (else $TEAHOUSE_DATA, or the platform\'s place); ":memory:": nowhere.',
)


@main.command()
@click.option("--config", "path", type=CONFIG, metavar="FILE", help="A configuration; see example-config.")
@_listen_option(
    "telnet", "Where telnet and MUD clients come in; a port is on localhost, 0 is any. Repeatable."
)
@_listen_option("irc", "Where IRC clients come in. Repeatable.")
@_listen_option("line", "Where nc and scripts come in. Repeatable.")
@_listen_option("web", "Where browsers come in. Repeatable.")
@click.option(
    "--entry", metavar="EXTENSION", help="Its first room greets each new connection; a module or a file."
)
@DATA
def serve(path: str | None, entry: str | None, data: str | None, **endpoints: tuple[str, ...]) -> None:
    """Open the house here and now; Ctrl-C closes it."""
    given = {**endpoints, "entry": (entry,) if entry else (), "data": (data,) if data else ()}
    try:
        choice = choose(path, given)
    except config.ConfigError as error:
        raise Trouble(*error.problems) from None
    from teahouse.running.foreground import run  # noqa: PLC0415  Twisted is slow to import

    problem = run(choice)
    if problem:
        raise Trouble(problem)


@main.command("check-config")
@click.argument("file", type=CONFIG)
def check_config(file: str) -> None:
    """Tell whether a configuration is fine, and where it would listen."""
    try:
        settings = config.load(file)
    except config.ConfigError as error:
        raise Trouble(*error.problems) from None
    click.echo(f"{file} is fine")
    for protocol, text in places(settings.listen):
        click.echo(f"{protocol} would listen at {f'localhost {text}' if text.isdecimal() else text}")


@main.command("example-config")
def example_config() -> None:
    """Print a configuration with every key, what it is for, and its default."""
    click.echo(example(), nl=False)


@main.command()
@click.argument("place", metavar="HOST[:PORT]")
@click.option("--tls", is_flag=True, help="Talk over TLS, with a certificate that this system trusts.")
@click.option("--insecure", is_flag=True, help="With --tls: believe whoever answers, without a certificate.")
def connect(place: str, tls: bool, insecure: bool) -> None:
    """Talk to a house, or any telnet server; the port is 4242 if not given.

    Input may be a pipe. Exit status: 0 closed, 1 not reachable, 2 usage, 3 TLS, 4 broken, 130 interrupted.
    """
    from teahouse.client import address, connect  # noqa: PLC0415  prompt_toolkit is slow to import

    try:
        host, port = address.parse(place)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="HOST[:PORT]") from None
    if insecure and not tls:
        raise click.UsageError("--insecure says which certificates to take, so it needs --tls.")
    sys.exit(connect.main(host, port, tls=tls, insecure=insecure))
