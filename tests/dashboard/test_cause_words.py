"""What moved a signal, as a manager reads it."""

from datetime import date

from dashboard import cause_words
from metrics.causes import Cause, Named
from metrics.explained import Explained
from metrics.system import Evidence

WEEK = date(2026, 10, 5)
NUMBERS = {"before": 0.08, "after": 0.17, "n_before": 5496, "n_after": 1247, "change": 0.09}
PARTS = {"mix": 0.005, "mix_low": -0.002, "mix_high": 0.012, "rate": 0.085, "rate_low": 0.06, "rate_high": 0.11}


def explained(*named: Named, evenly: float | None = 1.0, system: tuple[Evidence, ...] = (), **more: float) -> Explained:
    cause = Cause(**(NUMBERS | PARTS | more), named=named, evenly=evenly)  # type: ignore[arg-type]
    return Explained(cause, system, WEEK, WEEK)


def test_the_split_comes_first_then_where_it_lies_then_the_rest() -> None:
    phone, new = Named("channel", "phone", 0.58, 0.4, 0.87), Named("newcomers", "newcomers", 0.2, 0.05, 0.3)
    assert cause_words.told(explained(phone, new, evenly=0.22)) == [
        "From 8% of 5,496 before to 17% of 1,247 in the week of 5 Oct, a rise of 9.0 points. Of these, 0.5 points "
        "(-0.2 to 1.2) come of other tickets than before, 8.5 (6.0 to 11.0) of the same tickets faring differently.",
        "Of the 8.5 points of the same tickets, 58% (40 to 87%) lies with tickets by phone and 20% (5 to 30%) lies "
        "with people with under six months' service. The rest is spread evenly.",
    ]


def test_more_than_all_of_it_is_told_as_all_of_it() -> None:
    found = explained(Named("hour", "15:00 or later", 1.2, 0.97, 1.6), evenly=-0.2)
    assert cause_words.brief(found) == "What moved it: all of it lies with tickets opened at 15:00 or later."


def test_what_is_even_or_other_tickets_says_so() -> None:
    assert "Spread evenly" in cause_words.brief(explained())
    mix = explained(mix=0.08, mix_low=0.06, mix_high=0.09, rate=0.01)
    assert cause_words.where(mix.cause).startswith("Most of it is other tickets than before")


def test_the_system_stands_first_and_no_coaching_is_suggested() -> None:
    found = explained(
        system=(
            Evidence("together", teams=15, of_teams=39),
            Evidence("flood", week=date(2026, 5, 25), category="Tracking question", tickets=1479, usual=343.0),
            Evidence("absence", before=0.08, after=0.46),
        )
    )
    first = cause_words.told(found)[0]
    assert first == (
        "Look at the system first: 15 of 39 other teams moved the same way in the weeks in which it began, most by "
        "half as much or more; in the week of 25 May 1,479 Tracking question tickets reached the company where 343 are "
        "usual, and without the tickets of that week most of the change is gone; 46% of the working time was lost to "
        "absence, 8% before. This would move whoever sits there, so no coaching of people is suggested."
    )


def test_what_cannot_be_split_says_why() -> None:
    found = Explained(Cause(why="too few tickets to say where the change lies"), (), WEEK, WEEK)
    assert cause_words.told(found) == ["Too few tickets to say where the change lies."]
    assert cause_words.brief(found) == ""
