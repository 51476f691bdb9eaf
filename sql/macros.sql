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
    'method': 'Counted over the projects of the theme',
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
        case when shown is null then 'None is shown' else 'Shown: ' || words[shown.rating] || ', ' || rating_source_word(shown.source) end
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
