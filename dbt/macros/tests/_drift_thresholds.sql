{#- What was given for each measure, as drift() takes it: a pair, or none for never. -#}
{% macro _drift_thresholds(given) %}
  {% set thresholds = {} %}
  {% for measure, value in given.items() if value is not none %}
    {% if value is sameas false %}
      {% do thresholds.update({measure: none}) %}
    {% elif value is number and value is not boolean and value > 0 %}
      {% do thresholds.update({measure: [value, value]}) %}
    {% elif value is sequence and value is not string and value | length == 2 %}
      {% do thresholds.update({measure: value | list}) %}
    {% else %}
      {% do normfreeze._fail(measure ~ ' is ' ~ value ~ ', and must be a number above 0, [moderate, major], or false for never') %}
    {% endif %}
  {% endfor %}
  {% do return(thresholds) %}
{% endmacro %}
