{#- dbt run-operation normfreeze.promote --args '{model: churn_scaler, stage: production, note: reviewed}'
    The version is that of a scaler model's row; or name, with version or scaler_id. -#}
{% macro promote(model=none, name=none, version=none, scaler_id=none, stage='production', note=none, force=false, new_stage=false) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% if model is not none %}
    {% set row = normfreeze.scaler_of_model(model) %}
    {% set name = row.name %}
    {% set which = row.scaler_id ~ '::bigint' %}
  {% elif name is none or (version is none) == (scaler_id is none) %}
    {% do normfreeze.fail('promote takes model (a scaler model); or name, and version or scaler_id') %}
  {% else %}
    {% set which = version ~ '::integer' if version is not none else normfreeze.literal(scaler_id) ~ '::bigint' %}
    {% if version is not none and version is not integer %}
      {% do normfreeze.fail('version is ' ~ version ~ ', and must be a whole number') %}
    {% endif %}
  {% endif %}
  {% do normfreeze.one_of('force', force, [true, false]) %}
  {% do normfreeze.one_of('new_stage', new_stage, [true, false]) %}
  {% set before = normfreeze.stage_now(name, stage) %}
  {% do normfreeze.query('select normfreeze.promote(' ~ normfreeze.literal(name) ~ ', ' ~ which ~ ', ' ~ normfreeze.literal(stage)
                         ~ ', ' ~ normfreeze.literal(note) ~ ', force => ' ~ (force | string | lower) ~ ', new_stage => ' ~ (new_stage | string | lower)
                         ~ ')::text as id') %}
  {% do adapter.commit() %}
  {% do log(name ~ '@' ~ stage ~ ': ' ~ before ~ ' -> ' ~ normfreeze.stage_now(name, stage), info=true) %}
{% endmacro %}


{#- dbt run-operation normfreeze.rollback --args '{model: churn_scaler}'      or name; and stage, note -#}
{% macro rollback(model=none, name=none, stage='production', note=none) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% if (model is none) == (name is none) %}
    {% do normfreeze.fail('rollback takes model (a scaler model) or name') %}
  {% endif %}
  {% set name = normfreeze.scaler_of_model(model).name if model is not none else name %}
  {% set before = normfreeze.stage_now(name, stage) %}
  {% do normfreeze.query('select normfreeze.rollback(' ~ normfreeze.literal(name) ~ ', ' ~ normfreeze.literal(stage)
                         ~ ', ' ~ normfreeze.literal(note) ~ ')::text as id') %}
  {% do adapter.commit() %}
  {% do log(name ~ '@' ~ stage ~ ': ' ~ before ~ ' -> ' ~ normfreeze.stage_now(name, stage), info=true) %}
{% endmacro %}


{#- dbt run-operation normfreeze.demote --args '{model: churn_scaler, stage: canary}'      or name; and note -#}
{% macro demote(stage, model=none, name=none, note=none) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% if (model is none) == (name is none) %}
    {% do normfreeze.fail('demote takes model (a scaler model) or name') %}
  {% endif %}
  {% set name = normfreeze.scaler_of_model(model).name if model is not none else name %}
  {% set before = normfreeze.stage_now(name, stage) %}
  {% do normfreeze.query('select normfreeze.demote(' ~ normfreeze.literal(name) ~ ', ' ~ normfreeze.literal(stage)
                         ~ ', ' ~ normfreeze.literal(note) ~ ')::text as id') %}
  {% do adapter.commit() %}
  {% do log(name ~ '@' ~ stage ~ ': ' ~ before ~ ' -> ' ~ normfreeze.stage_now(name, stage), info=true) %}
{% endmacro %}


{% macro scaler_of_model(model) %}
  {% set rows = normfreeze.query('select name, scaler_id::text as scaler_id from ' ~ ref(model).render()) %}
  {% if not rows or rows[0].scaler_id is none %}
    {% do normfreeze.fail('model ' ~ model ~ ' has no fitted scaler yet: dbt run --select ' ~ model) %}
  {% endif %}
  {% do return(rows[0]) %}
{% endmacro %}


{% macro stage_now(name, stage) %}
  {% set rows = normfreeze.query('select version::text as version, scaler_id::text as scaler_id from normfreeze.stages where name = '
                                 ~ normfreeze.literal(name) ~ ' and stage = ' ~ normfreeze.literal(stage)) %}
  {% do return('v' ~ rows[0].version ~ ' (' ~ rows[0].scaler_id ~ ')' if rows else 'nothing') %}
{% endmacro %}
