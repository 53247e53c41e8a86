"""Command → handler. Rule: whoever adds a command adds it to its theme's `VERBS`, and the theme here."""

from __future__ import annotations

from teahouse.protocols.irc.commands import (
    accept,
    away,
    capability,
    channels,
    connection,
    helping,
    history,
    house,
    keeping,
    listing,
    markers,
    metadata,
    mode,
    monitor,
    people,
    redact,
    registering,
    relaying,
    renaming,
    sasl,
    search,
    services,
    staff,
    stats,
    talk,
    webirc,
    webpush,
    who,
    whois,
)
from teahouse.protocols.irc.commands.verb import Verb

TABLE: dict[str, Verb] = {
    **connection.VERBS,
    **capability.VERBS,
    **webirc.VERBS,
    **sasl.VERBS,
    **registering.VERBS,
    **away.VERBS,
    **services.VERBS,
    **channels.VERBS,
    **talk.VERBS,
    **relaying.VERBS,
    **history.VERBS,
    **markers.VERBS,
    **metadata.VERBS,
    **redact.VERBS,
    **search.VERBS,
    **who.VERBS,
    **whois.VERBS,
    **people.VERBS,
    **house.VERBS,
    **stats.VERBS,
    **listing.VERBS,
    **monitor.VERBS,
    **staff.VERBS,
    **mode.VERBS,
    **keeping.VERBS,
    **renaming.VERBS,
    **accept.VERBS,
    **webpush.VERBS,
}
TABLE |= helping.verbs(TABLE)


def find(command: str) -> Verb | None:
    """The command's entry, if IRC knows it."""
    return TABLE.get(command)
