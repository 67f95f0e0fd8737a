{#- The columns of a statement that hold normalized values.  Where the model's own SELECT gives them other names, every double
    precision may be one. -#}
{% macro _columns_of_results(mark, given) %}
  {% set named = mark.outputs | select('in', given) | list %}
  {% if named | length == mark.outputs | length %}
    {% do return(named) %}
  {% endif %}
  {% set ours = [] %}
  {% for name, type in given.items() if name in named or type == 'double precision' %}
    {% do ours.append(name) %}
  {% endfor %}
  {% do return(ours) %}
{% endmacro %}
