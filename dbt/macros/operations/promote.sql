{#- dbt run-operation normfreeze.promote --args '{model: churn_scaler, stage: production, note: reviewed}'
    The version is that of a scaler model's row; or name, with version or scaler_id. -#}
{% macro promote(model=none, name=none, version=none, scaler_id=none, stage='production', note=none, force=false, new_stage=false) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('promote') %}
  {% if model is not none %}
    {% set row = normfreeze._scaler_of_model(model) %}
    {% set name = row.name %}
    {% set which = row.scaler_id ~ '::bigint' %}
  {% elif name is none or (version is none) == (scaler_id is none) %}
    {% do normfreeze._fail('promote takes model (a scaler model); or name, and version or scaler_id') %}
  {% else %}
    {% set which = version ~ '::integer' if version is not none else normfreeze._literal(scaler_id) ~ '::bigint' %}
    {% if version is not none and version is not integer %}
      {% do normfreeze._fail('version is ' ~ version ~ ', and must be a whole number') %}
    {% endif %}
  {% endif %}
  {% do normfreeze._one_of('force', force, [true, false]) %}
  {% do normfreeze._one_of('new_stage', new_stage, [true, false]) %}
  {% set before = normfreeze._stage_now(name, stage) %}
  {% do normfreeze._query('select normfreeze.promote(' ~ normfreeze._literal(name) ~ ', ' ~ which ~ ', ' ~ normfreeze._literal(stage)
                         ~ ', ' ~ normfreeze._literal(note) ~ ', force => ' ~ (force | string | lower) ~ ', new_stage => ' ~ (new_stage | string | lower)
                         ~ ')::text as id') %}
  {% do adapter.commit() %}
  {% do log(name ~ '@' ~ stage ~ ': ' ~ before ~ ' -> ' ~ normfreeze._stage_now(name, stage), info=true) %}
{% endmacro %}
