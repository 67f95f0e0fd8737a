{% macro _reason_to_fit(present, training) %}
  {% if present is none or present.scaler_id is none %}
    {% do return('first fit') %}
  {% elif training.refit == 'always' %}
    {% do return('refit: always') %}
  {% elif should_full_refresh() %}
    {% do return('--full-refresh') %}
  {% elif present.training_hash != training.hash %}
    {% do return('the SQL, the method, the options or the name changed') %}
  {% endif %}
  {% do return(none) %}
{% endmacro %}
