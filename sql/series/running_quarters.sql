-- One row per target per quarter of whose next own value a part is known already, from a proxy that adds up to it.
-- row_id: quarter|target_id.
-- running_start: First day of the period that is running; it is as long as the target's own latest.
-- running_on: Its last day.
-- known_on: Last day of the part that is known.
-- months: How many months the whole has.
-- months_known: How many of them are known, without a gap.
-- so_far: The proxy's values of these months added up.
-- so_far_status: Their mark, where one of them may change: e estimated, f forecast, p provisional.
-- successes: Their numerators added up.
-- trials: Their denominators added up.
-- part_row_ids: The rows that they were sent in.
-- link_row_id: The row that links target and proxy.
-- baseline_on: The last day of the baseline period.
-- due_on: The last day of the target period.
-- stated_value: What the target states as a value, gap or multiple to reach.
-- stated_change: What the target states as the size of a change.
-- trajectory: The shape of its trajectory; blank for a straight line.
-- comparator_value: Not known before the period has ended.
with latest as (
    select
        horizon,
        target_id,
        max(period_end) as ends_on,
        date_diff('month', max_by(period_start, period_end), cast(max(period_end) + 1 as date)) as months
    from staging.known_targets
    where is_home and value is not null
    group by all
),

proxies as (
    select
        known.*,
        links.target_id,
        links.row_id as link_row_id,
        latest.ends_on,
        latest.months,
        max(known.period_start) over (partition by known.horizon, links.target_id, known.indicator_id) as newest
    from staging.known_proxies as known
    inner join framework.proxy_links as links on known.indicator_id = links.indicator_id and links.adds_up = 'yes'
    inner join latest on known.horizon = latest.horizon and links.target_id = latest.target_id
    where known.value is not null and known.period_end > latest.ends_on and latest.months > 0
),

running as (
    select
        *,
        -- the newest part may lie more than a period after the target's own value
        cast(
            ends_on + 1
            + to_months(cast(months * (date_diff('month', cast(ends_on + 1 as date), newest) // months) as integer)) as date
        ) as running_start
    from proxies
),

parts as (
    select
        horizon,
        target_id,
        indicator_id,
        link_row_id,
        months,
        running_start,
        max(period_end) as known_on,
        sum(date_diff('month', period_start, cast(period_end + 1 as date))) as months_known,
        sum(value) as so_far,
        -- one part that may change makes the whole so
        min(value_status) filter (value_status in ('e', 'f', 'p')) as so_far_status,
        sum(numerator) as successes,
        sum(denominator) as trials,
        list(row_id order by period_end) as part_row_ids
    from running
    where period_start >= running_start
    group by all
)

select
    targets.quarter || '|' || targets.target_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.target_type,
    targets.polarity,
    targets.unit,
    targets.places,
    targets.interval_by,
    baselines.baseline_value,
    baselines.baseline_row_ids,
    baselines.comparator_baseline,
    baselines.comparator_baseline_row_id,
    baselines.milestone_days,
    baselines.milestone_values,
    baselines.milestone_row_ids,
    targets.baseline_period_end as baseline_on,
    targets.target_period_end as due_on,
    targets.target_value as stated_value,
    targets.target_change as stated_change,
    targets.trajectory,
    cast(null as double) as comparator_value,
    parts.indicator_id,
    parts.link_row_id,
    parts.running_start,
    cast(parts.running_start + to_months(cast(parts.months as integer)) as date) - 1 as running_on,
    parts.known_on,
    parts.months,
    parts.months_known,
    parts.so_far,
    parts.so_far_status,
    parts.successes,
    parts.trials,
    parts.part_row_ids
from staging.targets_in_force as targets
inner join parts on targets.quarter = parts.horizon and targets.target_id = parts.target_id
inner join staging.target_baselines as baselines
    on targets.quarter = baselines.quarter and targets.target_id = baselines.target_id
inner join framework.indicators as indicators on parts.indicator_id = indicators.indicator_id
where
    targets.quarter <> 'latest'
    -- casualties don't add up to casualties per 1,000 people
    and lower(trim(indicators.unit)) = lower(trim(targets.unit))
    and parts.months_known = date_diff('month', parts.running_start, cast(parts.known_on + 1 as date))
    -- what is counted anew since the baseline can't be held against it
    and not exists (
        select 1 from framework.breaks as breaks
        where
            breaks.series_id in (targets.target_id, parts.indicator_id)
            and breaks.from_on > targets.baseline_period_end and breaks.from_on <= parts.known_on
            and (breaks.series_id = parts.indicator_id or targets.baseline_counted is distinct from 'as it is now')
    )
qualify row_number() over (partition by targets.quarter, targets.target_id order by parts.known_on desc, parts.indicator_id) = 1
