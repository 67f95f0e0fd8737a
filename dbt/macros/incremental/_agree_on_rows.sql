{#- The rows that is_incremental() lets through, and those that normalize() makes room for: said by both, in either order,
    with arguments that may differ.  `model` is the one thing that both see. -#}
{% macro _agree_on_rows(rows) %}
  {% do model.update({'normfreeze_rows': (model.get('normfreeze_rows') or []) + [rows]}) %}
  {% if 'filtered' in model.normfreeze_rows and 'anew' in model.normfreeze_rows %}
    {% do normfreeze._fail('normalize() makes all rows of ' ~ this ~ ' anew, and normfreeze.is_incremental() lets new rows alone through: '
         ~ 'give both the same scaler, on_scaler_change, scaler_id_column, name and version') %}
  {% endif %}
{% endmacro %}
