"""Files come and go for who is signed in alone, and a session holds few."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard import cached
from dashboard.server.files import UPLOAD, Files
from dashboard.server.guard import Guard
from data import access, clock
from data.database import open_database
from data.home import Home
from data.scope import local_scope
from data.settings import settings_of
from data.sign_in import path_of, person_of
from tests.dashboard.server.test_guard import HERE, app, asked, status
from tests.data.test_sign_in import WHOLE

SECRET, ROOT = "of-this-server-" * 3, local_scope("root")
PUT, FETCH = f"{UPLOAD}a-session/a-file", "/media/abc.csv"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Sign-in is set up; ada may import, bo is a manager, nobody else is granted anything."""
    found = Home(tmp_path / "home")
    found.path.mkdir()
    path_of(found).write_text(WHOLE)
    path_of(found).chmod(0o600)
    with open_database(found) as database:
        access.give(ROOT, database, "ada@example.com", "admin")
        access.give(ROOT, database, "bo@example.com", "manager")
    before = config.get_option("server.cookieSecret")
    config.set_option("server.cookieSecret", SECRET)
    yield found
    config.set_option("server.cookieSecret", before)
    cached.database.clear()


def claims(who: str, **more: Any) -> dict[str, Any]:
    told = {"iss": "x", "sub": who, "email": f"{who}@example.com", "email_verified": True, "is_logged_in": True}
    return {**told, "iat": clock.now().timestamp(), **more}


def cookie(told: dict[str, Any], secret: str = SECRET) -> str:
    return f"_streamlit_user={create_signed_value(secret, '_streamlit_user', json.dumps(told)).decode()}"


def test_only_who_is_signed_in_and_may_fetches_or_sends_a_file(home: Home) -> None:
    guard = Guard(app, HERE, files=Files(home, 1 << 20))

    def tried(given: str, path: str = FETCH, method: str = "GET") -> int:
        return status(asked(guard, path, method, cookie=given, content_length="10")[0])

    ada, bo, eve = cookie(claims("ada")), cookie(claims("bo")), cookie(claims("eve"))
    forged, old = cookie(claims("ada"), "of-another-server" * 3), cookie(
        claims("ada", iat=(clock.now() - timedelta(days=3)).timestamp())
    )  # fmt: skip
    assert [tried(one) for one in ("", "x=y", forged, old, eve, bo, ada)] == [403] * 5 + [200] * 2
    assert [tried(one, PUT, "PUT") for one in ("", forged, old, eve, bo, ada)] == [403] * 5 + [200]
    assert tried("", "/media/sign.svg") == tried("", "/") == tried("", "/static/app.js") == 200
    with open_database(home) as database:
        access.leave(database, person_of(claims_in(ada), settings_of(home), clock.now()))
    assert (tried(ada), tried(ada, PUT, "PUT")) == (403, 403)  # signed out, though the cookie is still there


def claims_in(given: str) -> dict[str, Any]:
    from dashboard.server.files import claims_of

    return claims_of(given)


def test_a_session_has_room_for_few_files_at_once(tmp_path: Path) -> None:
    files = Files(Home(tmp_path), largest=5 << 20)  # without sign-in
    sends = {"content-length": str(5 << 20)}
    assert files.refusal("PUT", PUT, sends) is None
    assert files.refusal("PUT", PUT, {}) == "size"  # who does not say how much
    assert files.refusal("PUT", PUT, {"content-length": str(60 << 20)}) == "size"
    files.comes(PUT, 5 << 20)
    files.comes(PUT, 5 << 20)
    assert files.refusal("PUT", PUT, sends) == "size"
    assert files.refusal("PUT", f"{UPLOAD}another-session/a-file", sends) is None
    files.comes(PUT, -(5 << 20))
    assert files.refusal("PUT", PUT, sends) is None


def test_what_a_session_is_sending_counts_until_it_has_arrived(tmp_path: Path) -> None:
    files, seen = Files(Home(tmp_path), largest=1 << 20), []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        seen.append(files.refusal("PUT", PUT, {"content-length": str(3 << 20)}))
        await asyncio.sleep(0)
        await app(scope, receive, send)

    assert status(asked(Guard(slow, HERE, files=files), PUT, "PUT", content_length=str(3 << 20))[0]) == 200
    assert seen == ["size"]
    assert files.refusal("PUT", PUT, {"content-length": str(3 << 20)}) is None
