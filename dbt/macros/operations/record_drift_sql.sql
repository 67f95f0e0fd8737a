{#- The statement, for a hook:
      post_hook="{{ normfreeze.record_drift_sql(ref('live_customers'), ref('churn_scaler')) }}" -#}
{% macro record_drift_sql(relation, scaler, label=none, options={}, where=none) %}
  {{ return(adapter.dispatch('record_drift_sql', 'normfreeze')(relation, scaler, label, options, where)) }}
{% endmacro %}


{% macro default__record_drift_sql(relation, scaler, label, options, where) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('record_drift_sql', "the test no_drift with mode: inline") %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% if kind == 'artifact' %}
    {% do normfreeze._fail('drift is recorded of a frozen scaler: name its model, a ref or an id') %}
  {% elif kind == 'relation' %}
    {% set id = '(select s.scaler_id from ' ~ scaler.render() ~ ' as s)' %}
  {% else %}
    {% set id = normfreeze._scaler_id_sql(scaler, kind) %}
  {% endif %}
  {% do return('select normfreeze.record_drift(now.id, (select normfreeze.profile(src.*, now.id) from (select * from ' ~ relation
       ~ (' where ' ~ where if where else '') ~ ') as src), ' ~ normfreeze._literal(label or run_started_at.strftime('%Y-%m-%d'))
       ~ ', cast(' ~ normfreeze._literal(tojson(options)) ~ ' as jsonb)) as verdict from (select ' ~ id ~ ' as id where true offset 0) as now') %}
{% endmacro %}
