{#- The scaler of a row, for the arguments of normalize() and feature_names(). -#}
{% macro _scaler_expression(scaler, alias, scaler_id_column) %}
  {% if scaler is none %}
    {% do return(alias ~ '.' ~ normfreeze._identifier(scaler_id_column)) %}
  {% endif %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% do return('(select normfreeze.bare(s.scaler) from ' ~ scaler.render() ~ ' as s)') %}
  {% elif kind == 'artifact' %}
    {% do return('(select ' ~ normfreeze._literal(scaler) ~ '::normfreeze.scaler)') %}
  {% endif %}
  {% do return('(select ' ~ normfreeze._scaler_id_sql(scaler, kind) ~ ')') %}
{% endmacro %}
