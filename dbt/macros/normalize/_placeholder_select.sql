{#- What compiles where the scaler is not there yet: the columns that are known, typed. -#}
{% macro _placeholder_select(relation, outputs, kept, scaler_id_column) %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% do expressions.append('cast(null as double precision) as ' ~ normfreeze._identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append('cast(null as bigint) as ' ~ normfreeze._identifier(scaler_id_column)) %}
  {% endif %}
  {% do return(normfreeze._comment('the scaler does not exist yet, so NULLs stand for its results') ~ '\n'
               ~ normfreeze._select_of(expressions, normfreeze._rows_as(relation, 'src'))) %}
{% endmacro %}
