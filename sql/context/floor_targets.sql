-- One row per row of the return: who should send it, what kind of period it is, and what else is known of its value.
-- named_sender: The partner that the framework names as the floor target's lead
-- odd_period: 'period' where it is as long neither as the target's own period nor as its baseline's, or begins in a
--   month in which none of the target's begins: a calendar year for one counted by financial or school years
-- not_over, closes_on: 'period' where a value is given for one that is not over by the cut-off, and nothing says that it
--   is published; and that day, or for a late return the day on which it came
-- counts_later, counts_from: 'value' where the period is over but the value counts as published only after the cut-off, and from when
-- over_all: 'value' where it is more than 100%
-- area_gone, area_says: 'area_id' where the area did not exist in the period, and what became of it or when it began
-- earlier_median, earlier_period, earlier_value: of the values for earlier periods as long that had come in by then
-- jumped: 'value' where it lies further off the median of the earlier ones than their spread allows
-- leapt: 'value' where earlier ones are too few for that, and it is many times all of them, or that part of them
-- slipped: 'value' where it is the earlier ones' median ten, a hundred … times over, or that part of it
-- parts_value: numerator over denominator, in the target's unit
-- off_parts, slipped_parts: 'value' where it is not parts_value, to its own last digit, or is that times ten, a hundred …
-- copied: 'value' where value and numerator and denominator, or value and comment, are those of the period before
-- swapped_base, base_looks, base_right, base_figure: 'denominator' where it is another base than the target's own
-- off_baseline: 'value' where it is not the framework's for the baseline period
-- other_baseline, other_target, baseline_held, target_held: the column that states another than the framework's, and the framework's
-- restated, restated_value, restated_when: 'value' where an earlier quarter's return gave another for the same period
-- other_change, change_right: 'change_pct' where it is not the change on the value before or on the baseline
-- comment_when_behind: the comment of a row with the worst rating
-- series_broke, break_reason: 'period' where it is the first after a break in the series
with targets as (
    -- the newest definition of each target; a base of 1,000 where the unit says per 1,000
    select
        *,
        case
            when unit = '%' then 100
            when unit not ilike '%standardised%'
                then try_cast(replace(regexp_extract(unit, '^per ([0-9,]+)', 1), ',', '') as double)
                    * case when unit ilike '% million %' then 1000000 else 1 end
        end as per
    from framework.targets
    qualify row_number() over (partition by target_id order by since desc) = 1
),

worst as (select max(rank) as rank from framework.rating_scale),

limits as (
    select
        max(value) filter (setting_id = 'jump_k') as jump_k,
        max(value) filter (setting_id = 'jump_earlier') as jump_earlier,
        max(value) filter (setting_id = 'jump_factor') as jump_factor,
        max(value) filter (setting_id = 'jump_floor_pct') / 100 as jump_floor,
        max(value) filter (setting_id = 'slip_earlier') as slip_earlier,
        max(value) filter (setting_id = 'base_off_pct') / 100 as base_off
    from framework.limits
),

breaks as (select series_id, max(from_on) as from_on, arg_max(reason, from_on) as reason from framework.breaks group by series_id),

-- the newest version of each earlier period of the same length, as it stood when the row came in
versions as (
    select rows.row_id, given.* exclude (row_id)
    from rows
    inner join rows as given
        on
            rows.target_id = given.target_id
            and rows.area_id is not distinct from given.area_id
            and given.period_end < rows.period_end
            and split_part(given.period, '/', 2) = split_part(rows.period, '/', 2)
            and given.received_at <= rows.received_at
            and given.value is not null
    qualify row_number() over (partition by rows.row_id, given.period order by given.received_at desc, given.row_id desc) = 1
),

-- and of these none from before a break
earlier as (
    select versions.*
    from versions
    inner join rows on versions.row_id = rows.row_id
    left join breaks on rows.target_id = breaks.series_id
    where breaks.from_on is null or rows.period_end < breaks.from_on or versions.period_start >= breaks.from_on
),

newest as (select row_id, max(period_end) as period_end from versions group by row_id),

history as (
    select
        row_id,
        count(*) as periods,
        median(value) as middle,
        mad(value) as spread,
        min(value) as least,
        max(value) as most,
        max(value) <= 2 * min(value) as is_steady
    from earlier
    group by row_id
),

previous as (
    select * from earlier qualify row_number() over (partition by row_id order by period_end desc, period_start desc) = 1
),

-- what an earlier quarter's return gave for the very same period
before as (
    select rows.row_id, given.value, given.quarter, given.received_at
    from rows
    inner join rows as given
        on
            rows.target_id = given.target_id and rows.area_id is not distinct from given.area_id
            and rows.period = given.period
            and given.quarter < rows.quarter and given.received_at < rows.received_at
    where given.value is not null
    qualify row_number() over (partition by rows.row_id order by given.quarter desc, given.received_at desc, given.row_id desc) = 1
),

-- bases of the row's area, each as it was last given before the period's end
bases as (
    select rows.row_id, bases.base, bases.value
    from rows
    inner join framework.bases as bases on rows.area_id = bases.area_id and bases.value > 0
    where rows.denominator > 0
    qualify row_number() over (
        partition by rows.row_id, bases.base
        order by bases.since <= rows.period_end desc, abs(date_diff('day', bases.since, rows.period_end))
    ) = 1
),

nearest as (
    select bases.row_id, bases.base
    from bases
    inner join rows on bases.row_id = rows.row_id
    qualify row_number() over (partition by bases.row_id order by abs(ln(rows.denominator / bases.value)), bases.base) = 1
),

based as (
    select bases.row_id, bases.base, bases.value, nearest.base as looks
    from bases
    inner join rows on bases.row_id = rows.row_id
    inner join targets on rows.target_id = targets.target_id and bases.base = targets.base
    inner join nearest on bases.row_id = nearest.row_id
    cross join limits
    where nearest.base <> bases.base and abs(rows.denominator / bases.value - 1) > limits.base_off
),

reckoned as (
    select
        rows.*,
        targets.baseline_value,
        targets.baseline_period,
        case
            when targets.target_type in ('ABS_THRESHOLD', 'UNIT_FLOOR') then targets.target_value
            when targets.target_type = 'PCT_REDUCTION' then targets.baseline_value * (1 - targets.target_change / 100)
            when targets.target_type = 'PP_CHANGE'
                then targets.baseline_value + targets.target_change * case targets.polarity when 'lower is better' then -1 else 1 end
        end as target_held,
        targets.since as held_since,
        rows.numerator / nullif(rows.denominator, 0) * targets.per as parts_value,
        -- one in the last digit as given: 7.29 may be printed as 7.3 or as 7.2
        pow(10, -length(regexp_extract(cast(rows.value as varchar), '\.([0-9]*[1-9])', 1))) as digit,
        coalesce(rows.area_id = home.value, true) as is_home,
        -- a late return may hold what was out by the day on which it came
        case when calendar.cut_off_on is not null then greatest(calendar.cut_off_on, cast(rows.received_at as date)) end as closes_on,
        rows.value is not null and rows.period_end > closes_on as is_ahead,
        coalesce(
            rows.published_on, cast(rows.period_end + to_months(cast(targets.release_lag_months as integer)) as date)
        ) as out_on
    from rows
    left join targets on rows.target_id = targets.target_id
    left join framework.calendar as calendar on rows.quarter = calendar.quarter
    left join framework.settings as home on home.setting_id = 'home_area'
),

tens as (
    select
        reckoned.row_id,
        log10(nullif(abs(reckoned.value / nullif(reckoned.parts_value, 0)), 0)) as of_parts,
        log10(nullif(abs(reckoned.value / nullif(history.middle, 0)), 0)) as of_history
    from reckoned
    left join history on reckoned.row_id = history.row_id
)

select
    rows.row_id,
    parents.lead_partner_id as named_sender,
    case
        when date_diff('month', rows.period_start, rows.period_end) not in (
            date_diff('month', targets.target_period_start, targets.target_period_end),
            date_diff('month', targets.baseline_period_start, targets.baseline_period_end)
        )
        or (
            date_diff('month', targets.target_period_start, rows.period_start) % targets.frequency_months <> 0
            and date_diff('month', targets.baseline_period_start, rows.period_start) % targets.frequency_months <> 0
        ) then 'period'
    end as odd_period,
    case when rows.is_ahead and (rows.published_on is null or rows.published_on > rows.closes_on) then 'period' end as not_over,
    case when not rows.is_ahead and rows.value is not null and rows.out_on > rows.closes_on then 'value' end as counts_later,
    rows.out_on as counts_from,
    rows.closes_on,
    case when rows.value > 100 and targets.unit = '%' then 'value' end as over_all,
    case when areas.until < rows.period_start or areas.since > rows.period_end then 'area_id' end as area_gone,
    case
        when areas.until < rows.period_start
            then 'it ended on ' || strftime(areas.until, '%-d %B %Y')
                || coalesce(' and became ' || coalesce(successors.name, areas.successor_id), '')
        when areas.since > rows.period_end then 'it began on ' || strftime(areas.since, '%-d %B %Y')
    end as area_says,
    history.middle as earlier_median,
    previous.period_label as earlier_period,
    previous.value as earlier_value,
    case
        when
            history.periods >= limits.jump_earlier
            and abs(rows.value - history.middle)
            > limits.jump_k * greatest(1.4826 * history.spread, limits.jump_floor * abs(history.middle))
            then 'value'
    end as jumped,
    case
        when
            history.periods between 1 and limits.jump_earlier - 1 and history.least > 0 and rows.value > 0
            and (rows.value >= limits.jump_factor * history.most or rows.value * limits.jump_factor <= history.least)
            then 'value'
    end as leapt,
    case
        when
            history.periods >= limits.slip_earlier and history.is_steady
            and round(tens.of_history) <> 0 and abs(tens.of_history - round(tens.of_history)) < 0.1
            then 'value'
    end as slipped,
    rows.parts_value,
    case when abs(rows.value - rows.parts_value) >= rows.digit * (1 + 1e-9) then 'value' end as off_parts,
    case when round(tens.of_parts) <> 0 and abs(tens.of_parts - round(tens.of_parts)) < 0.01 then 'value' end as slipped_parts,
    case
        when
            rows.value = previous.value and rows.value <> 0
            and (
                (rows.numerator = previous.numerator and rows.denominator = previous.denominator)
                or (length(rows.commentary) >= 20 and lower(trim(rows.commentary)) = lower(trim(previous.commentary)))
            ) then 'value'
    end as copied,
    case when based.row_id is not null then 'denominator' end as swapped_base,
    based.looks as base_looks,
    based.base as base_right,
    based.value as base_figure,
    case
        when
            rows.is_home and rows.period = rows.baseline_period
            and abs(rows.value - rows.baseline_value) > 1e-9
            then 'value'
    end as off_baseline,
    rows.baseline_value as baseline_held,
    case when abs(rows.baseline_stated - rows.baseline_value) > 1e-9 then 'baseline_stated' end as other_baseline,
    case when abs(rows.target_stated - rows.target_held) >= pow(10, -targets.places) then 'target_stated' end as other_target,
    round(rows.target_held, cast(targets.places as integer)) as target_held,
    case
        when
            abs(rows.value - before.value) > 1e-9
            and rows.published_on is null and coalesce(rows.value_status, '') <> 'r' and rows.commentary is null
            then 'value'
    end as restated,
    before.value as restated_value,
    cast(before.received_at as date) as restated_when,
    case
        when
            rows.change_pct is not null and changes.of_value is not null
            and abs(abs(rows.change_pct) - abs(changes.of_value)) > changes.digit
            and coalesce(abs(abs(rows.change_pct) - abs(changes.of_baseline)) > changes.digit, true)
            then 'change_pct'
    end as other_change,
    round(changes.of_value, 1) as change_right,
    case when scale.rank = worst.rank then rows.commentary end as comment_when_behind,
    case
        when newest.period_end < breaks.from_on and rows.period_end >= breaks.from_on and rows.value is not null and before.row_id is null
            then 'period'
    end as series_broke,
    breaks.reason as break_reason
from reckoned as rows
left join targets on rows.target_id = targets.target_id
left join framework.parent_targets as parents on targets.parent_id = parents.parent_id
left join framework.areas as areas on rows.area_id = areas.area_id
left join framework.areas as successors on areas.successor_id = successors.area_id
left join history on rows.row_id = history.row_id
left join previous on rows.row_id = previous.row_id
left join newest on rows.row_id = newest.row_id
left join before on rows.row_id = before.row_id
left join based on rows.row_id = based.row_id
left join tens on rows.row_id = tens.row_id
left join breaks on rows.target_id = breaks.series_id
left join framework.rating_scale as scale on rows.rating = scale.rating
left join lateral (
    select
        (rows.value / nullif(previous.value, 0) - 1) * 100 as of_value,
        (rows.value / nullif(rows.baseline_value, 0) - 1) * 100 as of_baseline,
        pow(10, -length(regexp_extract(cast(rows.change_pct as varchar), '\.([0-9]*[1-9])', 1))) as digit
) as changes on true
cross join limits
cross join worst
