import polars as pl
from polars.testing import assert_frame_equal

from metrics.disclosure import may_show, withhold


def test_a_team_of_four_or_of_unknown_size_says_nothing():
    readings = pl.DataFrame(
        {
            "team_id": ["five", "four", "unknown"],
            "status": ["signal"] * 3,
            "direction": ["worse"] * 3,
            "x": [3, 4, 5],
            "why": [None, None, None],
            "trial": [True, True, True],
        },
        schema_overrides={"why": pl.String},
    )
    heads = pl.DataFrame({"team_id": ["five", "four"], "people": [5, 4]})
    assert may_show(heads) == {"five"}
    wanted = pl.DataFrame(
        {
            "team_id": ["five", "four", "unknown"],
            "status": ["signal", "too few to say", "too few to say"],
            "direction": ["worse", None, None],
            "x": [3, None, None],
            "why": [None, "fewer than five people", "fewer than five people"],
            "trial": [True, False, False],
        }
    )
    assert_frame_equal(withhold(readings, heads), wanted)
