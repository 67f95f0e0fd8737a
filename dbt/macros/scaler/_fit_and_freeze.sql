{% macro _fit_and_freeze(relation, training, view_name, present, reason) %}
  {% set name = normfreeze._literal(training.name) %}
  {% set before = normfreeze._query('select coalesce(max(version), 0)::text as version from normfreeze.versions where '
       ~ 'name = ' ~ name)[0].version | int %}
  {% set freeze %}
select normfreeze.freeze(
    {{ name }},
    {{ normfreeze._fit_sql(training, view_name) }},
    note => {{ normfreeze._literal(training.note) }},
    metadata => {{ normfreeze._literal(training.metadata) }}::jsonb
)::text as scaler_id
  {%- endset %}
  {% set scaler_id = normfreeze._query(freeze)[0].scaler_id %}
  {% set version = normfreeze._query('select version::text as version from normfreeze.versions where name = ' ~ name
       ~ ' and scaler_id = ' ~ scaler_id)[0].version | int %}
  {% if present is none or present.scaler_id != scaler_id or present.training_hash != training.hash or present.name != training.name %}
    {% do normfreeze._write_scaler(relation, training, scaler_id) %}
  {% endif %}
  {% set news = 'new' if version > before else 'the same as before' %}
  {% do log(training.name ~ ' v' ~ version ~ ', scaler_id ' ~ scaler_id ~ ': ' ~ news ~ ' (' ~ reason ~ ')', info=true) %}
  {% if version > before and version > 1 %}
    {% do normfreeze._log_diff(training.name, version, scaler_id) %}
  {% endif %}
  {% do return({'message': 'SCALER v' ~ version ~ ' ' ~ news, 'sql': freeze}) %}
{% endmacro %}
