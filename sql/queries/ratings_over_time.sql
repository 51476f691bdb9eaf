-- How was each target rated in each quarter's pack?
pivot (
    select
        targets.target_id,
        targets.quarter,
        coalesce(targets.rating, '-') as rating
    from marts.floor_targets as targets
) on quarter using first(rating)
order by target_id
