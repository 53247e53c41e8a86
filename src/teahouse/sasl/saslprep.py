"""SASLprep (RFC 4013): the form in which clients hash a password for SCRAM. Rule: Unicode 3.2, as it says there.

What has no such form (an unassigned sign is no reason, as section 2.5 has it for queries) is hashed as it is: clients
that do not refuse it do so too.
"""

from __future__ import annotations

import stringprep
from unicodedata import ucd_3_2_0

_PROHIBITED = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def saslprep(text: str) -> str:
    """The text in its one form, or as it is where it has none."""
    kept = (each for each in text if not stringprep.in_table_b1(each))
    mapped = "".join(" " if stringprep.in_table_c12(each) else each for each in kept)
    form = ucd_3_2_0.normalize("NFKC", mapped)
    if any(table(each) for each in form for table in _PROHIBITED) or not _is_one_way(form):
        return text
    return form


def _is_one_way(text: str) -> bool:
    """RFC 3454 section 6: right to left from end to end, or not at all."""
    leftwards = [stringprep.in_table_d1(each) for each in text]
    if not any(leftwards):
        return True
    return leftwards[0] and leftwards[-1] and not any(map(stringprep.in_table_d2, text))
