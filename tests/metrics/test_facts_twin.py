"""Facts and counts against their naive twin, on random logs."""

from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings

from metrics.counts import count
from metrics.facts import Facts, facts
from metrics.sign import all_signs
from metrics.standards import STANDARDS
from tests.builders import table
from tests.metrics import naive
from tests.metrics.logs import companies

often = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def ours(company: dict[str, Any], **more: Any) -> Facts:
    frames = {name: table(name, company[name]) for name in ("tickets", "events", "teams", "absences")}
    standards = pl.DataFrame(company["standards"], schema=STANDARDS)
    return facts(**frames, standards=standards, horizon=company["horizon"], **more)


@often
@given(companies())
def test_every_fact_of_a_ticket_is_what_the_definitions_say(company: dict[str, Any]):
    twin = naive.Company(**company)
    for row in ours(company).tickets.collect().iter_rows(named=True):
        expected = naive.facts(twin, row["ticket_id"])
        assert {name: row[name] for name in expected} == expected


@often
@given(companies())
def test_each_letting_go_and_each_resolve_is_what_the_definitions_say(company: dict[str, Any]):
    twin, known = naive.Company(**company), ours(company)
    for name, expected in (("let_gos", naive.let_gos), ("resolves", naive.resolves)):
        rows = getattr(known, name).collect().to_dicts()
        for ticket_id in twin.tickets:
            wanted = expected(twin, ticket_id)
            found = [row for row in rows if row["ticket_id"] == ticket_id]
            found = [{key: row[key] for key in wanted[0]} for row in found] if wanted else found
            assert sorted(found, key=str) == sorted(wanted, key=str)


@often
@given(companies())
def test_counts_are_those_of_going_through_ticket_by_ticket(company: dict[str, Any]):
    twin, known, coded = naive.Company(**company), ours(company), ours(company, coded=True)
    of_tickets = {key: sign for key, sign in all_signs().items() if not sign.whole and sign.once == "ticket_id"}
    for key, sign in of_tickets.items():
        for of in (known, coded):
            rows = count(sign, of).select("team_id", "week", "category", "channel", "priority", "x", "n").rows()
            assert {row[:5]: row[5:] for row in rows} == naive.counts(twin, key)
