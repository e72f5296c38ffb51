"""Which profile, and which table, is a file's header? What fits best, or one sentence that says what is lacking."""

from collections.abc import Iterable

from data.errors import Trouble
from data.sources.profile import NATIVE, Profile, find, plain
from data.sources.raw import Raw
from metrics.frames import CONTRACT

# Written beside the cells of rows that were set aside: each says its table when it comes back.
REJECT_TABLE = "reject_table"
# What the definitions call a survey's question.
_ALIASES = {"trait": "question"}


def choose(raw: Raw, known: dict[str, Profile], name: str | None, table: str | None) -> Profile:
    """The profile to read `raw` with: the named one, the native one for --as alone, else the one that fits."""
    if name is not None:
        if name not in known:
            raise Trouble(f'There is no profile "{name}": there are {", ".join(sorted(known))}.')
        return known[name]
    if table is not None or is_mended(raw.columns):
        return known[NATIVE]
    fits = [one for one in known.values() if one.kind != "native" and not one.lacks(raw.columns)]
    native = native_tables(raw.columns)
    if not fits and native:
        return known[NATIVE]
    best = max((one.fit(raw.columns) for one in fits), default=0)
    best_native = max((_native_fit(raw.columns, one) for one in native), default=0)
    if best_native >= best and native:
        return known[NATIVE]
    first = [one.name for one in fits if one.fit(raw.columns) == best]
    if len(first) > 1:
        raise Trouble(f"{raw.name} fits the profiles {' and '.join(first)}: name one with --profile.")
    if first:
        return known[first[0]]
    raise Trouble(_no_fit(raw, known))


def _no_fit(raw: Raw, known: dict[str, Profile]) -> str:
    """What was found and what would have been nearest."""
    shown = ", ".join(raw.columns[:40]) + (" ..." if len(raw.columns) > 40 else "")
    near = [(one.fit(raw.columns), one.lacks(raw.columns), f"profile {one.name}") for one in known.values()]
    near += [
        (_native_fit(raw.columns, table), native_lacks(raw.columns, table), f"table {table}") for table in CONTRACT
    ]
    by_fit = sorted((found for found in near if found[0] and found[1]), key=lambda found: (-found[0], len(found[1])))
    nearest = [f"{what} lacks {', '.join(lacking)}" for _, lacking, what in by_fit[:2]]
    hint = f" Nearest: {'; '.join(nearest)}." if nearest else ""
    return (
        f"No profile fits the columns of {raw.name}: {shown}.{hint} "
        "Name a profile with --profile, or the table with --as if the columns are Heartline's own."
    )


def native_tables(header: list[str]) -> list[str]:
    """The tables whose needed columns `header` has, the best fits only."""
    able = {table: _native_fit(header, table) for table in CONTRACT if not native_lacks(header, table)}
    best = max(able.values(), default=0)
    return [table for table, fit in able.items() if fit == best]


def _native_names(header: Iterable[str]) -> set[str]:
    found = {plain(name) for name in header}
    return found | {plain(to) for name, to in _ALIASES.items() if plain(name) in found}


def _native_fit(header: Iterable[str], table: str) -> int:
    return len(_native_names(header) & {plain(name) for name in CONTRACT[table].column_names()})


def native_lacks(header: Iterable[str], table: str) -> list[str]:
    found = _native_names(header)
    needed = [name for name, column in CONTRACT[table].columns().items() if not column.nullable and name != "seq"]
    return [name for name in needed if plain(name) not in found]


def is_mended(header: list[str]) -> bool:
    return find(header, [REJECT_TABLE]) is not None
