"""Configuration files: what they may say, and what their authors are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.config import ConfigError, load, parse, place_of
from teahouse.config.choosing import choose, places
from teahouse.config.example import example
from teahouse.config.lines import Lines
from teahouse.settings import Listen, Settings

EXAMPLE = Path(__file__).parent.parent / "teahouse.example.toml"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "house.toml")
    return [problem.removeprefix("house.toml, line ") for problem in caught.value.problems]


def test_the_example_is_as_generated() -> None:
    assert EXAMPLE.read_text() == example(), "run: teahouse example-config > teahouse.example.toml"


def test_the_example_has_the_defaults() -> None:
    assert load(EXAMPLE) == Settings()


def test_the_room_of_the_example_is_good_without_its_comment_signs() -> None:
    _, table, room = example().partition("# [rooms.tea]")
    lines = [line.removeprefix("# ") if " = " in line else line for line in (table + room).splitlines()]
    assert parse("\n".join(["[rooms.tea]", *lines[1:]]), "x").rooms.keys() == {"tea"}


def test_nothing_is_all_defaults() -> None:
    assert parse("", "x") == Settings()


def test_values_of_every_type() -> None:
    settings = parse(
        """
        extensions = ["tea.py"]
        house = {name = "Tea", rooms_on_demand = false, history_lines = 0}
        listen.telnet = ["0"]
        [limits]
        flood_lines = 3      # a whole number will do
        exempt_addresses = ["2001:db8::/32", "192.0.2.1"]
        [rooms."Café"]
        class = "tea:Party"
        history = false
        """,
        "x",
    )
    assert (settings.house.name, settings.house.rooms_on_demand, settings.house.history_lines) == (
        "Tea",
        False,
        0,
    )
    assert settings.extensions == ["tea.py"]
    assert settings.listen.telnet == ["0"]
    assert repr(settings.limits.flood_lines) == "3.0"
    assert settings.rooms["Café"].class_ == "tea:Party"
    assert not settings.rooms["Café"].history


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[house]\nnmae = 'x'", "2: house.nmae: there is no such key; did you mean name?"),
        ("[lisen]", "1: lisen: there is no such key; did you mean listen?"),
        ("zzz = 1", "1: zzz: there is no such key; there are: data, entry, extensions, house,"),
        ("[rooms.x]\nhistroy = true", "2: rooms.x.histroy: there is no such key; did you mean history?"),
        ("[rooms.x]\nclass_ = ''", "2: rooms.x.class_: there is no such key; did you mean class?"),
        ("[house]\nname = 3", '2: house.name: must be a text in quotes, "…", not 3.'),
        ("[limits]\nrooms = true", "2: limits.rooms: must be a whole number, not true."),
        ("[limits]\nrooms = 3.0", "2: limits.rooms: must be a whole number, not 3.0."),
        ("[limits]\nflood_lines = '4'", "2: limits.flood_lines: must be a number, not '4'."),
        ("[limits]\nflood_lines = nan", "2: limits.flood_lines: must be 0 or more, not nan."),
        ("[limits]\nflood_lines = inf", "2: limits.flood_lines: must be 0 or more, not inf."),
        ("[limits]\ntopic_length = -1", "2: limits.topic_length: must be 0 or more, not -1."),
        ("[limits]\nconnections = 0", "2: limits.connections: must be 1 or more, not 0."),
        ("[limits]\nnick_length = 65", "2: limits.nick_length: must be 1 to 64, not 65."),
        ("[house]\nrooms_on_demand = 1", "2: house.rooms_on_demand: must be true or false, not 1."),
        ("[listen]\ntelnet = 4242", '2: listen.telnet: must be a list of texts, ["…", "…"], not 4242.'),
        ("[listen]\ntelnet = [4242]", '2: listen.telnet: must be a list of texts, ["…", "…"], not [4242].'),
        ("[listen]\nline = ['65536']", '2: listen.line: "65536": a port is a number from 0 to 65535;'),
        ("[listen]\nline = ['tcp:65536']", '2: listen.line: "tcp:65536": a port is a number from 0 to 65535;'),
        ("[listen]\nline = ['host:1']", "2: listen.line: \"host:1\": Unknown endpoint type: 'host'; write a"),
        ("[listen]\nline = ['']", '2: listen.line: "": '),
        ("[listen]\nline = ['tcp:x']", '2: listen.line: "tcp:x": '),
        ("[listen]\nline = ['tcp:1:colour=red']", '2: listen.line: "tcp:1:colour=red": it has too few, too '),
        ("[listen]\nline = ['ssl:1:privateKey=/nowhere']", "2: listen.line: \"ssl:1:privateKey=/nowhere\": /nowh"),
        ("[log]\nformat = 'jsn'", '2: log.format: must be text or json, not "jsn". Did you mean json?'),
        ("[log]\nlevel = 'loud'", '2: log.level: must be debug or info or warn or error, not "loud".'),
        ("house = 3", "1: house: must be a table: write [house]."),
        ("[rooms]\nx = 3", "2: rooms.x: must be a table: write [rooms.x]."),
        ("[rooms.'a b']", "1: rooms.a b: A room name cannot contain a space."),
        ("[rooms.'#tea']", "1: rooms.#tea: A room name is written without the '#' here."),
        ("[rooms.tea]\n[rooms.TEA]", "2: rooms.TEA: is the same room as tea"),
        ("[limits]\nroom_length = 5\n[rooms.longer]", "3: rooms.longer: A room name can have 5 characters at most."),
        ("[house]\nlobby = 'a b'", "2: house.lobby: A room name cannot contain a space."),
        ("[house]\nreserved_nicks = ['a b']", '2: house.reserved_nicks: "a b": A name cannot contain a space.'),
        ("[limits]\nexempt_addresses = ['10.0.0.1/8']", '2: limits.exempt_addresses: "10.0.0.1/8": 10.0.0.1/8 has'),
        ("[limits]\nexempt_addresses = ['x']", '2: limits.exempt_addresses: "x": does not appear to be'),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_line_key_and_what_is_allowed(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(said)


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    text = "[log]\nformat = 'x'\n\n[house]\nname = 1\nfoo = 2\n[listen]\ntelnet = ['99999', 'x:y']\n"
    assert [problem.split(": ")[0] for problem in problems(text)] == ["2", "5", "6", "8", "8"]
    assert [problem.split(": ")[1] for problem in problems(text)][1:3] == ["house.name", "house.foo"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[house]\nname = "x\n', "2, column 10: this is not TOML: a text lacks its closing quote."),
        ("[house", "1, column 7: this is not TOML: Expected ']' at the end of a table declaration."),
        ("name = tea", "1, column 8: this is not TOML: a value is missing, or a text without quotes."),
        ("name = 'a'\nname = 'b'", "2, column 11: this is not TOML: this key is there twice."),
        ("= 3", "1, column 1: this is not TOML: a line is key = value, [table] or # comment."),
        (
            "a = 1 2",
            "1, column 7: this is not TOML: there is something after the value; texts stand in quotes.",
        ),
    ],
)
def test_what_is_not_toml_is_told_in_plain_words(text: str, said: str) -> None:
    assert problems(text) == [said]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, said in [(tmp_path / "x.toml", "No such file or directory."), (tmp_path, "Is a directory.")]:
        with pytest.raises(ConfigError) as caught:
            load(path)
        assert caught.value.problems == [f"{path}: cannot be read: {said}"]
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"[house]\nname = 'Caf\xe9'\n")
    with pytest.raises(ConfigError, match=r"this is not UTF-8 text \(byte 19\)"):
        load(latin)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf[house]\r\nname = 'Tea'\r\n")
    assert load(path).house.name == "Tea"


# ---- lines ----------------------------------------------------------------------------------------------------

TEXT = '''\
# [comment]
top = "[not.a.table]"   # key = 1
list = [
  "a", # ]
  'b]',
]
long = """
[inside]
key = 3 \\""" still
"""

[one]   # a table
key = {inner = 1,
       next = 2}
"quoted \\" key" . sub = 4
a.b.c = 5
  [ two . "three" ]
x = \'\'\'
y = 1\'\'\'
z = 2
[[many]]
k = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("top", 2),
        ("list", 3),
        ("long", 7),
        ("one", 12),
        ("one.key", 13),
        ("one.key.inner", 13),
        ("one.nothing", 12),
        ('one.quoted \\" key.sub', 15),
        ("one.a.b.c", 16),
        ("two.three", 17),
        ("two.three.x", 18),
        ("two.three.y", 17),
        ("two.three.z", 20),
        ("many.k", 22),
        ("inside", 1),
        ("comment", 1),
    ],
)
def test_the_line_of_a_key(path: str, line: int) -> None:
    assert Lines(TEXT).find(*path.split(".")) == line


@given(st.text(st.sampled_from("ab.=[]{}\"'#\n\\ ")))
def test_any_text_has_lines(text: str) -> None:
    assert 1 <= Lines(text).find("a", "b") <= text.count("\n") + 1


@given(st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.text(max_size=30), max_size=5))
def test_the_line_of_a_key_is_found_behind_any_texts(values: dict[str, str]) -> None:
    text, expected = "", {}
    for key, value in values.items():
        expected[key] = text.count("\n") + 1
        escaped = "".join(c if c == "\n" else f"\\U{ord(c):08x}" for c in value)
        text += f'{key} = """{escaped}"""  # "\n'
    lines = Lines(text)
    assert {key: lines.find(key) for key in values} == expected


# ---- options --------------------------------------------------------------------------------------------------


def test_options_replace_what_the_file_says_for_their_protocol(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text("[listen]\ntelnet = ['1', '2']\nline = ['3']\n")
    assert places(choose(str(path), {"telnet": ["0"], "line": []}).settings.listen) == [
        ("telnet", "0"),
        ("line", "3"),
    ]


def test_without_a_file_only_what_is_given_listens() -> None:
    assert places(choose(None, {"telnet": [], "line": ["0"]}).settings.listen) == [("line", "0")]
    assert choose(None, {"telnet": [], "line": []}).settings.listen == Listen()


def test_a_house_that_listens_nowhere_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text("[listen]\ntelnet = []\n")
    with pytest.raises(ConfigError, match="listens nowhere"):
        choose(str(path), {})


def test_an_error_about_an_endpoint_names_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text("# tea\n[listen]\ntelnet = ['1']\n")
    error: Any = OSError("no")
    error.protocol = "telnet"
    assert place_of(path, "listen", "telnet") == f"{path}, line 3"
    assert choose(str(path), {}).explain(error) == f"{path}, line 3: listen.telnet: no"
    assert choose(str(path), {"telnet": ["0"]}).explain(error) == "no"
