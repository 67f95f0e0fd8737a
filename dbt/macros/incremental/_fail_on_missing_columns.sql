{#- Columns that dbt adds are NULL in the rows that are there: right only for rows of other scalers, which have no such feature. -#}
{% macro _fail_on_missing_columns(mark, ours, given, there) %}
  {% set adds = config.get('on_schema_change') in ['append_new_columns', 'sync_all_columns'] %}
  {% for name in ours if name not in there %}
    {% set incomplete = namespace(of=none) %}
    {% for id, outputs in mark.others.items() if outputs is not none and name in outputs %}
      {% set incomplete.of = id %}
    {% endfor %}
    {% set column = normfreeze._identifier(mark.scaler_id_column) %}
    {% set present = normfreeze._query('select exists (select from ' ~ this ~ (' where ' ~ column ~ ' = ' ~ mark.now if mark.now is not none else '')
                                      ~ ')::text as found')[0].found == 'true' if adds else true %}
    {% if present or incomplete.of is not none %}
      {% do normfreeze._fail(this ~ ' has no column "' ~ name ~ '" (' ~ given[name] ~ ') for a feature of the scaler, '
           ~ ('and on_schema_change "' ~ (config.get('on_schema_change') or 'ignore') ~ '" does not add it' if not adds
              else 'and rows that are there, of ' ~ ('scaler ' ~ incomplete.of if incomplete.of is not none else 'the same scaler')
                   ~ ', which has the feature, would get NULL')
           ~ ': run this model with --full-refresh'
           ~ ('; or set on_schema_change to append_new_columns' if not adds and mark.others else '')) %}
    {% endif %}
  {% endfor %}
{% endmacro %}
