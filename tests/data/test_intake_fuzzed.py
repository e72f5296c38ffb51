"""Whatever is in a file, intake ends in a summary that accounts for each row, or in one sentence."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.errors import Trouble
from data.home import Home
from data.intake import Summary, import_file
from data.lake import Lake
from data.rejects import export, listing
from metrics.frames import CONTRACT
from tests.data.importing import NOW, counts

LEAN = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NAMES = sorted({name for schema in CONTRACT.values() for name in schema.column_names()} | {"number", "state", "trait"})
CELL = st.one_of(
    st.sampled_from(
        ["", "T1", "T2", "2024-01-01", "2024-01-01 10:00", "2023-12-31T10:00:00+02:00", "noted", "resolved"]
    ),
    st.sampled_from(
        ["0", "1", "-1", "5", "1,5", "true", "sales", "won", "?", "=1+1", "'", '"', "p_" + "a" * 32, "\u2028"]
    ),
    st.text(alphabet=string.printable, max_size=12),
    st.text(max_size=8),
)


def imported(content: bytes, **how: str) -> Summary | Trouble:
    """Import twice and once more what was exported; a look each time that nothing is lost and nothing comes twice."""
    with TemporaryDirectory() as folder:
        home, path = Home(Path(folder, "home")), Path(folder, "file.csv")
        path.write_bytes(content)
        try:
            first = import_file(home, path, now=NOW, **how)
        except Trouble as trouble:
            return refused(home, trouble)
        assert counts(first)[0] + counts(first)[3] + first.unchanged == first.read
        again = import_file(home, path, now=NOW, **how)
        assert (again.accepted, again.replaced, again.new_version) == (0, 0, False)
        assert again.set_aside == first.set_aside
        rows = export(home, Path(folder, "out.csv"))
        assert rows <= listing(home)["reject_id"].n_unique()
        if rows:
            back = import_file(home, Path(folder, "out.csv"), now=NOW)
            assert (back.read, back.set_aside, back.new_version) == (rows, rows, False)
        return first


@LEAN
@given(st.binary(max_size=400))
@example(b"a,b\n\xff\xfe\n")
@example(b"\xff\xfea,b\n")
@example(b'"')
@example(b"a,b\r\n\x00,\x00")
def test_any_bytes(content: bytes) -> None:
    imported(content)


@LEAN
@given(st.text(alphabet='ab,;"\n\r\t |é0', max_size=200))
def test_any_text_under_a_good_header(text: str) -> None:
    found = imported(("ticket_id,opened_at,category\n" + text).encode())
    assert isinstance(found, Summary) or "no table" in str(found)


@LEAN
@given(
    table=st.sampled_from(sorted(CONTRACT)),
    rows=st.lists(st.lists(CELL, min_size=12, max_size=12), max_size=12),
    extra=st.lists(st.sampled_from(NAMES), max_size=3),
)
def test_any_cells_under_the_contracts_own_header(table: str, rows: list[list[str]], extra: list[str]) -> None:
    columns = [name for name, column in CONTRACT[table].columns().items() if not column.nullable or name in extra]
    columns = list(dict.fromkeys([*columns, *extra]))
    lines = [columns, *(row[: len(columns)] for row in rows)]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    found = imported(text.encode(errors="replace"), table=table)
    assert isinstance(found, Summary) or "not text" in str(found)


def refused(home: Home, trouble: Trouble) -> Trouble:
    """A sentence was said, and nothing was changed."""
    assert str(trouble).endswith(".")
    assert Lake(home).current().number == 0
    return trouble


AUDIT = ["number", "incident_state", "sys_mod_count", "opened_at", "sys_updated_at", "assignment_group", "assigned_to"]
AUDIT_CELL = {
    "number": st.sampled_from(["I1", "I2", "?", ""]),
    "incident_state": st.sampled_from(["New", "Active", "Awaiting Vendor", "Resolved", "Closed", "-100", "?"]),
    "sys_mod_count": st.sampled_from(["0", "1", "2", "3", "3", "x", "?"]),
    "opened_at": st.sampled_from(["29/2/2016 01:16", "1/3/2016 01:16", "30/2/2016 01:16", "?"]),
    "sys_updated_at": st.sampled_from(["29/2/2016 01:23", "1/3/2016 02:00", "28/2/2016 02:00", "x", "?"]),
    "assignment_group": st.sampled_from(["A", "B", "?"]),
    "assigned_to": st.sampled_from(["p", "q", "?"]),
}


@LEAN
@given(st.lists(st.tuples(*(AUDIT_CELL[name] for name in AUDIT)), max_size=12))
def test_any_audit_log(rows: list[tuple[str, ...]]) -> None:
    text = "\n".join(";".join(line) for line in [tuple(AUDIT), *rows]) + "\n"
    assert isinstance(imported(text.encode(), profile="servicenow_audit"), Summary)
