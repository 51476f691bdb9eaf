-- How a mart says where its figures come from, beside each figure:
--   <column>__from   one of the three below, for a column of the mart
--   rows__from       staging rows whose columns of the same name are shown as they are
create temp macro cell(row_id, column_name) as
    {'kind': 'cell', 'row_id': row_id, 'column_name': column_name, 'mart': null::varchar};
create temp macro setting(name) as {
    'kind': 'setting',
    'row_id': (select settings.row_id from framework.settings as settings where settings.setting_id = name),
    'column_name': 'value',
    'mart': null::varchar
};
create temp macro figure(mart, row_id, column_name) as
    {'kind': 'figure', 'row_id': row_id, 'column_name': column_name, 'mart': mart};

-- one cell, shown as it is
create temp macro from_cell(row_id, column_name) as
    {'method': 'As typed in the cell', 'inputs': [cell(row_id, column_name)]};
-- several inputs and the method that made one figure of them
create temp macro reckoned(method, inputs) as {'method': method, 'inputs': inputs};
-- one column of several rows of the projects' mart, added up
create temp macro added_up(column_name, row_ids) as {
    'method': 'Sum over the projects received',
    'inputs': list_transform(row_ids, lambda row_id: figure('nrf_projects', row_id, column_name))
};
-- rows counted, or looked through, by one of their columns
create temp macro counted(row_ids, column_name) as {
    'method': 'Counted over the projects',
    'inputs': list_transform(row_ids, lambda row_id: cell(row_id, column_name))
};

-- Four ratings of one thing, kept apart. `given` is a list of {source, rating, reason}, one per source.
create temp macro four_ratings(official, official_reason, moderated, moderated_reason, own, own_reason, suggested, suggested_reason) as
    list_filter([
        {'source': 'official', 'rating': official, 'reason': official_reason},
        {'source': 'moderated', 'rating': moderated, 'reason': moderated_reason},
        {'source': 'own', 'rating': own, 'reason': own_reason},
        {'source': 'suggested', 'rating': suggested, 'reason': suggested_reason}
    ], lambda one: one.rating is not null);
-- the first that the framework's order names; the best rating never on a value that is too old or missing
create temp macro rating_shown(given, sources, best, is_old) as
    list_filter(
        list_transform(sources, lambda source: list_filter(given, lambda one: one.source = source and not (is_old and one.rating = best))[1]),
        lambda one: one is not null
    )[1];
create temp macro rating_source_word(source) as
    case source when 'suggested' then 'suggested by rule' else source end;
-- who gave a rating, when and why, in a sentence
create temp macro rating_by(what, rated_by, rated_on, reason) as
    what || coalesce(' by ' || rated_by, '') || coalesce(' on ' || strftime(rated_on, '%-d %b %Y'), '')
    || coalesce(': ' || rtrim(reason, '. '), '') || '.';
-- which is shown, and the others each in its own words; nothing where all that were given agree
create temp macro rating_differs(given, shown, words, best, is_old) as
    case when len(list_distinct(list_transform(given, lambda one: one.rating))) > 1 or (len(given) > 0 and shown is null) then
        case
            when shown is null then 'None is shown'
            else 'Shown: ' || words[shown.rating] || ', ' || rating_source_word(shown.source)
                -- the rule's own reason stands beside every rating
                || case when shown.source = 'suggested' then '' else coalesce(': ' || rtrim(shown.reason, '. '), '') end
        end
        || '. '
        || case when is_old and list_contains(list_transform(given, lambda one: one.rating), best) then 'A value that is too old or missing is never shown as ' || words[best] || '. ' else '' end
        || array_to_string(list_transform(list_filter(given, lambda one: shown is null or one.source <> shown.source), lambda one:
            upper(rating_source_word(one.source)[1]) || rating_source_word(one.source)[2:] || ' ' || words[one.rating]
            || coalesce(': ' || rtrim(one.reason, '. '), ', without a reason') || '.'
        ), ' ')
    end;
-- the rank that several ranks come to, best first: the worst of them, or the middle one (of two the worse)
create temp macro rank_by_rule(ranks, rule) as
    ranks[case rule when 'middle' then cast(len(ranks) // 2 + 1 as integer) else len(ranks) end];
-- what may be carried forward: the fund's own cap, else the setting
create temp macro carry_cap(cap_row_id) as
    case when cap_row_id is null then setting('carry_cap_pct') else cell(cap_row_id, 'carry_cap_pct') end;
-- one column of several projects, each times the share that counts towards a floor target, added up
create temp macro shared_out(column_name, project_rows, link_rows) as {
    'method': 'Sum over the projects received, each times its share',
    'inputs': list_concat(
        list_transform(project_rows, lambda row_id: figure('nrf_projects', row_id, column_name)),
        list_transform(link_rows, lambda row_id: figure('project_targets', row_id, 'share'))
    )
};
-- a mark in words, as a sentence has it
create temp macro status_words(status) as
    case status when 'c' then 'confidential' when 'z' then 'not applicable' else 'not available' end;
-- that a newer value ought to have been out by the cut-off, and how long ago; nothing where it need not
create temp macro overdue_words(due_on, cut_off_on) as
    case
        when due_on < cut_off_on then ' The next value was due out on ' || strftime(due_on, '%-d %b %Y') || ', '
            || case
                when date_sub('month', due_on, cut_off_on) = 0 then so_many(date_diff('day', due_on, cut_off_on), 'day', 'days')
                else so_many(date_sub('month', due_on, cut_off_on), 'month', 'months')
            end
            || ' before the cut-off.'
        else ''
    end;
-- an amount as a sentence has it: £1,200, -£300
create temp macro in_pounds(amount) as
    case when round(amount) < 0 then '-£' else '£' end || format('{:,.0f}', abs(round(amount)));
-- 1 project, 2 projects
create temp macro so_many(number, one, many) as number || ' ' || case when number = 1 then one else many end;
-- a difference in a sentence: £300 more, £300 less, the same
create temp macro apart(difference) as case
    when round(difference) > 0 then in_pounds(difference) || ' more'
    when round(difference) < 0 then in_pounds(-difference) || ' less'
    else 'the same'
end;
-- a figure of another mart, shown as it is there
create temp macro shown_in(mart, row_id, column_name) as
    {'method': 'As in marts.' || mart, 'inputs': [figure(mart, row_id, column_name)]};
-- one column of several rows of a mart
create temp macro over_rows(method, mart, row_ids, column_name) as
    {'method': method, 'inputs': list_transform(row_ids, lambda row_id: figure(mart, row_id, column_name))};
-- counts of what serves a floor target; where nothing does, of the target itself
create temp macro over_links(link_rows, parent_row) as case
    when link_rows is null then shown_in('parent_targets', parent_row, 'parent_id')
    else over_rows('Counted: the projects that serve it', 'project_targets', link_rows, 'project_id')
end;
create temp macro over_measures(method, target_rows, parent_row) as case
    when target_rows is null then shown_in('parent_targets', parent_row, 'parent_id')
    else over_rows(method, 'floor_targets', target_rows, 'title')
end;
create temp macro over_actions(action_rows, parent_row) as case
    when action_rows is null then shown_in('parent_targets', parent_row, 'parent_id')
    -- one of which nothing was reported is live by being there
    else {
        'method': 'Counted: its actions by their status',
        'inputs': list_concat(
            list_transform(action_rows, lambda row_id: figure('actions', row_id, 'status')),
            list_transform(action_rows, lambda row_id: figure('actions', row_id, 'title'))
        )
    }
end;
-- several columns of one row of a mart
create temp macro over_columns(method, mart, row_id, column_names) as
    {'method': method, 'inputs': list_transform(column_names, lambda column_name: figure(mart, row_id, column_name))};
-- one column of several rows, none where there are none
create temp macro parts_of(row_ids, column_name) as
    list_transform(coalesce(row_ids, []), lambda row_id: cell(row_id, column_name));
-- what a target is judged against, from one row of series.target_periods or series.target_quarters
create temp macro goal_inputs(target_row_id, baseline_row_ids, comparator_baseline_row_id, comparator_row_id) as [
    cell(target_row_id, 'target_type'),
    cell(target_row_id, 'baseline_value'),
    cell(target_row_id, 'target_value'),
    cell(target_row_id, 'target_change'),
    cell(target_row_id, 'baseline_comparator'),
    cell(comparator_baseline_row_id, 'value'),
    cell(comparator_row_id, 'value')
] || parts_of(baseline_row_ids, 'value');
-- the shape of its trajectory, and the days between which it runs
create temp macro course_inputs(target_row_id, value_row_id, milestone_row_ids, trajectory) as [
    cell(target_row_id, 'trajectory'),
    cell(target_row_id, 'baseline_period'),
    cell(target_row_id, 'target_period'),
    cell(value_row_id, 'period')
]
|| parts_of(milestone_row_ids, 'reach_by') || parts_of(milestone_row_ids, 'reach_value')
|| case when trajectory = 'S-curve' then [setting('s_curve_steepness')] else [] end;
-- a column of several rows of staging that one figure was worked out from
create temp macro from_cells(method, row_ids, column_name) as
    {'method': method, 'inputs': list_transform(row_ids, lambda row_id: cell(row_id, column_name))};

-- the interval of a value, and what is said by it
create temp macro interval_of(row_id) as reckoned('As sent, else by the interval that suits the figure', [
    cell(row_id, 'value'), cell(row_id, 'lower'), cell(row_id, 'upper'), cell(row_id, 'numerator'), cell(row_id, 'denominator')
]);

-- better or worse: what a special cause of a proxy means for its target; blank for common cause and grade D
create temp macro says(variation, proxy_polarity, moves, target_polarity, grade) as
    case
        when grade = 'D' or coalesce(variation, '') not like 'special cause %' then null
        when (
            (
                variation = 'special cause high'
                or (variation = 'special cause improving' and proxy_polarity = 'higher is better')
                or (variation = 'special cause concerning' and proxy_polarity = 'lower is better')
            ) = (moves = 'same way')
        ) = (target_polarity = 'higher is better')
            then 'better'
        else 'worse'
    end;
-- whether that and the headline contradict each other; blank where one says nothing
create temp macro disagrees(says, headline) as says <> headline and headline <> 'same';
create temp macro disagreement(says, headline, latest_label) as
    case
        when disagrees(says, headline)
            then 'Disagrees with the headline: the latest value (' || latest_label || ') is beyond its usual ups and downs and speaks '
            || 'for a ' || says || ' result, while the target''s own last value was ' || headline
            || ' than the one before.'
    end;
-- why a target's rating and the control chart of its proxy differ; nothing where they don't
create temp macro chart_against_rating(says, rating, words, is_poor, source) as
    case when (says = 'better' and is_poor) or (says = 'worse' and not is_poor) then
        'Rated ' || words[rating] || case when source = 'suggested by rule' then '' else ' (' || source || ')' end
        || ', while the chart of this proxy speaks for a ' || says || ' result: '
        || case
            -- what somebody gave may rest on more than the way made
            when source <> 'suggested by rule' then 'why it was rated so stands beside the rating.'
            else 'the rating asks how much of the way from the baseline is made by now, the chart whether the last values '
                || 'differ from those before. ' || case says
                    when 'better' then 'A change for the better may be too small or too late for the target.'
                    else 'A target on course may have begun to slip.'
                end
        end
    end;
-- the same as a column of the proxies' mart
create temp macro as_in_proxies(row_id, column_name) as
    {'method': 'As among the proxies', 'inputs': [figure('proxies', row_id, column_name)]};
