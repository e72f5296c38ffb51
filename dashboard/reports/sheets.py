"""Every number of a review as tables for its workbook, each with what it takes to understand it."""

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard import words
from dashboard.reports.gathered import Gathered, Row
from dashboard.reports.passports import Passport
from data.coaching.what_works import Works
from metrics.sign import Sign, all_signs
from metrics.trait import all_traits

Sheet = dict[str, Any]
Columns = Sequence[tuple[str, str]]  # name and kind: text, whole, number, share, day
_PASSPORT: Columns = (("formula", "text"), ("clock", "text"), ("window", "text"), ("data version", "whole"))
_SIGN: Columns = (
    ("sign", "text"), ("question", "text"), ("of", "text"), ("status", "text"), ("direction", "text"),
    ("since", "day"), ("measure", "text"), ("x", "whole"), ("n", "whole"), ("level", "level"), ("low", "level"),
    ("high", "level"), ("expected", "level"), ("expected by mix", "level"), ("why", "text"), *_PASSPORT,
)  # fmt: skip
_WEEK: Columns = (
    ("sign", "text"), ("of", "text"), ("week", "day"), ("x", "whole"), ("n", "whole"), ("level", "number"),
    ("low", "number"), ("high", "number"), ("expected", "number"), ("final", "text"), *_PASSPORT,
)  # fmt: skip
_SIDE: Columns = (
    ("trait", "text"), ("whose", "text"), ("x", "whole"), ("n", "whole"), ("share", "number"), ("low", "number"),
    ("high", "number"), ("expected", "number"), ("why", "text"), *_PASSPORT,
)  # fmt: skip
_STAFF: Columns = (
    ("measure", "text"), ("level", "number"), ("n", "text"), ("low", "number"), ("high", "number"),
    ("expected", "number"), ("a year before", "number"), ("why", "text"), *_PASSPORT,
)  # fmt: skip
_ACTION: Columns = (
    ("play", "text"), ("sign", "text"), ("branch", "text"), ("starts on", "day"), ("status", "text"),
    ("verdict", "text"), ("effect", "number"), ("low", "number"), ("high", "number"), ("expected", "number"),
    ("n", "whole"), ("why", "text"), *_PASSPORT,
)  # fmt: skip
_WORKS: Columns = (
    ("play", "text"), ("n", "whole"), ("effect", "number"), ("low", "number"), ("high", "number"),
    ("next low", "number"), ("next high", "number"), *_PASSPORT,
)  # fmt: skip


def sheets(found: Gathered, known: Sequence[Passport]) -> list[Sheet]:
    """The sheets in the order of the review."""
    by_key = {one["key"]: dict(one["rows"]) for one in known}
    version = found.fresh.version

    def about(key: str) -> list[Any]:
        told = by_key[key]
        return [_bare(told.get("Formula", "")), _bare(told.get("Clock", "")), _bare(told["Window"]), version]

    return [
        _sheet("Signs", _SIGN, (_sign(row, about(f"sign:{row['sign']}"), found) for row in found.over.values())),
        _sheet("Branches", _SIGN, (_sign(row, about(f"sign:{row['sign']}"), found) for row in _branches(found))),
        _sheet("Weeks", _WEEK, _weeks(found, about)),
        _sheet("Customers", _SIDE, _sides(found, about("customers"))),
        _sheet("Staff", _STAFF, _staff(found, by_key["staff"], version)),
        _sheet("Coaching", _ACTION, _actions(found, about("coaching"))),
        _sheet("What works", _WORKS, (_works(one, about("coaching")) for one in found.works if one.pooled)),
    ]


def _bare(told: str) -> str:
    """Without its full stop: a cell is no sentence."""
    return told.removesuffix(".")


def _sheet(name: str, columns: Columns, rows: Iterable[list[Any]]) -> Sheet:
    return {"name": name, "columns": [list(one) for one in columns], "rows": list(rows)}


def _branches(found: Gathered) -> list[Row]:
    from dashboard.reports.gathered import OF_THE_WHOLE

    return [row for row in found.of_branches.values() if row["sign"] not in OF_THE_WHOLE]


def _sign(row: Row, about: list[Any], found: Gathered) -> list[Any]:
    sign: Sign = all_signs()[row["sign"]]
    counted = [row[name] for name in ("x", "n", "share", "low", "high", "expected", "mix_expected")]
    said = [row["status"], row["direction"], _day(row["since"]), sign.measure]
    return [sign.key, words.heading(sign), row["unit"], *said, *counted, row["why"], *about]


def _weeks(found: Gathered, about: Any) -> Iterable[list[Any]]:
    """The weeks of the period, of the whole. `low` and `high` are the limits of chance."""
    for key, row in found.over.items():
        if row["share"] is None:
            continue
        told = about(f"sign:{key}")
        for one in found.whole.series(key, found.unit).iter_rows(named=True):
            if one["week"] in found.weeks and one["n"]:
                numbers = [one[name] for name in ("x", "n", "share", "lower", "upper", "centre")]
                yield [key, found.unit, _day(one["week"]), *numbers, "yes" if one["mature"] else "no", *told]


def _sides(found: Gathered, about: list[Any]) -> Iterable[list[Any]]:
    for row in found.traits.iter_rows(named=True):
        for side in ("customers", "team", "tickets"):
            numbers = [row[f"{side}_{name}"] for name in ("x", "n", "share", "low", "high")]
            yield [all_traits()[row["trait"]].name, side, *numbers, None, row[f"{side}_why"], *about]


def _staff(found: Gathered, told: dict[str, str], version: int) -> Iterable[list[Any]]:
    for one in found.staff:
        formula = told[words.first_up(one.key.partition("_")[0])]
        yield [
            one.key.replace("_", " "), one.now, one.people, None, None, None, one.before, one.why,
            _bare(formula), "calendar", _bare(told["Window"]), version,
        ]  # fmt: skip


def _actions(found: Gathered, about: list[Any]) -> Iterable[list[Any]]:
    order = sorted(found.found.values(), key=lambda one: (one.action.play, one.action.starts_on, one.action.id))
    for one in order:
        verdict, action = one.judged.verdict, one.action
        line = verdict.headline
        numbers = [None] * 3 if line is None else [line.effect, line.low, line.high]
        yield [
            words.play(action.play), action.sign, found.branch_of(action.team_id), _day(action.starts_on),
            action.status, verdict.word, *numbers, None, verdict.weeks, verdict.why, *about,
        ]  # fmt: skip


def _works(one: Works, about: list[Any]) -> list[Any]:
    line = one.pooled
    ends = ("effect", "low", "high", "next_low", "next_high")
    return [words.play(one.play), len(one.ended), *(getattr(line, name) for name in ends), *about]


def _day(when: Any) -> str | None:
    return when.isoformat() if when is not None else None
