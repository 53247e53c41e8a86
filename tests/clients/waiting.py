"""Waiting for a condition, with a deadline. Rule: a test never sleeps for a time that it hopes is enough."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 20.0
"""Seconds: generous, for a machine that is busy with other things."""
GLANCE = 0.02


def until(holds: Callable[[], object], what: Callable[[], str] | str, patience: float = PATIENCE) -> None:
    """Return as soon as it holds; fail with `what` when it never does."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(what if isinstance(what, str) else what())
        time.sleep(GLANCE)
