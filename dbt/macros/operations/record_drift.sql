{#- dbt run-operation normfreeze.record_drift --args '{rows: live_customers, model: churn_scaler}'
    Appends to normfreeze.drift_log what normfreeze.drift() says of the rows of a model, or of a source (raw.customers).
    model (a scaler model) or scaler (a ref, an id) says by which scaler.  label: the day, unless given.  fail_at: moderate or
    major; the operation fails with this verdict or a worse one, after it was recorded. -#}
{% macro record_drift(rows, model=none, scaler=none, label=none, options={}, where=none, fail_at=none) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('record_drift', 'the test no_drift with mode: inline') %}
  {% if (model is none) == (scaler is none) %}
    {% do normfreeze._fail('record_drift takes model (a scaler model) or scaler (a name, such as "churn@production", or an id)') %}
  {% endif %}
  {% if fail_at is not none %}
    {% do normfreeze._one_of('fail_at', fail_at, ['moderate', 'major']) %}
  {% endif %}
  {% set parts = rows.split('.') %}
  {% set relation = source(parts[0], parts[1]) if parts | length == 2 else ref(rows) %}
  {% set verdict = normfreeze._query(normfreeze.record_drift_sql(relation, ref(model) if model is not none else scaler, label,
                                                                options, where))[0].verdict %}
  {% do adapter.commit() %}
  {% do log('drift of ' ~ rows ~ ' by ' ~ (model or scaler) ~ ': ' ~ (verdict or 'too few rows to tell'), info=true) %}
  {% if fail_at is not none and verdict in (['major'] if fail_at == 'major' else ['moderate', 'major']) %}
    {% do normfreeze._fail(rows ~ ' has drifted: ' ~ verdict ~ '; normfreeze.drift_log has the features') %}
  {% endif %}
{% endmacro %}
