-- One row per row of the return: what its figures add up to, to the penny, what came too early, who should send it.
-- named_sender: The partner that the framework names as the project's lead body
-- allocation_sum: the revised allocation if allocation, carry-in and virement add up to it, else their sum (GBP)
-- actual_sum: the actual to date if the quarters' actuals add up to it, else their sum (GBP)
-- actual_in_open_quarter: the first column with an actual for a quarter after the return's own
with quarters as (
    select
        *,
        cast(right(quarter, 1) as integer) as quarter_number,
        allocation + coalesce(carry_in, 0) + coalesce(virement, 0) as allocated,
        coalesce(actual_q1, 0) + coalesce(actual_q2, 0) + coalesce(actual_q3, 0) + coalesce(actual_q4, 0) as spent,
        coalesce(actual_q1, actual_q2, actual_q3, actual_q4) is not null as has_actuals
    from rows
)

select
    quarters.row_id,
    projects.partner_id as named_sender,
    case when abs(allocated - revised_allocation) < 0.005 then revised_allocation else allocated end as allocation_sum,
    case when has_actuals then case when abs(spent - actual_to_date) < 0.005 then actual_to_date else spent end end as actual_sum,
    case
        when quarter_number < 2 and actual_q2 is not null then 'actual_q2'
        when quarter_number < 3 and actual_q3 is not null then 'actual_q3'
        when quarter_number < 4 and actual_q4 is not null then 'actual_q4'
    end as actual_in_open_quarter
from quarters
left join framework.projects as projects on quarters.project_id = projects.project_id
