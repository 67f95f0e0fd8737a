{#- In an incremental run: a failure, or a mark in the statement.  Compiling changes nothing in the database: the mark tells
    the pre-hook _prepare_incremental, which runs in the transaction of the model, what normalize() has to do with the rows
    that are there.

    outputs: the names of the normalized columns; all_outputs: those if all features were asked for; columns: the argument
    of normalize(); uncertain: names of columns that may hold normalized or raw values in rows of another scaler, where
    its features cannot be known. -#}
{% macro _incremental_mark(scaler, scaler_id_column, on_scaler_change, name, version, outputs, all_outputs, columns, affixes, uncertain) %}
  {% if model.resource_type != 'model' or flags.WHICH not in ['run', 'build', 'retry'] %}
    {% do return('') %}
  {% endif %}
  {#- also in the first run: a misspelt policy must not wait for the night on which it matters -#}
  {% set policy = normfreeze._on_scaler_change_policy(on_scaler_change) %}
  {#- --empty adds no rows, and takes none away -#}
  {% if not is_incremental() or normfreeze._is_empty_run() %}
    {% do return('') %}
  {% endif %}
  {% set there = normfreeze._columns_of(this) %}
  {% if not scaler_id_column or scaler_id_column not in there %}
    {% do normfreeze._fail(this ~ ' has no column "' ~ (scaler_id_column or 'scaler_id')
         ~ '", so it cannot be told which scaler its rows are of; run it with --full-refresh once, with a '
         ~ 'scaler_id_column') %}
  {% elif there[scaler_id_column] != 'bigint' %}
    {% do normfreeze._fail_on_column(scaler_id_column, there[scaler_id_column], 'and ids of scalers are bigint') %}
  {% endif %}
  {% do normfreeze._fail_on_rows_of_no_scaler(scaler_id_column, outputs | select('in', there) | list) %}
  {% set change = normfreeze._changed_scaler(scaler, scaler_id_column, name, version) %}
  {% if change is not none and policy == 'fail' %}
    {% do normfreeze._fail(this ~ ' has rows of scaler ' ~ change.old ~ ', and the scaler is now ' ~ change.new
         ~ '. Run this model with --full-refresh, or set on_scaler_change to full_refresh or append.') %}
  {% endif %}
  {% set rebuild = change is not none and policy == 'full_refresh' %}
  {% if rebuild %}
    {% do normfreeze._fail_unless_all_rows_come() %}
    {% do normfreeze._agree_on_rows('anew') %}
    {% do log(this ~ ': scaler ' ~ change.old ~ ' became ' ~ change.new ~ ', all rows are made anew', info=true) %}
  {% endif %}
  {% set others = normfreeze._outputs_of_other_rows(scaler, scaler_id_column, change.new, columns, affixes) if change is not none and not rebuild else {} %}
  {% set mark = {'rebuild': rebuild, 'outputs': outputs, 'all_outputs': all_outputs, 'scaler_id_column': scaler_id_column,
                 'affixes': affixes, 'others': others, 'uncertain': uncertain, 'now': change.new if change is not none else none} %}
  {#- no text in the JSON can end the comment, or begin another one -#}
  {% do return(normfreeze._comment('incremental ' ~ invocation_id ~ ' ' ~ (tojson(mark) | replace('*', '\\u002a') | replace('/', '\\u002f'))) ~ '\n') %}
{% endmacro %}
