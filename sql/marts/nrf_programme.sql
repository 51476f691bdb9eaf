-- One row per theme per quarter: what the programme says it holds and spent, beside its projects. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- year_label: The financial year of its allocations, for example 2004/05.
-- theme: The theme's reference.
-- theme_title: The theme's name.
-- theme_order: The order in which themes are listed.
-- state: received, refused, withdrawn (its sender took the return back), erased (its file was), missing or not due: what became of the theme's row in the programme's return.
-- programme_allocation: What the programme holds for the theme this year (GBP).
-- projects_allocation: Revised allocations of the projects received, added up (GBP).
-- allocation_difference: Programme less projects; blank unless every project came in (GBP).
-- programme_actual: What the programme's ledger says was spent to date (GBP).
-- projects_actual: What the projects received spent to date, added up (GBP).
-- actual_difference: Programme less projects; blank unless every project came in (GBP).
-- projects_expected: Projects of the theme that run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the projects' sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- reconciles: yes or no; blank where it can't be said.
-- sentence: What the comparison comes to, in words.
-- programme_note: What the sender says lies behind a difference.
-- is_queried: Whether the sender is asked about something in the row.
-- basis: illustrative if any project of the theme is.
-- row_id: quarter|theme.
with typed as (
    -- which themes had a row in the quarter's returns, whether it stood or not
    select submissions.quarter, cells.read_as as theme_id, min(cells.row_id) as row_id
    from staging.row_cells as cells
    inner join staging.submissions as submissions on split_part(cells.row_id, ':', 1) = submissions.submission_id
    where submissions.return = 'nrf_programme' and cells.column_name = 'theme_id' and submissions.state not in ('superseded', 'withdrawn')
    group by all
),

-- quarters of whose returns nothing stands any more: what had come last was taken back, or its file erased
gone as (
    select
        sent.quarter, max_by(sent.state, sent.received_at) filter (sent.state in ('withdrawn', 'erased')) as state
    from staging.submissions as sent
    where sent.return = 'nrf_programme'
    group by sent.quarter
    having not bool_or(sent.state in ('accepted', 'nil'))
),

projects_gone as (
    select projects.quarter, framework.theme_id as theme, count(*) as projects
    from series.project_quarters as projects
    inner join framework.projects as framework on projects.project_row_id = framework.row_id
    where projects.state in ('withdrawn', 'erased')
    group by all
),

due as (
    select distinct quarters.quarter
    from staging.quarters as quarters
    inner join framework.expected_returns as expected
        on quarters.quarter between expected.from_quarter and coalesce(expected.until_quarter, quarters.quarter)
    where expected.return_name = 'nrf_programme'
),

compared as (
    select
        coalesce(given.quarter, projects.quarter) as quarter,
        coalesce(given.theme_id, projects.theme) as theme_id,
        coalesce(given.quarter, projects.quarter) || '|' || coalesce(given.theme_id, projects.theme) as row_id,
        given.row_id as given_row_id,
        given.programme_allocation,
        given.programme_actual,
        coalesce(given.is_queried, false) as is_queried,
        projects.row_id as projects_row_id,
        projects.basis,
        projects.allocation as projects_allocation,
        projects.actual_to_date as projects_actual,
        coalesce(projects.projects_expected, 0) as projects_expected,
        coalesce(projects.projects_received, 0) as projects_received,
        coalesce(projects.projects_refused, 0) as projects_refused,
        -- a sum over some of the projects says nothing of the total
        case when projects.projects_received = projects.projects_expected then given.programme_allocation - projects.allocation end
            as allocation_difference,
        case when projects.projects_received = projects.projects_expected then given.programme_actual - projects.actual_to_date end
            as actual_difference,
        -- each project's figure may be rounded to a pound
        greatest(abs(allocation_difference), abs(actual_difference)) <= 0.5 * projects.projects_expected as is_same
    from staging.nrf_programme as given
    full outer join marts.nrf_themes as projects on given.quarter = projects.quarter and given.theme_id = projects.theme
)

select
    compared.quarter,
    replace(left(compared.quarter, 7), '-', '/') as year_label,
    compared.theme_id as theme,
    from_cell(themes.row_id, 'theme_id') as theme__from,
    themes.title as theme_title,
    from_cell(themes.row_id, 'title') as theme_title__from,
    cast(themes.theme_order as integer) as theme_order,
    case
        when compared.given_row_id is not null then 'received'
        when typed.row_id is not null then 'refused'
        when gone.state is not null then gone.state
        when due.quarter is not null then 'missing'
        else 'not due'
    end as state,
    compared.programme_allocation,
    compared.projects_allocation,
    reckoned('Sum over the projects received', [figure('nrf_themes', compared.projects_row_id, 'allocation')])
        as projects_allocation__from,
    compared.allocation_difference,
    reckoned('Programme less projects', [
        figure('nrf_programme', compared.row_id, 'programme_allocation'),
        figure('nrf_programme', compared.row_id, 'projects_allocation')
    ]) as allocation_difference__from,
    compared.programme_actual,
    compared.projects_actual,
    reckoned('Sum over the projects received', [figure('nrf_themes', compared.projects_row_id, 'actual_to_date')])
        as projects_actual__from,
    compared.actual_difference,
    reckoned('Programme less projects', [
        figure('nrf_programme', compared.row_id, 'programme_actual'),
        figure('nrf_programme', compared.row_id, 'projects_actual')
    ]) as actual_difference__from,
    compared.projects_expected,
    reckoned('Counted for the theme', [figure('nrf_themes', compared.projects_row_id, 'projects_expected')])
        as projects_expected__from,
    compared.projects_received,
    reckoned('Counted for the theme', [figure('nrf_themes', compared.projects_row_id, 'projects_received')])
        as projects_received__from,
    compared.projects_refused,
    reckoned('Counted for the theme', [figure('nrf_themes', compared.projects_row_id, 'projects_refused')])
        as projects_refused__from,
    case
        when compared.given_row_id is null then null
        when compared.projects_expected = 0 then 'no'
        when compared.is_same then 'yes'
        when not compared.is_same then 'no'
    end as reconciles,
    over_columns('Differences of no more than half a pound per project are rounding', 'nrf_programme', compared.row_id, compared_by)
        as reconciles__from,
    case state
        when 'refused' then 'What the programme said of this theme was refused; see Quality.'
        when 'missing' then 'Nothing came in from the programme for this theme.'
        when 'withdrawn' then 'What the programme said of this theme was withdrawn.'
        when 'erased' then 'What the programme said of this theme was erased with its file.'
        when 'not due' then 'No programme return was due.'
        else case
            when compared.projects_expected = 0
                then 'The programme holds ' || in_pounds(compared.programme_allocation) || ', and no project of the theme runs.'
            when compared.projects_received < compared.projects_expected
                then 'Can''t be said: figures for ' || compared.projects_received || ' of '
                    || so_many(compared.projects_expected, 'project', 'projects') || ' are in ('
                    || compared.projects_refused || ' refused, '
                    || (
                        compared.projects_expected - compared.projects_received - compared.projects_refused
                        - coalesce(projects_gone.projects, 0)
                    )
                    || ' not received' || coalesce(', ' || projects_gone.projects || ' withdrawn or erased', '') || ').'
            when compared.is_same then 'Agrees with its ' || so_many(compared.projects_expected, 'project', 'projects') || '.'
            else 'Against its ' || so_many(compared.projects_expected, 'project', 'projects') || ' the programme holds '
                || apart(compared.allocation_difference) || ' and spent ' || apart(compared.actual_difference) || '.'
        end
    end as sentence,
    over_columns('The comparison in words', 'nrf_programme', compared.row_id, compared_by) as sentence__from,
    given.programme_note,
    compared.is_queried,
    compared.basis,
    shown_in('nrf_themes', compared.projects_row_id, 'basis') as basis__from,
    compared.row_id,
    [given.row_id, themes.row_id] as rows__from
from compared
inner join framework.themes as themes on compared.theme_id = themes.theme_id
left join staging.nrf_programme as given on compared.given_row_id = given.row_id
left join typed on compared.quarter = typed.quarter and compared.theme_id = typed.theme_id
left join gone on compared.quarter = gone.quarter
left join projects_gone on compared.quarter = projects_gone.quarter and compared.theme_id = projects_gone.theme
left join due on compared.quarter = due.quarter
cross join (
    select [
        'programme_allocation', 'projects_allocation', 'allocation_difference', 'programme_actual', 'projects_actual',
        'actual_difference', 'projects_expected', 'projects_received', 'projects_refused'
    ] as compared_by
) as inputs
