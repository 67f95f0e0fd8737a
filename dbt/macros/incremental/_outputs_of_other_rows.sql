{#- By scaler of the rows, but for the scaler now: the names of the columns that it normalized; none where they cannot be known. -#}
{% macro _outputs_of_other_rows(scaler, scaler_id_column, now, columns, affixes) %}
  {% set column = normfreeze._identifier(scaler_id_column) %}
  {% set found = {} %}
  {% for row in normfreeze._query('select distinct ' ~ column ~ '::text as id from ' ~ this ~ ' where ' ~ column ~ ' <> ' ~ now) %}
    {% set features = columns or normfreeze._features_of_id(scaler, row.id) %}
    {% do found.update({row.id: normfreeze._stored_names(normfreeze._affixed(features, affixes)) if features is not none else none}) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}
