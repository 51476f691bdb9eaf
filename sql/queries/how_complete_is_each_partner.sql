-- How much of what each partner was expected to send came, how much on time, and how much of it was refused?
select
    returns.partner_title,
    count(*) filter (returns.is_expected) as expected,
    count(*) filter (returns.is_expected and returns.received_at is not null) as came,
    count(*) filter (returns.is_expected and returns.received_at is not null and returns.days_late is null) as on_time,
    sum(returns.rows_read) as rows_read,
    sum(returns.rows_refused) as rows_refused
from marts.returns as returns
group by returns.partner_title
order by came / nullif(expected, 0), returns.partner_title
