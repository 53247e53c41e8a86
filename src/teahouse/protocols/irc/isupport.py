"""The tokens of 005. Rule: each says what the house really does, by the limits it really has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.protocols.irc.names import CHANNEL, LETTERS, STATUS

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.settings import Settings

TARGETS = 10
"""Targets of one command."""
MODES = 20
"""Changes in one MODE."""
FILEHOST = ("draft/FILEHOST", "soju.im/FILEHOST")
"""Where files are uploaded (soju's specification, doc/ext/filehost.md, and the IRCv3 draft made of it)."""


def tokens(server: Server, settings: Settings) -> list[str]:
    """All of them by these settings, in alphabetical order."""
    limits, irc, uploads = settings.limits, settings.irc, server.uploads.address_by(settings)
    vapid = server.push.key
    return sorted(
        [
            "ACCOUNTEXTBAN=account,a",
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
            f"NETWORK={irc.network or settings.house.name.replace(' ', '_')}",
            f"NICKLEN={limits.nick_length}",
            f"PREFIX=({''.join(LETTERS.values())}){''.join(STATUS)}",
            "SAFELIST",
            f"STATUSMSG={''.join(STATUS)}",
            f"TARGMAX={_most_targets()}",
            f"TOPICLEN={limits.topic_length}",
            "USERLEN=20",
            *([f"{name}={uploads}" for name in FILEHOST] if uploads else []),
            *(["UTF8ONLY"] if irc.utf8only else []),
            *([f"VAPID={vapid}"] if vapid else []),
            "WHOX",
        ]
    )


def news(server: Server, before: Settings, after: Settings) -> list[str]:
    """What a client is told when the house goes by other settings: what is so now; `-NAME`: what is no more."""
    old, new = tokens(server, before), tokens(server, after)
    names = {token.partition("=")[0] for token in new}
    gone = [f"-{name}" for token in old if (name := token.partition("=")[0]) not in names]
    return [*(token for token in new if token not in old), *gone]


def _most_targets() -> str:
    several = ("JOIN", "KICK", "NOTICE", "PART", "PRIVMSG", "TAGMSG", "WHO", "WHOIS")
    return ",".join(f"{command}:{'' if command in {'JOIN', 'PART'} else TARGETS}" for command in several)
