{#- A row that is merged must get all of a scaler's results, with its id, or none. -#}
{% macro _fail_on_partial_updates(mark, ours) %}
  {% set only = normfreeze._as_list(config.get('merge_update_columns')) | map('lower') | list %}
  {% set never = normfreeze._as_list(config.get('merge_exclude_columns')) | map('lower') | list %}
  {% if config.get('incremental_strategy') != 'merge' or not mark.others or not (only or never) %}
    {% do return(none) %}
  {% endif %}
  {% set updated = [] %}
  {% set left = [] %}
  {% for name in ours + [mark.scaler_id_column] %}
    {% do (updated if (name | lower in only if only else name | lower not in never) else left).append(name) %}
  {% endfor %}
  {% if updated and left %}
    {% do normfreeze._fail('merge_update_columns or merge_exclude_columns would give rows of another scaler "' ~ (updated | join('", "'))
         ~ '" by the scaler now, and leave "' ~ (left | join('", "')) ~ '" as they are: name all of these columns or none') %}
  {% endif %}
{% endmacro %}
