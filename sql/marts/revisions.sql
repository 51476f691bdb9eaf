-- One row per figure that a later file changed: what it was, what it is, who changed it and when.
-- quarter: The quarter of the later file.
-- kind: target or proxy.
-- subject_id: The target's or indicator's reference.
-- title: What is measured.
-- area_id: The area the figure is for; blank for a proxy.
-- period_label: The period it measures, as people say it.
-- unit: The unit of both values.
-- places: Decimal places to show.
-- value_was: The value before, in the unit.
-- value_is: The value now, in the unit.
-- was_received_at: When the earlier value was received.
-- received_at: When the later value was received.
-- partner: The partner that sent the later value.
-- cause: restated (the same period, another value).
-- file_name: The later file.
-- row_id: kind|subject|area|period|row of the later value.
with versions as (
    select
        'target' as kind, given.target_id as subject_id, given.area_id,
        given.period, given.period_label, given.value, given.quarter, given.partner, given.received_at,
        given.file_id, given.row_id, targets.title, targets.unit, targets.places
    from staging.received_floor_targets as given
    inner join staging.targets_in_force as targets
        on given.target_id = targets.target_id and targets.quarter = 'latest'
    union all
    select
        'proxy' as kind, given.indicator_id as subject_id, null as area_id,
        given.period, given.period_label, given.value, given.quarter, given.partner, given.received_at,
        given.file_id, given.row_id, indicators.title, indicators.unit, indicators.places
    from staging.received_proxy_indicators as given
    inner join framework.indicators as indicators on given.indicator_id = indicators.indicator_id
),

compared as (
    select
        *,
        lag(value) over series as was,
        lag(received_at) over series as was_received_at,
        lag(row_id) over series as was_row_id
    from versions
    where value is not null
    window series as (partition by kind, subject_id, area_id, period order by received_at, row_id)
)

select
    compared.quarter,
    compared.kind,
    compared.subject_id,
    compared.title,
    compared.area_id,
    compared.period_label,
    compared.unit,
    cast(compared.places as integer) as places,
    compared.was as value_was,
    from_cell(compared.was_row_id, 'value') as value_was__from,
    compared.value as value_is,
    from_cell(compared.row_id, 'value') as value_is__from,
    compared.was_received_at,
    compared.received_at,
    compared.partner,
    'restated' as cause,
    files.file_name,
    concat_ws('|', compared.kind, compared.subject_id, coalesce(compared.area_id, ''), compared.period, compared.row_id) as row_id
from compared
inner join staging.files as files on compared.file_id = files.file_id
where compared.was is not null and compared.value <> compared.was
