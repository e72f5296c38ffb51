"""Handoffs in words and pictures: pairs and routes, groups without a name, and every band where its teams are."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import flow_charts, flow_words
from metrics.flows import OUTSIDE, SMALL, Summary

NAMES = {"a": "Web", "b": "Deliveries"}
TOLD = Summary(handoffs=40, tickets=30, came_back=3, to_and_fro=1, lost_minutes=6600, median_minutes=90.0, waits=38)


def routes(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["from_team", "to_team", "handoffs"], orient="row")


def test_the_sentence_says_how_many_what_came_back_what_it_cost_and_where() -> None:
    said = flow_words.sentence(
        TOLD, routes(("a", "b", 25), ("b", "a", 15)), NAMES, date(2026, 7, 20), date(2026, 10, 12)
    )
    assert said == (
        "Of 30 tickets passed on in the 13 weeks from 20 July 2026, 3 (10%) came back to a team that had them before; "
        "customers waited 110 hours in all for the next team to begin (half of the times over 1.5 hours); "
        "the busiest route is Web to Deliveries (25 of 40 handoffs)."
    )


def test_what_is_not_known_is_not_said() -> None:
    unknown = Summary(4, 3, 0, 0, None, None, 0)
    assert "waited" not in flow_words.sentence(unknown, routes(("a", SMALL, 4)), NAMES, None, None)
    assert "cannot be told" in flow_words.unknown_waits(unknown)
    assert flow_words.unknown_waits(TOLD) == "2 handoffs are not over yet: their wait is not counted."
    assert "half" not in flow_words.waited(Summary(1, 1, 0, 0, 90, 90.0, 1))


def test_where_nothing_was_passed_on_that_is_the_sentence() -> None:
    none = Summary(0, 0, 0, 0, None, None, 0)
    said = flow_words.sentence(none, routes().clear(), NAMES, date(2026, 10, 12), date(2026, 10, 12))
    assert said == "No ticket was passed on in the 1 week from 12 October 2026."


def test_groups_are_called_what_they_are() -> None:
    assert (
        flow_words.route({"from_team": SMALL, "to_team": OUTSIDE}, NAMES) == "small teams to teams that you do not see"
    )
    assert flow_words.is_group(SMALL)
    assert not flow_words.is_group("a")


def test_a_way_back_is_told_of_the_pair() -> None:
    row = {"team": "a", "other": "b", "handoffs": 40, "bounce_backs": 4, "ping_pong": 1}
    assert (
        flow_words.back(row, NAMES) == "Web and Deliveries: 4 of 40 handoffs were a way back, 1 ticket went to and fro."
    )


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(None, "unknown"), (1, "1 minute"), (89, "89 minutes"), (90, "1.5 hours"), (60_000, "1,000 hours")],
)
def test_spans(minutes: float | None, said: str) -> None:
    assert flow_words.span(minutes) == said


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.integers(1, 500), min_size=1, max_size=20
    )
)
def test_bands_fill_their_teams_on_both_sides_and_never_lie_on_one_another(drawn: dict[tuple[str, str], int]) -> None:
    rows = sorted(((one, other, n) for (one, other), n in drawn.items()), key=lambda row: (-row[2], row))
    shown = routes(*rows).head(flow_charts.ROUTES)
    bands, left, right = flow_charts.laid_out(shown)
    every = shown["handoffs"].sum()
    for end, side in (("from_team", left), ("to_team", right)):
        for team in side.iter_rows(named=True):
            mine = bands.filter(pl.col(end) == team["team"]).sort(f"{end}_top")
            tops, bottoms = mine[f"{end}_top"].to_list(), mine[f"{end}_bottom"].to_list()
            assert tops == pytest.approx([team["top"], *bottoms[:-1]])
            assert bottoms[-1] == pytest.approx(team["bottom"])
        assert (side["bottom"] - side["top"]).sum() == pytest.approx(1)
        assert side["handoffs"].sum() == every
        assert (side["top"].to_list()[1:]) == pytest.approx([at + gap(side) for at in side["bottom"].to_list()[:-1]])


def gap(side: pl.DataFrame) -> float:
    return float(side["top"][1] - side["bottom"][0]) if side.height > 1 else 0.0


def test_the_pictures_are_vega_lite_and_name_every_team() -> None:
    found = routes(("a", "b", 25), ("b", SMALL, 15))
    for drawn in (flow_charts.flow(found, NAMES), flow_charts.matrix(found, NAMES)):
        text = str(drawn.to_dict())
        assert all(name in text for name in ("Web", "Deliveries", "small teams"))
