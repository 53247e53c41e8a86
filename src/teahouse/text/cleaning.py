"""Text from a stranger becomes one safe line.

The line may be shown by a terminal, a MUD client or a log: nothing in it moves the cursor, ends the line,
hides, or changes the order of what is read. Sources: Trojan Source (CVE-2021-42574), UAX #31 section 2.3
(where joiners are spelling), UTS #51 (emoji sequences), UTS #39 section 5.4 (stacked marks).
"""

import re
from functools import cache

from teahouse.text import characters as ch

_SAFE = bytes(255 if byte < 32 or byte == 127 else byte for byte in range(256))

# Every character of a line that may need work. Wider than needed where scripts stack marks: the search must
# be one class, which the regular expression engine scans at about 10 ns a character.
_SUSPECT = ch.one_of(
    r"\t",
    ch.ENDS_LINE,
    ch.common(ch.INVISIBLE + ch.BROKEN),
    ch.JOINERS,
    r"\u0300-\u036f\u0483-\u0489\u0591-\u109f\u135d-\u135f\u1712-\u1cff\u1dc0-\u1dff\u20d0-\u20ff"
    r"\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f",
    ch.RARE,
)
_RARE = ch.one_of(ch.RARE)
SHORT = 256
"""Characters of a text that is sorted in no time, whatever they are."""
PILE = 30
"""Marks on one character in the Stream-Safe Text Format (UAX #15 section 13); no language has as many."""


def clean(text: str) -> str:
    """Make one safe line of any text; ordinary text comes back as it is, the same object.

    - A tab and every kind of line end become one space.
    - Control characters, bidi controls, zero width and other invisible characters, and tags vanish. The
      digits of a mIRC colour code vanish with it; what followed an ESC stays and is readable.
    - Surrogates and noncharacters become U+FFFD.
    - Joiners stay where they are spelling: inside emoji, between Arabic letters, after an Indic virama.
    - Of the marks on one base character the first four stay, of variation selectors in a row the first.

    Idempotent. Raises nothing.
    """
    if text.isascii():
        # As `isprintable`, at half its price: `translate` gives the same object if it had nothing to change.
        line = text.encode()
        if line.translate(_SAFE) is line:
            return text
    elif not _SUSPECT.search(text):
        return text
    for pattern, put in _rules(rare=bool(_RARE.search(text))):
        text = pattern.sub(put, text)
    return text


def stream_safe(text: str) -> str:
    """The text with no more than `PILE` marks on one character. Normalizing sorts these, in a time that grows with
    the square of their number: of one message's worth, for more than a second. Short texts stay as they are."""
    return text if len(text) <= SHORT else _pile().sub(r"\1", text)


@cache
def _pile() -> re.Pattern[str]:
    return re.compile(f"([{ch.marks()}]{{{PILE}}})[{ch.marks()}]+")


@cache
def _rules(*, rare: bool) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The slow path. The order makes it idempotent: no rule makes new work for those before it."""
    rules = (
        (f"\r\n|[\t{ch.ENDS_LINE}]", " "),
        (rf"\x03(?:\d{{1,2}}(?:,\d{{1,2}})?)?|[{ch.INVISIBLE}]", ""),
        (f"[{ch.BROKEN}]", "\ufffd"),
        (f"([{ch.marks()}{ch.JOINERS}]{{4}})[{ch.marks()}{ch.JOINERS}]+", r"\1"),
        (_stray_joiner(), ""),
        (f"([{ch.VARIATIONS}])[{ch.VARIATIONS}]+", r"\1"),
    )
    return tuple((re.compile(pattern if rare else ch.common(pattern)), put) for pattern, put in rules)


def _stray_joiner() -> str:
    """Match a joiner where it is not spelling."""
    wanted = "|".join(
        (
            rf"(?<=[{ch.PICTURES}{ch.VARIATIONS}])\u200d(?=[{ch.PICTURES}])",
            rf"(?<=[{ch.ARABIC}])\u200c(?=[{ch.ARABIC}])",
            rf"(?<=[{ch.viramas()}])[{ch.JOINERS}]",
        )
    )
    return f"(?!{wanted})[{ch.JOINERS}]"
