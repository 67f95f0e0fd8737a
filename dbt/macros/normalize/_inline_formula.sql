{% macro _inline_formula(feature, x) %}
  {% set formulas = normfreeze._inline_formulas() %}
  {% if feature.formula not in formulas %}
    {% do normfreeze._fail('mode="inline" cannot compute the formula "' ~ feature.formula ~ '" of feature "' ~ feature.name
         ~ '"; it can: ' ~ (formulas.keys() | sort | join(', ')) ~ '. Use the extension for the others.') %}
  {% endif %}
  {% set done = namespace(sql=x) %}
  {% for step in formulas[feature.formula] %}
    {#- t stands as a word of its own in the steps alone -#}
    {% set done.sql = modules.re.sub('\\bt\\b', '@', step, count=1) | replace('@', done.sql) %}
    {% for parameter, value in feature.parameters.items() %}
      {% set done.sql = done.sql | replace('{' ~ parameter ~ '}', normfreeze.inline_number(value)) %}
    {% endfor %}
    {% set done.sql = '(' ~ done.sql ~ ')' %}
  {% endfor %}
  {% do return(done.sql) %}
{% endmacro %}
