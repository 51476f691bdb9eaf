-- One row per figure or rating that is another in a quarter's pack than in the pack before, or that came too late for that one; per rating that is another than what the Board of the quarter itself saw; and per return whose file was erased since the pack before.
-- quarter: The quarter whose pack shows the change first.
-- cause: re-rated, late, restated, withdrawn, erased, re-targeted or re-defined.
-- cause_order: Their order in the pack.
-- kind: target, proxy or spend; of a rating also floor target, element or overall; return for one that was erased.
-- subject_id: The reference of the target, indicator, project or element; overall for the partnership; the partner of a return.
-- title: What is measured, or the name of the project, element or return.
-- area_id: The area the figure is for, where it is for one.
-- period_label: The period it measures, or the quarter that a rating judges, as people say it; blank for a change of the framework.
-- item: What of it has changed: value, a column of the framework or of the spend return, whose rating, or file.
-- unit: The unit of both values, % where a change in per cent is asked for; blank where they are words.
-- places: Decimal places to show.
-- value_was: The number in the pack before; blank where there was none.
-- value_is: The number now; blank where there is none any more.
-- said_was: What it said before, where that is no number.
-- said_is: What it says now, where that is no number.
-- was_received_at: When the earlier value was received.
-- received_at: When the change was received.
-- partner: Who sent the change.
-- why: The reason given with it: the correction, the partner's comment, the framework's note, or what took its place.
-- file_name: The file that brought the change.
-- row_id: quarter|kind|subject|area|period|item.
with figures as (
    select
        'target' as kind, given.target_id as subject_id, given.area_id, given.period, given.period_label,
        'value' as item, given.value, given.value_status = 'c' as is_hidden, given.commentary, given.submission_id, given.quarter, given.partner,
        given.received_at, given.file_id, given.row_id, targets.title, targets.unit, targets.places
    from staging.received_floor_targets as given
    inner join staging.targets_in_force as targets
        on given.target_id = targets.target_id and targets.quarter = 'latest'
    union all
    select
        'proxy' as kind, given.indicator_id as subject_id, null as area_id, given.period, given.period_label,
        'value' as item, given.value, given.value_status = 'c' as is_hidden, given.commentary, given.submission_id, given.quarter, given.partner,
        given.received_at, given.file_id, given.row_id, indicators.title, indicators.unit, indicators.places
    from staging.received_proxy_indicators as given
    inner join framework.indicators as indicators on given.indicator_id = indicators.indicator_id
    union all
    select
        'spend' as kind, given.project_id as subject_id, null as area_id,
        left(given.quarter, 7) || '-' || upper(right(spent.item, 2)) as period, calendar.label as period_label,
        spent.item, spent.amount as value, false as is_hidden, given.commentary, given.submission_id, given.quarter, given.partner,
        given.received_at, given.file_id, given.row_id, projects.title, 'GBP' as unit, 0 as places
    from staging.received_nrf_spend as given
    inner join framework.projects as projects on given.project_id = projects.project_id
    cross join lateral (
        select
            unnest(['actual_q1', 'actual_q2', 'actual_q3', 'actual_q4']) as item,
            unnest([given.actual_q1, given.actual_q2, given.actual_q3, given.actual_q4]) as amount
    ) as spent
    left join marts.calendar as calendar
        on calendar.quarter = left(given.quarter, 7) || '-' || upper(right(spent.item, 2))
),

-- the two moments that each quarter compares
moments as (
    select quarter, 'before' as moment, until_before_at as until_at, cut_off_before_on as cut_off_on
    from staging.issues where until_before_at is not null
    union all
    select quarter, 'now' as moment, coalesce(until_at, timestamp '9999-12-31') as until_at, cut_off_on
    from staging.issues where until_before_at is not null
),

counting as (
    select counted.pack as quarter, counted.quarter as of_quarter, counted.* exclude (pack, quarter)
    from staging.counted_then as counted
    inner join moments on counted.pack = moments.quarter and counted.moment = moments.moment
),

known as (
    select counting.quarter as pack, counting.moment, counting.ended_at, counting.ended, figures.*
    from counting
    inner join figures on counting.submission_id = figures.submission_id
    -- what is confidential is known to be there
    where figures.value is not null or figures.is_hidden
    qualify row_number() over (
        partition by counting.quarter, counting.moment, figures.kind, figures.subject_id, figures.area_id, figures.period, figures.item
        order by figures.received_at desc, figures.row_id desc
    ) = 1
),

before as (from known where moment = 'before'),

now as (from known where moment = 'now'),

-- what took the place of a submission whose figure is gone
replacing as (
    select gone.submission_id, counting.quarter as pack, later.partner, later.received_at, later.file_name, gone.file_name as was_file_name
    from counting
    inner join staging.submissions as later on counting.submission_id = later.submission_id and counting.moment = 'now'
    inner join staging.submissions as gone
        on later.partner = gone.partner and later.return = gone.return and later.quarter = gone.quarter
        and later.received_at > gone.received_at
),

of_figures as (
    select
        coalesce(now.pack, before.pack) as quarter,
        case
            when before.pack is null then 'late'
            when now.pack is null then 'withdrawn'
            else 'restated'
        end as cause,
        coalesce(now.kind, before.kind) as kind,
        coalesce(now.subject_id, before.subject_id) as subject_id,
        coalesce(now.title, before.title) as title,
        coalesce(now.area_id, before.area_id) as area_id,
        coalesce(now.period, before.period) as period,
        coalesce(now.period_label, before.period_label, now.period, before.period) as period_label,
        coalesce(now.item, before.item) as item,
        coalesce(now.unit, before.unit) as unit,
        coalesce(now.places, before.places) as places,
        before.value as value_was,
        before.row_id as was_row_id,
        now.value as value_is,
        now.row_id as is_row_id,
        cast(null as varchar) as said_was,
        cast(null as varchar) as said_is,
        before.received_at as was_received_at,
        coalesce(now.received_at, replacing.received_at, before.ended_at) as received_at,
        coalesce(now.partner, replacing.partner, before.partner) as partner,
        coalesce(
            links.correction,
            now.commentary,
            'Not in ' || replacing.file_name || ', which took the place of ' || replacing.was_file_name || '.',
            case when now.pack is null then before.ended end
        ) as why,
        coalesce(files.file_name, replacing.file_name) as file_name
    from now
    full outer join before
        on now.pack = before.pack and now.kind = before.kind and now.subject_id = before.subject_id
        and now.area_id is not distinct from before.area_id and now.period = before.period and now.item = before.item
    left join staging.issues as issues on now.pack = issues.quarter
    left join replacing
        on before.submission_id = replacing.submission_id and before.pack = replacing.pack and now.pack is null
    left join staging.row_cells as links on now.row_id = links.row_id and now.item = links.column_name
    left join staging.files as files on now.file_id = files.file_id
    where
        before.value is distinct from now.value
        and (
            before.pack is not null
            -- for a quarter whose pack had been issued when it came
            or (now.quarter < now.pack and now.received_at >= issues.until_before_at)
        )
),

-- what was in it is known no more, only that it was there
of_erased as (
    select
        before.quarter, 'erased' as cause, 'return' as kind, before.partner as subject_id,
        replace(before.return, '_', ' ') as title, null as area_id, before.submission_id as period,
        calendar.label as period_label, 'file' as item, null as unit, null as places,
        null as value_was, null as was_row_id, null as value_is, null as is_row_id, null as said_was, null as said_is,
        before.received_at as was_received_at, before.ended_at as received_at, before.partner, before.ended as why,
        before.file_name
    from counting as before
    left join counting as now
        on before.quarter = now.quarter and now.moment = 'now' and before.submission_id = now.submission_id
    left join marts.calendar as calendar on before.of_quarter = calendar.quarter
    where before.moment = 'before' and before.state = 'erased' and now.submission_id is null
),

defined as (
    select
        'target' as kind, target_id as subject_id, title, unit, places, since, note, received_at, file_id, row_id,
        target_type in ('PCT_REDUCTION', 'UNIT_SHARE_CUT', 'GAP_REL', 'FASTER_THAN') as is_in_per_cent,
        [
            {'cause': 're-targeted', 'item': 'target_value', 'number': target_value, 'said': null},
            {'cause': 're-targeted', 'item': 'target_change', 'number': target_change, 'said': null},
            {'cause': 're-targeted', 'item': 'target_period', 'number': null, 'said': target_period_label},
            {'cause': 're-targeted', 'item': 'baseline_value', 'number': baseline_value, 'said': null},
            {'cause': 're-targeted', 'item': 'baseline_period', 'number': null, 'said': baseline_period_label},
            {'cause': 're-targeted', 'item': 'trajectory', 'number': null, 'said': trajectory},
            {'cause': 're-defined', 'item': 'title', 'number': null, 'said': title},
            {'cause': 're-defined', 'item': 'unit', 'number': null, 'said': unit},
            {'cause': 're-defined', 'item': 'polarity', 'number': null, 'said': polarity},
            {'cause': 're-defined', 'item': 'target_type', 'number': null, 'said': target_type},
            {'cause': 're-defined', 'item': 'comparator_area_id', 'number': null, 'said': comparator_area_id},
            {'cause': 're-defined', 'item': 'base', 'number': null, 'said': base},
            {'cause': 're-defined', 'item': 'baseline_counted', 'number': null, 'said': baseline_counted}
        ] as items
    from framework.received_targets
    union all
    select
        'proxy' as kind, indicator_id as subject_id, title, unit, places, null as since, null as note, received_at, file_id, row_id,
        false as is_in_per_cent,
        [
            {'cause': 're-targeted', 'item': 'target_value', 'number': target_value, 'said': null},
            {'cause': 're-defined', 'item': 'title', 'number': null, 'said': title},
            {'cause': 're-defined', 'item': 'unit', 'number': null, 'said': unit},
            {'cause': 're-defined', 'item': 'polarity', 'number': null, 'said': polarity},
            {'cause': 're-defined', 'item': 'source', 'number': null, 'said': source}
        ] as items
    from framework.received_indicators
),

facts as (select * exclude (items), unnest(items) as one from defined),

in_force as (
    select moments.quarter, moments.moment, facts.*
    from moments
    inner join facts
        on facts.received_at < moments.until_at
        and (facts.since is null or facts.since <= moments.cut_off_on)
    qualify row_number() over (
        partition by moments.quarter, moments.moment, facts.kind, facts.subject_id, facts.one.item
        order by facts.received_at desc, facts.since desc nulls last, facts.row_id desc
    ) = 1
),

of_framework as (
    select
        now.quarter, now.one.cause as cause, now.kind, now.subject_id, now.title,
        null as area_id, null as period, null as period_label, now.one.item as item,
        case
            when now.one.number is null and was.one.number is null then null
            when now.one.item = 'target_change' and now.is_in_per_cent then '%'
            else now.unit
        end as unit,
        now.places,
        was.one.number as value_was, was.row_id as was_row_id, now.one.number as value_is, now.row_id as is_row_id,
        was.one.said as said_was, now.one.said as said_is, was.received_at as was_received_at, now.received_at,
        -- a note that was there before gives no reason for what has changed since
        files.received_from as partner, case when now.note is distinct from was.note then now.note end as why, files.file_name
    from in_force as now
    inner join in_force as was
        on now.quarter = was.quarter and now.kind = was.kind and now.subject_id = was.subject_id
        and now.one.item = was.one.item
    inner join staging.files as files on now.file_id = files.file_id
    where
        now.moment = 'now' and was.moment = 'before'
        and (now.one.number is distinct from was.one.number or now.one.said is distinct from was.one.said)
),

of_ratings as (
    select
        changed.quarter, 're-rated' as cause, changed.subject_kind as kind, changed.subject as subject_id,
        coalesce(targets.title, parents.title, proxies.title, elements.title, 'The partnership overall') as title,
        null as area_id, changed.of_quarter as period, calendar.label as period_label, changed.kind || ' rating' as item,
        null as unit, null as places, null as value_was, changed.was_row_id, null as value_is, changed.is_row_id,
        rules.words[changed.was] as said_was, rules.words[changed.rating] as said_is,
        changed.was_received_at, changed.received_at, changed.partner,
        case
            when changed.rating is null and changed.reason is not null then changed.reason
            when changed.rating is null then 'It is not in the file that took the place of the one it came in.'
            when changed.rated_by is null then changed.reason
            else rating_by('Given', changed.rated_by, changed.rated_on, changed.reason)
        end as why,
        files.file_name
    from staging.rating_changes as changed
    cross join staging.rating_rules as rules
    left join marts.calendar as calendar on changed.of_quarter = calendar.quarter
    left join staging.files as files on changed.file_id = files.file_id
    left join staging.targets_in_force as targets
        on changed.subject_kind = 'target' and changed.subject = targets.target_id and targets.quarter = 'latest'
    left join framework.parent_targets as parents on changed.subject_kind = 'floor target' and changed.subject = parents.parent_id
    left join framework.indicators as proxies on changed.subject_kind = 'proxy' and changed.subject = proxies.indicator_id
    left join framework.elements as elements on changed.subject_kind = 'element' and changed.subject = elements.element_id
)

select
    quarter,
    cause,
    cast(list_position(['re-rated', 'late', 'restated', 'withdrawn', 'erased', 're-targeted', 're-defined'], cause) as integer) as cause_order,
    kind,
    subject_id,
    title,
    area_id,
    period_label,
    item,
    unit,
    cast(places as integer) as places,
    value_was,
    from_cell(was_row_id, held_in) as value_was__from,
    value_is,
    from_cell(is_row_id, held_in) as value_is__from,
    said_was,
    from_cell(was_row_id, held_in) as said_was__from,
    said_is,
    from_cell(is_row_id, held_in) as said_is__from,
    was_received_at,
    received_at,
    partner,
    why,
    file_name,
    concat_ws('|', quarter, kind, subject_id, coalesce(area_id, ''), coalesce(period, ''), item) as row_id
from (
    select *, case when cause = 're-rated' then 'rating' else item end as held_in
    from (from of_figures union all by name from of_erased union all by name from of_framework union all by name from of_ratings)
)
