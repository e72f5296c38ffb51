"""The same counts as DuckDB makes them, in SQL that its users would write. It must come to our very numbers.

The made company keeps the default hours (nine to five, Monday to Friday, UTC), so that business time is arithmetic here
and needs no look-up.
"""

from pathlib import Path
from typing import Any

# Open minutes from Monday 29 December 1969 to minute m: five days of 480 a week.
OPENED = """
create macro opened(m) as
    ((m + 4320) // 10080) * 2400
    + least((m + 4320) % 10080 // 1440, 5) * 480
    + case when (m + 4320) % 10080 // 1440 < 5
           then least(greatest((m + 4320) % 1440 - 540, 0), 480) else 0 end;
create macro due(m, minutes) as
    ((opened(m) + minutes - 1) // 2400) * 10080 - 4320
    + ((opened(m) + minutes - 1) % 2400 // 480) * 1440
    + 540 + (opened(m) + minutes - 1) % 480 + 1;
create macro minute(t) as epoch_us(t) // 60000000;
create macro place(t, seq) as epoch_us(t) * 1000 + seq;
"""

FACTS = """
create temp table moves as
with steps as (
    select ticket_id, happened, seq, kind, team_id, actor,
        lag(team_id) over life as was, row_number() over life as place
    from events window life as (partition by ticket_id order by happened, seq)
), stays as (
    select *, sum(case when was is null or was <> team_id then 1 else 0 end)
        over (partition by ticket_id order by happened, seq) as stay from steps
)
select ticket_id, stay, any_value(team_id) as team_id, arg_min(happened, place) as since,
    bool_or(kind = 'replied' and coalesce(actor, 'agent') = 'agent') as replied,
    bool_or(kind = 'noted' and coalesce(actor, 'agent') = 'agent') as noted
from stays group by ticket_id, stay;

create temp table done as
select e.ticket_id, e.happened, e.team_id,
    min(case when e.kind = 'reopened' then e.happened end)
        over (partition by e.ticket_id order by e.happened, e.seq
            rows between 1 following and unbounded following) as reopened_at,
    e.kind
from events e where e.kind in ('resolved', 'reopened');

create temp table outcome as
select ticket_id,
    min(happened) filter (kind = 'resolved') as resolved_at,
    arg_min(team_id, happened) filter (kind = 'resolved') as resolver,
    min(happened) filter (kind = 'reopened') as back_at
from done group by ticket_id;

create temp table spoken as
with first as (
    select ticket_id, min(place(happened, seq)) as resolved from events where kind = 'resolved' group by ticket_id
)
select e.ticket_id, arg_max(e.team_id, place(e.happened, e.seq)) as speaker
from events e join first f on f.ticket_id = e.ticket_id and place(e.happened, e.seq) < f.resolved
where e.kind = 'replied' and coalesce(e.actor, 'agent') = 'agent' group by e.ticket_id;
"""

LET_GO = """
with handoffs as (
    select m.ticket_id, m.team_id, n.since as happened, m.replied, m.noted,
        case when f.function = 'dispatch'
               or (m.stay = 1 and not m.replied
                   and opened(minute(n.since)) - opened(minute(t.opened_at)) <= 30) then 'routing'
             when g.line > f.line and (m.replied or m.noted) then 'escalation'
             when m.replied then 'after_reply'
             when not m.noted then 'without_work' end as handoff
    from moves m
    join moves n on n.ticket_id = m.ticket_id and n.stay = m.stay + 1
    join tickets t on t.ticket_id = m.ticket_id
    left join teams f on f.team_id = m.team_id
    left join teams g on g.team_id = n.team_id
), gone as (
    select ticket_id, team_id, happened, handoff = 'without_work' as counted from handoffs
    union all
    select ticket_id, team_id, happened, false from done where kind = 'resolved'
)
select 'buck_passing' as sign, ticket_id, team_id, date_trunc('week', happened) as week,
    bool_or(coalesce(counted, false)) as counted
from gone group by all
"""

REPEATS = """
with again as (
    select r.ticket_id, r.happened, r.team_id, r.reopened_at, min(o.opened_at) as repeat_at
    from done r
    join tickets t on t.ticket_id = r.ticket_id
    left join tickets o on o.customer_id = t.customer_id and o.category = t.category
        and coalesce(o.origin, 'customer') <> 'proactive'
        and minute(o.opened_at) - minute(r.happened) between 15 and 20160
    where r.kind = 'resolved'
    group by all
)
select 'repeat_complaints' as sign, ticket_id, team_id, date_trunc('week', happened) as week,
    bool_or(repeat_at is not null or coalesce(minute(reopened_at) - minute(happened) <= 20160, false)) as counted
from again group by all
"""

SIMPLE = """
with limits as (
    select t.ticket_id, t.opened_at, t.is_complaint, t.csat, due(minute(t.opened_at), s.standard_minutes) as deadline,
        minute(t.opened_at) + 10080 as week_end, o.resolved_at, o.resolver, o.back_at,
        coalesce(p.speaker, o.resolver) as speaker,
        coalesce(minute(o.resolved_at) <= deadline, false) as in_time,
        coalesce(minute(o.back_at) < deadline
            or (in_time and minute(o.back_at) <= minute(o.resolved_at) + 2880), false) as undone
    from tickets t join standards s on s.category = t.category and s.simple
    left join outcome o on o.ticket_id = t.ticket_id
    left join spoken p on p.ticket_id = t.ticket_id
), held as (
    select l.*,
        arg_max(m.team_id, m.stay) filter (minute(m.since) <= l.deadline) as then_held,
        arg_max(m.team_id, m.stay) filter (minute(m.since) <= l.week_end) as week_held
    from limits l join moves m on m.ticket_id = l.ticket_id group by all
)
select 'slow_simple' as sign, ticket_id,
    case when in_time then resolver else then_held end as team_id,
    date_trunc('week', opened_at) as week,
    case when in_time and not undone then greatest(minute(resolved_at) + 2880, deadline) else deadline end
        < {horizon} and not (in_time and not undone) as counted
from held
union all
select 'small_complaints', ticket_id, case when minute(resolved_at) <= week_end then speaker else week_held end,
    date_trunc('week', opened_at), coalesce(is_complaint, false) or coalesce(csat <= 2, false)
from held
"""

COUNTS = """
select r.sign, r.team_id, r.week::date as week, t.category, t.channel, t.priority,
    count(*) filter (r.counted) as x, count(*) as n
from rows r join tickets t on t.ticket_id = r.ticket_id where r.team_id is not null group by all
"""


def duckdb_counts(folder: Path, horizon_minute: int) -> Any:
    """The four signs' counts in DuckDB, as an Arrow table: sign, team_id, week, category, channel, priority, x, n."""
    import duckdb

    base = duckdb.connect()
    base.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
    # `at` is a word of DuckDB's own.
    for name, columns in (("tickets", "*"), ("events", '* rename ("at" as happened)')):
        files = f"read_parquet('{folder}/{name}/*/*.parquet', hive_partitioning = false)"
        base.execute(f"create view {name} as select {columns} from {files}")
    for name in ("teams", "standards"):
        base.execute(f"create view {name} as select * from read_parquet('{folder}/{name}.parquet')")
    base.execute(OPENED)
    base.execute(FACTS)
    rows = " union all ".join(f"({part})" for part in (LET_GO, REPEATS, SIMPLE.format(horizon=horizon_minute)))
    return base.sql(f"with rows as ({rows}) {COUNTS}").to_arrow_table()
