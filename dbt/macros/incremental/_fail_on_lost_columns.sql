{#- Columns that the statement no longer has: dbt fails, or gives new rows NULL, or drops them with what they hold. -#}
{% macro _fail_on_lost_columns(mark, given, there) %}
  {% set policy = config.get('on_schema_change') or 'ignore' %}
  {% set unknown = mark.others.values() | select('none') | list | length > 0 %}
  {% set known = mark.others.values() | reject('none') | sum(start=[]) %}
  {% for name, type in there.items() if name not in given %}
    {% set of_others = name in known or (unknown and type == 'double precision' and normfreeze._has_affixes(name, mark.affixes)) %}
    {% if policy not in ['append_new_columns', 'sync_all_columns'] %}
      {% do normfreeze._fail_on_column(name, type, 'and the result has no such column') %}
    {% elif name in mark.all_outputs %}
      {% do normfreeze._fail_on_column(name, type, 'and holds a feature of the scaler that the result leaves out') %}
    {% elif policy == 'sync_all_columns' and of_others %}
      {% do normfreeze._fail_on_column(name, type, 'and holds a feature of rows of another scaler, which on_schema_change "sync_all_columns" would drop') %}
    {% endif %}
  {% endfor %}
{% endmacro %}
