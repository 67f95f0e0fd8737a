{#- The rows that is_incremental() lets through, and those that normalize() makes room for: said by both, in either order,
    with arguments that may differ.  What they said is kept as dbt keeps the result of a statement, which can be loaded once. -#}
{% macro _agree_on_rows(rows) %}
  {% set before = load_result('normfreeze_rows') %}
  {% set said = (before.response if before else '') ~ ' ' ~ rows %}
  {% do store_result('normfreeze_rows', response=said) %}
  {% if 'filtered' in said and 'anew' in said %}
    {% do normfreeze._fail('normalize() makes all rows of ' ~ this ~ ' anew, and normfreeze.is_incremental() lets new rows alone through: '
         ~ 'give both the same scaler, on_scaler_change, scaler_id_column, name and version') %}
  {% endif %}
{% endmacro %}
