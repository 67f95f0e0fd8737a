{#- Options of drift() as a constant of SQL. -#}
{% macro _drift_options(thresholds={}, bins=none, epsilon=none, alpha=none) %}
  {% set options = {} %}
  {% if thresholds %}
    {% do options.update({'thresholds': thresholds}) %}
  {% endif %}
  {% for key, value in {'bins': bins, 'epsilon': epsilon, 'alpha': alpha}.items() if value is not none %}
    {% do options.update({key: value}) %}
  {% endfor %}
  {% do return('cast(' ~ normfreeze._literal(tojson(options)) ~ ' as jsonb)') %}
{% endmacro %}
