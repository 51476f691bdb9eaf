-- One row per row of the return: who should send it, and whether its period is of the target's kind.
-- named_sender: The partner that the framework names as the floor target's lead
-- odd_period: 'period' where it is as long neither as the target's own period nor as its baseline's
with targets as (
    -- the newest definition of each target
    select *
    from framework.targets
    qualify row_number() over (partition by target_id order by since desc) = 1
)

select
    rows.row_id,
    parents.lead_partner_id as named_sender,
    case
        when date_diff('month', rows.period_start, rows.period_end) not in (
            date_diff('month', targets.target_period_start, targets.target_period_end),
            date_diff('month', targets.baseline_period_start, targets.baseline_period_end)
        ) then 'period'
    end as odd_period
from rows
left join targets on rows.target_id = targets.target_id
left join framework.parent_targets as parents on targets.parent_id = parents.parent_id
