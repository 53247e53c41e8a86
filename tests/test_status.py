"""What the site has for those who keep the house: health, metrics, status, and the page of the moderators."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from browsers import Raw
from house import PASSWORD, House, settings
from processes import BIN, Guest, Process
from teahouse.accounts.tokens import tokens_of
from teahouse.protocols.web.keeping import entry, health, page, words
from teahouse.protocols.web.keeping.listener import MetricsFactory
from teahouse.protocols.web.protocol import WebFactory
from teahouse.rooms.chat import ChatRoom
from teahouse.store import Done
from teahouse.store.memory import MemoryStore
from teahouse.text import show_size

DOCUMENT = Path(__file__).parent.parent / "docs" / "metrics.md"
STATIC = Path(page.__file__).parents[1] / "static"
NASTY = "<img/src=x>"
FREE = {"flood_lines": 0}


@dataclass
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """The site of a house, and a client of it."""

    house: House
    factory: WebFactory = field(init=False)

    def __post_init__(self) -> None:
        self.factory = WebFactory(self.house.server)

    def ask(
        self, path: str, said: object = None, *, token: str = "", address: str = "127.0.0.1", **more: str
    ) -> Answer:
        """Ask; a `said` is posted as JSON."""
        body = b"" if said is None else json.dumps(said).encode()
        headers = {"Host": "here", "Connection": "close"} | {k.replace("_", "-"): v for k, v in more.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body:
            headers = {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        client = Raw(self.house, address, self.factory)
        client.put(f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return read(client)

    def sign_in(self, name: str) -> str:
        """The token of someone who signs in at the page."""
        return str(self.ask("/admin/login.json", {"name": name, "password": PASSWORD}).json["token"])

    def do(self, token: str, command: str, text: str = "") -> Answer:
        return self.ask(
            "/admin/do.json", {"command": command, "text": text}, token=token, Accept="application/json"
        )


def hide(room: ChatRoom) -> None:
    room.policy.terms = replace(room.policy.terms, hidden=True)


def read(client: Raw) -> Answer:
    body = bytes(client.wire.sent).partition(b"\r\n\r\n")[2].decode()
    return Answer(int(client.status.partition(" ")[0]), dict(client.headers), body)


@pytest.fixture
def site() -> Site:
    house = House(settings(limits=FREE))
    house.add_account("ann", "moderator")
    house.add_account("eve", "admin")
    house.add_account("bob")
    return Site(house)


# ---- health ------------------------------------------------------------------------------------------------


class Mute(MemoryStore):
    """A store that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Done] = []

    def erase(self, ids: Any, done: Done) -> None:
        self.asked.append(done)


def test_a_house_that_is_well(site: Site) -> None:
    site.house.wait(60)
    answer = site.ask("/healthz")
    assert (answer.status, answer.body, answer.headers["cache-control"]) == (200, "ok\n", "no-store")
    assert site.ask("/healthz", Accept="application/json").json == {"status": "ok", "reasons": []}


def test_a_store_that_does_not_answer() -> None:
    store = Mute()
    site = Site(House(store=store))
    clients = [Raw(site.house, site=site.factory) for _ in range(3)]
    for client in clients:
        client.put(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert len(store.asked) == 1  # whoever asks meanwhile waits for the same answer
    assert not clients[0].wire.sent
    site.house.wait(health.PATIENCE + 1)
    assert [read(client).body for client in clients] == [f"{health.SILENT}\n"] * 3
    assert read(clients[0]).status == 503
    store.asked.pop()(None)
    late = Raw(site.house, site=site.factory)
    late.put(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    store.asked.pop()(None)
    site.house.pump()
    assert read(late).status == 200


def test_a_store_that_fails(site: Site) -> None:
    counters = site.house.server.measures.counters
    counters.committed(0.1, site.house.server.runtime.now(), failed=True)
    answer = site.ask("/healthz", Accept="application/json")
    assert (answer.status, answer.json) == (503, {"status": "unwell", "reasons": [health.FAILS]})
    site.house.wait(health.LATELY + 1)
    assert site.ask("/healthz").status == 200


def test_a_clock_that_stands_still(site: Site) -> None:
    site.house.wait(2)
    site.house.server.measures.lateness.last = site.house.server.runtime.now() - health.STILL - 1
    assert site.ask("/healthz").body == f"{health.STOPPED}\n"


# ---- metrics -----------------------------------------------------------------------------------------------


def documented() -> set[str]:
    return set(re.findall(r"^\| `(teahouse_\w+)", DOCUMENT.read_text("utf-8"), re.MULTILINE))


def test_every_name_stands_in_the_document_and_none_besides(site: Site) -> None:
    text = site.ask("/metrics").body
    assert set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)) == documented()


def test_numbers_and_no_names(site: Site) -> None:
    site.house.enter("zuzana", "irc", "192.0.2.77")
    ann = site.house.enter("ann", "line", "192.0.2.78", PASSWORD)
    site.house.add_room(ChatRoom, "snuggery")
    ann.say("hello", "/nonsense")
    answer = site.ask("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    for line in [
        'teahouse_sessions{protocol="irc"} 1.0',
        'teahouse_users{kind="account"} 1.0',
        'teahouse_events_total{kind="said"} 1.0',
        "teahouse_messages_total 1.0",
        "teahouse_logins_total 2.0",
        'teahouse_commands_failed_total{code="unknown-command"} 1.0',
        'teahouse_store_commit_seconds_bucket{le="+Inf"}',
        "teahouse_requests_total 1.0",
    ]:
        assert f"\n{line}" in answer.body
    for name in ("zuzana", "ann", "192.0.2", "snuggery", "lobby"):
        assert name not in answer.body


@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("192.0.2.1", "", 403),
        ("127.0.0.1", "192.0.2.1", 403),  # a proxy that nobody trusts
        ("127.0.0.1", "127.0.0.1, 192.0.2.1", 403),
        ("192.0.2.1", "127.0.0.1", 403),
    ],
)
def test_numbers_are_for_those_who_are_named(site: Site, address: str, forwarded: str, status: int) -> None:
    more = {"X_Forwarded_For": forwarded} if forwarded else {}
    assert site.ask("/metrics", address=address, **more).status == status


def test_a_proxy_that_is_trusted_speaks_for_others() -> None:
    site = Site(House(settings(proxy={"trusted": ["127.0.0.0/8"]}, web={"metrics_to": ["192.0.2.0/24"]})))
    assert site.ask("/metrics", X_Forwarded_For="192.0.2.1").status == 200
    assert site.ask("/metrics", X_Forwarded_For="198.51.100.1").status == 403


def test_what_is_switched_off_is_not_there() -> None:
    site = Site(House(settings(web={"metrics": False, "status": False, "admin": False})))
    for path in ("/metrics", "/status", "/status.json", "/admin", "/admin.json"):
        assert site.ask(path).status == 404
    assert site.ask("/healthz").status == 200


def test_a_listener_for_metrics_has_nothing_else(site: Site) -> None:
    site.factory = MetricsFactory(site.house.server)
    assert site.ask("/metrics", address="192.0.2.1").status == 200
    assert site.ask("/healthz", address="192.0.2.1").status == 200
    for path in ("/", "/status", "/ws", "/admin.json", "/index.html", "/api/v1/me", "/csp-report"):
        assert site.ask(path).status == 404


# ---- status ------------------------------------------------------------------------------------------------


def test_the_page_has_the_numbers_without_a_script(site: Site) -> None:
    for number in range(3):
        site.house.enter(f"user{number}", "irc")
    answer = site.ask("/status")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<b>3</b> <span>0 with an account, 3 guests, 0 bots; at most 3</span>" in answer.body
    assert '<tr><th scope="row">irc</th><td>3</td></tr>' in answer.body
    for chart in page.CHARTS:
        assert f"<h2>{chart.title}</h2><p" in answer.body
    assert not re.search(r"\son\w+=|\sstyle=|<script(?! type=\"module\" src=)|https?:", answer.body)


def test_names_are_text_and_hidden_rooms_are_not_there(site: Site) -> None:
    site.house.add_room(ChatRoom, NASTY)
    hide(site.house.add_room(ChatRoom, "cellar"))
    body = site.ask("/status").body
    assert "&lt;img/src=x&gt;" in body
    assert NASTY not in body
    for path in ("/status", "/status.json"):
        assert "cellar" not in site.ask(path).body
    assert [room["name"] for room in site.ask("/status.json").json["rooms"]["shown"]] == [NASTY]


def test_numbers_are_looked_up_once_a_second(site: Site) -> None:
    site.house.enter("amy")
    before = site.ask("/status.json").json
    site.house.enter("carl")
    assert site.ask("/status.json").json == before
    site.house.wait(1)
    assert site.ask("/status.json").json["people"]["here"] == 2


def test_the_hour_is_bounded_and_ends_with_now(site: Site) -> None:
    amy = site.house.enter("amy")
    for _ in range(65):
        site.house.server.measures._end_minute()
    amy.say("hello")
    hour = site.ask("/status.json").json["hour"]
    assert {len(values) for values in hour.values()} == {60}
    assert hour["messages"][-2:] == [0, 1]


@pytest.mark.parametrize(
    ("say", "value", "text"),
    [
        (words.count, 12345, "12,345"),
        (show_size, 0, "0 B"),
        (show_size, 61_130_000, "58.3 MiB"),
        (words.late, 0.41, "0.4 ms"),
        (words.late, 1240.0, "1.2 s"),
        (words.span, 0, "0 seconds"),
        (words.span, 61, "1 minute 1 second"),
        (words.span, 273_604, "3 days 4 hours"),
    ],
)
def test_numbers_in_words(say: Callable[[float], str], value: float, text: str) -> None:
    assert say(value) == text


def test_the_pages_keep_to_the_policy() -> None:
    """No markup from strings, no inline script or style, nothing from elsewhere."""
    for path in [*STATIC.glob("status/*.js"), *STATIC.glob("admin/*.js"), STATIC / "admin.html"]:
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|\sstyle=|\son\w+=\"", text
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


# ---- the page of the moderators ----------------------------------------------------------------------------


def test_the_page_is_there_for_everyone_and_its_numbers_are_not(site: Site) -> None:
    assert "<title>Moderation</title>" in site.ask("/admin").body
    for path in ("/admin.json", "/admin/audit.json"):
        assert site.ask(path).status == 401
        assert site.ask(path, token="bob.nonsense").status == 401
    assert site.do("", "lockdown", "on").status == 401


def test_only_those_who_keep_the_house_sign_in(site: Site) -> None:
    assert site.ask("/admin/login.json", {"name": "bob", "password": PASSWORD}).status == 403
    assert site.ask("/admin/login.json", {"name": "ann", "password": "wrong"}).status == 401
    assert site.ask("/admin/login.json", {"name": "ann"}).status == 400
    assert site.ask("/admin/login.json", ["ann"]).status == 400
    assert site.ask("/admin/login.json", {"name": "ann"}, Content_Type="text/plain").status == 415
    seen = site.ask("/admin.json", token=site.sign_in("ann")).json
    assert seen["me"] == {"name": "ann", "role": "moderator"}


def test_guesses_are_slowed_down_as_everywhere(site: Site) -> None:
    answers = [site.ask("/admin/login.json", {"name": "ann", "password": "x"}).status for _ in range(6)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_a_ban_and_what_undoes_it(site: Site) -> None:
    troll = site.house.enter("troll", "line", "198.51.100.9")
    token = site.sign_in("ann")
    done = site.do(token, "houseban", "troll 2h spam").json
    assert troll.gone
    assert done["said"][0].startswith("troll is banned from the house until ")
    (ban,) = done["seen"]["bans"]
    assert (ban["about"], ban["by"], ban["reason"]) == ("troll", "ann", "spam")
    assert site.do(token, "houseunban", ban["mask"]).json["seen"]["bans"] == []
    acts = site.ask("/admin/audit.json?by=ann", token=token).json["acts"]
    assert [each["what"] for each in acts] == ["houseunban", "houseban"]


def test_rights_are_those_of_the_commands(site: Site) -> None:
    token = site.sign_in("ann")
    site.house.enter("eve", password=PASSWORD)
    for command, text in [
        ("kill", "eve"),
        ("houseban", "eve"),
        ("shun", "*!*@*"),
        ("houseban", "account:ann"),
    ]:
        answer = site.do(token, command, text)
        assert (answer.status, answer.json["code"]) == (403, "not-allowed"), command
    assert site.do(token, "role", "bob admin").json["code"] == "usage"
    assert site.do(token, "quit").json["code"] == "usage"
    assert site.do(token, "houseunban", "nobody").status == 404
    assert site.ask("/admin/audit.json", token=token).json == {"acts": [], "more": False}


def test_one_does_not_ban_the_place_one_sits_at(site: Site) -> None:
    said = {"command": "houseban", "text": "192.0.2.0/24"}
    answer = site.ask(
        "/admin/do.json", said, token=site.sign_in("ann"), address="192.0.2.5", Accept="application/json"
    )
    assert (answer.status, answer.json["code"]) == (403, "not-allowed")


def test_reports_are_settled_and_their_makers_told(site: Site) -> None:
    amy, troll = site.house.enter("amy"), site.house.enter("troll")
    troll.say(f"{NASTY} buy now")
    amy.say("/report troll spam")
    token = site.sign_in("ann")
    (report,) = site.ask("/admin.json", token=token).json["reports"]
    assert (report["by"], report["about"], report["room"]) == ("amy", "troll", "lobby")
    assert NASTY in report["said"][0]
    amy.shown()
    assert site.do(token, "settle", f"{report['number']} spoken to").json["seen"]["reports"] == []
    assert amy.shown() == ["Your report of troll is settled: spoken to"]
    assert site.do(token, "settle", str(report["number"])).status == 404


def test_lockdown_filters_and_rooms(site: Site) -> None:
    hide(site.house.add_room(ChatRoom, "cellar"))
    token = site.sign_in("ann")
    assert site.do(token, "lockdown", "on").json["seen"]["lockdown"] is True
    assert "no new guests" in " ".join(site.house.connect().say("login newcomer"))
    seen = site.do(token, "housefilter", "mute buy now").json["seen"]
    assert [(each["pattern"], each["action"], each["by"]) for each in seen["filters"]] == [
        ("buy now", "mute", "ann")
    ]
    assert {"name": "cellar", "people": 0, "topic": "", "hidden": True} in seen["rooms"]
    assert site.do(token, "houseunfilter", "buy now").json["seen"]["filters"] == []


def test_a_line_end_does_not_make_a_second_command(site: Site) -> None:
    amy = site.house.enter("amy")
    amy.shown()
    site.do(site.sign_in("ann"), "announce", "tea is\r\nready")
    (line,) = amy.shown()
    assert "tea is ready" in line


def test_the_audit_log_is_filtered_and_paged(site: Site) -> None:
    token = site.sign_in("eve")
    for number in range(35):
        site.do(token, "shun", f"troll{number}")
        site.house.wait(0.25)
    first = site.ask("/admin/audit.json?what=shun", token=token).json
    assert (len(first["acts"]), first["more"]) == (30, True)
    rest = site.ask(f"/admin/audit.json?before={first['acts'][-1]['number']}", token=token).json
    assert (len(rest["acts"]), rest["more"]) == (5, False)
    assert site.ask("/admin/audit.json?about=troll7", token=token).json["acts"][0]["about"] == "troll7"
    assert site.ask("/admin/audit.json?before=x", token=token).status == 400


def test_a_role_that_is_gone_opens_nothing_more(site: Site) -> None:
    token = site.sign_in("ann")
    assert site.do(site.sign_in("eve"), "kill", "nobody").status == 404
    site.house.enter("eve", password=PASSWORD).say("/role ann member")
    assert site.ask("/admin.json", token=token).status == 403


def test_signing_out_and_the_end_of_the_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token = site.sign_in("ann")
    assert site.ask("/admin/logout.json", {}, token=token).status == 204
    assert site.ask("/admin.json", token=token).status == 401
    again = site.sign_in("ann")
    monkeypatch.setattr(entry, "LASTS", timedelta(seconds=-1))
    assert site.ask("/admin.json", token=again).status == 401


def test_an_account_has_few_pages_open(site: Site) -> None:
    made = [site.sign_in("ann") for _ in range(entry.MOST + 2)]
    assert [site.ask("/admin.json", token=each).status for each in made] == [401, 401, 200, 200, 200, 200]
    account: Any = site.house.store.account("ann").__await__()
    with pytest.raises(StopIteration) as found:
        next(account)
    assert len(tokens_of(found.value.value)) == entry.MOST


def test_another_password_closes_the_page(site: Site) -> None:
    token = site.sign_in("ann")
    site.house.enter("ann", password=PASSWORD).say("/password", PASSWORD, "another tea", "another tea")
    assert site.ask("/admin.json", token=token).status == 401


def test_nobody_asks_faster_than_others_type() -> None:
    house = House()
    house.add_account("ann", "moderator")
    site = Site(house)
    token = site.sign_in("ann")
    answers = [site.do(token, "lockdown", "show").status for _ in range(house.server.limits.flood_burst + 1)]
    assert answers[0] == 200
    assert answers[-1] == 429


# ---- a real house ------------------------------------------------------------------------------------------


def test_a_real_house(tmp_path: Path) -> None:
    text = '[listen]\ntelnet = []\nirc = []\nline = ["0"]\nweb = ["0"]\nmetrics = ["0"]\n'
    (tmp_path / "house.toml").write_text(text)
    command = (BIN / "teahouse", "serve", "--config", "house.toml", "--data", "data")
    with Process(*command, cwd=tmp_path, listeners=3) as process:
        ports = {way.split()[0]: way for way in process.ways}
        web, metrics, line = (int(re.findall(r"\d+", ports[name])[0]) for name in ("web", "metrics", "line"))
        with Guest(line, "amy") as amy:
            amy.say("hello")
            amy.wait_for("hello")
            assert _get(web, "/healthz") == (200, "ok\n")
            assert "\nteahouse_messages_total 1.0\n" in _get(metrics, "/metrics")[1]
            assert 'teahouse_sessions{protocol="line"} 1.0' in _get(web, "/metrics")[1]
            assert "<b>1</b>" in _get(web, "/status")[1]
        assert _get(metrics, "/status")[0] == 404


def _get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
