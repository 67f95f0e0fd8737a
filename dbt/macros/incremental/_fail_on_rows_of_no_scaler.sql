{#- Rows with results and no scaler_id: nobody knows by what they were scaled. -#}
{% macro _fail_on_rows_of_no_scaler(scaler_id_column, outputs) %}
  {% if not outputs %}
    {% do return(none) %}
  {% endif %}
  {% set columns = [] %}
  {% for output in outputs %}
    {% do columns.append(normfreeze._identifier(output) ~ ' is not null') %}
  {% endfor %}
  {% if normfreeze._query('select exists (select from ' ~ this ~ ' where ' ~ normfreeze._identifier(scaler_id_column) ~ ' is null and ('
                         ~ (columns | join(' or ')) ~ '))::text as found')[0].found == 'true' %}
    {% do normfreeze._fail(this ~ ' has rows with values in "' ~ (outputs | join('", "')) ~ '" and without "' ~ scaler_id_column
         ~ '", so it cannot be told what they were scaled by: run this model with --full-refresh') %}
  {% endif %}
{% endmacro %}
