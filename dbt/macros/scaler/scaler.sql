{#- Materialization `scaler`: the SELECT of the model is the training set; what is built is a table of one row.

    The table is changed in place, so that views on it, grants and comments stay.  Fitting, freezing and the table are
    one transaction. -#}
{% materialization scaler, adapter='postgres' %}
  {% do normfreeze._require_extension('a scaler model', "fit it elsewhere, by normfreeze.fit() of Python or in another database, keep its artifact as a seed, and use mode='inline'") %}
  {% set existing = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type='table') %}
  {% set training = normfreeze._training_of(sql) %}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do normfreeze._assert_scaler_contract() %}
  {% set created = normfreeze._ensure_scaler_table(existing, target_relation) %}
  {% if created %}
    {% do create_indexes(target_relation) %}
  {% endif %}
  {% set outcome = normfreeze._build_scaler(target_relation, training, sql) %}

  {% call noop_statement('main', message=outcome.message, code='SCALER', rows_affected=1) %}
{{ outcome.sql }}
  {% endcall %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}

  {% do apply_grants(target_relation, config.get('grants'), should_revoke=not created) %}
  {% do persist_docs(target_relation, model) %}

  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
