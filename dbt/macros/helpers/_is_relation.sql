{#- A Relation of dbt is a Mapping too, so a dict of one's own has to be told from it. -#}
{% macro _is_relation(value) %}
  {% do return(value is mapping and value.get('metadata', {}).get('type', '').endswith('Relation')) %}
{% endmacro %}
