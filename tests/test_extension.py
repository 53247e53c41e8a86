"""What the project promises to third parties: two rooms and an event in a dozen lines, shown by every protocol."""

from __future__ import annotations

from dataclasses import dataclass

from house import House, settings
from teahouse import ChatRoom, Event, Rest, Said, Session, command
from teahouse.events import Unknown, from_dict, to_dict


class EchoRoom(ChatRoom):
    def on_text(self, session: Session, text: str) -> None:
        session.tell(text)


class InsultRoom(ChatRoom):
    insults = ("My cat knows more about {}.", "{}? Do sit down.")

    @command
    def insult(self, session: Session, topic: Rest = "you") -> None:
        """Hear what the house thinks of a topic."""
        self.broadcast(Said("marvin", self.insults[len(topic) % 2].format(topic)))


@dataclass(frozen=True, slots=True)
class Brewed(Event):
    """Tea has been made."""

    who: str
    cups: int

    def __str__(self) -> str:
        return f"{self.who} makes {self.cups} cups of tea."


class TeaKitchen(InsultRoom):
    @command(aliases=("tea",))
    def brew(self, session: Session, cups: int) -> None:
        """Make tea for everyone."""
        self.broadcast(Brewed(session.user.nick, cups))


def test_two_rooms_in_a_dozen_lines() -> None:
    """They have their own commands beside those of every room, with help and usage from the declaration."""
    house = House(settings(limits={"flood_lines": 0}))
    house.add_room(EchoRoom, "echo")
    house.add_room(InsultRoom, "insults")
    amy, bob = house.crowd("amy", "bob")
    amy.shown()
    assert amy.say("/join echo", "hello?") == ["In this room: amy", "hello?"]
    bob.say("/join insults")
    assert amy.say("/join insults", "/insult Perl") == [
        "In this room: bob, amy",
        "marvin: My cat knows more about Perl.",
    ]
    assert amy.say("/insult") == ["marvin: you? Do sit down."]
    assert amy.say("/help insult") == ["/insult [topic]", "Hear what the house thinks of a topic."]
    assert amy.say("/inslt")[0].startswith('There is no command "inslt" here. Did you mean /insult?')
    assert bob.shown()[-2:] == ["marvin: My cat knows more about Perl.", "marvin: you? Do sit down."]


def test_event_of_a_third_party_shows_by_its_plain_line() -> None:
    """Invariant 5: over line and telnet, in the store's and the bus's form, without touching a protocol."""
    house = House()
    house.add_room(TeaKitchen, "kitchen")
    amy, bob = house.enter("amy"), house.enter("bob", "telnet")
    for peer in (amy, bob):
        peer.say("/join kitchen")
    amy.shown()
    assert amy.say("/tea 3") == ["amy makes 3 cups of tea."]
    assert bob.shown() == ["amy makes 3 cups of tea."]
    assert amy.say("/brew some") == ['cups is a number, and "some" is not. Usage: /brew <cups>']
    brewed = Brewed("amy", 3, room="kitchen", id=5)
    assert from_dict(to_dict(brewed)) == brewed
    assert str(from_dict(to_dict(brewed) | {"type": "brewed_elsewhere", "plain": "tea!"})) == "tea!"
    assert isinstance(from_dict({"type": "newer"}), Unknown)
