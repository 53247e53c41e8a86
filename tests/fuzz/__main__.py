"""`make fuzz SECONDS_EACH=60 [SEED=n]`: each target for so long; the seed of what failed repeats it at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random, SystemRandom

from click import echo

from fuzz import codecs, houses, irc, irc_house, renaming, uploads, web_house, websocket

TARGETS: dict[str, Callable[[Random], None]] = {
    "codecs": codecs.run,
    "houses": houses.run,
    "irc": irc.run,
    "irc_house": irc_house.run,
    "renaming": renaming.run,
    "uploads": uploads.run,
    "web_house": web_house.run,
    "websocket": websocket.run,
}


def fuzz(name: str, seconds: float, seed: int) -> int:
    """Run one target for so long, with one seed after the other; how many there were."""
    deadline, first = time.monotonic() + seconds, seed
    while seed == first or time.monotonic() < deadline:
        try:
            TARGETS[name](Random(seed))
        except BaseException:
            echo(f"fuzz: {name} failed with SEED={seed}", err=True)
            raise
        seed += 1
    return seed - first


def main() -> None:
    seconds = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SystemRandom().randrange(1_000_000_000)
    for name in TARGETS:
        echo(f"fuzz: {name} for {seconds:g} s, SEED={seed}")
        echo(f"fuzz: {name}: {fuzz(name, seconds, seed):,} rounds, nothing found")


if __name__ == "__main__":
    main()
