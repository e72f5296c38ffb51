"""What the tickets show of each trait, from tiny logs: which rows count, for whom, and which are too young to say."""

from datetime import date, timedelta

import polars as pl
import pytest

from metrics.facts import Facts, facts
from metrics.needs import lacking
from metrics.trait import TRAIT_ROW, all_traits
from metrics.trait_counts import TRAIT_COUNTS, count_trait, count_traits
from tests.builders import events, standards, teams, ticket, tickets, when

DEFINED = (
    "channel_convenience",
    "timely_response",
    "deep_knowledge",
    "best_guess",
    "reaching_out_first",
    "helpfulness",
    "fairness",
    "honesty",
)
LATER = when("Mo+9 00:00")


def made(rows: pl.DataFrame, log: pl.DataFrame | None = None, **listed: dict[str, object]) -> Facts:
    return facts(
        rows,
        events() if log is None else log,
        teams("A", "B", **listed),
        standards=standards(bills=60),
        horizon=LATER,
    )


def shown(key: str, known: Facts) -> dict[str, tuple[int, int, int]]:
    """By team: x, n, asked."""
    told = count_trait(all_traits()[key], known).group_by("team_id").agg(pl.col("x", "n", "asked").sum())
    return {team: tuple(rest) for team, *rest in told.sort("team_id").iter_rows()}  # type: ignore[misc]


def test_the_folder_lists_the_eight_traits_in_the_order_of_the_definitions() -> None:
    assert tuple(all_traits()) == DEFINED
    for trait in all_traits().values():
        assert (trait.rows is None) == (trait.sign is not None)


@pytest.mark.parametrize("key", DEFINED)
def test_each_trait_gives_the_columns_that_are_counted(key: str) -> None:
    known = made(tickets(ticket("t1", category="bills")), events(t1="Mo 09:00 opened A; Mo 09:10 resolved A"))
    counts = count_trait(all_traits()[key], known)
    assert dict(counts.schema) == TRAIT_COUNTS
    if (rows := all_traits()[key].rows) is not None:
        assert rows(known).collect_schema().names() == list(TRAIT_ROW)


def test_who_comes_back_another_way_could_not_stay_in_the_channel() -> None:
    same = {"customer_id": "c", "category": "bills"}
    rows = tickets(
        ticket("t1", "Mo 09:00", channel="web", **same),
        ticket("t2", "Tu 09:00", channel="web", **same),
        ticket("t3", "We 09:00", channel="phone", **same),
        ticket("t4", "Th+3 09:00", channel="web", **same),
        ticket("t5", "Fr 09:00", channel="web", customer_id="d", category="bills"),
        ticket("t6", "Sa 09:00", channel="phone", customer_id="d", category="lines"),
    )
    each = {f"t{n}": f"{day} 09:00 opened A; {day} 09:05 resolved A" for n, day in enumerate(DAYS, start=1)}
    # t1 is followed by t2 (same channel), t2 by t3 (another), t3 by none in a fortnight, t5 by none about the same.
    assert shown("channel_convenience", made(rows, events(**each))) == {"A": (5, 6, 6)}


DAYS = ("Mo", "Tu", "We", "Th+3", "Fr", "Sa")


def test_a_ticket_without_a_known_customer_or_channel_tells_nothing_of_convenience() -> None:
    rows = tickets(ticket("t1", customer_id="c"), ticket("t2", channel="web"))
    log = events(t1="Mo 09:00 opened A; Mo 10:00 resolved A", t2="Mo 09:00 opened A; Mo 10:00 resolved A")
    assert shown("channel_convenience", made(rows, log)) == {}


def test_an_answer_is_timely_within_the_time_that_four_in_five_were_answered_in() -> None:
    lives = {f"t{n}": f"Mo 09:00 opened A; Mo 09:{n:02} replied A ann; Tu 09:00 resolved A" for n in range(1, 26)}
    known = made(tickets(*(ticket(name, category="bills") for name in lives)), events(**lives))
    assert shown("timely_response", known) == {"A": (20, 25, 25)}


def test_a_ticket_that_nobody_answered_is_late_and_one_resolved_without_a_reply_was_answered() -> None:
    lives = {f"t{n:02}": "Mo 09:00 opened A; Mo 09:10 replied A ann; Mo 10:00 resolved A" for n in range(30)}
    lives |= {"u1": "Tu 09:00 opened B", "u2": "Tu 09:00 opened B; Tu 09:05 resolved B"}
    rows = [ticket(name, "Tu 09:00" if name[0] == "u" else "Mo 09:00", category="bills") for name in lives]
    assert shown("timely_response", made(tickets(*rows), events(**lives)))["B"] == (1, 2, 2)


def test_a_rare_category_has_no_standard_for_its_first_answer() -> None:
    known = made(tickets(ticket("t1", category="odd")), events(t1="Mo 09:00 opened A; Mo 09:10 replied A ann"))
    assert shown("timely_response", known) == {"A": (0, 0, 1)}


def test_knowledge_is_one_touch_by_one_team_and_no_return() -> None:
    same = {"customer_id": "c", "category": "bills"}
    rows = tickets(
        ticket("once"),
        ticket("twice"),
        ticket("moved"),
        ticket("back", "Mo 09:00", **same),
        ticket("again", "We 09:00", **same),
    )
    log = events(
        once="Mo 09:00 opened A; Mo 09:10 replied A ann; Mo 09:10 resolved A",
        twice="Mo 09:00 opened A; Mo 09:10 replied A ann; Mo 11:10 replied A ann; Mo 12:00 resolved A",
        moved="Mo 09:00 opened A; Mo 09:20 assigned B; Mo 09:30 resolved B",
        back="Mo 09:00 opened A; Mo 09:30 resolved A",
        again="We 09:00 opened A; We 09:30 resolved A",
    )
    assert shown("deep_knowledge", made(rows, log)) == {"A": (2, 4, 4), "B": (0, 1, 1)}


def test_the_first_sorting_by_a_desk_is_no_correction_and_a_second_one_is() -> None:
    rows = tickets(ticket("right"), ticket("desk"), ticket("twice"), ticket("wrong"))
    log = events(
        right="Mo 09:00 opened A; Mo 10:00 resolved A",
        desk="Mo 09:00 opened D; Mo 09:05 assigned A; Mo 10:00 resolved A",
        twice="Mo 09:00 opened D; Mo 09:05 assigned B; Mo 11:00 assigned D; Mo 11:05 assigned A; Mo 12:00 resolved A",
        wrong="Mo 09:00 opened B; Mo 09:05 assigned A; Mo 10:00 resolved A",
    )
    known = made(rows, log, D={"function": "dispatch"})
    corrections = dict(known.tickets.select("ticket_id", "routing_corrections").collect().iter_rows())
    assert corrections == {"right": 0, "desk": 0, "twice": 1, "wrong": 1}
    assert shown("best_guess", known) == {"A": (2, 4, 4)}


def test_a_summary_tells_of_right_routing_only_where_one_team_had_the_ticket() -> None:
    rows = tickets(
        ticket("one", team_id="A", resolved_at=when("Mo 10:00"), team_stations=1),
        ticket("two", team_id="A", resolved_at=when("Mo 10:00"), team_stations=2),
        ticket("unknown", team_id="A", resolved_at=when("Mo 10:00")),
    )
    assert shown("best_guess", made(rows)) == {"A": (1, 1, 3)}


def test_reaching_out_counts_tickets_that_the_company_began() -> None:
    rows = tickets(
        ticket("t1", origin="proactive", team_id="A"),
        ticket("t2", origin="customer", team_id="A"),
        ticket("t3", team_id="A"),
    )
    assert shown("reaching_out_first", made(rows)) == {"A": (1, 2, 3)}


def test_helpfulness_is_of_those_who_answered_and_says_of_how_many() -> None:
    rows = tickets(*(ticket(f"t{n}", team_id="A", csat=score) for n, score in enumerate((5, 4, 3, None, None))))
    assert shown("helpfulness", made(rows)) == {"A": (2, 3, 5)}


def test_a_promise_counts_once_it_has_fallen_due() -> None:
    promised = {"team_id": "A", "promised_by": when("We 09:00")}
    rows = tickets(
        ticket("kept", promise_kept_at=when("We 09:00"), **promised),
        ticket("late", promise_kept_at=when("We 09:01"), **promised),
        ticket("never", **promised),
        ticket("still", team_id="A", promised_by=LATER + timedelta(minutes=1)),
        ticket("none", team_id="A"),
    )
    assert shown("honesty", made(rows)) == {"A": (1, 3, 3)}


def test_what_can_still_change_is_not_counted() -> None:
    rows = tickets(ticket("old", team_id="A", csat=5), ticket("new", LATER - timedelta(days=6), team_id="A", csat=5))
    assert shown("helpfulness", made(rows)) == {"A": (1, 1, 1)}


def test_counts_fall_into_the_week_of_the_team_and_add_up() -> None:
    late = when("Su 23:30")  # Monday already in Rome
    rows = tickets(ticket("t1", late, team_id="R", csat=5), ticket("t2", late, team_id="A", csat=2))
    known = made(rows, R={"calendar": "Mo-Fr 09:00-17:00 @ Europe/Rome IT"})
    weeks = dict(count_trait(all_traits()["helpfulness"], known).select("team_id", "week").iter_rows())
    assert weeks == {"A": date(2024, 1, 1), "R": date(2024, 1, 8)}
    every = count_traits(known)
    assert set(every["trait"]) <= set(DEFINED)
    assert every.filter(trait="helpfulness").equals(count_trait(all_traits()["helpfulness"], known))


def test_what_a_trait_lacks_is_named() -> None:
    assert lacking(all_traits()["helpfulness"], frozenset({"tickets.ticket_id"})) == "tickets.csat"
    assert lacking(all_traits()["fairness"], frozenset()) is None
