"""The funnel of branches' teams: told apart by shape, none named, the reader's own branch filled."""

from typing import Any

import polars as pl

from dashboard.funnels import GROUP_SHAPES, funnel, laid_out

TEAMS = pl.DataFrame(
    {
        "team_id": [f"{place}" for place in range(6)],
        "name": [""] * 6,
        "x": [10, 12, 9, 30, 11, 8],
        "n": [100, 110, 95, 120, 105, 90],
        "mix_expected": [0.1] * 6,
        "compared_z": [0.0, 0.1, -0.1, 3.0, None, -0.3],
        "group": ["North", "North", "South", "South", "South", "North"],
    }
)


def marks(**how: Any) -> dict[str, Any]:
    """The layer of the teams' marks, as Vega-Lite has it."""
    layers = funnel(TEAMS, **how).to_dict()["layer"]
    found: dict[str, Any] = next(one for one in layers if one["mark"]["type"] == "point")
    return found


def test_each_branch_has_its_shape_and_no_team_its_name() -> None:
    shape = marks(groups=["North", "South"])["encoding"]["shape"]["scale"]
    assert shape == {"domain": ["North", "South"], "range": list(GROUP_SHAPES[:2])}
    assert "shape" not in marks()["encoding"]


def test_the_readers_own_branch_is_filled_whatever_it_is_called() -> None:
    fill = marks(groups=["North", "South"], filled="North")["encoding"]["fill"]["condition"]
    assert fill["test"] == 'datum.group === "North"'
    strange = marks(groups=["North", "South"], filled='a" || true')["encoding"]["fill"]["condition"]
    assert strange["test"] == 'datum.group === "a\\" || true"'


def test_a_team_lies_as_far_out_as_its_reading_says_and_one_without_is_not_drawn() -> None:
    drawn = laid_out(TEAMS)
    assert drawn.placed["team_id"].to_list() == ["0", "1", "2", "3", "5"]
    inside = drawn.placed.filter(pl.col("team_id") == "0")["at"][0]
    out = drawn.placed.filter(pl.col("team_id") == "3")["at"][0]
    edge = drawn.lines.filter(pl.col("n") <= 120).tail(1)["high"][0]
    assert inside < edge < out
