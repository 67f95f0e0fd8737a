{#- Columns that may hold either a normalized or a raw value in rows of a scaler whose features are not known. -#}
{% macro _uncertain_columns(relation, kept, outputs, renamed) %}
  {% if renamed %}
    {% do return(kept) %}
  {% endif %}
  {% set types = normfreeze._columns_of(relation) %}
  {% set found = (kept or []) | list %}
  {% for name in outputs if types.get(name) in [none, 'double precision'] %}
    {% do found.append(name) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}
