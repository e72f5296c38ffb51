"""The dot plot of how often standards are kept: rows as given, every row named, from 0 to 100%, all in grey."""

import polars as pl

from dashboard.standards_charts import ROW, kept
from dashboard.theme import BLUE, ORANGE


def test_the_rows_stand_as_given_and_every_one_is_named() -> None:
    names = ["Team 2", "Team 10", "Desk"]
    rows = {"kept": [1, 9, 5], "n": [2, 10, 5], "share": [0.5, 0.9, 1.0], "low": [0.1, 0.6, 0.6], "high": [0.9, 1, 1]}
    spec = kept(pl.DataFrame({"name": names, **rows}, strict=False)).to_dict()
    interval, point = spec["layer"]
    assert point["encoding"]["y"]["sort"] == names
    assert point["encoding"]["y"]["axis"]["labelOverlap"] is False
    assert point["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert (interval["encoding"]["x"]["field"], interval["encoding"]["x2"]["field"]) == ("low", "high")
    assert spec["height"] >= ROW * len(names)
    assert not any(tone in str(spec) for tone in (BLUE, ORANGE))
