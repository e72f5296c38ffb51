"""Files of customers, deals and answers go in as they are; what cannot be placed in time is set aside."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.errors import Trouble
from data.home import Home
from data.intake import Summary, import_file
from data.rejects import listing
from tests.data.importing import NOW, counts, frame
from tests.shared import shared


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def taken(home: Home, file: str) -> Summary:
    return import_file(home, shared(f"data/{file}"), now=NOW)


def test_telecom_customers_who_left_and_who_joined(home: Home) -> None:
    summary = taken(home, "telecom_customer_churn_maven.csv")
    assert (summary.profiles, counts(summary)) == (("telecom_customers",), (7_043, 0, 0, 0))
    customers = frame(home, "customers")
    left = customers["closed_on"].is_not_null()
    joined = ~left & (customers["opened_on"] >= date(2022, 3, 30))
    assert (customers.height, left.sum(), joined.sum()) == (7_043, 1_869, 454)
    assert customers["acquired_by"].null_count() == 7_043


def test_deals_without_any_date_are_set_aside_and_the_others_keep_their_stage(home: Home) -> None:
    summary = taken(home, "crm_sales_pipeline.csv.gz")
    assert (summary.profiles, counts(summary)) == (("crm_pipeline",), (8_300, 0, 0, 500))
    orders = frame(home, "orders")
    stages = dict(orders.group_by("stage").len().rows())
    aside = listing(home)
    assert stages == {"won": 4_238, "lost": 2_473, "open": 2_089 - 500}
    assert (aside["reject_id"].n_unique(), set(aside["column"])) == (500, {"opened_at"})
    # Their close is what they brought in; an open deal has neither close nor amount.
    assert orders.filter(pl.col("closed_at").is_null() != (pl.col("stage") == "open")).is_empty()


def test_a_survey_of_several_questions_a_row_is_one_row_an_answer(home: Home) -> None:
    summary = taken(home, "bh1996_team_survey.csv.gz")
    assert (summary.profiles, counts(summary)) == (("bh1996_survey",), (7_382, 0, 0, 0))
    answers = frame(home, "surveys")
    told = dict(answers.group_by("question").len().rows())
    assert told == {"cohesion": 7_382, "leadership": 7_382, "well_being": 7_382}
    assert answers["team_id"].n_unique() == 99
    assert answers.filter(pl.col("question") == "cohesion")["score"].mean() == pytest.approx(3.066811, abs=1e-6)


@pytest.mark.parametrize("file", ["crm_accounts.csv", "absenteeism_at_work.csv"])
def test_files_that_tell_no_date_are_not_taken_for_a_table(home: Home, file: str) -> None:
    with pytest.raises(Trouble, match="No profile fits the columns"):
        taken(home, file)
