{#- An enforced contract makes the table, and dbt takes real for what it calls FLOAT, so it would round without a word. -#}
{% macro _assert_contract_keeps(outputs) %}
  {% if model is not defined or model.resource_type != 'model' or not (config.get('contract') or {}).enforced %}
    {% do return(none) %}
  {% endif %}
  {% for name, column in model.columns.items() if name in outputs %}
    {% set type = (column.data_type or '') | lower | trim %}
    {% if type in ['real', 'float4'] or modules.re.match('float\\s*\\(\\s*([1-9]|1[0-9]|2[0-4])\\s*\\)$', type) %}
      {% do normfreeze._fail('the contract of ' ~ model.name ~ ' gives column "' ~ name ~ '" the type ' ~ column.data_type
           ~ ', to which normalized values would be rounded: write data_type: double precision') %}
    {% endif %}
  {% endfor %}
{% endmacro %}
