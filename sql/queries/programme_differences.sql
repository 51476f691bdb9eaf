-- Where does the programme say otherwise than its projects, or where can't it be said?
select
    programme.quarter,
    programme.theme_title,
    programme.allocation_difference,
    programme.actual_difference,
    programme.sentence,
    programme.programme_note
from marts.nrf_programme as programme
where programme.state <> 'not due' and programme.reconciles is distinct from 'yes'
order by programme.quarter desc, programme.theme_order
