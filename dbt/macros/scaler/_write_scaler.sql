{% macro _write_scaler(relation, training, scaler_id) %}
  {% set select %}
select v.name, v.version, v.scaler_id, normfreeze.fingerprint(c.scaler), to_json(normfreeze.feature_names(c.scaler))::text,
    c.scaler, {{ normfreeze._artifact_sql('v.scaler_id') }}, {{ normfreeze._literal(training.hash) }}, {{ normfreeze._literal(invocation_id) }}, now()
from normfreeze.versions as v, lateral (select normfreeze.scaler(v.scaler_id) as scaler where true offset 0) as c
where v.name = {{ normfreeze._literal(training.name) }} and v.scaler_id = {{ scaler_id }}
  {%- endset %}
  {% do normfreeze._write_scaler_row(relation, select) %}
{% endmacro %}
