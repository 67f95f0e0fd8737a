{#- What an incremental model does when the scaler is another one than that of the rows it has:
    fail (the default), append (rows of both, each with its scaler_id), or full_refresh (all rows anew). -#}
{% macro _on_scaler_change_policy(argument) %}
  {% do return(normfreeze._one_of('on_scaler_change', normfreeze._setting('on_scaler_change', argument, 'fail'), ['fail', 'full_refresh', 'append'])) %}
{% endmacro %}
