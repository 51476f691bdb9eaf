-- One row per row of the return: who should send it.
-- named_sender: The partner that the framework names as the indicator's sender
select rows.row_id, indicators.partner_id as named_sender
from rows
left join framework.indicators as indicators on rows.indicator_id = indicators.indicator_id
