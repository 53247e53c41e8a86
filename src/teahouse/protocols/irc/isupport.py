"""The tokens of 005. Rule: each says what the house really does, by the limits it really has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc.names import CHANNEL, LETTERS, STATUS

if TYPE_CHECKING:
    from teahouse.server import Server

TARGETS = 10
"""Targets of one command."""
MODES = 20
"""Changes in one MODE."""


def tokens(server: Server) -> list[str]:
    """All of them, in alphabetical order."""
    limits, irc = server.limits, server.settings.irc
    return sorted(
        [
            f"AWAYLEN={limits.away_length}",
            "BOT=B",
            "CASEMAPPING=ascii",
            f"CHATHISTORY={limits.history_messages}",
            "CLIENTTAGDENY=",
            f"CHANLIMIT={CHANNEL}:{limits.rooms_per_user}",
            "CHANMODES=Ieb,k,Sfl,CMRimnstu",
            f"CHANNELLEN={limits.room_length + 1}",
            f"CHANTYPES={CHANNEL}",
            "ELIST=CMNTU",
            "EXCEPTS=e",
            "EXTBAN=~,aUm",
            "INVEX=I",
            f"KEYLEN={64}",
            f"KICKLEN={limits.away_length}",
            f"MAXLIST=beI:{limits.rules_per_room}",
            f"MAXTARGETS={TARGETS}",
            f"MODES={MODES}",
            f"MONITOR={limits.watched_nicks}",
            "MSGREFTYPES=timestamp,msgid",
            f"NAMELEN={limits.away_length}",
            f"NETWORK={irc.network or server.settings.house.name.replace(' ', '_')}",
            f"NICKLEN={limits.nick_length}",
            f"PREFIX=({''.join(LETTERS.values())}){''.join(STATUS)}",
            "SAFELIST",
            f"STATUSMSG={''.join(STATUS)}",
            f"TARGMAX={_most_targets()}",
            f"TOPICLEN={limits.topic_length}",
            "USERLEN=20",
            *(["UTF8ONLY"] if irc.utf8only else []),
            "WHOX",
        ]
    )


def _most_targets() -> str:
    several = ("JOIN", "KICK", "NOTICE", "PART", "PRIVMSG", "TAGMSG", "WHO", "WHOIS")
    return ",".join(f"{command}:{'' if command in {'JOIN', 'PART'} else TARGETS}" for command in several)
