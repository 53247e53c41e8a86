"""The benchmark measures what it says: its generator builds, and finds nothing lost in a real house."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None, reason="the load generator needs Linux and gcc"
)


def measured(case: str, *options: str) -> dict[str, Any]:
    """One short run of a case with few people."""
    words = ["--only", case, "--servers", "teahouse", "--repeat", "1", "--extra", "0", "--quiet", "0"]
    command = [sys.executable, "-m", "bench.run", "--json", "--no-floor", *words, "--seconds", "2"]
    command += ["--set", "--warmup", "0.2", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    [run] = json.loads(done.stdout)["servers"]["teahouse"][case]
    assert isinstance(run, dict)
    return run


def test_a_saturated_room_loses_nothing() -> None:
    run = measured("room100", "--clients", "20", "--senders", "5")
    assert run["owed"] == run["received"] > 1000
    assert not any(run[fault] for fault in ("lost", "reordered", "doubled", "astray", "dropped"))
    assert 0 < run["p50_ms"] <= run["p99_ms"] <= run["last_p99_ms"] < 2000
    assert 0 < run["server_cpu_us_each"] < 1000
    assert run["per_second"] == pytest.approx(run["count"] / run["seconds"], rel=0.01)


def test_a_paced_run_sends_as_many_as_it_says() -> None:
    run = measured("paced", "--clients", "20", "--senders", "5")
    assert run["messages"] == pytest.approx(200, abs=3)
    assert run["owed"] == run["received"]


def test_logins_are_counted_locks() -> None:
    run = measured("idle", "--clients", "30")
    assert run["count"] == 30
    assert 0 < run["kib_each"] < 500
