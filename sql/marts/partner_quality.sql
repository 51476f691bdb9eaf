-- One row per partner and quarter for which it was to send something or sent it: how timely and how good it was.
-- quarter: The quarter, for example 2004-05-Q1.
-- partner: The partner's reference.
-- partner_title: The partner's name.
-- returns_expected: Returns expected of it.
-- returns_on_time: Of these, those of which a file that was not refused had come by the day they were due.
-- returns_late: Of these, those of which the first such file came later.
-- returns_outstanding: Of these, those late or missing: nothing has come.
-- returns_nil: Of these, those that say there is nothing to report.
-- returns_refused: Of these, those of which all that came was refused.
-- on_time_pct: Returns on time in percent of those that were due by the as-at day; blank where none was.
-- most_days_late: The most days after it was due that the first such file of one came; blank where none came late.
-- files_sent: Files that held one of its returns.
-- rows_read: Rows found in the returns that count.
-- rows_refused: Rows of these that did not enter.
-- rows_queried: Rows of these about which something is asked.
-- queries_settled: Queries on its returns of the quarter that were answered, waived or settled by a later file.
-- row_id: quarter|partner.
with queries as (
    select findings.quarter, findings.partner, count(findings.finding_id) as settled
    from marts.findings as findings
    -- one that was waived is a note since
    where
        (findings.consequence = 'query' or findings.settled_by = 'waiver')
        and findings.settled is not null and findings.return is not null
    group by findings.quarter, findings.partner
),

files as (
    select quarter, partner, count(distinct file_id) as sent
    from staging.submissions
    where quarter is not null and partner is not null
    group by quarter, partner
)

select
    returns.quarter,
    returns.partner,
    any_value(returns.partner_title) as partner_title,
    count(*) filter (returns.is_expected) as returns_expected,
    count(*) filter (returns.is_expected and cast(returns.first_received_at as date) <= returns.due_on) as returns_on_time,
    count(*) filter (returns.is_expected and cast(returns.first_received_at as date) > returns.due_on) as returns_late,
    count(*) filter (returns.is_expected and returns.state in ('late', 'missing')) as returns_outstanding,
    count(*) filter (returns.is_expected and returns.state = 'nil') as returns_nil,
    count(*) filter (returns.is_expected and returns.state = 'refused') as returns_refused,
    100.0 * count(*) filter (returns.is_expected and cast(returns.first_received_at as date) <= returns.due_on)
    / nullif(count(*) filter (returns.is_expected and returns.state not in ('due', 'not due')), 0) as on_time_pct,
    max(nullif(greatest(date_diff('day', returns.due_on, cast(returns.first_received_at as date)), 0), 0))
        filter (returns.is_expected) as most_days_late,
    coalesce(any_value(files.sent), 0) as files_sent,
    coalesce(sum(returns.rows_read), 0) as rows_read,
    coalesce(sum(returns.rows_refused), 0) as rows_refused,
    coalesce(sum(returns.rows_queried), 0) as rows_queried,
    coalesce(any_value(queries.settled), 0) as queries_settled,
    returns.quarter || '|' || returns.partner as row_id
from marts.returns as returns
left join files on returns.quarter = files.quarter and returns.partner = files.partner
left join queries on returns.quarter = queries.quarter and returns.partner = queries.partner
group by returns.quarter, returns.partner
