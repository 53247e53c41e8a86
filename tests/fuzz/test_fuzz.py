"""A few rounds of each fuzz target, always the same ones: `make fuzz` runs as many as there is time for."""

from __future__ import annotations

from random import Random

import pytest

from fuzz.__main__ import TARGETS


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", TARGETS)
def test_rounds(name: str, seed: int) -> None:
    TARGETS[name](Random(seed))
