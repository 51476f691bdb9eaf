-- One row per row of the return: what its subject is in the framework, who should send it, and what a judgement lacks.
-- unknown_subject: 'subject' where the framework has nothing of that name
-- said_twice: 'subject' where a row before it in the same file means the same subject and kind by another name
-- other_sender, named_sender: 'subject' where the framework expects ratings of the quarter from others only, and from whom
-- without_rating: 'rating' where a judgement other than a commentary has none
-- rated_whole: 'subject' where a floor target of several measures is rated as one
-- own_of_target: 'kind' where a target's own rating comes here and not with its value
-- moderated_without_reason, official_without_body, official_without_day: the column that such a rating lacks
-- commentary_unsigned, commentary_rated: the column that a commentary lacks, or should not have
-- dated_ahead: 'rated_on' where it is later than the day of receipt
with meant as (
    select rows.row_id, subjects.subject, subjects.subject_kind
    from rows
    inner join framework.subjects as subjects on lower(trim(rows.subject)) = subjects.name
),

senders as (
    select rows.row_id, string_agg(distinct partners.name, ', ' order by partners.name) as names, bool_or(expected.partner_id = rows.partner) as is_named
    from rows
    inner join framework.expected_returns as expected
        on
            expected.return_name = 'ratings'
            and expected.from_quarter <= rows.quarter
            and coalesce(expected.until_quarter, rows.quarter) >= rows.quarter
    left join framework.partners as partners on expected.partner_id = partners.partner_id
    group by rows.row_id
)

select
    rows.row_id,
    case when meant.subject is null then 'subject' end as unknown_subject,
    case
        when
            row_number() over (partition by rows.submission_id, meant.subject_kind, meant.subject, rows.kind order by rows.row_id) > 1
            and count(*) over (partition by rows.submission_id, rows.subject, rows.kind) = 1
            and meant.subject is not null
            then 'subject'
    end as said_twice,
    case when not senders.is_named then 'subject' end as other_sender,
    senders.names as named_sender,
    case when rows.kind <> 'commentary' and rows.rating is null then 'rating' end as without_rating,
    case when rows.kind <> 'commentary' and meant.subject_kind = 'floor target' then 'subject' end as rated_whole,
    case when rows.kind = 'own' and meant.subject_kind = 'target' then 'kind' end as own_of_target,
    case when rows.kind = 'moderated' and rows.reason is null then 'reason' end as moderated_without_reason,
    case when rows.kind = 'official' and rows.rated_by is null then 'rated_by' end as official_without_body,
    case when rows.kind = 'official' and rows.rated_on is null then 'rated_on' end as official_without_day,
    case
        when rows.kind = 'commentary' and rows.reason is null then 'reason'
        when rows.kind = 'commentary' and rows.rated_by is null then 'rated_by'
        when rows.kind = 'commentary' and rows.rated_on is null then 'rated_on'
    end as commentary_unsigned,
    case when rows.kind = 'commentary' and rows.rating is not null then 'rating' end as commentary_rated,
    case when rows.rated_on > cast(rows.received_at as date) then 'rated_on' end as dated_ahead
from rows
left join meant on rows.row_id = meant.row_id
left join senders on rows.row_id = senders.row_id
