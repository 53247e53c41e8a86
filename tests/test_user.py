"""Users, views and preferences."""

from __future__ import annotations

import pytest

from house import House, settings
from teahouse.errors import ChatError, NotAllowed, UsageError
from teahouse.protocols.terminal.preferences import preferences, preferred
from teahouse.protocols.terminal.view import TerminalView
from teahouse.rooms.chat import ChatRoom
from teahouse.session import Session
from teahouse.user import User
from teahouse.view import View, variant


def test_ignoring_knows_no_case() -> None:
    user = User(0.0, "amy")
    user.ignore("BÖB")
    assert not user.hears("böb")
    assert user.hears("bob")
    assert user.unignore("Böb")
    assert not user.unignore("Böb")
    assert user.ignored == frozenset()


def test_user_without_a_nick_is_never_named() -> None:
    assert not User(0.0).is_named_in("")


def test_variant_of_a_view_is_one_object() -> None:
    """People with equal views share a rendering."""
    view = View(alert=True)
    assert variant(view, True, False, False) is variant(View(alert=True), True, False, False)
    assert variant(view, True, False, False) != view


def test_every_preference_can_be_set_to_each_of_its_choices() -> None:
    view = TerminalView()
    for preference in preferences(view):
        assert preferred(view, preference.name, preference.value) == view
        with pytest.raises(UsageError, match=preference.name):
            preferred(view, preference.name, "nonsense")


def test_profile_for_a_screen_reader_is_quiet_and_plain() -> None:
    view = preferred(TerminalView(colours=256, width=80), "screenreader", "on")
    assert (view.reader, view.colours, view.width, view.joins) == (True, 0, 0, False)


class Closed(ChatRoom):
    """Lets nobody in."""

    def admit(self, session: Session) -> None:
        raise NotAllowed("Members only.")


def test_who_is_not_admitted_stays_where_they_are() -> None:
    house = House(settings(limits={"flood_lines": 0}))
    house.add_room(Closed, "club")
    amy, bob = house.crowd("amy", "bob")
    amy.shown()
    assert amy.say("/join club", "/join -k club", "hi") == ["Members only.", "Members only.", "amy: hi"]
    assert bob.shown() == ["amy: hi"]
    with pytest.raises(ChatError):
        amy.session.enter(house.server.rooms["club"])
    assert list(amy.session.user.rooms) == ["lobby"]
