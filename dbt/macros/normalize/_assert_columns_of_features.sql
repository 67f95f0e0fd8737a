{#- As the extension has it: every feature is a column, and none is text, which plain SQL would take for a number.  A CTE's columns are not known. -#}
{% macro _assert_columns_of_features(relation, types, features) %}
  {% if not types or relation.is_cte %}
    {% do return(none) %}
  {% endif %}
  {% for feature in features %}
    {% if feature.name not in types %}
      {% do normfreeze._fail(relation ~ ' has no column "' ~ feature.name ~ '", which is a feature; its columns are: ' ~ (types.keys() | join(', '))) %}
    {% elif modules.re.match('(text|char|varchar|bpchar|date|time|interval|json|uuid)', types[feature.name] | string | lower) %}
      {% do normfreeze._fail('column "' ~ feature.name ~ '" of ' ~ relation ~ ' is of type ' ~ types[feature.name] ~ ', and a feature must be numeric or boolean') %}
    {% endif %}
  {% endfor %}
{% endmacro %}
