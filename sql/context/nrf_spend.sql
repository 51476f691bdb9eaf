-- One row per row of the return: what its figures add up to, what came too early or too late, and what was said before.
-- named_sender: The partner that the framework names as the project's lead body
-- allocation_sum: the revised allocation if allocation, carry-in and virement add up to it, else their sum (GBP)
-- profile_sum: the revised allocation if the quarters' profile adds up to it, else their sum (GBP)
-- actual_sum: the actual to date if the quarters' actuals add up to it, else their sum (GBP)
-- actual_in_open_quarter: the first column with an actual for a quarter after the return's own
-- forecast_too_late: 'forecast_outturn' where the year has closed with another outturn
-- cumulative, actuals_listed: the last quarter's actual where they rise like sums to date; and the actuals in words
-- negative_actual: the first column with an actual below zero, where nothing says why
-- slipped, earlier_allocation: 'revised_allocation' where it is that of the return before times ten, a hundred …
-- thousandth, thousands_say: the first column that is about a thousandth of what it should be near, and which those are
-- fell, earlier_to_date: 'actual_to_date' where it is less than in the quarter before, and nothing says why
-- restated, restated_from: the first column that gives another actual than the quarter's own return, and nothing says why
-- copied, planned: 'actual_to_date' where it is that of the quarter before though spend was planned, and nothing says why
-- jumped, actual_now, earlier_median: the quarter's actual where it is further off the project's median than their spread allows
-- other_theme, theme_held: 'theme_id' where the framework has another
-- twinned, twin: 'project_name' where another project of the quarter has the same, and that project
-- comment_when_behind, variance_pct: the comment of a row that is far off profile or has the worst rating
with limits as (
    select
        max(value) filter (setting_id = 'jump_k') as jump_k,
        max(value) filter (setting_id = 'jump_earlier') as jump_earlier,
        max(value) filter (setting_id = 'jump_floor_pct') / 100 as jump_floor,
        max(value) filter (setting_id = 'contradiction_pct') as contradiction_pct
    from framework.limits
),

worst as (select rating from framework.rating_scale qualify row_number() over (order by rank desc) = 1),

quarters as (
    select
        *,
        left(quarter, 7) as year,
        cast(right(quarter, 1) as integer) as quarter_number,
        allocation + coalesce(carry_in, 0) + coalesce(virement, 0) as allocated,
        profile_q1 + profile_q2 + profile_q3 + profile_q4 as profiled,
        [actual_q1, actual_q2, actual_q3, actual_q4] as actuals,
        [profile_q1, profile_q2, profile_q3, profile_q4] as profiles,
        list_filter([actual_q1, actual_q2, actual_q3, actual_q4], lambda actual: actual is not null) as reported,
        coalesce(trim(commentary), '') = '' as says_nothing
    from rows
),

reckoned as (
    select
        *,
        case when len(reported) > 0 then list_sum(reported) end as spent,
        list_sum(profiles[1:quarter_number]) as profile_to_date,
        profiles[quarter_number] as planned,
        actuals[quarter_number] as actual_now,
        len(reported) > 1
        and list_sort(reported) = reported
        and list_unique(reported) = len(reported)
        and reported[1] > 0 as is_rising
    from quarters
),

-- the return of the quarter before, as it stood when the row came in
before as (
    select rows.row_id, given.actual_to_date, given.actuals
    from reckoned as rows
    inner join reckoned as given
        on
            rows.project_id = given.project_id and rows.year = given.year
            and rows.quarter_number = given.quarter_number + 1
            and given.received_at <= rows.received_at
    qualify row_number() over (partition by rows.row_id order by given.received_at desc, given.row_id desc) = 1
),

last_allocation as (
    select rows.row_id, given.revised_allocation
    from rows
    inner join rows as given
        on rows.project_id = given.project_id and given.quarter < rows.quarter and given.received_at <= rows.received_at
    qualify row_number() over (partition by rows.row_id order by given.quarter desc, given.received_at desc, given.row_id desc) = 1
),

-- each money column beside what it should be near: the last allocation, an even profile of it, the profile
money as (
    select
        rows.row_id,
        rows.revised_allocation,
        last_allocation.revised_allocation as held,
        coalesce(last_allocation.revised_allocation, rows.revised_allocation) as whole,
        log10(nullif(rows.revised_allocation, 0) / nullif(last_allocation.revised_allocation, 0)) between -3.3 and -2.7 as is_slipped,
        [
            {name: 'revised_allocation', header: 'Revised allocation', value: rows.revised_allocation, near: last_allocation.revised_allocation},
            {name: 'profile_q1', header: 'Profile Q1', value: rows.profile_q1, near: whole / 4},
            {name: 'profile_q2', header: 'Profile Q2', value: rows.profile_q2, near: whole / 4},
            {name: 'profile_q3', header: 'Profile Q3', value: rows.profile_q3, near: whole / 4},
            {name: 'profile_q4', header: 'Profile Q4', value: rows.profile_q4, near: whole / 4},
            {name: 'actual_q1', header: 'Actual Q1', value: rows.actual_q1, near: whole / 4},
            {name: 'actual_q2', header: 'Actual Q2', value: rows.actual_q2, near: whole / 4},
            {name: 'actual_q3', header: 'Actual Q3', value: rows.actual_q3, near: whole / 4},
            {name: 'actual_q4', header: 'Actual Q4', value: rows.actual_q4, near: whole / 4},
            {name: 'actual_to_date', header: 'Actual to date', value: rows.actual_to_date, near: whole * rows.quarter_number / 4},
            {name: 'forecast_outturn', header: 'Forecast outturn', value: rows.forecast_outturn, near: whole}
        ] as figures,
        list_max(list_transform(figures, lambda figure: abs(figure.value))) as largest
    from reckoned as rows
    left join last_allocation on rows.row_id = last_allocation.row_id
),

thousandths as (
    select
        *,
        -- within a factor of four: no profile is quite even, and no actual quite as planned
        list_filter(
            figures, lambda figure: figure.near >= 4000 and figure.value > 0 and figure.value / figure.near between 1 / 4000 and 1 / 250
        ) as small
    from money
),

-- the project's actual of each quarter before, by the newest return that gives it
earlier as (
    select rows.row_id, given.year, numbers.number, given.actuals[numbers.number] as actual
    from reckoned as rows
    inner join reckoned as given
        on rows.project_id = given.project_id and given.received_at <= rows.received_at
    cross join (select unnest([1, 2, 3, 4]) as number) as numbers
    where
        given.actuals[numbers.number] is not null
        and (given.year < rows.year or (given.year = rows.year and numbers.number < rows.quarter_number))
    qualify row_number() over (
        partition by rows.row_id, given.year, numbers.number order by given.received_at desc, given.row_id desc
    ) = 1
),

history as (
    select row_id, count(*) as quarters, median(actual) as middle, mad(actual) as spread
    from earlier
    group by row_id
),

-- names as they are compared: without case, punctuation and spaces
twins as (
    select rows.row_id, min(other.project_id) as twin
    from rows
    inner join rows as other
        on
            -- of the same return: an earlier file may have had the project under the reference that was put right
            rows.submission_id = other.submission_id and rows.project_id < other.project_id
            and regexp_replace(lower(rows.project_name), '[^a-z0-9]', '', 'g')
            = regexp_replace(lower(other.project_name), '[^a-z0-9]', '', 'g')
    group by rows.row_id
)

select
    rows.row_id,
    projects.partner_id as named_sender,
    case when abs(rows.allocated - rows.revised_allocation) < 0.005 then rows.revised_allocation else rows.allocated end as allocation_sum,
    case when abs(rows.profiled - rows.revised_allocation) < 0.005 then rows.revised_allocation else rows.profiled end as profile_sum,
    case when abs(rows.spent - rows.actual_to_date) < 0.005 then rows.actual_to_date else rows.spent end as actual_sum,
    case
        when rows.quarter_number < 2 and rows.actual_q2 is not null then 'actual_q2'
        when rows.quarter_number < 3 and rows.actual_q3 is not null then 'actual_q3'
        when rows.quarter_number < 4 and rows.actual_q4 is not null then 'actual_q4'
    end as actual_in_open_quarter,
    case
        when rows.quarter_number = 4 and abs(rows.forecast_outturn - rows.actual_to_date) >= 0.5 then 'forecast_outturn'
    end as forecast_too_late,
    case
        when
            rows.is_rising
            and abs(rows.spent - rows.actual_to_date) >= 0.005
            and (abs(rows.reported[-1] - rows.actual_to_date) < 0.005 or rows.spent > rows.revised_allocation)
            then 'actual_q' || len(rows.reported)
        when rows.is_rising and len(rows.reported) > 2 and rows.spent > rows.revised_allocation then 'actual_q' || len(rows.reported)
    end as cumulative,
    list_aggregate(list_transform(rows.reported, lambda actual: '£' || format('{:,.0f}', actual)), 'string_agg', ', ') as actuals_listed,
    case
        when rows.says_nothing then
            case
                when rows.actual_q1 < 0 then 'actual_q1'
                when rows.actual_q2 < 0 then 'actual_q2'
                when rows.actual_q3 < 0 then 'actual_q3'
                when rows.actual_q4 < 0 then 'actual_q4'
            end
    end as negative_actual,
    case
        when
            last_allocation.revised_allocation > 0 and rows.revised_allocation > 0
            and round(log10(rows.revised_allocation / last_allocation.revised_allocation)) <> 0
            and abs(
                log10(rows.revised_allocation / last_allocation.revised_allocation)
                - round(log10(rows.revised_allocation / last_allocation.revised_allocation))
            ) < 0.05
            then 'revised_allocation'
    end as slipped,
    last_allocation.revised_allocation as earlier_allocation,
    -- little spent in one quarter is no slip
    case
        when len(thousandths.small) > 1 or not starts_with(thousandths.small[1].name, 'actual') then thousandths.small[1].name
    end as thousandth,
    case
        when thousandths.is_slipped and thousandths.largest <= 2 * rows.revised_allocation
            then 'the whole row looks to be in thousands of pounds, as the revised allocation was £'
                || format('{:,.0f}', thousandths.held) || ' in the return before'
        when len(thousandths.small) > 0
            then list_aggregate(
                list_transform(
                    thousandths.small,
                    lambda figure: figure.header || ' is ' || format('{:,.10g}', figure.value) || ' where about £'
                        || format('{:,.0f}', figure.near) || ' would be near'
                ), 'string_agg', '; '
            ) || ': these look to be in thousands of pounds'
    end as thousands_say,
    case when rows.says_nothing and rows.actual_to_date < before.actual_to_date then 'actual_to_date' end as fell,
    before.actual_to_date as earlier_to_date,
    case
        when rows.says_nothing then
            case
                when rows.quarter_number > 1 and abs(rows.actual_q1 - before.actuals[1]) >= 0.005 then 'actual_q1'
                when rows.quarter_number > 2 and abs(rows.actual_q2 - before.actuals[2]) >= 0.005 then 'actual_q2'
                when rows.quarter_number > 3 and abs(rows.actual_q3 - before.actuals[3]) >= 0.005 then 'actual_q3'
            end
    end as restated,
    case
        when rows.quarter_number > 1 and abs(rows.actual_q1 - before.actuals[1]) >= 0.005 then before.actuals[1]
        when rows.quarter_number > 2 and abs(rows.actual_q2 - before.actuals[2]) >= 0.005 then before.actuals[2]
        when rows.quarter_number > 3 and abs(rows.actual_q3 - before.actuals[3]) >= 0.005 then before.actuals[3]
    end as restated_from,
    case
        when
            rows.says_nothing and rows.actual_to_date = before.actual_to_date
            and rows.actual_to_date <> 0 and rows.planned > 0
            then 'actual_to_date'
    end as copied,
    rows.planned,
    case
        when
            history.quarters >= limits.jump_earlier
            and abs(rows.actual_now - history.middle)
            > limits.jump_k * greatest(1.4826 * history.spread, limits.jump_floor * abs(history.middle))
            then 'actual_q' || rows.quarter_number
    end as jumped,
    rows.actual_now,
    history.middle as earlier_median,
    case when rows.theme_id <> projects.theme_id then 'theme_id' end as other_theme,
    coalesce(themes.title, projects.theme_id) as theme_held,
    case when twins.twin is not null then 'project_name' end as twinned,
    twins.twin,
    case
        when
            worst.rating in (rows.rating_delivery, rows.rating_spend, rows.rating_risk)
            or abs(rows.actual_to_date / nullif(rows.profile_to_date, 0) - 1) * 100 >= limits.contradiction_pct
            then rows.commentary
    end as comment_when_behind,
    round((rows.actual_to_date / nullif(rows.profile_to_date, 0) - 1) * 100) as variance_pct
from reckoned as rows
left join framework.projects as projects on rows.project_id = projects.project_id
left join framework.themes as themes on projects.theme_id = themes.theme_id
left join before on rows.row_id = before.row_id
left join last_allocation on rows.row_id = last_allocation.row_id
left join thousandths on rows.row_id = thousandths.row_id
left join history on rows.row_id = history.row_id
left join twins on rows.row_id = twins.row_id
left join worst on true
cross join limits
