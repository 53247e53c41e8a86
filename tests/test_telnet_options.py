"""RFC 1143: no loops, and the peer ends up as it was last told to, whenever we change our mind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from teahouse.protocols.telnet.options import Change, Heard, Options, Side
from teahouse.protocols.telnet.wire import DO, DONT, ECHO, WILL, WONT, negotiation


def test_agreement_to_what_the_peer_begins() -> None:
    options = Options()
    assert options.hear(WILL, 24, agree=True) == Heard(negotiation(DO, 24), Change.ON)
    assert options.hear(WILL, 24, agree=True) == Heard()
    assert options.is_on(Side.THEIRS, 24)
    assert not options.is_on(Side.OURS, 24)
    assert options.hear(WONT, 24, agree=True) == Heard(negotiation(DONT, 24), Change.OFF)


def test_answers_to_what_we_began() -> None:
    options = Options()
    assert options.ask(Side.OURS, ECHO, on=True) == negotiation(WILL, ECHO)
    assert options.hear(DO, ECHO, agree=False) == Heard(b"", Change.ON)
    assert options.ask(Side.OURS, ECHO, on=False) == negotiation(WONT, ECHO)
    assert options.hear(DONT, ECHO, agree=False) == Heard(b"", Change.OFF)
    assert options.ask(Side.THEIRS, 24, on=True) == negotiation(DO, 24)
    assert options.hear(WONT, 24, agree=True) == Heard(b"", Change.DECLINED)


def test_a_change_of_mind_before_the_answer() -> None:
    options = Options()
    options.ask(Side.THEIRS, 24, on=True)
    assert options.ask(Side.THEIRS, 24, on=False) == options.ask(Side.THEIRS, 24, on=False) == b""
    assert options.ask(Side.THEIRS, 24, on=True) == b""
    assert options.ask(Side.THEIRS, 24, on=False) == b""
    assert options.hear(WILL, 24, agree=True) == Heard(negotiation(DONT, 24), None)
    assert options.hear(WONT, 24, agree=True) == Heard(b"", Change.OFF)


def test_a_refusal_is_said_once() -> None:
    options = Options()
    assert options.hear(DO, 99, agree=False) == Heard(negotiation(WONT, 99), None)
    assert options.hear(DO, 99, agree=False) == Heard()
    assert options.was_refused(Side.OURS, 99)
    assert not options.was_refused(Side.THEIRS, 99)


TURNS = st.lists(st.sampled_from(["hide", "show", "to client", "to server"]), max_size=40)
WISHES = st.lists(st.tuples(st.booleans(), st.sampled_from([True, False, None])), max_size=40)


@given(turns=TURNS, acknowledges=st.booleans())
def test_the_client_ends_as_the_server_wishes(turns: list[str], *, acknowledges: bool) -> None:
    options, wish, hidden = Options(), False, False
    to_client: list[bytes] = []
    to_server: list[int] = []
    for turn in [*turns, *["to client", "to server"] * 50]:
        if turn in ("hide", "show"):
            wish = turn == "hide"
            to_client.append(options.ask(Side.OURS, ECHO, on=wish))
        elif turn == "to server" and to_server:
            to_client.append(options.hear(to_server.pop(0), ECHO, agree=False).reply)
        elif turn == "to client" and to_client:
            told = to_client.pop(0)
            if told == negotiation(WILL, ECHO) and not hidden:
                to_server.append(DO)
            elif told == negotiation(WONT, ECHO) and hidden and acknowledges:  # TinTin++ does not
                to_server.append(DONT)
            hidden = told == negotiation(WILL, ECHO) if told else hidden
    assert (to_client, to_server) == ([], [])
    assert hidden == wish


@given(wishes=WISHES)
def test_two_machines_never_loop(wishes: list[tuple[bool, bool | None]]) -> None:
    ends = {True: Options(), False: Options()}
    waiting: dict[bool, list[bytes]] = {True: [], False: []}
    for end, wish in wishes + [(bool(turn % 2), None) for turn in range(300)]:
        if wish is not None:
            said = ends[end].ask(Side.OURS if end else Side.THEIRS, ECHO, on=wish)
        elif waiting[end]:
            said = ends[end].hear(waiting[end].pop(0)[1], ECHO, agree=True).reply
        else:
            continue
        if said:
            waiting[not end].append(said)
    assert waiting == {True: [], False: []}
