"""Files that are uploaded: who may, what stops one, and that nothing is left of what was stopped."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from teahouse.accounts import tokens
from teahouse.moderation.rules import Rule
from teahouse.protocols.web.incoming import CONTINUE, PATIENCE
from teahouse.settings import Web
from teahouse.uploads.tickets import SECONDS
from uploads_rig import HTML, PNG, Client, Rig, basic, opened

AMY = basic("amy")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path) as rig:
        yield rig


def test_a_file_is_kept_for_its_owner_alone(rig: Rig) -> None:
    made = rig.upload()
    assert made.status == 201
    assert made.text == made.headers["Location"] + "\n"
    _, _, id_, name = made.path.split("/")
    assert (len(id_), name) == (32, "tea.png")
    assert rig.files == [id_]
    path = rig.directory / id_
    assert path.read_bytes() == PNG
    assert (path.stat().st_mode & 0o777, rig.directory.stat().st_mode & 0o777) == (0o600, 0o700)
    kept = rig.wait(rig.server.store.upload(id_))
    assert (kept.account, kept.name, kept.type, kept.size) == ("amy", "tea.png", "image/png", len(PNG))
    counters = rig.server.measures.counters
    assert (counters.uploads, counters.uploaded_bytes) == (1, len(PNG))


def test_post_as_irc_clients_do(rig: Rig) -> None:
    made = rig.ask(
        "POST",
        "/uploads",
        PNG,
        Authorization=AMY,
        Content_Type="image/png",
        Content_Disposition="attachment; filename*=UTF-8''%C3%A7ay%20%F0%9F%8D%B5.png",
    )
    assert made.status == 201
    assert made.path.endswith("/%C3%A7ay%20%F0%9F%8D%B5.png")
    assert rig.ask("GET", made.path).body == PNG


def test_programs_are_answered_in_json(rig: Rig) -> None:
    made = rig.upload(Accept="application/json")
    assert made.headers["Content-Type"] == "application/json"
    assert f'"url":"{made.headers["Location"]}"' in made.text
    refused = rig.ask("POST", "/uploads", PNG, Accept="application/json")
    assert (refused.status, '"code":"account-needed"' in refused.text) == (401, True)


def test_the_address_that_is_told_is_the_one_that_is_set(tmp_path: Path) -> None:
    with opened(tmp_path, web=Web(url="https://tea.example/")) as rig:
        assert rig.upload().headers["Location"].startswith("https://tea.example/uploads/")


@pytest.mark.parametrize("size", [1, 1023, 1024, 131_072, 300_000])
def test_a_file_in_pieces(rig: Rig, size: int) -> None:
    body = (PNG * (size // len(PNG) + 1))[:size]
    client = Client(rig)
    client.asks("PUT", "/uploads/x.bin", Content_Length=str(size), Authorization=AMY)
    for start in range(0, size, 50_000):
        client.sends(body[start : start + 50_000])
    made = client.answer()
    client.lose()
    assert made.status == 201
    assert (rig.directory / rig.files[0]).read_bytes() == body


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def test_a_file_whose_length_nobody_knows(rig: Rig) -> None:
    made = rig.upload(chunked(PNG[:5], PNG[5:], b""), Transfer_Encoding="chunked")
    assert made.status == 201
    assert (rig.directory / rig.files[0]).read_bytes() == PNG


def test_the_next_request_over_the_same_connection(rig: Rig) -> None:
    client = Client(rig)
    client.asks(
        "PUT",
        "/uploads/a.png",
        PNG + b"GET /healthz HTTP/1.1\r\n\r\n",
        Content_Length=str(len(PNG)),
        Authorization=AMY,
    )
    assert client.wire.value().count(b"HTTP/1.1 20") == 2
    client.lose()
    assert (rig.directory / rig.files[0]).read_bytes() == PNG


# ---- who may ---------------------------------------------------------------------------------------------------


def test_nobody_is_refused_before_the_file_is_read(rig: Rig) -> None:
    client = Client(rig)
    client.asks("POST", "/uploads", Content_Length="5000000", Expect="100-continue")
    refused = client.answer()
    assert (refused.status, refused.headers["WWW-Authenticate"][:5], client.is_closed) == (401, "Basic", True)
    client.lose()
    assert rig.files == []


def test_one_who_waits_is_told_to_send_when_the_house_wants_it(rig: Rig) -> None:
    client = Client(rig)
    client.asks(
        "PUT", "/uploads/a.png", Content_Length=str(len(PNG)), Expect="100-continue", Authorization=AMY
    )
    assert client.wire.value() == CONTINUE
    client.wire.clear()
    client.sends(PNG)
    assert client.answer().status == 201
    client.lose()


@pytest.mark.parametrize(
    "said",
    ["Basic", "Basic %%%", "Basic YW15", "Basic /w==", "Digest x", "Bearer", "Bearer nothing", "Bearer a.b"],
)
def test_what_is_no_proof(rig: Rig, said: str) -> None:
    assert rig.ask("PUT", "/uploads/a.png", PNG, Authorization=said).status == 401
    assert rig.files == []


def test_guesses_are_slowed_down_as_everywhere(rig: Rig) -> None:
    answers = [rig.ask("PUT", "/uploads/a", PNG, Authorization=basic("amy", f"guess {n}")) for n in range(5)]
    assert [each.status for each in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_token_that_may_write(rig: Rig) -> None:
    account = rig.wait(rig.server.store.account("amy"))
    for scopes, status in ((("write",), 201), (("read", "moderate"), 403)):
        text, _ = rig.wait(tokens.create(rig.server, account, scopes))
        assert rig.ask("PUT", "/uploads/a.png", PNG, Authorization=f"Bearer {text}").status == status


def test_a_ticket_is_good_once_and_for_a_minute(rig: Rig) -> None:
    first, second = (rig.server.uploads.tickets.give("amy") for _ in range(2))
    statuses = [
        rig.ask("PUT", "/uploads/a.png", PNG, Authorization=f"Bearer {first}").status for _ in range(2)
    ]
    assert statuses == [201, 401]
    rig.house.passes(SECONDS)
    assert rig.ask("PUT", "/uploads/a.png", PNG, Authorization=f"Bearer {second}").status == 401


def test_the_role_that_is_asked_for(tmp_path: Path) -> None:
    with opened(tmp_path, role="moderator") as rig:
        rig.add("mia", "moderator")
        assert [rig.upload(who=who).status for who in ("amy", "mia")] == [403, 201]


def test_who_is_banned_uploads_nothing(rig: Rig) -> None:
    rig.server.order.bans.add(Rule("account:amy", "mia", rig.server.order.now()))
    assert rig.upload().status == 403


def test_a_house_that_takes_no_files(tmp_path: Path) -> None:
    with opened(tmp_path, role="nobody") as rig:
        assert [rig.upload().status, rig.ask("OPTIONS", "/uploads").status] == [404, 404]
    with opened(tmp_path) as rig:
        rig.server.uploads.directory = None
        assert rig.upload().status == 404


def test_pages_of_other_sites(tmp_path: Path) -> None:
    with opened(tmp_path, web=Web(origins=["https://gamja.example"])) as rig:
        assert rig.upload(Origin="https://evil.example").status == 403
        assert rig.upload(Origin="http://here").status == 201
        made = rig.upload(Origin="https://gamja.example")
        assert made.headers["Access-Control-Allow-Origin"] == "https://gamja.example"
        assert made.headers["Access-Control-Expose-Headers"] == "Location"
        refused = rig.ask("POST", "/uploads", PNG, Origin="https://gamja.example")
        assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (
            401,
            "https://gamja.example",
        )
        asked = rig.ask(
            "OPTIONS", "/uploads", Origin="https://gamja.example", Access_Control_Request_Method="POST"
        )
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]


def test_options(tmp_path: Path) -> None:
    with opened(tmp_path, kinds=["image/*", "text/plain"]) as rig:
        answer = rig.ask("OPTIONS", "/uploads")
        assert (answer.status, answer.headers["Allow"]) == (204, "POST, OPTIONS")
        assert answer.headers["Accept-Post"] == "image/*, text/plain"
        assert rig.ask("GET", "/uploads").status == 405


# ---- how much --------------------------------------------------------------------------------------------------


def test_a_file_that_is_announced_too_large(tmp_path: Path) -> None:
    with opened(tmp_path, file_bytes=1000) as rig:
        refused = rig.upload()
        assert (refused.status, refused.text) == (413, "A file has at most 1000 B here.\n")
        assert rig.files == []


def test_a_client_that_is_refused_may_end_its_sentence(tmp_path: Path) -> None:
    with opened(tmp_path, file_bytes=1000) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", Content_Length="90000", Authorization=AMY)
        for _ in range(8):
            client.sends(bytes(10_000))
            assert not client.has_answer
        client.sends(bytes(10_000))
        assert client.answer().status == 413
        assert not client.is_closed
        client.lose()
        client = Client(rig)
        client.asks("PUT", "/uploads/a", Content_Length=str(PATIENCE * 2), Authorization=AMY)
        assert (client.answer().status, client.is_closed) == (413, True)
        client.sends(bytes(10_000))  # it goes on all the same
        client.lose()


def test_a_file_that_grows_too_large(tmp_path: Path) -> None:
    with opened(tmp_path, file_bytes=1000) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", chunked(bytes(600)), Transfer_Encoding="chunked", Authorization=AMY)
        assert len(rig.files) == 1
        client.sends(chunked(bytes(600)))
        assert rig.files == []
        client.sends(chunked(bytes(600), b""))
        assert client.answer().status == 413
        client.lose()


def test_an_endless_file_is_not_listened_to_for_ever(tmp_path: Path) -> None:
    with opened(tmp_path, file_bytes=1000) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", Transfer_Encoding="chunked", Authorization=AMY)
        sent = 0
        while not client.has_answer:
            client.sends(chunked(bytes(1 << 20)))
            sent += 1 << 20
            assert sent <= PATIENCE + (2 << 20)
        assert (client.answer().status, client.is_closed) == (413, True)
        client.lose()


def test_all_files_of_an_account(tmp_path: Path) -> None:
    with opened(tmp_path, account_bytes=2 * len(PNG) + 10) as rig:
        rig.add("bob")
        assert [rig.upload().status for _ in range(3)] == [201, 201, 507]
        assert rig.upload(chunked(PNG, b""), Transfer_Encoding="chunked").status == 507
        assert rig.upload(chunked(b"tea", b""), Transfer_Encoding="chunked").status == 201
        assert rig.upload(who="bob").status == 201


def test_all_files_of_the_house(tmp_path: Path) -> None:
    with opened(tmp_path, house_bytes=2 * len(PNG)) as rig:
        rig.add("bob")
        assert [rig.upload(who=who).status for who in ("amy", "bob", "amy")] == [201, 201, 507]
        assert len(rig.files) == 2


def test_what_is_on_its_way_counts(tmp_path: Path) -> None:
    with opened(tmp_path, account_bytes=len(PNG) + 10) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", Content_Length=str(len(PNG)), Authorization=AMY)
        assert rig.upload().status == 507
        client.lose()
        assert rig.upload().status == 201


def test_files_in_an_hour(tmp_path: Path) -> None:
    with opened(tmp_path, files_per_hour=2) as rig:
        rig.add("bob")
        answers = [rig.upload(b"tea") for _ in range(3)]
        assert [each.status for each in answers] == [201, 201, 429]
        assert answers[-1].headers["Retry-After"] == "1800"
        assert rig.upload(b"tea", who="bob").status == 201
        rig.house.passes(1800)
        assert rig.upload(b"tea").status == 201


def test_uploads_at_once(tmp_path: Path) -> None:
    with opened(tmp_path, at_once=3, at_once_per_account=2) as rig:
        rig.add("bob")
        rig.add("eve")
        clients = [Client(rig) for _ in range(3)]
        for client, who in zip(clients, ("amy", "amy", "bob"), strict=True):
            client.asks("PUT", "/uploads/a", Content_Length="100", Authorization=basic(who))
        refused = [rig.upload(who=who) for who in ("amy", "eve")]
        assert [each.status for each in refused] == [503, 503]
        assert refused[0].headers["Retry-After"]
        for client in clients:
            client.lose()
        assert rig.upload(who="eve").status == 201


def test_the_disk_keeps_some_space_free(tmp_path: Path) -> None:
    with opened(tmp_path, free_bytes=1 << 60) as rig:
        refused = rig.upload()
        assert (refused.status, "no space" in refused.text) == (507, True)
        assert rig.files == []


@contextmanager
def disk_that_takes(size: int) -> Iterator[None]:
    """No file gets larger: the kernel says so in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_in_the_middle(rig: Rig) -> None:
    with disk_that_takes(200_000):
        assert rig.upload(bytes(500_000)).status == 507
        assert rig.files == []
        assert rig.upload(bytes(150_000)).status == 201


def test_a_directory_that_cannot_be_written(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    rig.server.uploads.directory = tmp_path / "file" / "uploads"
    refused = rig.upload()
    assert (refused.status, "cannot keep files" in refused.text) == (503, True)


# ---- what stops in the middle ----------------------------------------------------------------------------------


def test_a_client_that_goes_in_the_middle_leaves_nothing(rig: Rig) -> None:
    client = Client(rig)
    client.asks("PUT", "/uploads/a", bytes(200_000), Content_Length="500000", Authorization=AMY)
    assert [name[-5:] for name in rig.files] == [".part"]
    client.lose()
    assert rig.files == []


def test_an_upload_that_takes_too_long(tmp_path: Path) -> None:
    with opened(tmp_path, seconds=20) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", b"t", Content_Length="3", Authorization=AMY)
        rig.house.passes(19)
        client.sends(b"e")  # a byte now and then changes nothing
        rig.house.passes(2)
        assert (client.answer().status, client.is_closed, rig.files) == (408, True, [])
        client.lose()


def test_one_who_was_refused_and_goes_on_for_too_long(tmp_path: Path) -> None:
    with opened(tmp_path, seconds=20, file_bytes=10) as rig:
        client = Client(rig)
        client.asks("PUT", "/uploads/a", b"t", Content_Length="300", Authorization=AMY)
        rig.house.passes(21)
        assert (client.answer().status, client.is_closed) == (413, True)
        client.lose()


def test_no_more_is_read_than_is_written(rig: Rig) -> None:
    """While a file is looked at, the connection is not read."""
    client = Client(rig)
    client.channel.dataReceived(
        b"PUT /uploads/a HTTP/1.1\r\nHost: here\r\nContent-Length: 300000\r\nAuthorization: "
        + AMY.encode()
        + b"\r\n\r\n"
    )
    assert client.is_paused
    client.channel.dataReceived(bytes(65_536))
    assert client.is_paused
    rig.house.rests()
    assert not client.is_paused
    client.channel.dataReceived(bytes(65_536))
    assert client.is_paused
    client.lose()


def test_who_is_suspended_in_the_middle_has_brought_nothing(rig: Rig) -> None:
    client = Client(rig)
    client.asks("PUT", "/uploads/a", Content_Length="3", Authorization=AMY)
    account = rig.wait(rig.server.store.account("amy"))
    rig.wait(rig.server.accounts.change(account, suspended=True))
    client.sends(b"tea")
    assert (client.answer().status, rig.files) == (401, [])
    client.lose()


def test_an_account_that_is_gone_in_the_middle(rig: Rig) -> None:
    client = Client(rig)
    client.asks("PUT", "/uploads/a", Content_Length="3", Authorization=AMY)
    rig.wait(rig.server.accounts.remove(rig.wait(rig.server.store.account("amy"))))
    client.sends(b"tea")
    assert (client.answer().status, rig.files) == (401, [])
    client.lose()


# ---- of which kind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content_Type": "image/png"}, PNG, 201),
        ({"Content_Type": "IMAGE/PNG; x=y"}, PNG, 201),
        ({"Content_Type": "text/html"}, HTML, 415),
        ({"Content_Type": "image/png"}, HTML, 415),
        ({"Content_Type": "image/svg+xml"}, b"<svg/>", 415),
        ({}, PNG, 201),
        ({}, HTML, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, PNG, 415),
    ],
)
def test_kinds_that_are_not_taken(tmp_path: Path, headers: dict[str, Any], body: bytes, status: int) -> None:
    with opened(tmp_path, kinds=["image/*"]) as rig:
        assert rig.upload(body, **headers).status == status
        assert len(rig.files) == (status == 201)


def test_an_empty_file(rig: Rig) -> None:
    assert rig.upload(b"", Content_Length="0").status == 400
    assert rig.upload(b"").status == 400
    assert rig.files == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/uploads/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("/uploads/%2e%2e", "file"),
        ("/uploads/a%00b.png", "b.png"),
        ("/uploads/C:%5Cwindows%5Cx.png", "x.png"),
        ("/uploads/%E2%80%AEgnp.exe", "gnp.exe"),
        ("/uploads/a%0d%0aSet-Cookie:x", "a Set-Cookie_x"),
        ("/uploads/.htaccess", "htaccess"),
        ("/uploads/" + "x" * 300 + ".png", "x" * 96 + ".png"),
        ("/uploads/%22;x=%22.png", "_;x=_.png"),
    ],
)
def test_names_lead_nowhere(rig: Rig, path: str, name: str) -> None:
    made = rig.upload(path=path)
    assert made.status == 201
    (kept,) = rig.wait(rig.server.store.uploads())
    assert kept.name == name
    assert rig.files == [kept.id]
    assert rig.ask("GET", made.path).body == PNG
