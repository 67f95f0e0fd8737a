{% macro _present_scaler(relation) %}
  {% set rows = normfreeze._query('select name, version::text as version, scaler_id::text as scaler_id, training_hash '
       ~ 'from ' ~ relation ~ ' limit 2') %}
  {% if rows | length > 1 %}
    {% do normfreeze._fail(relation ~ ' has more than one row: it is the table of one scaler; delete what was added') %}
  {% endif %}
  {% do return(rows[0] if rows else none) %}
{% endmacro %}
