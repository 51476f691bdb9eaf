-- One row per project per quarter in which it runs: its figures, where they came in.
-- row_id: quarter|project_id.
-- quarters_in_year: Quarters in a financial year.
-- project_row_id: The row of the project in the framework.
-- fund_id: The fund that pays for it; none where the framework names none.
-- carry_cap_pct: What may be carried into next year, in per cent of the budget: the fund's own cap, else the setting.
-- cap_row_id: The row of the fund in the framework, where it has a cap of its own.
-- spend_row_id: The row its figures were sent in.
-- sent_row_id: The row in which it was sent, whether that row stood or not.
-- budget: The revised allocation of the year (GBP).
-- profile_to_date: Planned spend from 1 April to the end of the quarter (GBP).
-- profile_year: Planned spend of the whole year (GBP).
-- actual_this_quarter: Spend in the quarter alone (GBP).
-- state: received, refused, withdrawn (its sender took the return back), erased (its file was) or missing: what became of the project's row in the quarter's return.
with typed as (
    -- which projects had a row in the quarter's returns, whether it stood or not
    select submissions.quarter, cells.read_as as project_id, min(cells.row_id) as row_id
    from staging.row_cells as cells
    inner join staging.submissions as submissions on split_part(cells.row_id, ':', 1) = submissions.submission_id
    where
        submissions.return = 'nrf_spend' and cells.column_name = 'project_id'
        -- what stood only in a file that a later one has replaced was not refused: it is not there
        and submissions.state not in ('superseded', 'withdrawn')
    group by all
),

-- returns of which nothing stands any more: what had come last was taken back, or its file erased
gone as (
    select
        sent.quarter, sent.partner,
        max_by(sent.state, sent.received_at) filter (sent.state in ('withdrawn', 'erased')) as state
    from staging.submissions as sent
    where sent.return = 'nrf_spend'
    group by sent.quarter, sent.partner
    having not bool_or(sent.state in ('accepted', 'nil'))
),

spend as (
    select
        given.*,
        cast(right(given.quarter, 1) as integer) as quarter_number,
        given.profile_q1 + given.profile_q2 + given.profile_q3 + given.profile_q4 as profile_year,
        -- a sum with a quarter missing is missing: half a profile would make spend look early
        case quarter_number
            when 1 then given.profile_q1
            when 2 then given.profile_q1 + given.profile_q2
            when 3 then given.profile_q1 + given.profile_q2 + given.profile_q3
            else profile_year
        end as profile_to_date,
        [given.actual_q1, given.actual_q2, given.actual_q3, given.actual_q4] as actual
    from staging.nrf_spend as given
)

select
    quarters.quarter || '|' || projects.project_id as row_id,
    quarters.quarter,
    quarters.quarter_number,
    4 as quarters_in_year,
    projects.project_id,
    projects.row_id as project_row_id,
    coalesce(projects.fund_id, 'none') as fund_id,
    coalesce(funds.carry_cap_pct, try_cast(general.value as double)) as carry_cap_pct,
    case when funds.carry_cap_pct is not null then funds.row_id end as cap_row_id,
    spend.row_id as spend_row_id,
    coalesce(spend.row_id, typed.row_id) as sent_row_id,
    spend.revised_allocation as budget,
    spend.profile_to_date,
    spend.profile_year,
    spend.actual[quarters.quarter_number] as actual_this_quarter,
    spend.actual_to_date,
    spend.forecast_outturn,
    case
        when spend.row_id is not null then 'received'
        when typed.project_id is not null then 'refused'
        else coalesce(gone.state, 'missing')
    end as state
from staging.quarters as quarters
inner join framework.projects as projects
    on
        coalesce(projects.starts_on, quarters.starts_on) <= quarters.ends_on
        -- what a project spent before it ended stays spent until the year is out
        and coalesce(projects.ends_on, quarters.ends_on) >= make_date(cast(left(quarters.quarter, 4) as integer), 4, 1)
left join framework.funds as funds on projects.fund_id = funds.fund_id
left join framework.settings as general on general.setting_id = 'carry_cap_pct'
left join spend on quarters.quarter = spend.quarter and projects.project_id = spend.project_id
left join typed on quarters.quarter = typed.quarter and projects.project_id = typed.project_id
left join gone on quarters.quarter = gone.quarter and projects.partner_id = gone.partner
