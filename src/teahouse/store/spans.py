"""Which part of a list of events is meant. Rule: every store asks here, so that they agree."""

from __future__ import annotations

from typing import NamedTuple

from teahouse.store.lines import MOST

EVER = (1 << 63) - 1


class Span(NamedTuple):
    """Ids above `low` and below `high`; of these the `first` or else the last, `most` of them."""

    low: int
    high: int
    most: int
    first: bool


def span(count: int, before: int | None = None, after: int | None = None, latest: bool = False) -> Span:
    """What `Lines.history` says."""
    return Span(
        low=0 if after is None else after,
        high=EVER if before is None else before,
        most=max(0, min(count, MOST)),
        first=after is not None and not latest,
    )
