{#- The name that a scaler model is frozen under where the config scaler_name says none. -#}
{% macro generate_scaler_name(node) %}
  {{ return(adapter.dispatch('generate_scaler_name', 'normfreeze')(node)) }}
{% endmacro %}


{% macro default__generate_scaler_name(node) %}
  {% do return(target.schema ~ '.' ~ node.name ~ ('_v' ~ node.version if node.version else '')) %}
{% endmacro %}
