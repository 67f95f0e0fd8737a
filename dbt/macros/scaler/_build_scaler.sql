{#- Keep, plan or fit; returns what to tell dbt, and the statement that did it. -#}
{% macro _build_scaler(relation, training, sql) %}
  {% set present = normfreeze._present_scaler(relation) %}
  {% set fitted = present is not none and present.scaler_id is not none %}
  {% set reason = normfreeze._reason_to_fit(present, training) %}
  {% set view_name = 'pg_temp.normfreeze_training' %}

  {#- the view says, too, whether the SELECT is valid, before anything is decided -#}
  {% do normfreeze._command((config.get('sql_header') or '') ~ '\ncreate temporary view normfreeze_training as (\n' ~ sql ~ '\n)') %}
  {% if normfreeze._is_empty_run() %}
    {% if present is none %}
      {% do normfreeze._write_plan(relation, training, view_name) %}
    {% endif %}
    {% set outcome = {'message': 'SCALER not fitted: --empty', 'sql': sql} %}
  {% elif reason is none or (fitted and normfreeze._is_sample_run()) %}
    {% set outcome = {'message': 'SCALER v' ~ present.version ~ ' kept', 'sql': sql} %}
    {% do log(training.name ~ ' v' ~ present.version ~ ', scaler_id ' ~ present.scaler_id ~ ': kept', info=true) %}
  {% else %}
    {% set outcome = normfreeze._fit_and_freeze(relation, training, view_name, present, reason) %}
  {% endif %}
  {% do normfreeze._command('drop view ' ~ view_name) %}
  {% do return(outcome) %}
{% endmacro %}
