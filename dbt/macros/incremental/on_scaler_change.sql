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
  {% do return(not (normfreeze.on_scaler_change_policy(on_scaler_change) == 'full_refresh'
                    and normfreeze.changed_scaler(scaler, scaler_id_column, name, version) is not none)) %}
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


{#- In an incremental run: nothing, a failure, or the mark that all rows are made anew.  Compiling changes nothing in the
    database: the mark tells the hook below, which runs in the transaction of the model. -#}
{% macro rebuild_mark(scaler, scaler_id_column, on_scaler_change, name, version, outputs) %}
  {% if model.resource_type != 'model' or flags.WHICH not in ['run', 'build', 'retry'] %}
    {% do return('') %}
  {% endif %}
  {#- also in the first run: a misspelt policy must not wait for the night on which it matters -#}
  {% set policy = normfreeze.on_scaler_change_policy(on_scaler_change) %}
  {% if policy == 'append' or not is_incremental() %}
    {% do return('') %}
  {% endif %}
  {% set columns = normfreeze.columns_of(this).keys() | list %}
  {% if not scaler_id_column or scaler_id_column not in columns %}
    {% do normfreeze.fail(this ~ ' has no column "' ~ (scaler_id_column or 'scaler_id')
         ~ '", so it cannot be told which scaler its rows are of; run it with --full-refresh once, with a '
         ~ 'scaler_id_column') %}
  {% endif %}
  {% set change = normfreeze.changed_scaler(scaler, scaler_id_column, name, version) %}
  {% if change is none %}
    {% do return('') %}
  {% elif policy == 'fail' %}
    {% do normfreeze.fail(this ~ ' has rows of scaler ' ~ change.old ~ ', and the scaler is now ' ~ change.new
         ~ '. Run this model with --full-refresh, or set on_scaler_change to full_refresh or append.') %}
  {% endif %}
  {% if modules.re.search('(?<!normfreeze\\.)\\bis_incremental\\s*\\(', model.raw_code) %}
    {% do normfreeze.fail('on_scaler_change: full_refresh makes all rows anew, so the filter for new rows must not '
         ~ 'act: write normfreeze.is_incremental(scaler) instead of is_incremental() in model ' ~ model.name) %}
  {% endif %}
  {% for output in outputs if output.name not in columns %}
    {% do normfreeze.fail('the new scaler has a feature "' ~ output.feature ~ '" that ' ~ this
         ~ ' has no column for: run this model with --full-refresh') %}
  {% endfor %}
  {% do log(this ~ ': scaler ' ~ change.old ~ ' became ' ~ change.new ~ ', all rows are made anew', info=true) %}
  {% do return(normfreeze.comment('rebuild ' ~ invocation_id) ~ '\n') %}
{% endmacro %}


{#- The pre-hook of every model that calls normalize().  The random invocation_id is what no name in the data can hold. -#}
{% macro rebuild_if_marked() %}
  {% if execute and is_incremental() and normfreeze.comment('rebuild ' ~ invocation_id) in (model.compiled_code or '') %}
    {% do return('delete from ' ~ this) %}
  {% endif %}
  {% do return('') %}
{% endmacro %}
