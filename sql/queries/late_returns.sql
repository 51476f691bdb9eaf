-- Who has sent late, how often, and by how many days at most?
select
    returns.partner_title,
    count(distinct returns.quarter) as quarters,
    max(returns.days_late) as most_days_late
from marts.returns as returns
where returns.days_late > 0
group by returns.partner_title
order by quarters desc, most_days_late desc, returns.partner_title
