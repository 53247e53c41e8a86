"""How people learn that they may upload: on IRC, in the web client, by /uploads; what moderators see and remove."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import web_peer
from house import PASSWORD, House, Peer, settings
from teahouse.store import Upload

SITE = "https://tea.example"
CAT = "1f3a5b7d" * 4
DOG = "2f3a5b7d" * 4


def a_house(directory: Path, **uploads: object) -> House:
    house = House(settings(uploads=dict(uploads), web={"url": SITE}))
    house.server.uploads.directory = directory
    for name, role in (("amy", "member"), ("bob", "member"), ("mia", "moderator")):
        house.add_account(name, role)
    return house


def put(house: House, id_: str, account: str, name: str) -> None:
    """An upload that is there."""
    uploads = house.server.uploads
    assert uploads.directory is not None
    (uploads.directory / id_).write_bytes(b"tea")
    at = datetime.fromtimestamp(house.server.runtime.time(), UTC)
    house.server.store.keep_upload(
        Upload(id=id_, account=account, name=name, type="image/png", size=2048, at=at)
    )


def supported(house: House) -> list[str]:
    """The tokens of 005."""
    lines = [line.split(" ") for line in house.connect("irc").enter(f"someone{len(house.server.users)}")]
    return [word for line in lines if "005" in line[:2] for word in line[2:]]


def came_in(house: House, nick: str) -> Peer:
    peer = house.enter(nick, password=PASSWORD)
    peer.shown()
    return peer


@pytest.mark.parametrize("token", ["soju.im/FILEHOST", "draft/FILEHOST"])
def test_irc_clients_are_told_where(tmp_path: Path, token: str) -> None:
    house = a_house(tmp_path)
    assert f"{token}={SITE}/uploads" in supported(house)


def test_irc_clients_are_told_nothing_where_there_are_none(tmp_path: Path) -> None:
    for house in (a_house(tmp_path, role="nobody"), a_house(tmp_path), a_house(tmp_path)):
        if house.server.settings.uploads.role != "nobody":
            house.server.uploads.directory = None
        assert not [each for each in supported(house) if "FILEHOST" in each]


def test_they_are_told_the_local_site_where_no_other_is_set(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    house.server.settings = replace(house.server.settings, web=replace(house.server.settings.web, url=""))
    assert not [each for each in supported(house) if "FILEHOST" in each]
    house.server.uploads.local_site = "http://localhost:8080"
    assert "soju.im/FILEHOST=http://localhost:8080/uploads" in supported(house)


def test_a_browser_is_told_and_given_a_ticket(tmp_path: Path) -> None:
    house = a_house(tmp_path, kinds=["image/*"])
    amy = house.connect("web")
    assert isinstance(amy, web_peer.WebPeer)
    told = amy.hello()["house"]["uploads"]
    assert told == {"role": "member", "bytes": 10_485_760, "kinds": ["image/*"], "site": SITE}
    amy.does("login", nick="amy", password=PASSWORD)
    ticket = amy.does("upload")["ticket"]
    assert house.server.uploads.tickets.use(ticket) == "amy"


def test_a_guest_gets_no_ticket(tmp_path: Path) -> None:
    guest = a_house(tmp_path).connect("web")
    assert isinstance(guest, web_peer.WebPeer)
    guest.hello()
    guest.does("login", nick="zoe")
    refused = guest.ask("upload")
    assert (refused["type"], refused["code"]) == ("failed", "not-allowed")


def test_a_browser_is_told_of_none_where_there_are_none(tmp_path: Path) -> None:
    peer = a_house(tmp_path, role="nobody").connect("web")
    assert isinstance(peer, web_peer.WebPeer)
    assert peer.hello()["house"]["uploads"] is None


def test_one_lists_and_removes_ones_own(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    put(house, CAT, "amy", "çat.png")
    put(house, DOG, "bob", "dog.png")
    amy = came_in(house, "amy")
    shown = "\n".join(amy.say("/uploads"))
    assert "Your files, 2.0 KiB in all" in shown
    assert f"{SITE}/uploads/{CAT}/%C3%A7at.png" in shown
    assert "dog.png" not in shown
    assert f"curl -u amy -T picture.jpg {SITE}/uploads/" in shown
    assert amy.say(f"/uploads remove {DOG[:8]}") == ["There is no such file of yours."]
    assert amy.say(f"/uploads remove {DOG}") == ["There is no such file of yours."]
    assert amy.say("/uploads remove cat")[0].startswith("Usage: /uploads remove")
    assert amy.say("/uploads all")[0].startswith("Usage: /uploads of")
    assert amy.say("/uploads of bob")[0].startswith("Usage: /uploads of")
    assert amy.say(f"/uploads remove {SITE}/uploads/{CAT}/%C3%A7at.png") == ["çat.png is removed."]
    assert [each.name for each in tmp_path.iterdir()] == [DOG]
    assert amy.say("/uploads")[0] == "Your files: none."


def test_moderators_see_all_and_what_they_remove_is_written_down(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    put(house, CAT, "amy", "cat.png")
    put(house, DOG, "bob", "dog.png")
    mia = came_in(house, "mia")
    shown = "\n".join(mia.say("/uploads all"))
    assert "cat.png" in shown
    assert "dog.png" in shown
    shown = "\n".join(mia.say("/uploads of bob"))
    assert "cat.png" not in shown
    assert mia.say(f"/uploads remove {DOG[:8]}") == ["dog.png is removed."]
    assert [each.name for each in tmp_path.iterdir()] == [CAT]
    audit = "\n".join(mia.say("/audit what:uploads"))
    assert "bob" in audit
    assert "removed dog.png" in audit


def test_a_guest_and_a_house_without_files(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    zoe = house.enter("zoe")
    zoe.shown()
    assert zoe.say("/uploads") == ["You are here as a guest: /register makes an account of your nick."]
    amy = came_in(a_house(tmp_path, role="nobody"), "amy")
    assert amy.say("/uploads") == ["This house takes no files."]
