"""What a survey's question asks about: the convention is read in one place."""

import polars as pl
import pytest

from metrics.questions import STAGES, about, asked
from metrics.trait import all_traits


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("timely_response", (None, "timely_response")),
        ("Timely response?", (None, "timely_response")),
        ("helpfulness, friendliness and care", (None, "helpfulness")),
        ("Best-Guess", (None, "best_guess")),
        ("use: timely response", ("use", "timely_response")),
        ("ASK FOR HELP : honesty", ("ask for help", "honesty")),
        ("set_up:deep_knowledge", ("set up", "deep_knowledge")),
        ("ask for help", ("ask for help", None)),
        ("workload", (None, None)),
        ("use: workload", (None, None)),
        ("work: honesty", (None, None)),
        ("use: honesty: now", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_question_is_about_a_trait_a_step_both_or_neither(
    question: str, meant: tuple[str | None, str | None]
) -> None:
    assert asked(question) == meant


def test_every_pair_of_step_and_trait_can_be_asked_by_key_and_by_name() -> None:
    for stage in STAGES:
        for key, trait in all_traits().items():
            assert asked(f"{stage}: {trait.name}") == (stage, key)
            assert asked(f"{stage}: {key}") == (stage, key)


def test_no_two_traits_answer_to_one_name() -> None:
    by_name: dict[str, set[str]] = {}
    for key, trait in all_traits().items():
        for name in (key, trait.name, *trait.also):
            by_name.setdefault(name.replace("_", " "), set()).add(key)
    assert all(len(keys) == 1 for keys in by_name.values())


def test_answers_are_told_what_they_are_about_and_stay_in_order() -> None:
    answers = pl.DataFrame({"question": ["buy: honesty", "workload", "fairness"], "score": [1.0, 2.0, 3.0]})
    assert about(answers).rows() == [
        ("buy: honesty", 1.0, "buy", "honesty"),
        ("workload", 2.0, None, None),
        ("fairness", 3.0, None, "fairness"),
    ]
