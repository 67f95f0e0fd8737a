{% macro _inline_step(name, step, x, dtype='float64') %}
  {% set formulas = normfreeze._inline_formulas() %}
  {% if step.formula not in formulas %}
    {% do normfreeze._fail('mode="inline" cannot compute the formula "' ~ step.formula ~ '" of feature "' ~ name
         ~ '"; it can: ' ~ (formulas.keys() | sort | join(', ')) ~ '. The others need the extension, or normfreeze of Python.') %}
  {% endif %}
  {% set done = namespace(sql=normfreeze._inline_defined(name, step, x)) %}
  {% for operation in formulas[step.formula] %}
    {#- t stands as a word of its own in the steps alone -#}
    {% set done.sql = modules.re.sub('\\bt\\b', '@', operation) | replace('@', done.sql) %}
    {% for parameter, value in step.parameters.items() %}
      {% set done.sql = done.sql | replace('{' ~ parameter ~ '}', normfreeze.inline_number(value)) %}
    {% endfor %}
    {% set done.sql = normfreeze._inline_real(done.sql) if dtype == 'float32' else '(' ~ done.sql ~ ')' %}
  {% endfor %}
  {% do return(done.sql) %}
{% endmacro %}
