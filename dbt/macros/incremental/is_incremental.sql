{#- To be used instead of dbt's is_incremental() around the filter for new rows: false, too, if all rows are to be made
    anew because the scaler changed. -#}
{% macro is_incremental(scaler, on_scaler_change=none, scaler_id_column='scaler_id', name=none, version=none) %}
  {#- in a unit test there is no `this` to ask; it may override this macro -#}
  {% if not execute or this is none or not dbt.is_incremental() %}
    {% do return(false) %}
  {% endif %}
  {% set anew = normfreeze._on_scaler_change_policy(on_scaler_change) == 'full_refresh'
               and normfreeze._changed_scaler(scaler, scaler_id_column, name, version) is not none %}
  {% do normfreeze._agree_on_rows('filtered' if not anew else 'all') %}
  {% do return(not anew) %}
{% endmacro %}
