"""Which version is shown: nobody waits for a newer one, and whoever took it in sees it."""

import time
from collections.abc import Callable
from threading import Event

from dashboard.shown import Basis, Shown


def test_the_first_version_is_shown_at_once() -> None:
    assert Shown(_never).basis(Basis(3, 1)) == Basis(3, 1)


def test_while_a_newer_version_is_got_ready_the_older_is_shown() -> None:
    go, asked = Event(), []

    def get_ready(version: int) -> Basis:
        asked.append(version)
        go.wait(10)
        return Basis(version, 7)

    shown = Shown(get_ready)
    shown.basis(Basis(1, 1))
    assert [shown.basis(Basis(2, 7)), shown.basis(Basis(2, 7))] == [Basis(1, 1)] * 2
    go.set()
    until(lambda: shown.basis(Basis(2, 7)) == Basis(2, 7))
    assert asked == [2]


def test_other_standards_of_what_is_shown_hold_at_once() -> None:
    shown = Shown(_never)
    shown.basis(Basis(1, 1))
    assert shown.basis(Basis(1, 2)) == Basis(1, 2)


def test_who_took_a_version_in_sees_it_with_their_next_page() -> None:
    shown = Shown(lambda version: Basis(version, 1))
    shown.basis(Basis(1, 1))
    shown.now(2)
    assert shown.basis(Basis(2, 1)) == Basis(2, 1)


def test_a_version_that_cannot_be_got_ready_is_shown_so_that_its_page_says_why() -> None:
    shown = Shown(_never)
    shown.basis(Basis(1, 1))
    until(lambda: shown.basis(Basis(2, 1)) == Basis(2, 1))


def test_what_was_taken_out_is_shown_to_nobody_while_the_next_is_got_ready() -> None:
    cleared = []
    shown = Shown(
        lambda version: Basis(version, 1), lambda known, newest: known < 4 <= newest, lambda: cleared.append(1)
    )
    shown.basis(Basis(3, 1))
    assert [shown.basis(Basis(5, 1)), shown.basis(Basis(5, 1))] == [Basis(5, 1)] * 2
    assert cleared == [1]
    shown.basis(Basis(6, 1))
    assert cleared == [1], "a later import clears nothing"


def test_where_versions_were_taken_away_the_last_that_is_left_is_shown() -> None:
    shown = Shown(_never)
    shown.basis(Basis(5, 1))
    assert shown.basis(Basis(4, 1)) == Basis(4, 1)


def until(true: Callable[[], bool]) -> None:
    """Waits ten seconds at most."""
    for _ in range(1000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come")


def _never(version: int) -> Basis:
    raise AssertionError(f"nobody asked for version {version}")
