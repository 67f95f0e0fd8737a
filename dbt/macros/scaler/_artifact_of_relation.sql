{% macro _artifact_of_relation(relation, name, version) %}
  {% do return(normfreeze._column_of_artifact(relation, 'artifact', name, version)) %}
{% endmacro %}
