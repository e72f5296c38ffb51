"""What a review says and asks, and what is said where none can be made: no data, no branch, a renamed branch."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.reports import frozen
from dashboard.reports.gathered import Row
from data.ask import Company
from data.errors import Trouble
from data.home import Home
from data.reviewing import decisions, periods, reviews
from metrics.sign import all_signs
from tests.dashboard.reports.conftest import NOW, SCOPE, TYPED, Made

pytestmark = pytest.mark.xdist_group("reviews")
Q3 = periods.parse("2026-Q3")


def run(home: Home, *words: str) -> str:
    told = CliRunner().invoke(app, ["review", *words, "--home", str(home.path)], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.stdout


def blocks(made: Made, key: str) -> list[Row]:
    return next(one["blocks"] for one in made.review.content["sections"] if one["key"] == key)


def test_it_stands_in_the_order_of_the_meeting(made: Made) -> None:
    keys = [one["key"] for one in made.review.content["sections"]]
    assert keys == ["last", "changes", "branches", "signs", "customers", "staff", "coaching", "unsaid", "asks"]


def test_three_changes_at_most_one_a_sign_and_one_thing_that_cannot_be_said(made: Made) -> None:
    told = blocks(made, "changes")
    heads = [place for place, one in enumerate(told) if one["kind"] == "heading"]
    changed = [one for one in told[: heads[0]] if one["kind"] == "point"]
    assert len({one["see"] for one in changed}) == len(changed) <= 3
    assert told[-2]["text"] == "What we cannot say"


def test_coaching_that_ended_is_told_with_its_verdict_and_without_its_teams_name(made: Made) -> None:
    told = blocks(made, "last")
    assert told[1]["text"].startswith("2 actions that began earlier came to their end or review in this quarter")
    assert [one["lead"] for one in told[2:]] == ["Role swap, a team in North.", "Role swap, a team in South."]
    assert all("Is the customer passed on?" in one["text"] for one in told[2:])


def test_branches_stand_by_name(made: Made) -> None:
    table = next(one for one in blocks(made, "branches") if one["kind"] == "table")
    assert table["head"] == ["", "Harbour", "North", "South"]
    assert not any("disheartened" in row[0] for row in table["rows"])  # one or two teams a branch: told of all together


def test_what_is_asked_for_is_numbered_as_it_was_typed(made: Made) -> None:
    asks = made.review.content["asks"]
    assert [one["text"] for one in asks[:3]] == list(TYPED)
    assert [one["number"] for one in asks] == list(range(1, len(asks) + 1))
    assert all(one["suggested"] for one in asks[3:])


def test_every_figure_leads_to_its_passport(made: Made) -> None:
    content = made.review.content
    known = {one["key"] for one in content["passports"]}
    seen = {block["see"] for one in content["sections"] for block in one["blocks"] if block.get("see")}
    assert seen | {one["see"] for one in content["figures"].values()} <= known
    assert known >= {f"sign:{key}" for key in all_signs()}
    for one in content["passports"]:
        told = dict(one["rows"])
        assert told["Versions"].startswith("data version 1, version ")
        assert told["Window"]
        assert one["link"].startswith("https://heartline.example.com/")


def test_asked_again_it_is_the_one_that_is_there(made: Made) -> None:
    again = frozen.review(Company(made.home, 1), SCOPE, made.database, Q3, now=NOW + timedelta(days=400))
    assert (again.review, again.new) == (made.review, False)
    assert "ask for a new one (--new)" in again.said
    with pytest.raises(Trouble, match="is frozen already"):
        frozen.review(Company(made.home, 1), SCOPE, made.database, Q3, asks=["One more?"])


@pytest.mark.parametrize(
    ("period", "branch", "said"),
    [
        ("2031-Q1", None, "There is no data of the first quarter of 2031: what can be read goes from"),
        ("2019", None, "There is no data of the year 2019"),
        ("2026-Q2", "East", "There is no branch 'East': choose one of Harbour"),
    ],
)
def test_where_none_can_be_made_one_sentence_says_why(made: Made, period: str, branch: str | None, said: str) -> None:
    with pytest.raises(Trouble, match=said.replace("(", r"\(")):
        frozen.review(Company(made.home, 1), SCOPE, made.database, periods.parse(period), branch=branch)


@pytest.mark.slow
def test_a_branch_that_was_renamed_keeps_its_review(renamed: Made) -> None:
    company = Company(renamed.home)
    old = frozen.review(company, SCOPE, renamed.database, Q3, branch="North")
    new = frozen.review(company, SCOPE, renamed.database, Q3, branch="North Coast")
    assert old.review == new.review
    assert old.review.content["title"] == "North: Service culture in the third quarter of 2026"
    assert "when there was a branch of this name; today there is none" in old.said
    assert "under the name that the branch had then, North" in new.said
    with pytest.raises(
        Trouble, match="There is no branch 'North' any more; most of its teams are in 'North Coast' now"
    ):
        frozen.review(company, SCOPE, renamed.database, periods.parse("2026-Q2"), branch="North")
    last = reviews.last_before(SCOPE, renamed.database, periods.parse("2026-10"), "North Coast", old.review.teams)
    assert last == old.review


@pytest.mark.slow
def test_a_branchs_review_names_its_teams_only_beside_their_actions(renamed: Made) -> None:
    found = reviews.find(SCOPE, renamed.database, Q3, "North")
    assert found is not None
    names = [name for name in Company(renamed.home, 1).teams(SCOPE)["name"] if name.startswith(("South ", "Harbour "))]
    for part in found.content["sections"]:
        told = str(part)
        assert [name for name in names if name in told] == []
        if part["key"] != "actions":
            assert "North Bills" not in told
    actions = next(part for part in found.content["sections"] if part["key"] == "actions")
    assert [one["lead"] for one in actions["blocks"]] == ["North Bills: Role swap."]


@pytest.mark.slow
def test_the_next_review_opens_with_what_was_decided(made: Made) -> None:
    decisions.record(
        SCOPE, made.database, made.review, ask=1, outcome="decided", words="Yes, two posts", decided_by="the board"
    )
    later = frozen.review(Company(made.home, 1), SCOPE, made.database, periods.parse("2026-10"), now=NOW).review
    told = next(one["blocks"] for one in later.content["sections"] if one["key"] == "last")
    assert told[0]["text"].startswith("The review of the third quarter of 2026, made on 20 October, asked for")
    assert (told[1]["lead"], told[1]["text"]) == ("=HYPERLINK(1).", "Decided by the board: Yes, two posts.")
    assert told[2]["text"] == "Nothing was recorded of what became of it."
    unsaid = next(one["blocks"] for one in later.content["sections"] if one["key"] == "unsaid")
    assert any(one["text"].startswith("The data holds") for one in unsaid)


def test_the_command_line_lists_and_refuses_in_one_sentence(made: Made) -> None:
    assert "2026-Q3" in run(made.home, "list")
    assert '"asked"' in run(made.home, "list", "--format", "json")
    for words, said in (
        (["--period", "2026-Q7"], "is no period"),
        (["--period", "2026-Q3", "-o", "review.doc"], "ends in none of"),
        (["--period", "2026-Q3", "-o", "/no/such/folder/review.pdf"], "there is no folder"),
    ):
        with pytest.raises(Trouble, match=said):
            run(made.home, *words)


def test_before_the_first_review_the_list_says_how_to_make_one(tmp_path: object) -> None:
    assert "No review was made yet" in run(Home(tmp_path / "empty"), "list")  # type: ignore[operator]
