"""How much memory the process has. Rule: asked of the system, each time; 0 where it does not say."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

STATM = Path("/proc/self/statm")
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Bytes of the process that are in memory; where that is not told, the most there ever were."""
    try:
        return int(STATM.read_text("ascii").split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
