{#- The features of a frozen scaler that cannot be normalized without the rest of their row. -#}
{% macro _features_of_rows(id) %}
  {% set rows = normfreeze._query('select feature from normfreeze.describe(' ~ id ~ ") where method in ('l1', 'l2', 'max')") %}
  {% do return(rows | map(attribute='feature') | list) %}
{% endmacro %}
