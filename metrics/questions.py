"""What a survey's question asks about: a trait, a step of the customer's journey, or both. The one place that reads it.

The convention (docs/definitions.md, "Questions of a survey"): the text is a trait ("timely response"), a step of the
journey ("ask for help"), or the two with a colon between ("use: timely response"). Case, blanks, underscores, hyphens
and a closing question mark make no difference. Any other text is a question of its own and is about no trait.
"""

import re
from functools import lru_cache

import polars as pl

from metrics.trait import all_traits

# The customer's journey, in the order in which it is gone.
STAGES = ("find out", "choose", "buy", "set up", "use", "ask for help", "renew")
_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def asked(question: str) -> tuple[str | None, str | None]:
    """The step (one of STAGES) and the trait (its key) that a question is about; null what it does not name.

    A text of which a part means neither names nothing at all: half understood is not understood.
    """
    parts = [_bare(part) for part in question.split(":")]
    if len(parts) == 1:
        return (parts[0], None) if parts[0] in STAGES else (None, _traits().get(parts[0]))
    if len(parts) == 2 and parts[0] in STAGES and parts[1] in _traits():
        return parts[0], _traits()[parts[1]]
    return None, None


def about(answers: pl.DataFrame) -> pl.DataFrame:
    """`answers` (with a column question) and two more: stage and trait, null where the question names none."""
    questions = answers["question"].unique()
    told = [asked(question) for question in questions]
    named = pl.DataFrame(
        {"question": questions, "stage": [stage for stage, _ in told], "trait": [trait for _, trait in told]},
        schema={"question": pl.String, "stage": pl.String, "trait": pl.String},
    )
    return answers.join(named, on="question", how="left", maintain_order="left")


def _bare(text: str) -> str:
    return _NO_LETTER.sub(" ", text).strip().lower()


@lru_cache(maxsize=1)
def _traits() -> dict[str, str]:
    return {_bare(name): key for key, trait in all_traits().items() for name in (key, trait.name, *trait.also)}
