-- Which floor targets were red without money or without a live action, when, and what did the figures say?
select
    asked.quarter,
    asked.parent_id,
    asked.question,
    asked.sentence
from marts.money_against_progress as asked
where asked.question in ('red without money', 'red without a live action')
order by asked.quarter desc, asked.question_order, asked.parent_id
