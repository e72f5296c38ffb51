"""The body of a review: branches beside one another, the signs, customers, staff. No ranking: by name, in one order."""

from collections import Counter
from collections.abc import Iterable

from dashboard import empathy_words, words
from dashboard.reports import said
from dashboard.reports.gathered import OF_THE_WHOLE, Gathered, Row
from dashboard.reports.opening import subject
from dashboard.reports.pieces import Block, Section, figures, heading, note, point, quote, section, table, text
from data import empathy
from data.reviewing.staff_side import Carried
from metrics.sign import all_signs
from metrics.trait import all_traits

ACROSS = 4  # branches side by side on a page
QUOTED = 240  # characters of a kind word


def branches(found: Gathered, drawn: dict[str, str]) -> Section:
    """What changed across branches, and how its teams lie: `drawn` are the funnels with what each says, by sign."""
    blocks: list[Block] = []
    if found.branch is not None:
        blocks.append(text(f"Each dot is a team; those of {found.branch} are filled. No team is named."))
    elif found.parts is None:
        why = "The data has no branches (teams.branch)" if not found.shown.branches else "There is one branch"
        blocks.append(text(f"{why}, so there is nothing to set side by side; below, each dot is a team."))
    else:
        blocks += _side_by_side(found)
    blocks.append(heading("Do teams differ by more than teams differ anyway?") if drawn else {})
    blocks.append(
        note(
            "Each mark is a team, by how many tickets it had and its share at the company's mix of tickets. Within the "
            "grey band teams cannot be told apart; 95 of 100 lie there by chance and by what teams differ anyway. "
            "The dashed lines hold 998 of 1000."
        )
        if drawn
        else {}
    )
    blocks.append(figures([f"funnel:{key}" for key in drawn]))
    if found.branch is None and found.shown.lone:
        names = said.listed(list(found.shown.lone))
        blocks.append(note(f"Not told apart, because one team is all there is to tell of: {names}."))
    title = "Across branches" if found.parts is not None else "Teams beside one another"
    return section("branches", title if found.branch is None else "Its teams among all teams", blocks)


def _side_by_side(found: Gathered) -> Iterable[Block]:
    """One table of at most `ACROSS` branches after another; first in a sentence how many changed."""
    names = found.shown.branches
    for name in names:
        moved = [
            row for (key, unit), row in found.of_branches.items()
            if unit == name and row["status"] == "signal" and key not in OF_THE_WHOLE
        ]  # fmt: skip
        told = [f"{said.changed(row, all_signs()[row['sign']], '').strip()} ({_began(row, found)})" for row in moved]
        yield point(name, f"It {'; it '.join(told)}." if told else "No change beyond chance in any sign.")
    for first in range(0, len(names), ACROSS):
        shown = names[first : first + ACROSS]
        rows = [
            [words.heading(sign) + _UNITS.get(sign.measure, ""), *(_cell(found, key, name) for name in shown)]
            for key, sign in all_signs().items()
            if key not in OF_THE_WHOLE and any((key, name) in found.of_branches for name in shown)
        ]
        yield table("Each sign of each branch: its level, what its own past led one to expect, and whether it changed",
                    ["", *shown], rows)  # fmt: skip
    yield note("In brackets what the branch's own past would lead one to expect. Branches stand by name: no ranking.")


_UNITS = {"rate": " (how many)", "dispersion": " (times chance)"}


def _began(row: Row, found: Gathered) -> str:
    return f"{row['direction']}, since {words.day(row['since'], found.period.until)}"


def _cell(found: Gathered, key: str, branch: str) -> str:
    row = found.of_branches.get((key, branch))
    if row is None or row["share"] is None:
        return said.standing(row, found.period) if row else "not measured"
    expected = "" if row["expected"] is None else f" ({said.level(row['expected'], row)})"
    return f"{said.level(row['share'], row)}{expected}, {said.standing(row, found.period)}"


def signs(found: Gathered) -> Section:
    """All signs of the whole: those that changed, then those that did not; at last which cannot be told."""
    order = ("signal", "no change", "too few to say")
    told = [
        key
        for status in order
        for key, row in found.over.items()
        if row["status"] == status and row["share"] is not None
    ]
    missing = [key for key, row in found.over.items() if key not in told]
    where = f"of {found.branch}" if found.branch else "of the company"
    changed = sum(found.over[key]["status"] == "signal" for key in told)
    many = f"{changed} of them changed beyond chance: those come first" if changed else "none changed beyond chance"
    opening = f"{words.count(len(told), 'sign')} {where} can be read; {many}."
    blocks = [
        text(opening if told else f"No sign {where} can be read in this {found.period.kind}."),
        note(_HOW) if told else {},
        figures([f"sign:{key}" for key in told]),
    ]
    if missing:
        names = said.listed([f"“{words.heading(all_signs()[key])}”" for key in missing])
        blocks.append(text(f"Not told here: {names}. Why, stands under “What cannot be said”."))
    return section("signs", f"The signs {where}", blocks)


_HOW = (
    "Week by week. Dashed: expected from its own past; grey band: where chance alone keeps a week; ▲ a concern or ◆ "
    "better: outside of it; hollow: not final. A single week outside is no change yet."
)


def customers(found: Gathered) -> Section:
    """The customers' voice: what they say of each trait beside what the teams say, the weakest step, kind words."""
    rows = found.traits.to_dicts()
    told = all_traits()
    many = len(found.shown.teams) > 1
    opened = empathy_words.opening(rows, empathy.widest(found.traits), told, many)
    blocks = [
        text(_without_marks(opened)),
        text(empathy_words.overall(rows, told)),
        text(_without_marks(empathy_words.weakest_step(found.steps.iter_rows(named=True)))),
        *_traits(rows),
        *_praise(found),
    ]
    return section("customers", "What customers say", blocks)


def _without_marks(sentence: str) -> str:
    """The page's words without the stars of its emphasis."""
    return sentence.replace("*", "")


def _traits(rows: list[Row]) -> Iterable[Block]:
    if not any(row["customers_share"] is not None or row["team_share"] is not None for row in rows):
        return
    told = all_traits()
    yield table(
        "Each trait: how many customers and how many of the staff say that it is good, with 95% intervals",
        ["It is good, say (of how many answers)", "Customers", "The teams themselves"],
        [[words.first_up(told[row["trait"]].name), _good(row, "customers"), _good(row, "team")] for row in rows],
    )


def _good(row: Row, side: str) -> str:
    if row[f"{side}_share"] is None:
        return row[f"{side}_why"] or "nothing to say"
    within = words.interval(row[f"{side}_low"], row[f"{side}_high"])
    return f"{words.share(row[f'{side}_share'])} ({within}; {row[f'{side}_n']:,})"


def _praise(found: Gathered) -> Iterable[Block]:
    if not found.praise:
        yield text(f"No kind word of a customer is known from this {found.period.kind}: gather some and pass them on.")
        return
    many = found.praise[0]["of"]
    yield heading("Kind words")
    yield text(f"{words.count(many, 'kind word')} of customers came in; here {'is' if many == 1 else 'are'} a few.")
    for row in found.praise:
        said_by = f"A customer, to a team in {row['branch']}" if row["branch"] and not found.branch else "A customer"
        short = row["words"] if len(row["words"]) <= QUOTED else row["words"][: QUOTED - 1].rstrip() + "…"
        yield quote(short, f"{said_by}, {words.day(row['at'].date(), found.period.until)}")


def staff(found: Gathered) -> Section:
    """Load, absence, wastage, newcomers, discontent: of all teams together."""
    known = {one.key: one for one in found.staff}
    blocks = [point(_STAFF[key][0], _carried(known[key]), "staff") for key in ("load", "absence")]
    blocks.append(point("Wastage", _wastage(known["wastage"], known["wastage_by_choice"]), "staff"))
    blocks.append(point(_STAFF["newcomers"][0], _carried(known["newcomers"]), "staff"))
    row = found.over.get("staff_discontent")
    if row is not None:
        sign = all_signs()["staff_discontent"]
        blocks.append(
            point("Discontent", said.sentence(row, sign, subject(found), found.period), "sign:staff_discontent")
        )
    counts = Counter(found.branch_of(team) or "" for _, team in found.explained if found.explained[_, team].system)
    if counts:
        blocks.append(text(f"Behind changes for the worse lies the system, not the people, in {said.several(counts)}."))
    return section("staff", "How the staff is doing", blocks)


_STAFF = {
    "load": ("Load", "{} tickets handled a working day for each full-time post"),
    "absence": ("Absence", "{} of working days lost to sickness and leave"),
    "newcomers": ("Newcomers", "{} have been here for less than six months"),
}


def _carried(one: Carried) -> str:
    if one.now is None:
        return f"Not known: {one.why}."
    how = "{:g}".format if one.key == "load" else _percent
    now = words.first_up(_STAFF[one.key][1].format(how(one.now)))
    before = "" if one.before is None else f"; {how(one.before)} in the same weeks a year before"
    warning = " (the warning line is 50 to 60)" if one.key == "load" else ""
    return f"{now}{warning}{before}. Of {one.people} people."


def _percent(share: float) -> str:
    """As it is told: in whole percents, or tenths of one."""
    return f"{share * 100:.3g}%"


def _wastage(every: Carried, chosen: Carried) -> str:
    if every.now is None:
        return f"Not known: {every.why}."
    own = "" if chosen.now is None else f", {_percent(chosen.now)} by their own choice"
    before = "" if every.before is None else f"; {_percent(every.before)} in the year before"
    return f"{_percent(every.now)} left in the year up to the end of the period{own}{before}."
