"""Every module that says what tables there are, imported in one place.

The migrations compare these with the database, and the database refuses another program's by them: a module of tables
that is missing here would be unknown to both (tests/data/test_migrations.py looks).
"""

from data import access_tables, disclosure_table, purpose_tables, record_tables, tables
from data.coaching import tables as coaching
from data.retro import tables as retro
from data.reviewing import tables as reviewing
from data.tables import Base
from data.talks import tables as talks

MODULES = (tables, coaching, retro, reviewing, talks, record_tables, access_tables, purpose_tables, disclosure_table)

__all__ = ["MODULES", "Base"]
