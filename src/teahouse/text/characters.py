"""Classes of characters, written as the inside of a regular expression's [...].

They are escapes throughout, so that no invisible or reordering character stands in the source (Trojan Source,
CVE-2021-42574). What a class holds beyond one version of Unicode (unassigned characters that Unicode promises
will be invisible, noncharacters) is spelled out, because `unicodedata` knows nothing of it.
"""

import re
import sys
import unicodedata
from functools import cache

ENDS_LINE = r"\n\v\f\r\x85\u2028\u2029"
"""What ends a line for some reader. `str.splitlines` adds 1C-1E; INVISIBLE has them (1D: IRC's italics)."""

INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0, DEL, C1
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # soft hyphen, grapheme joiner, fillers
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, embeddings, overrides, isolates
    r"\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"  # zero width, invisible operators, annotations
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # hieroglyphs, shorthand, music
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags, and what Unicode reserves beside them
)
"""Never seen by a reader, or acted upon by a terminal."""

BROKEN = r"\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(sys.maxunicode // 0x10000 + 1)
)
"""Surrogates and noncharacters: no text at all."""

JOINERS = r"\u200c\u200d"
VARIATIONS = r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
SKIN_TONES = r"\U0001f3fb-\U0001f3ff"
FLAG_LETTERS = r"\U0001f1e6-\U0001f1ff"

RARE = r"\U00010000-\U0001efff\U0001fb00-\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U0010ffff"
"""All beyond U+FFFF but emoji and Chinese: historic scripts, tags, private use, noncharacters."""

PICTURES = (
    r"\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    r"\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
"""What may be part of an emoji (a little more than UTS #51's Extended_Pictographic)."""

ARABIC = r"\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"


@cache
def marks() -> str:
    """All combining marks (categories Mn, Mc, Me), found in this Python's Unicode; 8 ms, once."""
    # No mark stands below U+0300 or in the planes between 1 and 14, and those of plane 14 are VARIATIONS.
    found = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.category(c)[0] == "M")
    return "".join(f"\\U{ord(run[0]):08x}-\\U{ord(run[-1]):08x}" for run in _runs(found)) + VARIATIONS


def common(members: str) -> str:
    """Leave the RARE out of a class. A regular expression tests them range by range, ten times slower."""
    return re.sub(r"(?i)\\U00(?!00|01f)[01][\da-f]{5}(?:-\\U[\da-f]{8})?", "", members)


@cache
def viramas() -> str:
    """The marks that join Indic consonants (combining class 9), after which a joiner is spelling."""
    return "".join(
        f"\\U{code:08x}" for code in range(0x900, 0x12000) if unicodedata.combining(chr(code)) == 9
    )


def _runs(characters: str) -> list[str]:
    """Split ascending characters into runs of neighbours."""
    starts = [0, *(i for i in range(1, len(characters)) if ord(characters[i]) - ord(characters[i - 1]) > 1)]
    return [characters[a:b] for a, b in zip(starts, [*starts[1:], len(characters)], strict=True)]


@cache
def one_of(*classes: str) -> re.Pattern[str]:
    """The pattern of one character of these classes."""
    return re.compile(f"[{''.join(classes)}]")
