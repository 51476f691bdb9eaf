-- One row per row of the return: who should send it, and what else is known of its value.
-- named_sender: The partner that the framework names as the indicator's sender
-- odd_length: 'period' where it is not as long as the time between values, nor as one before it
-- not_over, closes_on: 'period' where a value is given for one that is not over by the cut-off, and nothing says that it
--   is published; and that day, or for a late return the day on which it came
-- counts_later, counts_from: 'value' where the period is over but the value counts as known only after the cut-off, and from when
-- over_all: 'value' where it is more than 100%
-- earlier_median, earlier_period, earlier_value: of the values for earlier periods as long that had come in by then
-- jumped: 'value' where it lies further off the median of the earlier ones than their spread allows
-- leapt: 'value' where earlier ones are too few for that, and it is many times all of them, or that part of them
-- slipped: 'value' where it is the earlier ones' median ten, a hundred … times over, or that part of it
-- parts_value: numerator over denominator, in the indicator's unit
-- off_parts, slipped_parts: 'value' where it is not parts_value, to its own last digit, or is that times ten, a hundred …
-- copied: 'value' where value and numerator and denominator, or value and comment, are those of the period before
-- restated, restated_value, restated_when: 'value' where an earlier quarter's return gave another for the same period
-- other_change, change_right: 'change_pct' where it is not the change on the value before
-- series_broke, break_reason: 'period' where it is the first after a break in the series
with limits as (
    select
        max(value) filter (setting_id = 'jump_k') as jump_k,
        max(value) filter (setting_id = 'jump_earlier') as jump_earlier,
        max(value) filter (setting_id = 'jump_factor') as jump_factor,
        max(value) filter (setting_id = 'jump_floor_pct') / 100 as jump_floor,
        max(value) filter (setting_id = 'slip_earlier') as slip_earlier
    from framework.limits
),

breaks as (select series_id, max(from_on) as from_on, arg_max(reason, from_on) as reason from framework.breaks group by series_id),

-- the newest version of each earlier period of the same length, as it stood when the row came in
versions as (
    select rows.row_id, given.* exclude (row_id)
    from rows
    inner join rows as given
        on
            rows.indicator_id = given.indicator_id
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
    left join breaks on rows.indicator_id = breaks.series_id
    where breaks.from_on is null or rows.period_end < breaks.from_on or versions.period_start >= breaks.from_on
),

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

newest as (select row_id, max(period_end) as period_end from versions group by row_id),

-- what an earlier quarter's return gave for the very same period
before as (
    select rows.row_id, given.value, given.received_at
    from rows
    inner join rows as given
        on
            rows.indicator_id = given.indicator_id and rows.period = given.period
            and given.quarter < rows.quarter and given.received_at < rows.received_at
    where given.value is not null
    qualify row_number() over (partition by rows.row_id order by given.quarter desc, given.received_at desc, given.row_id desc) = 1
),

reckoned as (
    select
        rows.*,
        -- a base of 1,000 where the unit says per 1,000
        rows.numerator / nullif(rows.denominator, 0) * case
            when indicators.unit = '%' then 100
            when indicators.unit not ilike '%standardised%'
                then try_cast(replace(regexp_extract(indicators.unit, '^per ([0-9,]+)', 1), ',', '') as double)
                    * case when indicators.unit ilike '% million %' then 1000000 else 1 end
        end as parts_value,
        -- one in the last digit as given: 7.29 may be printed as 7.3 or as 7.2
        pow(10, -length(regexp_extract(cast(rows.value as varchar), '\.([0-9]*[1-9])', 1))) as digit,
        pow(10, -length(regexp_extract(cast(rows.change_pct as varchar), '\.([0-9]*[1-9])', 1))) as change_digit,
        indicators.partner_id,
        indicators.unit,
        indicators.frequency_months,
        date_diff('month', rows.period_start, cast(rows.period_end + 1 as date)) as months,
        -- a late return may hold what was known by the day on which it came
        case when calendar.cut_off_on is not null then greatest(calendar.cut_off_on, cast(rows.received_at as date)) end as closes_on,
        rows.value is not null and rows.period_end > closes_on as is_ahead,
        coalesce(
            rows.published_on, cast(rows.period_end + to_months(cast(indicators.release_lag_months as integer)) as date)
        ) as out_on
    from rows
    left join framework.indicators as indicators on rows.indicator_id = indicators.indicator_id
    left join framework.calendar as calendar on rows.quarter = calendar.quarter
),

compared as (
    select
        reckoned.*,
        history.middle,
        history.spread,
        history.least,
        history.most,
        coalesce(history.periods, 0) as periods,
        coalesce(history.is_steady, false) as is_steady,
        previous.period_label as earlier_period,
        previous.value as earlier_value,
        previous.numerator as earlier_numerator,
        previous.denominator as earlier_denominator,
        previous.commentary as earlier_commentary,
        (reckoned.value / nullif(previous.value, 0) - 1) * 100 as change_right,
        log10(nullif(abs(reckoned.value / nullif(reckoned.parts_value, 0)), 0)) as tens_of_parts,
        log10(nullif(abs(reckoned.value / nullif(history.middle, 0)), 0)) as tens_of_history
    from reckoned
    left join history on reckoned.row_id = history.row_id
    left join previous on reckoned.row_id = previous.row_id
)

select
    rows.row_id,
    rows.partner_id as named_sender,
    case
        when rows.value is not null and rows.months <> rows.frequency_months and rows.earlier_value is null
            then 'period'
    end as odd_length,
    rows.frequency_months,
    case when rows.is_ahead and (rows.published_on is null or rows.published_on > rows.closes_on) then 'period' end as not_over,
    case when not rows.is_ahead and rows.value is not null and rows.out_on > rows.closes_on then 'value' end as counts_later,
    rows.out_on as counts_from,
    rows.closes_on,
    case when rows.value > 100 and rows.unit = '%' then 'value' end as over_all,
    rows.middle as earlier_median,
    rows.earlier_period,
    rows.earlier_value,
    case
        when
            rows.periods >= limits.jump_earlier
            and abs(rows.value - rows.middle) > limits.jump_k * greatest(1.4826 * rows.spread, limits.jump_floor * abs(rows.middle))
            then 'value'
    end as jumped,
    case
        when
            rows.periods between 1 and limits.jump_earlier - 1 and rows.least > 0 and rows.value > 0
            and (rows.value >= limits.jump_factor * rows.most or rows.value * limits.jump_factor <= rows.least)
            then 'value'
    end as leapt,
    case
        when
            rows.periods >= limits.slip_earlier and rows.is_steady
            and round(rows.tens_of_history) <> 0 and abs(rows.tens_of_history - round(rows.tens_of_history)) < 0.1
            then 'value'
    end as slipped,
    rows.parts_value,
    case when abs(rows.value - rows.parts_value) >= rows.digit * (1 + 1e-9) then 'value' end as off_parts,
    case
        when round(rows.tens_of_parts) <> 0 and abs(rows.tens_of_parts - round(rows.tens_of_parts)) < 0.01 then 'value'
    end as slipped_parts,
    case
        when
            rows.value = rows.earlier_value and rows.value <> 0
            and (
                (rows.numerator = rows.earlier_numerator and rows.denominator = rows.earlier_denominator)
                or (length(rows.commentary) >= 20 and lower(trim(rows.commentary)) = lower(trim(rows.earlier_commentary)))
            ) then 'value'
    end as copied,
    case
        when
            abs(rows.value - before.value) > 1e-9
            and rows.published_on is null and coalesce(rows.value_status, '') <> 'r' and rows.commentary is null
            then 'value'
    end as restated,
    before.value as restated_value,
    cast(before.received_at as date) as restated_when,
    case when abs(abs(rows.change_pct) - abs(rows.change_right)) > rows.change_digit then 'change_pct' end as other_change,
    round(rows.change_right, 1) as change_right,
    case
        when newest.period_end < breaks.from_on and rows.period_end >= breaks.from_on and rows.value is not null and before.row_id is null
            then 'period'
    end as series_broke,
    breaks.reason as break_reason
from compared as rows
left join before on rows.row_id = before.row_id
left join newest on rows.row_id = newest.row_id
left join breaks on rows.indicator_id = breaks.series_id
cross join limits
