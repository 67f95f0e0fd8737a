{#- dbt run-operation normfreeze.rollback --args '{model: churn_scaler}'      or name; and stage, note -#}
{% macro rollback(model=none, name=none, stage='production', note=none) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('rollback') %}
  {% if (model is none) == (name is none) %}
    {% do normfreeze._fail('rollback takes model (a scaler model) or name') %}
  {% endif %}
  {% set name = normfreeze._scaler_of_model(model).name if model is not none else name %}
  {% set before = normfreeze._stage_now(name, stage) %}
  {% do normfreeze._query('select normfreeze.rollback(' ~ normfreeze._literal(name) ~ ', ' ~ normfreeze._literal(stage)
                         ~ ', ' ~ normfreeze._literal(note) ~ ')::text as id') %}
  {% do adapter.commit() %}
  {% do log(name ~ '@' ~ stage ~ ': ' ~ before ~ ' -> ' ~ normfreeze._stage_now(name, stage), info=true) %}
{% endmacro %}
