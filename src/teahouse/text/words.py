"""Words in a line: is someone meant, and what did a mistyped word want to be?"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from teahouse.text import characters as ch
from teahouse.text.names import fold

_LIKENESS = 0.6
_LONGEST_GUESS = 40
_INSIDE_NAMES = r"-\[\]\\`^{}|@"


def mentions(text: str, nick: str) -> bool:
    """Tell whether text names nick as a word of its own: ``bob``, ``@Bob``, ``bob:``, ``(bob)``, ``bob's``.

    Compared by `fold`. Not in ``bobby``, ``bob_`` or ``bob-jones``, which are other names, nor in an address
    (``alice@bob``). In scripts that write no spaces, a nick of two characters or more counts anywhere.
    """
    folded, wanted = _folded(text), _folded_nick(nick)
    return bool(wanted) and wanted in folded and _named(wanted).search(folded) is not None


_folded = lru_cache(16)(fold)  # one line is looked at for everybody in the room; it may be long
_folded_nick = lru_cache(1024)(fold)


@lru_cache(1024)
def _named(folded: str) -> re.Pattern[str]:
    """Match the nick where no name goes on before or after it."""
    before = rf"(?<!\w)(?<!\w[{_INSIDE_NAMES}])"
    after = rf"(?![\w{ch.marks()}]|[{_INSIDE_NAMES}]+\w)"
    if len(folded) > 1:
        before, after = (
            "" if _needs_no_space(edge) else rule for edge, rule in ((folded[0], before), (folded[-1], after))
        )
    return re.compile(before + re.escape(folded) + after)


def _needs_no_space(character: str) -> bool:
    """Chinese, Japanese and their like (not Hangul, which does write spaces)."""
    return unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA"))


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Suggest what a mistyped word was meant to be; None if nothing is like it.

    The likest by `difflib`, but one that starts with the word is always like it. Of equals, the shortest and
    then the first in the alphabet, whatever order the candidates come in.
    """
    wanted = fold(word[:_LONGEST_GUESS])
    ranked = sorted(
        (-_likeness(wanted, candidate), len(candidate), candidate) for candidate in set(candidates)
    )
    return ranked[0][2] if wanted and ranked and -ranked[0][0] >= _LIKENESS else None


def _likeness(wanted: str, candidate: str) -> float:
    folded = fold(candidate)
    likeness = SequenceMatcher(None, wanted, folded, autojunk=False).ratio()
    return max(likeness, _LIKENESS) if folded.startswith(wanted) else likeness
