{#- The fit of a training set as SQL: one scaler, or one for each value of the column by_key. -#}
{% macro _fit_sql(training, view_name) %}
  {% set how = normfreeze._literal(training.method) ~ '::normfreeze.method, ' ~ normfreeze._literal(training.options) ~ '::jsonb' %}
  {% set all = 'normfreeze.fit_table(' ~ normfreeze._literal(view_name) ~ '::regclass, ' ~ how
    ~ (', ' ~ normfreeze._literal(training.weight) if training.weight else '') ~ ')' %}
  {% if not training.by_key %}
    {% do return(all) %}
  {% endif %}
  {% do return('(select normfreeze.by_key(g.key, g.scaler, ' ~ (all if training.unseen == 'fallback' else normfreeze._literal(training.unseen))
    ~ ')\n        from (select cast(v.' ~ normfreeze._identifier(training.by_key) ~ ' as text) as key, normfreeze.fit(v, ' ~ how
    ~ (', cast(v.' ~ normfreeze._identifier(training.weight) ~ ' as double precision)' if training.weight else '') ~ ') as scaler from '
    ~ view_name ~ ' as v group by 1) as g)') %}
{% endmacro %}
