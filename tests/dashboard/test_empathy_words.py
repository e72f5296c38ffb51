"""What is said of the traits: the customers' verdict first, the gap named, nothing claimed that is not known."""

from datetime import date
from typing import Any

import pytest

from dashboard import empathy_words as told
from dashboard.empathy_charts import grid, three_views
from data.empathy import SCHEMA, Widest
from metrics.answers import Gap
from metrics.questions import STAGES
from metrics.trait import all_traits

TRAITS = all_traits()


def row(**more: Any) -> dict[str, Any]:
    """41% of 540 customers say good, 78% of the team's 44 answers, 80% of tickets."""
    said: dict[str, Any] = dict.fromkeys(SCHEMA)
    said |= {"trait": "timely_response", "gap": 0.37, "gap_low": 0.22, "gap_high": 0.51}
    said |= {"customers_x": 221, "customers_n": 540, "customers_share": 0.41, "customers_low": 0.37}
    said |= {"customers_high": 0.45, "customers_heads": 540.0}
    said |= {"team_x": 34, "team_n": 44, "team_share": 0.78, "team_low": 0.6, "team_high": 0.9, "team_heads": 22.0}
    said |= {"tickets_x": 80, "tickets_n": 100, "tickets_asked": 100, "tickets_share": 0.8}
    said |= {"tickets_low": 0.71, "tickets_high": 0.87}
    return said | more


def widest(low: float = 0.22) -> Widest:
    return Widest("timely_response", 0.41, 0.78, Gap(0.37, low, 0.51), 8)


def test_the_first_sentence_names_the_widest_gap_with_its_interval() -> None:
    assert told.opening([row()], widest(), TRAITS, several=False) == (
        "Customers rate *timely response* 41% good; the team says 78%: the widest gap, 37 points, 22 to 51."
    )


def test_a_gap_that_may_be_chance_is_not_called_one() -> None:
    said = told.opening([row()], widest(-0.03), TRAITS, several=True)
    assert "the teams say 78%" in said
    assert said.endswith("37 points, \u22123 to 51, which may be chance: too few answered to be sure that they differ.")


def test_a_team_that_thinks_worse_of_itself_has_a_gap_too() -> None:
    assert told.points(Widest("honesty", 0.8, 0.5, Gap(-0.3, -0.5, -0.1), 8)) == "30 points, 10 to 50"


def test_without_customers_nothing_is_said_and_the_way_is_shown() -> None:
    silent = row(customers_share=None, customers_why="fewer than 5 answers, or none", gap=None)
    said = told.opening([silent], None, TRAITS, several=False)
    assert "no answers of customers" in said
    assert "table surveys" in said
    assert told.verdict(silent) is None
    assert told.customers(silent) == "Customers: nothing to say, fewer than 5 answers, or none."


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.51, 0.6, "most say it is good"),
        (0.4, 0.49, "most do not say that it is good"),
        (0.45, 0.55, "opinions are divided"),
    ],
)
def test_the_verdict_is_the_customers_and_allows_for_chance(low: float, high: float, verdict: str) -> None:
    assert told.verdict(row(customers_low=low, customers_high=high)) == verdict


def test_the_verdict_stands_before_its_number() -> None:
    assert told.customers(row()) == ("Customers: most do not say that it is good, 41% good (37 to 45%, 540 answers).")


def test_the_team_is_told_beside_the_customers() -> None:
    assert (
        told.team(row(), several=False) == "The team: 78% good (60 to 90%, 44 answers); 37 points more than customers."
    )
    unsure = row(gap=-0.04, gap_low=-0.2, gap_high=0.1)
    assert told.team(unsure, several=True).endswith("; 4 points fewer than customers, which may be chance.")


def test_of_tickets_it_is_said_how_many_can_be_told() -> None:
    few = row(tickets_asked=400)
    assert told.tickets(few, TRAITS["helpfulness"]) == (
        "Tickets: 80% (71 to 87%), 80 of 100 tickets that the customer rated (of 400, 25% can be told)."
    )
    assert told.tickets(row(tickets_reading="signal: worse"), TRAITS["fairness"]) == (
        "Tickets: signal: worse (is the same complaint treated the same?)."
    )
    lacking = row(tickets_share=None, tickets_why="the data has no promises (tickets.promised_by)")
    assert "the data has no promises" in told.tickets(lacking, TRAITS["honesty"])


def test_all_verdicts_are_told_together() -> None:
    rows = [row(), row(trait="honesty", customers_low=0.6, customers_high=0.7)]
    assert told.overall(rows, TRAITS) == (
        "Most customers say it is good: honesty. Most do not say that it is good: timely response."
    )
    assert told.overall([], TRAITS) == ""


def test_who_rated_is_told_by_wave_and_day_and_never_by_name() -> None:
    waves = {
        "asked_of": "customer",
        "waves": 13,
        "answers": 2600,
        "first": date(2025, 11, 9),
        "last": date(2026, 10, 11),
    }
    assert told.rated(waves, date(2026, 10, 12)) == "customers: 13 waves, 9 Nov 2025 to 11 Oct, 2,600 answers"


def test_the_step_with_least_ease_is_named() -> None:
    steps = [
        {"stage": "buy", "share": 0.6, "low": 0.5, "high": 0.7, "heads": 90.0, "own_score": None, "own_scale": None},
        {"stage": "set up", "share": 0.3, "low": 0.2, "high": 0.4, "heads": 90.0, "own_score": 4.2, "own_scale": 5.0},
    ]
    assert told.weakest_step(steps) == (
        "Along the journey customers are least at ease at *set up*: over all traits 30% good (20 to 40%, about 90 "
        "answers a trait); the own rating there is 4.2 of 5."
    )
    assert told.weakest_step([]) == ""


def test_each_side_has_a_shape_and_its_word_and_no_mark_where_nothing_is_known() -> None:
    drawn = three_views(row(tickets_share=None), several=False)
    assert drawn is not None
    spec = drawn.to_dict()
    data = next(iter(spec["datasets"].values()))
    assert [(one["side"], one["said"]) for one in data] == [("Customers", "41%"), ("The team", "78%")]
    point = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    assert point["encoding"]["shape"]["scale"]["range"] == ["diamond", "square", "circle"]
    assert len(set(point["encoding"]["shape"]["scale"]["domain"])) == 3
    assert three_views(row(customers_share=None, team_share=None, tickets_share=None), several=False) is None


def test_the_grid_has_a_cell_for_each_step_and_trait_with_its_numbers() -> None:
    import polars as pl

    cells = pl.DataFrame(
        [
            {"stage": stage, "trait": trait, "share": 0.5 if stage == "buy" else None, "own_score": 4.0}
            for stage in STAGES
            for trait in TRAITS
        ],
        schema={"stage": pl.String, "trait": pl.String, "share": pl.Float64, "own_score": pl.Float64},
    )
    spec = grid(cells, STAGES, {key: trait.name for key, trait in TRAITS.items()}).to_dict()
    data = next(iter(spec["datasets"].values()))
    assert len(data) == len(STAGES) * len(TRAITS)
    assert {one["said"] for one in data} == {"50%", None}
    assert {one["own"] for one in data} == {"4.0"}
