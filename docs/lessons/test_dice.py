"""How an extension is tested: a house in memory, people who say lines, and what each of them sees."""

from pathlib import Path

from teahouse.testing import House

DICE = str(Path(__file__).with_name("dice.py"))


def test_everyone_sees_the_roll() -> None:
    with House(extensions=[DICE]) as house:
        amy, bob = house.person("amy"), house.person("bob")
        amy.sees()  # that bob has come
        bob.says("/roll 1")
        assert bob.sees() == ["bob rolls 1."]
        assert amy.sees() == ["bob rolls 1."]


def test_a_die_has_a_number_of_sides() -> None:
    with House(extensions=[DICE]) as house:
        amy = house.person("amy")
        amy.says("/roll many")
        assert amy.sees() == ['sides is a number, and "many" is not. Usage: /roll [sides]']
