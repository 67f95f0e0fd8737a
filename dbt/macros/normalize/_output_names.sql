{#- The names of normalized columns, as PostgreSQL stores them.  Two that it would cut off to the same name are an error. -#}
{% macro _output_names(features, affixes) %}
  {% set asked = normfreeze._affixed(features, affixes) %}
  {% set stored = normfreeze._stored_names(asked) %}
  {% set seen = {} %}
  {% for name in stored %}
    {% if name in seen %}
      {% do normfreeze._fail_on_twice(name, seen[name], asked[loop.index0]) %}
    {% endif %}
    {% do seen.update({name: asked[loop.index0]}) %}
  {% endfor %}
  {% do return(stored) %}
{% endmacro %}
