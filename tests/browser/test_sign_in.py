"""Signing in by a real provider, in a real browser: who is let in, who is not, and what ends it.

The provider is a server of its own; the company is small. The tests share both, and each has a browser of its own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from data import access, purpose
from data.database import open_database
from data.derived import derive
from data.home import Home
from data.intake import import_file
from data.scope import local_scope
from data.sign_in import path_of
from tests.browser import company
from tests.browser.conftest import PATIENCE, free_port, served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("sign-in")]
SECRET = "a-cookie-secret-that-is-long-enough-for-it"
MINE, OTHERS = company.TROUBLED, tuple(team for team in company.TEAMS if team != company.TROUBLED)
USERS = (
    {"sub": "ada", "email": "Ada@example.com", "email_verified": True, "name": "Ada Brindlow"},
    {"sub": "bo", "email": "bo@example.com", "email_verified": True},
    {"sub": "una", "email": "una@example.com"},
    {"sub": "rolf", "email": "rolf@example.com", "email_verified": True},
)


@dataclass(frozen=True)
class Place:
    """A home that is served, where it is, and its provider."""

    home: Home
    address: str
    provider: "subprocess.Popen[bytes]"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("sign-in")
    home, provider, port = Home(folder / "home"), free_port(), free_port()
    for name, text in company.files().items():
        (folder / name).write_text(text)
        import_file(home, folder / name, name.removesuffix(".csv"))
    derive(home)
    path_of(home).write_text(secrets(provider, port))
    path_of(home).chmod(0o600)
    with open_database(home) as database:
        for who, role in (("ada@example.com", "manager"), ("rolf@example.com", "member")):
            access.give(local_scope("root"), database, who, role, over="team", place=MINE)
        purpose.keep(local_scope("root"), database, purpose.MADE_UP)
    with provided(provider, folder / "provider.log") as running, served(home, folder / "log", port) as address:
        yield Place(home, address, running)


def secrets(provider: int, port: int) -> str:
    return (
        f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{SECRET}"\n'
        'client_id = "heartline"\nclient_secret = "of the client"\n'
        f'server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"\n'
    )


class provided:  # noqa: N801 - used as a function
    """The provider as a server of its own, stopped in the end if it still runs."""

    def __init__(self, port: int, log: Path) -> None:
        users = [word for user in USERS for word in ("--user-claims", json.dumps(user))]
        command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), *users]
        self.port, self.out = port, log.open("w")
        self.process = subprocess.Popen(command, stdout=self.out, stderr=self.out, cwd="/")

    def __enter__(self) -> "subprocess.Popen[bytes]":
        for _ in range(300):
            try:
                with urlopen(f"http://localhost:{self.port}/.well-known/openid-configuration", timeout=5):
                    return self.process
            except (URLError, OSError):
                time.sleep(0.1)  # its start is the one thing that nothing tells us of
        pytest.fail(f"The provider did not answer: {Path(self.out.name).read_text()}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.out.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


def at_the_door(context: BrowserContext, address: str) -> Page:
    """The page that asks to sign in, settled."""
    page = context.new_page()
    page.goto(address)
    settled(page)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    return page


def sign_in(context: BrowserContext, address: str, who: str) -> Page:
    page = at_the_door(context, address)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(who)  # any of USERS, or somebody else
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url(f"{address.split('/', 3)[0]}//{address.split('/', 3)[2]}/**")
    settled(page)
    return page


def said(page: Page) -> str:
    return page.locator("[data-testid=stApp]").inner_text()


def test_a_manager_signs_in_comes_where_the_link_led_sees_their_team_alone_and_signs_out_everywhere(
    place: Place, context: BrowserContext
) -> None:
    link = f"{place.address}/team?team={MINE}"
    before = at_the_door(context, link)
    assert not any(team in said(before) for team in company.TEAMS)
    page = sign_in(context, link, "ada")
    expect(page.get_by_role("heading", level=1)).to_contain_text(MINE)
    assert page.url.endswith(f"/team?team={MINE}")
    assert not any(team in said(page) for team in OTHERS)
    for path in (f"/team?team={OTHERS[0]}", "/", "/handoffs"):
        page.goto(place.address + path)
        settled(page)
        assert not any(team in said(page) for team in OTHERS if team not in path), path  # what was typed is told back
    page.goto(place.address + "/access")
    expect(page.get_by_role("heading", level=1)).to_have_text("Access is not part of your access")
    stolen = context.cookies()
    other = context.new_page()
    other.goto(link)
    settled(other)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session**")  # signed out at the provider, too
    other.get_by_role("link", name="Overview").click()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    context.add_cookies(stolen)  # type: ignore[arg-type]  # what came out goes in again
    again = at_the_door(context, link)
    expect(again.get_by_text("You signed out")).to_be_visible()
    assert MINE not in said(again)


@pytest.mark.parametrize(
    ("who", "told"), [("bo", "nothing is shown to you yet"), ("una", "does not say that the address")]
)
def test_without_a_grant_or_a_verified_address_nothing_is_shown_and_why_is_said(
    place: Place, context: BrowserContext, who: str, told: str
) -> None:
    page = sign_in(context, f"{place.address}/team?team={MINE}", who)
    expect(page.get_by_text(told)).to_be_visible()
    assert f"{who}@example.com" in said(page).replace("\u2060", "")
    assert not any(team in said(page) for team in company.TEAMS)


def test_who_is_denied_by_the_provider_is_told_and_can_try_again(place: Place, context: BrowserContext) -> None:
    page = at_the_door(context, f"{place.address}/")
    page.get_by_role("button", name="Sign in").click()
    page.locator("button[value=deny]").click()
    expect(page.get_by_text("That did not sign you in")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_sign_in_of_long_ago_is_asked_for_again(place: Place, context: BrowserContext) -> None:
    claims = {**USERS[0], "iss": "http://localhost", "iat": time.time() - 13 * 3600, "nonce": "n"}
    told = {**claims, "origin": place.address, "is_logged_in": True, "provider": "default"}
    signed = create_signed_value(SECRET, "_streamlit_user", json.dumps(told)).decode()
    context.add_cookies([{"name": "_streamlit_user", "value": signed, "url": place.address}])
    page = at_the_door(context, f"{place.address}/team?team={MINE}")
    expect(page.get_by_text("more than 12 hours ago")).to_be_visible()
    assert MINE not in said(page)


def test_a_cookie_that_others_signed_lets_nobody_in(place: Place, context: BrowserContext) -> None:
    told = {**USERS[0], "iss": "x", "iat": time.time(), "origin": place.address, "is_logged_in": True}
    signed = create_signed_value("another-secret-" * 3, "_streamlit_user", json.dumps(told)).decode()
    context.add_cookies([{"name": "_streamlit_user", "value": signed, "url": place.address}])
    assert MINE not in said(at_the_door(context, f"{place.address}/team?team={MINE}"))


def test_a_grant_that_is_withdrawn_acts_at_the_next_click_and_a_provider_that_is_down_keeps_nobody_out_who_is_in(
    place: Place, context: BrowserContext, browser: Browser
) -> None:
    """Last, for it stops the provider."""
    page = sign_in(context, f"{place.address}/team?team={MINE}", "rolf")
    expect(page.get_by_role("heading", level=1)).to_contain_text(MINE)
    place.provider.terminate()
    place.provider.wait(timeout=30)
    page.get_by_role("link", name="Overview").click()
    settled(page)
    expect(page.get_by_text("Signed in as rolf")).to_be_visible()
    stranger = browser.new_context()
    stranger.set_default_timeout(PATIENCE)
    at = at_the_door(stranger, f"{place.address}/")
    at.get_by_role("button", name="Sign in").click()
    expect(at.get_by_text("cannot be reached just now")).to_be_visible()
    stranger.close()
    with open_database(place.home) as database:
        root = local_scope("root")
        [mine] = [one for one in access.list_(root, database, standing=True) if one.subject == "rolf@example.com"]
        access.withdraw(root, database, mine.id)
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page.get_by_text("nothing is shown to you yet")).to_be_visible()
