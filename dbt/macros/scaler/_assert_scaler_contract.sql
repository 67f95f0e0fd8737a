{#- With an enforced contract, the columns of the properties file must be those of the table. -#}
{% macro _assert_scaler_contract() %}
  {% if config.get('contract').enforced %}
    {% set columns = [] %}
    {% for name, type in normfreeze._scaler_table_columns().items() %}
      {% do columns.append('cast(null as ' ~ type ~ ') as ' ~ name) %}
    {% endfor %}
    {% do get_assert_columns_equivalent('select ' ~ (columns | join(', '))) %}
  {% endif %}
{% endmacro %}
