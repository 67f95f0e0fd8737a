{% macro _fail_on_types(ours, given, there) %}
  {% for name in ours if name in there and there[name] != given[name] %}
    {% do normfreeze._fail_on_column(name, there[name], 'and normalized values are ' ~ given[name] ~ ', which it would round or convert') %}
  {% endfor %}
{% endmacro %}
