{#- none, or both ids: of a row that the model has, and of the scaler now. -#}
{% macro _changed_scaler(scaler, scaler_id_column, name=none, version=none) %}
  {% set now = normfreeze._current_scaler_id(scaler, name, version) %}
  {% if now is none %}
    {% do return(none) %}
  {% endif %}
  {% set column = normfreeze._identifier(scaler_id_column) %}
  {#- least and greatest, since an index answers that -#}
  {% for row in normfreeze._query('select min(' ~ column ~ ')::text as least, max(' ~ column ~ ')::text as greatest from ' ~ this) %}
    {% for id in [row.least, row.greatest] if id is not none and id != now %}
      {% do return({'old': id, 'new': now}) %}
    {% endfor %}
  {% endfor %}
  {% do return(none) %}
{% endmacro %}
