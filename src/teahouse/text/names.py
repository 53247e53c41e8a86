"""Names of people and rooms: what may be one, and when two are the same.

A name must suit every protocol, so the strictest decides: IRC (RFC 2812 section 2.3.1) says which punctuation
may stand in a nick. A name is checked as it is and again folded, because 148 characters that pass for letters
or symbols fold into something forbidden.
"""

import string
import unicodedata

from teahouse.text import characters as ch
from teahouse.text.cleaning import clean, stream_safe

_NICK_SPECIALS = "-_[]\\`^{}|"
_ROOM_SPECIALS = "-_.+"
_MAX_NICK_BYTES = 64
_MAX_ROOM_BYTES = 128
_PLAIN = str.maketrans("", "", string.ascii_letters + string.digits)


def fold(name: str) -> str:
    """Give the key under which a name is compared: NFKC and case folding, until nothing changes.

    One after the other is not enough: the case fold of 26 characters is not in NFKC any more (Unicode 14).
    A name that is its own key comes back as the same object: a house keeps thousands of both.
    """
    if name.isascii():
        return name if (lower := name.lower()) == name else lower
    name = stream_safe(name)
    while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())) != name:
        name = folded
    return name


def valid_name(name: str, *, max_length: int = 32) -> str:
    """Give the nick or account name in NFC, if every protocol can carry it.

    Letters and digits of any script, and IRC's ``-_[]\\`^{}|``; not a digit nor ``-`` at the start; written
    in one direction; no longer than `max_length` characters and 64 bytes of UTF-8.

    Raises:
        ValueError: with a sentence that tells the person what is wrong.
    """
    name = _checked("A name", name, _NICK_SPECIALS, max_length, _MAX_NICK_BYTES)
    if any(text[0] == "-" or text[0].isdecimal() for text in (name, fold(name))):
        raise ValueError("A name cannot start with a digit or '-'.")
    return name


def valid_room_name(name: str, *, max_length: int = 50) -> str:
    """Give the room's name in NFC, without ``#``, if every protocol, a path and an address can carry it.

    Letters and digits of any script, and ``-_.+``; at most `max_length` characters and 128 bytes of UTF-8.
    Case is kept: rooms are compared by `fold`.

    Raises:
        ValueError: with a sentence that tells the person what is wrong.
    """
    if name.startswith("#"):
        raise ValueError("A room name is written without the '#' here.")
    name = _checked("A room name", name, _ROOM_SPECIALS, max_length, _MAX_ROOM_BYTES)
    if name[0] == "-":
        raise ValueError("A room name cannot start with '-'.")
    if fold(name) in {".", ".."}:
        raise ValueError("A room name needs more than dots.")
    return name


def _checked(what: str, name: str, specials: str, max_length: int, max_bytes: int) -> str:
    """Apply the rules that nicks and rooms share."""
    if not name:
        raise ValueError(f"{what} cannot be empty.")
    # Before anything else looks at it: the rest may take its time over a megabyte.
    if len(name) > 4 * max_length or len(name := unicodedata.normalize("NFC", name)) > max_length:
        raise ValueError(f"{what} can have {max_length} characters at most.")
    if name.isascii() and len(name) <= max_bytes and not name.translate(_PLAIN).strip(specials):
        return name  # most are like this: no marks, one direction, and folded it is still ASCII
    for character in name:
        if not all(_allowed(part, specials) for part in character + fold(character)):
            raise ValueError(f"{what} cannot contain {_show(character)}.")
    if len(name.encode()) > max_bytes:
        raise ValueError(f"{what} can have {max_bytes} bytes of UTF-8 at most.")
    _check_marks(what, name)
    for text in (name, fold(name)):
        _check_direction(what, text)
    return name


def _allowed(character: str, specials: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "L" or category in {"Nd", "Mn", "Mc"}:
        return not ch.one_of(ch.INVISIBLE, ch.VARIATIONS).match(character)
    return character in specials


def _check_marks(what: str, name: str) -> None:
    if any(unicodedata.category(text[0])[0] == "M" for text in (name, fold(name))):
        raise ValueError(f"{what} cannot start with {_show(name[0])}.")
    if clean(name) != name:
        raise ValueError(f"{what} can have four accents on one letter at most.")


def _check_direction(what: str, name: str) -> None:
    """RFC 5893 section 2 in short: one direction, and no end of a right-to-left name that could jump."""
    directions = [unicodedata.bidirectional(character) for character in name]
    if not {"R", "AL", "AN"} & set(directions):
        return
    if "L" in directions:
        raise ValueError(f"{what} cannot mix letters written from right to left with others.")
    if [d for d in directions if d != "NSM"][-1] not in {"R", "AL", "AN", "EN"}:
        raise ValueError(f"{what} written from right to left must end with a letter or a digit.")


def _show(character: str) -> str:
    """Name a character so that it can be found, without printing one that hurts."""
    if character == " ":
        return "a space"
    if character.isascii() and character.isprintable():
        return f'"{character}"' if character == "'" else f"'{character}'"
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{code} ({name})" if name else f"the character {code}"
