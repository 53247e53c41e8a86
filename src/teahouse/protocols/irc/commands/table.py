"""Command → handler. Rule: whoever adds a command adds it to its theme's `VERBS`, and the theme here."""

from __future__ import annotations

from teahouse.protocols.irc.commands import channels, connection, talk
from teahouse.protocols.irc.commands.verb import Verb

TABLE: dict[str, Verb] = {**connection.VERBS, **channels.VERBS, **talk.VERBS}


def find(command: str) -> Verb | None:
    """The command's entry, if IRC knows it."""
    return TABLE.get(command)
