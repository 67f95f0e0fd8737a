{% macro _stage_now(name, stage) %}
  {% set rows = normfreeze._query('select version::text as version, scaler_id::text as scaler_id from normfreeze.stages where name = '
                                 ~ normfreeze._literal(name) ~ ' and stage = ' ~ normfreeze._literal(stage)) %}
  {% do return('v' ~ rows[0].version ~ ' (' ~ rows[0].scaler_id ~ ')' if rows else 'nothing') %}
{% endmacro %}
