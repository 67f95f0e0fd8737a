{% macro _one_of(name, value, allowed) %}
  {% if value not in allowed %}
    {% do normfreeze._fail(name ~ ' is "' ~ value ~ '", and must be one of: ' ~ (allowed | join(', '))) %}
  {% endif %}
  {% do return(value) %}
{% endmacro %}
