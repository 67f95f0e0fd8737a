{#- An artifact has nothing that the package does not know: what a later version adds would be left out without a word. -#}
{% macro _assert_inline_artifact(artifact) %}
  {% set step = ['method', 'options', 'formula', 'parameters', 'constant', 'imported', 'domain', 'domain_range'] %}
  {% set known = step + ['name', 'before', 'range', 'target', 'missing', 'imputed', 'outside', 'if_constant', 'quantiles', 'intercept', 'global', 'unfit',
                         'range_rule', 'statistics', 'clip', 'dtype'] %}
  {% for feature in artifact.features %}
    {% set lists = [[feature.keys(), known]] %}
    {% for before in feature.before or [] %}
      {% do lists.append([before.keys(), step]) %}
    {% endfor %}
    {% for keys, allowed in lists %}
      {% for key in keys if key not in allowed %}
        {% do normfreeze._fail('feature "' ~ feature.name ~ '" of the artifact has "' ~ key ~ '", which mode="inline" of this version of the package cannot compute') %}
      {% endfor %}
    {% endfor %}
  {% endfor %}
{% endmacro %}
