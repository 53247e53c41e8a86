"""Which values a key may have, where its type does not say it all. Rule: one line in a table for each such key; a
check gives sentences that say what is allowed.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from teahouse.moderation.house import given_filter
from teahouse.settings import Settings
from teahouse.text import fold, nearest, valid_name, valid_room_name

Check = Callable[[Any], Iterator[str]]
DECADES = 36_500


def check_value(path: tuple[str, ...], value: Any) -> Iterator[str]:
    """What a value of the right type says wrong."""
    check = RULES.get(".".join(path)) or RULES.get(f"{path[0]}.*")
    if check is not None:
        yield from check(value)


def checked_rooms(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with the names of rooms, by the limits of the same file."""
    seen: dict[str, str] = {}
    for name in settings.rooms:
        try:
            valid_room_name(name, max_length=settings.limits.room_length)
        except ValueError as error:
            yield ("rooms", name), str(error)
        if fold(name) in seen:
            yield ("rooms", name), f"is the same room as {seen[fold(name)]}: names differ by more than case."
        seen[fold(name)] = name
    for name, room in settings.rooms.items():
        yield from ((("rooms", name, "class"), text) for text in optional(room_class)(room.class_))
        yield from ((("rooms", name, "keep_days"), text) for text in number(-1, DECADES)(room.keep_days))
        yield from ((("rooms", name, "keep_lines"), text) for text in number(-1)(room.keep_lines))
    try:
        valid_room_name(settings.house.lobby, max_length=settings.limits.room_length)
    except ValueError as error:
        yield ("house", "lobby"), str(error)


def number(least: float = 0, most: float = math.inf) -> Check:
    """A number within bounds."""

    def check(value: float) -> Iterator[str]:
        if not (math.isfinite(value) and least <= value <= most):
            upper = f" to {most:,}" if most < math.inf else " or more"
            yield f"must be {least:,}{upper}, not {value:,}."

    return check


def one_of(*choices: str) -> Check:
    """One of a few words."""

    def check(value: str) -> Iterator[str]:
        if value not in choices:
            meant = nearest(value, choices)
            hint = f" Did you mean {meant}?" if meant else ""
            yield f'must be {" or ".join(choices)}, not "{value}".{hint}'

    return check


def each(check: Callable[[str], object]) -> Check:
    """A list, of which every text passes; the check raises ValueError with a sentence."""

    def check_all(values: list[str]) -> Iterator[str]:
        for value in values:
            try:
                check(value)
            except ValueError as error:
                yield f'"{value}": {error}'

    return check_all


def optional(check: Callable[[str], object]) -> Check:
    """A text that is empty or passes; the check raises ValueError with a sentence."""

    def check_it(value: str) -> Iterator[str]:
        if value:
            yield from each(check)([value])

    return check_it


def network(text: str) -> None:
    """Raise ValueError unless it is an IP network or address."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(
            f'{str(error).removeprefix(repr(text)).strip()}; write "192.0.2.0/24" or "2001:db8::/32".'
        ) from None


def gateways(values: list[str]) -> Iterator[str]:
    """Addresses, each with a password; which is not repeated."""
    for value in values:
        address, _, password = value.partition(" ")
        if not password or " " in password:
            yield 'each is an address and a password with one space between: "192.0.2.1 password".'
        yield from each(network)([address])


def endpoint(text: str) -> None:
    """Raise ValueError unless it says where to listen."""
    if text.isascii() and text.isdecimal():
        if int(text) > 65_535:
            raise ValueError("a port is a number from 0 to 65535; 0 is any that is free.")
        return
    from teahouse.running.listening import check_endpoint  # noqa: PLC0415  Twisted is slow to import

    check_endpoint(text)


def module(text: str) -> None:
    """Raise ValueError unless it could be an extension: a module's name, or a file's path."""
    if not (text.endswith(".py") or all(part.isidentifier() for part in text.split("."))):
        raise ValueError('name a Python module ("my_room") or a file that ends in .py ("rooms/my_room.py").')


def room_class(text: str) -> None:
    """Raise ValueError unless it names a class in an extension."""
    source, colon, name = text.rpartition(":")
    if not (colon and name.isidentifier()):
        raise ValueError('write the extension and its class, "my_room:Dice" or "rooms/my_room.py:Dice".')
    module(source)


def origin(text: str) -> None:
    """Raise ValueError unless it is what a browser calls an origin."""
    if text != "*" and not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+", text):
        raise ValueError(
            'write it as browsers do, in small letters: "https://tea.example" or "http://10.0.0.1:8080".'
        )


def contact(text: str) -> None:
    """Raise ValueError unless push services take it (RFC 8292, 2.1)."""
    if not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+)", text):
        raise ValueError('write "mailto:keeper@tea.example" or "https://tea.example/contact".')


def site(text: str) -> None:
    """Raise ValueError unless it is the address of a web site."""
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or " " in text
    ):
        raise ValueError('write it as in a browser: "https://tea.example" or "https://example.org/tea".')


def kind(text: str) -> None:
    """Raise ValueError unless it is a media type, or all of a kind."""
    if not re.fullmatch(r"\*/\*|[a-z]+/(\*|[a-z0-9][a-z0-9.+-]*)", text):
        raise ValueError('write "image/png", "image/*" or "*/*".')


def some_name(text: str) -> None:
    """Raise ValueError unless it could be a nick at all."""
    valid_name(text, max_length=64)


RULES: dict[str, Check] = {
    "house.filters": each(given_filter),
    "house.history_lines": number(0, 1_000),
    "house.keep_days": number(0, DECADES),
    "house.keep_lines": number(0),
    "house.reserved_nicks": each(some_name),
    "listen.*": each(endpoint),
    "irc.webirc": gateways,
    "proxy.trusted": each(network),
    "push.contact": optional(contact),
    "push.delay_seconds": number(0, 3_600),
    "web.metrics_to": each(network),
    "uploads.role": one_of("member", "moderator", "admin", "nobody"),
    "uploads.kinds": each(kind),
    "uploads.keep_days": number(0, DECADES),
    "uploads.free_bytes": number(0),
    "uploads.*": number(1),
    "web.url": optional(site),
    "web.origins": each(origin),
    "extensions": each(module),
    "entry": optional(module),
    "data.most_megabytes": number(0),
    "data.durability": one_of("power", "process", "none"),
    "log.format": one_of("text", "json"),
    "log.level": one_of("debug", "info", "warn", "error"),
    "limits.line_bytes": number(64, 1 << 20),
    "limits.output_bytes": number(4_096),
    "limits.output_seconds": number(1),
    "limits.flood_burst": number(1),
    "limits.flood_bytes": number(1),
    "limits.connections": number(1),
    "limits.connections_waiting": number(1),
    "limits.exempt_addresses": each(network),
    "limits.push_subscriptions": number(1, 100),
    "limits.rooms": number(1),
    "limits.rooms_per_user": number(1),
    "limits.nick_length": number(1, 64),
    "limits.shortest_password": number(1, 64),
    "limits.room_length": number(1, 128),
    "limits.*": number(0),
}
"""By key, or by table for the keys that are not named here."""
