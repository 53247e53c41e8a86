"""What every store does with the audit log and documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.store_rig import Rig
from teahouse.store import Act, Store

FULL = Act(
    what="kick",
    by="Amy",
    account="amy",
    about="Bob",
    room="Tea",
    reason="“çay” 🍵",
    detail='{"x": 1}',
    address="2001:db8::1",
    settles=0,
)


class ActsContract:
    """See `teahouse.store.acts`."""

    rig: Rig
    store: Store

    def note(self, what: str, by: str = "amy", **more: Any) -> int:
        noted = self.rig.wait(self.store.note(Act(what=what, by=by, **more)))
        return noted.number

    def numbers(self, **more: Any) -> list[int]:
        return [act.number for act in self.rig.wait(self.store.acts(**more))]

    def test_an_act_comes_back_with_number_and_time(self) -> None:
        noted = self.rig.wait(self.store.note(FULL))
        assert replace(noted, number=0, at=FULL.at) == FULL
        assert abs(noted.at - datetime.now(UTC)) < timedelta(minutes=1)
        assert self.rig.wait(self.store.act(noted.number)) == noted
        assert self.rig.wait(self.store.acts()) == [noted]
        assert self.rig.wait(self.store.act(noted.number + 1)) is None

    def test_numbers_rise(self) -> None:
        numbers = [self.note("kick") for _ in range(5)]
        assert numbers == sorted(set(numbers))
        assert numbers[0] > 0
        assert self.numbers() == numbers[::-1]

    def test_acts_by_what_is_true_of_them(self) -> None:
        one = self.note("kick", "Amy", about="Bob", room="Tea")
        two = self.note("ban", "amy", about="eve", room="Çay")
        three = self.note("kick", "zoe", about="BOB")
        assert self.numbers(what="KICK") == [three, one]
        assert self.numbers(by="AMY") == [two, one]
        assert self.numbers(about="bob") == [three, one]
        assert self.numbers(room="çay") == [two]
        assert self.numbers(what="kick", by="amy", about="bob", room="tea") == [one]
        assert self.numbers(what="kick", by="eve") == self.numbers(room="%") == []

    def test_acts_page_by_page(self) -> None:
        numbers = [self.note("kick", by="amy" if n % 2 else "bob") for n in range(10)]
        assert self.numbers(count=3) == numbers[:-4:-1]
        assert self.numbers(count=3, before=numbers[5]) == [numbers[4], numbers[3], numbers[2]]
        assert self.numbers(by="bob", count=2, before=numbers[5]) == [numbers[4], numbers[2]]
        assert self.numbers(before=numbers[0]) == self.numbers(count=0) == []

    def test_reports_are_open_until_something_settles_them(self) -> None:
        reports = [self.note("report", about=f"guest{n}") for n in range(4)]
        self.note("kick", about="guest1", settles=reports[1])
        self.note("dismiss", settles=reports[2])
        self.note("dismiss", settles=reports[2])
        found = self.rig.wait(self.store.open_reports())
        assert [act.number for act in found] == [reports[0], reports[3]]
        assert self.rig.wait(self.store.open_reports(1)) == found[:1]

    def test_documents_are_as_they_were_saved(self) -> None:
        assert self.store.document("order") is None
        value = {"bans": [{"mask": "*!*@x", "until": None}], "n": 1.5, "text": "“çay”"}
        self.rig.wait(self.store.save_document("order", value))
        self.rig.wait(self.store.save_document("key", "secret"))
        assert self.store.document("order") == value
        self.rig.wait(self.store.save_document("order", []))
        assert self.store.document("order") == []
        assert self.store.document("key") == "secret"
