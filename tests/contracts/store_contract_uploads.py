"""What every store does with records of uploads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.store_rig import START, Rig, account
from teahouse.store import Missing, Store, Upload


def made(number: int, who: str = "amy", size: int = 100) -> Upload:
    return Upload(
        id=f"{number:032x}",
        account=who,
        name=f"çay {number}.png",
        type="image/png",
        size=size,
        at=START + timedelta(seconds=number, microseconds=number),
    )


class UploadsContract:
    """See `teahouse.store.uploads`."""

    rig: Rig
    store: Store

    def keep(self, *uploads: Upload) -> None:
        for each in uploads:
            self.rig.wait(self.store.keep_upload(each))

    @pytest.fixture
    def people(self) -> None:
        for name in ("Amy", "bob"):
            self.rig.wait(self.store.add_account(account(name)))

    @pytest.mark.usefixtures("people")
    def test_an_upload_comes_back_as_it_was_kept(self) -> None:
        self.keep(made(1))
        assert self.rig.wait(self.store.upload(made(1).id)) == made(1)
        assert self.rig.wait(self.store.upload(made(2).id)) is None
        assert self.rig.wait(self.store.upload("' OR 1 --")) is None

    @pytest.mark.usefixtures("people")
    def test_an_upload_belongs_to_an_account(self) -> None:
        with pytest.raises(Missing):
            self.keep(made(1, "eve"))
        assert self.rig.wait(self.store.upload_ids()) == set()

    @pytest.mark.usefixtures("people")
    def test_uploads_are_listed_newest_first(self) -> None:
        self.keep(made(2), made(1), made(3, "bob"), made(4))
        assert self.rig.wait(self.store.uploads()) == [made(4), made(3, "bob"), made(2), made(1)]
        assert self.rig.wait(self.store.uploads("amy", count=2)) == [made(4), made(2)]
        assert self.rig.wait(self.store.uploads(before=made(2).at)) == [made(1)]
        assert self.rig.wait(self.store.uploads("bob", before=made(3).at)) == []
        assert self.rig.wait(self.store.uploads("eve")) == []

    @pytest.mark.usefixtures("people")
    def test_their_sizes_are_added_up(self) -> None:
        assert self.rig.wait(self.store.upload_bytes()) == 0
        self.keep(made(1, size=1 << 40), made(2, size=5), made(3, "bob", size=7))
        assert self.rig.wait(self.store.upload_bytes("amy")) == (1 << 40) + 5
        assert self.rig.wait(self.store.upload_bytes()) == (1 << 40) + 12
        assert self.rig.wait(self.store.upload_bytes("eve")) == 0

    @pytest.mark.usefixtures("people")
    def test_uploads_that_are_forgotten(self) -> None:
        self.keep(made(1), made(2), made(3))
        self.rig.wait(self.store.forget_uploads([made(1).id, made(3).id, "f" * 32]))
        assert self.rig.wait(self.store.upload_ids()) == {made(2).id}

    @pytest.mark.usefixtures("people")
    def test_uploads_go_with_their_account_and_with_no_other(self) -> None:
        self.keep(made(1), made(2, "bob"))
        self.rig.wait(self.store.save_account(replace(account("Amy"), role="moderator")))
        self.rig.wait(self.store.remove_account("bob"))
        assert self.rig.wait(self.store.upload_ids()) == {made(1).id}
        self.rig.wait(self.store.remove_account("amy"))
        assert self.rig.wait(self.store.upload_bytes()) == 0
