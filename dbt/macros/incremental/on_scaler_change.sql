{#- What an incremental model does when the scaler is another one than that of the rows it has:
    fail (the default), append (rows of both, each with its scaler_id), or full_refresh (all rows anew). -#}
{% macro on_scaler_change_policy(argument) %}
  {% do return(normfreeze.one_of('on_scaler_change', normfreeze.setting('on_scaler_change', argument, 'fail'), ['fail', 'full_refresh', 'append'])) %}
{% endmacro %}


{#- To be used instead of dbt's is_incremental() around the filter for new rows: false, too, if all rows are to be made
    anew because the scaler changed. -#}
{% macro is_incremental(scaler, on_scaler_change=none, scaler_id_column='scaler_id', name=none, version=none) %}
  {#- in a unit test there is no `this` to ask; it may override this macro -#}
  {% if not execute or this is none or not is_incremental() %}
    {% do return(false) %}
  {% endif %}
  {% set anew = normfreeze.on_scaler_change_policy(on_scaler_change) == 'full_refresh'
               and normfreeze.changed_scaler(scaler, scaler_id_column, name, version) is not none %}
  {% do normfreeze.agree_on_rows('filtered' if not anew else 'all') %}
  {% do return(not anew) %}
{% endmacro %}


{#- The rows that is_incremental() lets through, and those that normalize() makes room for: said by both, in either order,
    with arguments that may differ.  `model` is the one thing that both see. -#}
{% macro agree_on_rows(rows) %}
  {% do model.update({'normfreeze_rows': (model.get('normfreeze_rows') or []) + [rows]}) %}
  {% if 'filtered' in model.normfreeze_rows and 'anew' in model.normfreeze_rows %}
    {% do normfreeze.fail('normalize() makes all rows of ' ~ this ~ ' anew, and normfreeze.is_incremental() lets new rows alone through: '
         ~ 'give both the same scaler, on_scaler_change, scaler_id_column, name and version') %}
  {% endif %}
{% endmacro %}


{#- none, or both ids: of a row that the model has, and of the scaler now. -#}
{% macro changed_scaler(scaler, scaler_id_column, name=none, version=none) %}
  {% set now = normfreeze.current_scaler_id(scaler, name, version) %}
  {% if now is none %}
    {% do return(none) %}
  {% endif %}
  {% set column = normfreeze.identifier(scaler_id_column) %}
  {#- least and greatest, since an index answers that -#}
  {% for row in normfreeze.query('select min(' ~ column ~ ')::text as least, max(' ~ column ~ ')::text as greatest from ' ~ this) %}
    {% for id in [row.least, row.greatest] if id is not none and id != now %}
      {% do return({'old': id, 'new': now}) %}
    {% endfor %}
  {% endfor %}
  {% do return(none) %}
{% endmacro %}


{% macro current_scaler_id(scaler, name=none, version=none) %}
  {% set kind = normfreeze.kind_of(scaler) %}
  {% if kind == 'artifact' %}
    {% do return(normfreeze.scaler_artifact(scaler).scaler_id) %}
  {% elif kind == 'relation' %}
    {% set there = normfreeze.readable(scaler) %}
    {% if there is none %}
      {% do return(none) %}
    {% endif %}
    {% if 'scaler_id' not in normfreeze.columns_of(there) %}
      {#- a seed has the id inside the JSON -#}
      {% do return(normfreeze.scaler_artifact(scaler, name, version).scaler_id) %}
    {% endif %}
    {% set rows = normfreeze.query('select scaler_id::text as id from ' ~ there.render()) %}
    {% do return(rows[0].id if rows else none) %}
  {% elif not normfreeze.scaler_is_there(scaler, kind) %}
    {% do return(none) %}
  {% endif %}
  {% do return(normfreeze.query('select ' ~ normfreeze.scaler_id_sql(scaler, kind) ~ '::text as id')[0].id) %}
{% endmacro %}


{#- In an incremental run: a failure, or a mark in the statement.  Compiling changes nothing in the database: the mark tells
    the hook of stored_columns.sql, which runs in the transaction of the model, what normalize() has to do with the rows
    that are there.

    outputs: the names of the normalized columns; all_outputs: those if all features were asked for; columns: the argument
    of normalize(); uncertain: names of columns that may hold normalized or raw values in rows of another scaler, where
    its features cannot be known. -#}
{% macro incremental_mark(scaler, scaler_id_column, on_scaler_change, name, version, outputs, all_outputs, columns, affixes, uncertain) %}
  {% if model.resource_type != 'model' or flags.WHICH not in ['run', 'build', 'retry'] %}
    {% do return('') %}
  {% endif %}
  {#- also in the first run: a misspelt policy must not wait for the night on which it matters -#}
  {% set policy = normfreeze.on_scaler_change_policy(on_scaler_change) %}
  {#- --empty adds no rows, and takes none away -#}
  {% if not is_incremental() or normfreeze.is_empty_run() %}
    {% do return('') %}
  {% endif %}
  {% set there = normfreeze.columns_of(this) %}
  {% if not scaler_id_column or scaler_id_column not in there %}
    {% do normfreeze.fail(this ~ ' has no column "' ~ (scaler_id_column or 'scaler_id')
         ~ '", so it cannot be told which scaler its rows are of; run it with --full-refresh once, with a '
         ~ 'scaler_id_column') %}
  {% elif there[scaler_id_column] != 'bigint' %}
    {% do normfreeze.fail_on_column(scaler_id_column, there[scaler_id_column], 'and ids of scalers are bigint') %}
  {% endif %}
  {% do normfreeze.fail_on_rows_of_no_scaler(scaler_id_column, outputs | select('in', there) | list) %}
  {% set change = normfreeze.changed_scaler(scaler, scaler_id_column, name, version) %}
  {% if change is not none and policy == 'fail' %}
    {% do normfreeze.fail(this ~ ' has rows of scaler ' ~ change.old ~ ', and the scaler is now ' ~ change.new
         ~ '. Run this model with --full-refresh, or set on_scaler_change to full_refresh or append.') %}
  {% endif %}
  {% set rebuild = change is not none and policy == 'full_refresh' %}
  {% if rebuild %}
    {% do normfreeze.fail_unless_all_rows_come() %}
    {% do normfreeze.agree_on_rows('anew') %}
    {% do log(this ~ ': scaler ' ~ change.old ~ ' became ' ~ change.new ~ ', all rows are made anew', info=true) %}
  {% endif %}
  {% set others = normfreeze.outputs_of_other_rows(scaler, scaler_id_column, change.new, columns, affixes) if change is not none and not rebuild else {} %}
  {% set mark = {'rebuild': rebuild, 'outputs': outputs, 'all_outputs': all_outputs, 'scaler_id_column': scaler_id_column,
                 'affixes': affixes, 'others': others, 'uncertain': uncertain, 'now': change.new if change is not none else none} %}
  {#- no text in the JSON can end the comment, or begin another one -#}
  {% do return(normfreeze.comment('incremental ' ~ invocation_id ~ ' ' ~ (tojson(mark) | replace('*', '\\u002a') | replace('/', '\\u002f'))) ~ '\n') %}
{% endmacro %}


{#- The filter for new rows must not act, nor may dbt give a part of the rows alone, where all rows are deleted. -#}
{% macro fail_unless_all_rows_come() %}
  {% if modules.re.search('(?<!normfreeze\\.)\\bis_incremental\\s*\\(', model.raw_code) %}
    {% do normfreeze.fail('on_scaler_change: full_refresh makes all rows anew, so the filter for new rows must not '
         ~ 'act: write normfreeze.is_incremental(scaler) instead of is_incremental() in model ' ~ model.name) %}
  {% elif config.get('incremental_strategy') == 'microbatch' %}
    {% do normfreeze.fail('on_scaler_change: full_refresh makes all rows anew, and incremental_strategy microbatch gives a batch of '
         ~ 'them at a time: run model ' ~ model.name ~ ' with --full-refresh, or set on_scaler_change to fail or append') %}
  {% elif normfreeze.is_sample_run() %}
    {% do normfreeze.fail('the scaler changed, and on_scaler_change: full_refresh makes all rows anew, which a sample has not: '
         ~ 'run model ' ~ model.name ~ ' without --sample') %}
  {% endif %}
{% endmacro %}


{#- Rows with results and no scaler_id: nobody knows by what they were scaled. -#}
{% macro fail_on_rows_of_no_scaler(scaler_id_column, outputs) %}
  {% if not outputs %}
    {% do return(none) %}
  {% endif %}
  {% set columns = [] %}
  {% for output in outputs %}
    {% do columns.append(normfreeze.identifier(output) ~ ' is not null') %}
  {% endfor %}
  {% if normfreeze.query('select exists (select from ' ~ this ~ ' where ' ~ normfreeze.identifier(scaler_id_column) ~ ' is null and ('
                         ~ (columns | join(' or ')) ~ '))::text as found')[0].found == 'true' %}
    {% do normfreeze.fail(this ~ ' has rows with values in "' ~ (outputs | join('", "')) ~ '" and without "' ~ scaler_id_column
         ~ '", so it cannot be told what they were scaled by: run this model with --full-refresh') %}
  {% endif %}
{% endmacro %}


{#- By scaler of the rows, but for the scaler now: the names of the columns that it normalized; none where they cannot be known. -#}
{% macro outputs_of_other_rows(scaler, scaler_id_column, now, columns, affixes) %}
  {% set column = normfreeze.identifier(scaler_id_column) %}
  {% set found = {} %}
  {% for row in normfreeze.query('select distinct ' ~ column ~ '::text as id from ' ~ this ~ ' where ' ~ column ~ ' <> ' ~ now) %}
    {% set features = columns or normfreeze.features_of_id(scaler, row.id) %}
    {% do found.update({row.id: normfreeze.stored_names(normfreeze.affixed(features, affixes)) if features is not none else none}) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}


{#- The features of a scaler that is known by its id: from the relation of artifacts that the scaler is in, else from the
    registry; none if neither knows it, or may be read. -#}
{% macro features_of_id(scaler, id) %}
  {% set there = normfreeze.readable(scaler) if normfreeze.is_relation(scaler) else none %}
  {% if there is not none and 'artifact' in normfreeze.columns_of(there) %}
    {% for row in normfreeze.query('select artifact::text as artifact from ' ~ there.render() ~ ' where strpos(artifact::text, '
                                   ~ normfreeze.literal('"' ~ id ~ '"') ~ ') > 0') %}
      {% set artifact = fromjson(row.artifact, {}) %}
      {% if artifact.scaler_id == id %}
        {% do return(normfreeze.artifact_inputs(artifact) | map(attribute='name') | list) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {% set may = "select (case when to_regclass('normfreeze.scalers') is null then false else has_schema_privilege('normfreeze', 'USAGE')"
       ~ " and has_table_privilege('normfreeze.scalers', 'SELECT') end)::text as may" %}
  {% if normfreeze.query(may)[0].may == 'true' %}
    {% for row in normfreeze.query('select to_json(normfreeze.feature_names(scaler_id))::text as names from normfreeze.scalers where scaler_id = '
                                   ~ normfreeze.scaler_id_sql(id, 'id')) if row.names is not none %}
      {% do return(fromjson(row.names)) %}
    {% endfor %}
  {% endif %}
  {% do return(none) %}
{% endmacro %}
