{#- What becomes of values for which sqrt or reciprocal is not defined.  NaN, which SQL takes for the greatest number, stays. -#}
{% macro _inline_defined(name, step, x) %}
  {% set policy = step.get('domain', 'keep') %}
  {% if policy == 'keep' %}
    {% do return(x) %}
  {% elif policy == 'error' %}
    {% set then = normfreeze.inline_error('feature "' ~ name ~ '" is outside the domain of ' ~ step.formula ~ ': ', x) %}
  {% elif policy == 'null' %}
    {% set then = 'null' %}
  {% elif policy == 'clip' %}
    {% set then = normfreeze.inline_number(step.domain_range[0]) %}
  {% else %}
    {% do normfreeze._fail('the artifact has an unknown policy for values outside a domain: ' ~ policy) %}
  {% endif %}
  {% do return('case when ' ~ x ~ (' = 0' if step.formula == 'reciprocal' else ' < 0') ~ ' then ' ~ then ~ ' else ' ~ x ~ ' end') %}
{% endmacro %}
