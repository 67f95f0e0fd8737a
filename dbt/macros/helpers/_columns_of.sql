{#- Names of columns and their types, in order; {} if they cannot be known. -#}
{% macro _columns_of(relation) %}
  {% set found = {} %}
  {% if normfreeze._is_relation(relation) %}
    {% set there = normfreeze._readable(relation) %}
    {% if there is not none %}
      {% for column in adapter.get_columns_in_relation(there) %}
        {% do found.update({column.name: column.dtype}) %}
      {% endfor %}
    {% elif relation.is_cte %}
      {% for name in normfreeze._node_of_cte(relation)['columns'] %}
        {% do found.update({name: none}) %}
      {% endfor %}
    {% endif %}
  {% endif %}
  {% do return(found) %}
{% endmacro %}
