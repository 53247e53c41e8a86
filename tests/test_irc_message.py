"""One message: every form that clients send is read, and nothing that is written can be read as something else."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.irc import numerics
from teahouse.protocols.irc.message import Message, encode, parse

# line, what it says, and how it is written
READ: list[tuple[str, Message, str]] = [
    ("PING", Message("PING"), "PING"),
    ("ping x", Message("PING", ("x",)), "PING x"),
    ("privmsg #tea :hi all", Message("PRIVMSG", ("#tea", "hi all")), "PRIVMSG #tea :hi all"),
    ("PRIVMSG #tea :hi", Message("PRIVMSG", ("#tea", "hi")), "PRIVMSG #tea :hi"),
    ("PRIVMSG #tea hi", Message("PRIVMSG", ("#tea", "hi")), "PRIVMSG #tea :hi"),
    ("TOPIC #tea :", Message("TOPIC", ("#tea", "")), "TOPIC #tea :"),
    ("JOIN :", Message("JOIN", ("",)), "JOIN :"),
    ("PRIVMSG a ::-)", Message("PRIVMSG", ("a", ":-)")), "PRIVMSG a ::-)"),
    ("PRIVMSG a :b :c", Message("PRIVMSG", ("a", "b :c")), "PRIVMSG a :b :c"),
    ("PRIVMSG a :  b  ", Message("PRIVMSG", ("a", "  b  ")), "PRIVMSG a :  b  "),
    ("MODE a b:c d", Message("MODE", ("a", "b:c", "d")), "MODE a b:c d"),
    ("  MODE   #tea  +n  ", Message("MODE", ("#tea", "+n")), "MODE #tea +n"),
    ("MODE #tea  :+n", Message("MODE", ("#tea", "+n")), "MODE #tea +n"),
    ("AWAY ", Message("AWAY"), "AWAY"),
    ("USER a\tb", Message("USER", ("a\tb",)), "USER a\tb"),
    ("USER a\u2003b", Message("USER", ("a\u2003b",)), "USER a\u2003b"),
    ("X " + "p " * 20, Message("X", ("p",) * 20), "X" + " p" * 20),
    (":amy!a@b PART #tea", Message("PART", ("#tea",), "amy!a@b"), ":amy!a@b PART #tea"),
    (":irc.x 432  #momo :No: no", Message("432", ("#momo", "No: no"), "irc.x"), ":irc.x 432 #momo :No: no"),
    (":co\tol foo", Message("FOO", (), "co\tol"), ":co\tol FOO"),
    (":: X", Message("X", (), ":"), ":: X"),
    (": X", Message("X"), "X"),
    ("joın #tea", Message("joın", ("#tea",)), "joın #tea"),
    ("a@b :c", Message("A@B", ("c",)), "A@B c"),
    ("@label=1 PING x", Message("PING", ("x",), tags={"label": "1"}), "@label=1 PING x"),
    (
        "@a=b;c=32;k;rt= foo",
        Message("FOO", tags={"a": "b", "c": "32", "k": "", "rt": ""}),
        "@a=b;c=32;k;rt FOO",
    ),
    ("@a=1;b=3;a=5 x", Message("X", tags={"a": "5", "b": "3"}), "@a=5;b=3 X"),
    (
        "@+typing=active;+x.y/z x",
        Message("X", tags={"+typing": "active", "+x.y/z": ""}),
        "@+typing=active;+x.y/z X",
    ),
    ("@t=1;v/t=2 x", Message("X", tags={"t": "1", "v/t": "2"}), "@t=1;v/t=2 X"),
    ("@a=b=c x", Message("X", tags={"a": "b=c"}), "@a=b=c X"),
    ("@;;=v;a x", Message("X", tags={"a": ""}), "@a X"),
    ("@ x", Message("X"), "X"),
    ("  @a   :s   x   y", Message("X", ("y",), "s", {"a": ""}), "@a :s X y"),
    (r"@a=\:\s\\\r\n x", Message("X", tags={"a": "; \\\r\n"}), r"@a=\:\s\\\r\n X"),
    (r"@a=\\n\\\s x", Message("X", tags={"a": "\\n\\ "}), r"@a=\\n\\\s X"),
    (r"@a=v\1\ü x", Message("X", tags={"a": "v1ü"}), "@a=v1ü X"),
    ("@a=v\\ x", Message("X", tags={"a": "v"}), "@a=v X"),
    ("@a=\\ x", Message("X", tags={"a": ""}), "@a X"),
    ("@a=:x :s x", Message("X", (), "s", {"a": ":x"}), "@a=:x :s X"),
]


@pytest.mark.parametrize(("line", "message", "written"), READ, ids=[line for line, *_ in READ])
def test_read_and_write(line: str, message: Message, written: str) -> None:
    assert parse(line) == message
    assert str(message) == written
    assert encode(message) == f"{written}\r\n".encode()
    assert parse(written) == message


@pytest.mark.parametrize(
    "line", ["", " ", ":", ":amy", ":amy ", ":amy :hi", "@a", "@a=b ", "@a :amy", ":a @b", "@a @b c"]
)
def test_no_message(line: str) -> None:
    with pytest.raises(ValueError, match="without a command"):
        parse(line)


@pytest.mark.parametrize(
    "message",
    [
        Message(""),
        Message("\r\n"),
        Message(":x"),
        Message("@x"),
        Message("QUIT x"),
        Message(" QUIT"),
        Message("X", ("", "b")),
        Message("X", ("a b", "c")),
        Message("X", (":a", "c")),
        Message("X", ("\r\n", "c")),
        Message("X", ("\0:a", "c")),
        Message("X", (), "amy QUIT"),
        Message("X", tags={"": "b"}),
        Message("X", tags={"a b": "c"}),
        Message("X", tags={"a;b": "c"}),
        Message("X", tags={"a=b": "c"}),
        Message("X", tags={"a\r\nQUIT": "c"}),
    ],
    ids=repr,
)
def test_what_cannot_be_said(message: Message) -> None:
    with pytest.raises(ValueError, match=r"no command|only the last|a source|no key"):
        encode(message)


@pytest.mark.parametrize(
    ("message", "data"),
    [
        (Message("PRIVMSG", ("a", "x\r\nQUIT")), b"PRIVMSG a :x QUIT\r\n"),
        (Message("PRIVMSG", ("a", "x\rQUIT\n")), b"PRIVMSG a :x QUIT \r\n"),
        (Message("PRIVMSG", ("a", "x\0y")), b"PRIVMSG a :xy\r\n"),
        (Message("PRIVMSG", ("a", "\n:x")), b"PRIVMSG a : :x\r\n"),
        (Message("MODE", ("a\r\nb\0", "c")), b"MODE ab c\r\n"),
        (Message("MODE\n"), b"MODE\r\n"),
        (Message("X", (), "amy\r\n"), b":amy X\r\n"),
        (Message("X", tags={"a": "\0\r\n"}), b"@a=\\r\\n X\r\n"),
        (Message("X", ("\ud800",)), b"X ?\r\n"),
    ],
)
def test_line_ends_stay_inside(message: Message, data: bytes) -> None:
    assert encode(message) == data


def test_equal_messages_have_one_hash() -> None:
    assert len({parse("@a=1 X y"), Message("X", ("y",), tags={"a": "1"})}) == 1
    assert parse("@a=1 X y") != parse("X y")


text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"))
words = text.filter(lambda word: word and " " not in word)
middles = words.filter(lambda word: word[0] != ":")
commands = st.text(string.ascii_uppercase + string.digits, min_size=1)
keys = words.filter(lambda key: not set(key) & set(";="))
values = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
messages = st.builds(
    lambda command, middle, last, source, tags: Message(command, (*middle, *last), source, tags),
    commands,
    st.lists(middles, max_size=20),
    st.lists(text, max_size=1),
    st.just("") | words,
    st.dictionaries(keys, values, max_size=5),
)


@given(messages)
def test_round_trip(message: Message) -> None:
    assert parse(str(message)) == message


@given(st.text() | st.text("@:; =\\ab"))
def test_what_can_be_read_can_be_written(line: str) -> None:
    line = line.translate(dict.fromkeys(b"\0\r\n"))
    try:
        message = parse(line)
    except ValueError:
        return
    assert parse(str(message)) == message


anything = st.text(st.characters() | st.sampled_from("\0\r\n :@;="), max_size=8)


@given(
    st.builds(
        Message,
        anything,
        st.lists(anything).map(tuple),
        anything,
        st.dictionaries(anything, anything, max_size=3),
    )
)
def test_one_message_is_one_line(message: Message) -> None:
    try:
        data = encode(message)
    except ValueError:
        return
    assert data.endswith(b"\r\n")
    assert not set(data[:-2]) & set(b"\r\n\0")
    read = parse(data[:-2].decode())
    assert (len(read.params), read.tags.keys()) == (len(message.params), message.tags.keys())


def test_numerics_are_unique() -> None:
    names = {name: value for name, value in vars(numerics).items() if name[:4] in {"RPL_", "ERR_"}}
    assert len(set(names.values())) == len(names)
    assert all(len(value) == 3 and value.isdigit() for value in names.values())
    assert set(numerics.TEXT) <= set(names.values())
    assert all(text and text == text.strip() for text in numerics.TEXT.values())
