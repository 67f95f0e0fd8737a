{#- What a JSON text holds, with every number as it is written; none if it is no JSON.  fromjson of dbt 2.0 (alpha 4) reads 0.47093099282166595
    as 0.4709309928216659: where it does so, a number with a point or an exponent is the text of it after a NUL, which no text of PostgreSQL has.
    inline_number() and _number_text() take both. -#}
{% macro _exact_json(text) %}
  {% set number = '0.47093099282166595' %}
  {% if fromjson(number) | string == number %}
    {% do return(fromjson(text, none)) %}
  {% endif %}
  {% set parts = [] %}
  {#- a string, or a number -#}
  {% for part in modules.re.split('("(?:[^"\\\\]|\\\\.)*"|-?[0-9]+[.eE][-+.0-9eE]*)', text) if part %}
    {% do parts.append('"\\u0000' ~ part ~ '"' if modules.re.match('-?[0-9]+[.eE][-+.0-9eE]*$', part) else part) %}
  {% endfor %}
  {% do return(fromjson(parts | join(''), none)) %}
{% endmacro %}
