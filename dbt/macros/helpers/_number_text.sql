{#- The digits of a number of _exact_json(); none if the value is no number. -#}
{% macro _number_text(value) %}
  {% if value is string and value[:1] == '\u0000' %}
    {% set value = value[1:] %}
    {% do return(value if modules.re.match('-?[0-9]+[.eE][-+.0-9eE]*$', value) else none) %}
  {% endif %}
  {% do return(value | string if value is number else none) %}
{% endmacro %}
