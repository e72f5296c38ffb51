"""A retrospective in a real browser: one leads, others take part on phones; one reloads, is cut off, or comes late."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from data.coaching import actions
from data.database import open_database
from data.home import Home
from data.retro import leading, outcome
from data.scope import local_scope
from tests.browser.axe import lasting
from tests.browser.conftest import PATIENCE, served, settled
from tests.dashboard.conftest import own  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
TEAM = "North Parcels"
SCRIPT = "<img src=x onerror=\"document.title='taken'\"> *all* week"


@contextmanager
def device(browser: Browser, width: int) -> Iterator[Page]:
    """A device of its own: its cookies are no other's."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    try:
        yield page
    except BaseException:
        print(f"On a screen of {width}:\n{page.locator('body').inner_text()}\n")
        raise
    finally:
        context.close()


def test_from_joining_to_recorded_actions(browser: Browser, own: Home, tmp_path: Path) -> None:  # noqa: F811
    with served(own, tmp_path / "log") as address, device(browser, 1440) as lead:
        code = begin(lead, address)
        with (
            device(browser, 390) as ana,
            device(browser, 390) as ben,
            device(browser, 390) as cem,
            device(browser, 390) as dora,
            device(browser, 390) as late,
        ):
            cut = line(dora)
            early = [lead.context.new_page(), ana, ben, cem, dora]
            for seat in early:
                join(seat, f"{address}/retrospective?join={code}")
            safe_to_speak(lead, early)
            praise_and_signs(lead, ana)
            writing(lead, [ana, ben, cem, dora], cut)
            join(late, f"{address}/retrospective?join={code.lower()}")
            voting(lead, [ana, ben, late])
            agree_and_close(lead, [ana, late])
            expect(dora.get_by_label("Hinders")).to_have_count(1)  # once the page is drawn anew
            expect(dora.get_by_label("Hinders")).to_have_value("Still typing")
    kept(own)


def line(page: Page) -> list[WebSocketRoute]:
    """The lines of this page to the server, the last one is in use: so that one can be cut."""
    lines: list[WebSocketRoute] = []

    def joined(route: WebSocketRoute) -> None:
        route.connect_to_server()
        lines.append(route)

    page.route_web_socket("**/_stcore/stream*", joined)
    return lines


def begin(lead: Page, address: str) -> str:
    lead.goto(f"{address}/retrospective")
    team = lead.get_by_label("Team")
    team.fill(TEAM)
    team.press("Enter")
    lead.get_by_role("button", name="Open a retrospective").click()
    expect(lead.get_by_alt_text("A QR code")).to_be_visible()
    return lead.locator(".st-key-join-code").inner_text().replace(" ", "").strip()


def join(seat: Page, link: str) -> None:
    seat.goto(link)
    seat.get_by_role("button", name="Take part").click()
    expect(seat.get_by_role("heading", name=f"Retrospective: {TEAM}")).to_be_visible()
    expect(seat.get_by_role("link", name="Overview")).to_have_count(0)


def safe_to_speak(lead: Page, seats: list[Page]) -> None:
    """Five answer, one of them reloads before: it is the same seat, and the distribution comes at once."""
    seats[1].reload()
    for number, seat in enumerate(seats):
        seat.get_by_text(f"{1 + number % 5}: ").first.click()
    expect(lead.get_by_text("5 of 5 answered")).to_be_visible()
    expect(lead.get_by_text("Safe to speak").first).to_be_visible()
    lead.get_by_role("button", name="Show the answers").click()
    for seat in seats:
        expect(seat.get_by_text("2 of 5 can talk about anything or almost anything; 2 will not")).to_be_visible()
        expect(seat.get_by_text("please do not ask who")).to_be_visible()
    seats[0].close()


def praise_and_signs(lead: Page, ana: Page) -> None:
    on(lead, "Last time")
    expect(ana.get_by_role("heading", name="What became of last time's actions?")).to_be_visible()
    on(lead, "Praise")
    write(ana, "thanks", "Thank you, night shift")
    on(lead, "Our signs")
    write(ana, "remark", SCRIPT)
    lead.get_by_role("button", name="Show all cards").click()
    expect(lead.get_by_text(SCRIPT)).to_be_visible()
    lead.get_by_role("button", name="Send it to the manager").click()
    expect(lead.get_by_text("Sent to the manager")).to_be_visible()
    assert lead.title() != "taken"


def writing(lead: Page, seats: list[Page], cut: list[WebSocketRoute]) -> None:
    """Cards are hidden, then shown all at once; what somebody is still typing stays where it is."""
    ana, ben, cem, dora = seats
    on(lead, "Helps, hinders")
    write(ana, "helps", "Lunch together")
    write(ben, "hinders", "Two systems")
    write(cem, "hinders", "Two passwrds")
    cem.get_by_role("button", name="Change").click()
    cem.get_by_label("Hinders").fill("Two passwords")
    cem.get_by_role("button", name="Save the change").click()
    expect(cem.get_by_text("Two passwords").first).to_be_visible()
    expect(lead.get_by_text("1 card on what helps, 2 on what hinders written")).to_be_visible()
    expect(ben.get_by_text("Lunch together")).to_have_count(0)
    expect(dora.get_by_label("Hinders")).to_be_visible()
    dora.get_by_label("Hinders").fill("x" * 501)
    dora.locator(".st-key-add-hinders button").click()
    expect(dora.get_by_text("The card has 501 characters; at most 500 can be kept")).to_be_visible()
    dora.get_by_label("Hinders").fill("Still typing")
    comes_back(dora, cut)
    expect(dora.get_by_label("Hinders")).to_have_count(1)  # once the page is drawn anew
    expect(dora.get_by_label("Hinders")).to_have_value("Still typing")
    lead.get_by_role("button", name="Show all cards").click()
    for seat in seats:
        expect(seat.get_by_text("Lunch together")).to_be_visible()
    expect(dora.get_by_text("This was not added").filter(visible=True)).to_have_count(1)
    expect(ana.get_by_label("Hinders")).to_be_hidden()
    shuts_nobody_out(lead)


def comes_back(page: Page, lines: list[WebSocketRoute]) -> None:
    """Cut the line: the page joins again by itself, and is drawn anew once (for a moment beside what it was)."""
    before = len(lines)
    lines[-1].close()
    while len(lines) == before:
        page.wait_for_timeout(100)
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-connection-state", "CONNECTED")
    settled(page)
    expect(page.get_by_label("Hinders")).to_have_count(1)


def shuts_nobody_out(page: Page) -> None:
    """By axe, and nothing is wider than the screen."""
    assert lasting(page) == []
    width = page.viewport_size or {"width": 0}
    assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]


def voting(lead: Page, seats: list[Page]) -> None:
    on(lead, "Group")
    expect(lead.get_by_text("Tick those that belong together")).to_be_visible()
    for words in ("Two systems", "Two passwords"):
        lead.locator(".st-key-retro-group").get_by_text(words).click()
    lead.get_by_label("Name of a new group").fill("Our tools")
    lead.get_by_role("button", name="Put them together").click()
    expect(lead.get_by_text("2 cards: take one out")).to_be_visible()
    on(lead, "Vote")
    for seat in seats:
        box = seat.locator("[data-testid=stVerticalBlock]").filter(has_text="Our tools")
        for left in (2, 1, 0):
            box.get_by_role("button", name="Vote").first.click()
            expect(seat.get_by_text(f"You have {left} of 3 votes left")).to_be_visible()
        expect(box.get_by_role("button", name="Vote").first).to_be_disabled()
    shuts_nobody_out(seats[0])
    lead.get_by_role("button", name="Close the vote and show it").click()
    expect(seats[0].get_by_text("9 votes.")).to_be_visible()


def agree_and_close(lead: Page, seats: list[Page]) -> None:
    on(lead, "Agree")
    play = lead.get_by_label("Play")
    play.fill("Own it to the end")
    play.press("Enter")
    expect(lead.get_by_text("Nobody here has ended an action of this play")).to_be_visible()
    lead.get_by_label("Owner").fill("Ines")
    lead.get_by_role("button", name="Record the action").click()
    for seat in seats:
        expect(seat.get_by_text("Own it to the end").first).to_be_visible()
    lead.get_by_role("button", name="Close it").click()
    lead.get_by_role("button", name="Close the retrospective").click()
    for page in (lead, *seats):
        expect(page.get_by_role("heading", name="What we try")).to_be_visible()
        expect(page.get_by_text("9 votes. Our tools:")).to_be_visible()


def on(lead: Page, stage: str) -> None:
    lead.get_by_role("button", name=f"Next: {stage}").click()


def write(seat: Page, kind: str, words: str) -> None:
    seat.locator(f".st-key-write-{kind} textarea").fill(words)
    seat.locator(f".st-key-add-{kind} button").click()
    expect(seat.get_by_text("yours, hidden until all are shown")).to_be_visible()


def kept(home: Home) -> None:
    """The action is recorded as any other, with what was seen and what is fixed; six devices took part."""
    scope = local_scope("test")
    with open_database(home) as database:
        [at] = leading.list_(scope, database)
        [made] = outcome.agreed(scope, database, at.id)
        assert made in actions.list_(scope, database, team=at.team_id)
    assert (made.play, made.owner, at.team_id) == ("Own it to the end", "Ines", "north-parcels")
    assert made.seen
    assert made.fixed
    assert made.fixed["teams"] == [at.team_id]
    assert made.why.startswith("Our tools: Two ")
    assert (at.summary or {})["took_part"] == 6
    assert (at.summary or {})["safety"] == [1, 1, 1, 1, 1]
