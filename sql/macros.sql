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
