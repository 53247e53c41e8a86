"""Text for clients that can show seven bits only.

TinyFugue 5 strips the eighth bit of every byte and, at most emoji, the rest of the line. So it gets what can
be read aloud: letters without their marks, Greek and Cyrillic by sound, emoji by name.
"""

import unicodedata
from functools import lru_cache

from teahouse.text import characters as ch
from teahouse.text.cleaning import clean

_LONGEST_NAME = 30


def to_ascii(text: str) -> str:
    """Write text readably in printable ASCII: ``Łódź – 👍`` as ``Lodz - [thumbs up]``.

    What has no reading (Chinese, Arabic …) becomes ``?``, one for each character. Nothing but 20 to 7E comes
    out, whatever goes in.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain, unicodedata.normalize("NFC", clean(text))))


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# Greek as in ELOT 743, Cyrillic about as in BGN/PCGN.
_LETTERS = _pairs("""
    ß ss ẞ SS æ ae œ oe ø o đ d ł l þ th ð d ħ h ı i ĸ k ŋ ng ſ s ŧ t ə e ƒ f ɨ i ʻ ' ʼ '
    α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
    а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch
    ш sh щ shch ы y э e ю yu я ya є ye і i ї yi ґ g ў w ђ dj ј j љ lj њ nj ћ c џ dz ѓ gj ѕ dz ќ kj
""") | {"ъ": "", "ь": ""}

_SIGNS = _pairs("""
    ‘ ' ’ ' ‚ , ‛ ' “ " ” " „ " ‟ " ′ ' ″ " ‹ < › > « << » >> ‐ - ‑ - ‒ - – - — -- ― -- − - • * · . ● *
    € EUR £ GBP ¥ Y ¢ c © (c) ® (R) ° deg × x ÷ / ± +/- ≤ <= ≥ >= ≠ != ≈ ~= ∞ inf ⁄ / ∕ / ∗ * ∼ ~ † + ‡ ++
    ¡ ! ¿ ? § S. ¶ P. ¬ not ¦ | 。 . 、 , ・ . 「 " 」 " 『 " 』 " 〜 ~ ★ * ☆ * \ufffd ?
    ← <- → -> ↑ ^ ↓ v ↔ <-> ⇐ <= ⇒ => ⇔ <=> ➡ -> ⬅ <- ✓ [ok] ✔ [ok] ✅ [ok] ✗ [x] ✘ [x] ❌ [x]
    ─ - ━ - ═ = │ | ┃ | ║ | ░ # ▒ # ▓ # █ #
    🙂 :) 😊 :) ☺ :) 😀 :D 😃 :D 😄 :D 😁 :D 😆 XD 😂 :'D 🤣 :'D 😉 ;) 😛 :P 😜 ;P 😝 XP 😎 8) 😘 :*
    🙁 :( ☹ :( 😞 :( 😢 :'( 😭 :'( 😮 :O 😯 :O 😲 :O 😐 :| 😑 -_- 😕 :/ ❤ <3 ♥ <3 💔 </3
""")

_BY_KIND = {
    "Zs": " ",
    "Pd": "-",
    "Ps": "(",
    "Pe": ")",
    "Pi": '"',
    "Pf": '"',
    "Mn": "",
    "Mc": "",
    "Me": "",
    "Cf": "",
}


@lru_cache(4096)
def _plain(character: str) -> str:
    """Read one character."""
    if character.isascii():
        return character
    if (known := _SIGNS.get(character, _LETTERS.get(character))) is not None:
        return known
    if (known := _LETTERS.get(character.lower())) is not None:
        return known.capitalize()
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return "".join(map(_plain, parts))
    return _described(character)


def _described(character: str) -> str:
    """Say what a character is that has neither a place in the tables nor parts."""
    category = unicodedata.category(character)
    if category in _BY_KIND:
        return _BY_KIND[category]
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if "\u2500" <= character <= "\u257f":
        return "+"
    if ch.one_of(ch.SKIN_TONES).match(character):
        return ""
    if ch.one_of(ch.FLAG_LETTERS).match(character):
        return chr(ord(character) - ord("\U0001f1e6") + ord("A"))
    return _name(character) if category in {"So", "Sm", "Sc"} else "?"


def _name(character: str) -> str:
    """Give ``[thumbs up]`` for THUMBS UP SIGN: no more words than fit."""
    words = unicodedata.name(character, "?").lower().removesuffix(" sign").removesuffix(" symbol").split()
    while len(words) > 1 and len(" ".join(words)) > _LONGEST_NAME:
        words.pop()
    return f"[{' '.join(words)}]" if words != ["?"] else "?"
