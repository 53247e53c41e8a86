"""For all tests: what Twisted logs as a failure is one, hypothesis gives the same answers every time, and in CI
(TEAHOUSE_REFUSE_SKIPS=1) a test that is skipped fails.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import settings
from twisted.logger import LogEvent, globalLogPublisher

os.environ["TEAHOUSE_DATA"] = ":memory:"  # a test that wants a house to remember says where
settings.register_profile("house", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _nothing_fails_unseen() -> Iterator[None]:
    failed: list[str] = []

    def observe(event: LogEvent) -> None:
        if "log_failure" in event:
            failed.append(event["log_failure"].getTraceback())

    observer: Any = observe
    globalLogPublisher.addObserver(observer)
    yield
    globalLogPublisher.removeObserver(observer)
    assert not failed, "\n".join(failed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("TEAHOUSE_REFUSE_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {report.longrepr}"
    return report
