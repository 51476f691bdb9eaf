-- How much of the year's money serves floor targets of each rating, and how much of it is spent?
select
    money.quarter,
    coalesce(scale.word, 'No rating') as rating,
    count(*) as floor_targets,
    round(sum(money.allocation)) as allocation,
    round(sum(money.actual_to_date)) as actual_to_date,
    sum(money.projects_received) || ' of ' || sum(money.projects_expected) as shares_received
from marts.target_money as money
left join marts.rating_scale as scale on money.rating = scale.rating
group by money.quarter, scale.word, scale.rank
order by money.quarter desc, scale.rank nulls last
