"""A play and a kind word in words: what it did here never without its interval, markup as text, long words cut."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from dashboard import kind_said, words
from dashboard.coaching import play_words
from dashboard.coaching.play_names import named
from data.coaching.play import Play
from data.coaching.playbook import shipped
from data.coaching.what_works import Ended, Works
from metrics.pooling import Pooled, pool

OWN = Play("walk", "Walk", "Walk the floor. Then talk.", ("Walk",), own=True)
TODAY = date(2026, 10, 14)


def ended(effect: float) -> Ended:
    return Ended(None, 1, "buck_passing", date(2026, 2, 2), effect, effect - 0.02, effect + 0.02, 0.01, 13)


def works(*effects: float, untold: int = 0) -> Works:
    line: Pooled | None = pool(np.array(effects), np.full(len(effects), 0.01)) if effects else None
    return Works("walk", tuple(ended(one) for one in effects), line, {}, untold)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "Not tried here yet."),
        (works(), "Not tried here yet."),
        (works(0.05), "Ended once here: too few to say what it does."),
        (works(untold=2), "Ended twice here: too few to say what it does."),
    ],
)
def test_what_it_did_here_is_too_few_to_say_until_it_is_not(found: Works | None, said: str) -> None:
    assert play_words.here(found) == said


def test_what_it_did_here_comes_with_its_interval() -> None:
    said = play_words.here(works(0.05, 0.05, 0.05))
    assert said.startswith("Ended 3 times here: 5 points better (95% interval ")
    assert "no clear effect (95% interval " in play_words.here(works(0.05, -0.05, 0.0))


def test_of_an_own_play_it_is_said_that_it_is_one() -> None:
    assert play_words.origin(OWN) == "Our own play."
    assert "takes the place" in play_words.origin(Play("x", "X", "x", ("x",), own=True, replaces=True))
    assert play_words.origin(shipped()["ownership"]) == ""


def test_a_play_says_what_it_helps_with_and_for_how_long() -> None:
    swap = shipped()["role_swap"]
    assert play_words.helps_with(swap).startswith("Is the customer passed on? ")
    assert play_words.helps_with(OWN) == "No sign in particular."
    assert play_words.behind(swap).startswith("Fits best where it comes of what one team passes on, ")
    assert play_words.behind(OWN) == ""
    assert play_words.lasts(swap) == "13 weeks"
    assert play_words.lasts(OWN) == "No usual life is known"
    assert play_words.brief(OWN) == "Walk the floor."
    assert play_words.brief(Play("x", "X", "Walk", ("x",))) == "Walk"


def test_a_card_names_the_plays_that_may_help() -> None:
    assert play_words.may_help([shipped()["role_swap"], OWN]) == "May help: Role swap, Walk."
    assert play_words.may_help([]) == ""


def test_a_play_is_called_by_its_name_in_the_playbook_an_own_one_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words.play("know_enough") == "Know enough to help"
    assert words.play("our_walk") == "Our walk"
    assert words.play("a word with Kim") == "A word with Kim"
    (tmp_path / "plays").mkdir()
    (tmp_path / "plays" / "our_walk.toml").write_text('name = "The long walk"\npurpose = "x"\nsteps = ["x"]')
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path))
    assert words.play("our_walk") == "The long walk"
    assert named("our_walk", {}) == "Our walk"
    (tmp_path / "file").touch()
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path / "file"))
    assert words.play("know_enough") == "Know enough to help"


def kind(**more: object) -> dict[str, object]:
    told = {"words": "Thank you!", "at": datetime(2026, 10, 5, 12, tzinfo=UTC), "source": "imported"}
    return told | dict.fromkeys(("passed_on", "passed_by", "passed_how")) | more


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (kind(), "5 Oct."),
        (kind(source=None), "5 Oct."),
        (kind(source="a call"), "5 Oct (a call)."),
        (
            kind(passed_on=date(2026, 10, 7), passed_by="Ada", passed_how="read aloud"),
            "5 Oct. Passed on 7 Oct by Ada: read aloud.",
        ),
    ],
)
def test_a_kind_word_says_when_where_from_and_whether_it_was_passed_on(row: dict[str, object], said: str) -> None:
    assert kind_said.beside(row, TODAY) == said


def test_markup_in_a_kind_word_is_text() -> None:
    assert kind_said.quote(kind(words="<b>Kind</b>\n\n# *you*"), TODAY) == (r"> “\<b\>Kind\</b\> \# \*you\*” 5 Oct\.")


def test_a_long_kind_word_is_cut_at_a_blank() -> None:
    assert kind_said.cut("so kind " * 100, 20) == "so kind so kind so ..."
    assert kind_said.cut("x" * 30, 20) == "x" * 20 + " ..."
    assert kind_said.cut(" so\nkind ", 20) == "so kind"
