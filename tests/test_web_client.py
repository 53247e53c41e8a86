"""The web client in a real browser: before a house of its own making, and in the real one. The tests are of node:
tests/web/*.test.mjs and tests/web/real/*.test.mjs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).parent / "web"
FILES = sorted(WEB.glob("*.test.mjs")) + sorted(WEB.glob("real/*.test.mjs"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PATIENCE = 300
"""Seconds for a file; each of its tests has a deadline of its own, and says what it was waiting for."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(WEB)).removesuffix(".test.mjs"))
def test_in_node(file: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (WEB / "node_modules" / "playwright-core").exists():
        pytest.skip("playwright-core is not installed: npm install --prefix tests/web")
    if not CHROMIUM and file.name != "unit.test.mjs":
        pytest.skip("chromium is not installed")
    done = run(file)
    if (
        done.returncode
    ):  # a browser may miss a deadline where two cores do everything; what is wrong fails twice
        done = run(file)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "\n\u2139 skipped 0\n" in done.stdout, done.stdout


def run(file: Path) -> subprocess.CompletedProcess[str]:
    environ = {"TEAHOUSE": str(Path(sys.executable).with_name("teahouse")), "CHROMIUM": CHROMIUM}
    return subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(file)],
        cwd=WEB,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
