{#- Materialization `scaler`: the SELECT of the model is the training set; what is built is a table of one row.

    The table is changed in place, so that views on it, grants and comments stay.  Fitting, freezing and the table are
    one transaction. -#}
{% materialization scaler, adapter='postgres' %}
  {% set existing = load_cached_relation(this) %}
  {% set target_relation = this.incorporate(type='table') %}
  {% set training = normfreeze.training_of(sql) %}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% do normfreeze.assert_scaler_contract() %}
  {% set created = normfreeze.ensure_scaler_table(existing, target_relation) %}
  {% if created %}
    {% do create_indexes(target_relation) %}
  {% endif %}
  {% set outcome = normfreeze.build_scaler(target_relation, training, sql) %}

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


{#- What is trained, and how.  The hash says whether it is still the same as when the row was built. -#}
{% macro training_of(sql) %}
  {% set name = normfreeze.setting('scaler_name', none, target.schema ~ '.' ~ model.name ~ ('_v' ~ model.version if model.version else '')) %}
  {% set method = normfreeze.setting('method') %}
  {% if not method %}
    {% do normfreeze.fail('model ' ~ model.name ~ " needs a method, as in {{ config(materialized='scaler', method='standard') }}") %}
  {% endif %}
  {% set options = tojson(normfreeze.setting('options', none, {}), sort_keys=true) %}
  {% set metadata = dict(normfreeze.setting('metadata', none, {}),
                         dbt={'model': model.unique_id, 'target': target.name, 'invocation_id': invocation_id}) %}
  {% do return({
    'name': name, 'method': method, 'options': options,
    'refit': normfreeze.one_of('refit', normfreeze.setting('refit', none, 'once'), ['once', 'always']),
    'note': normfreeze.setting('note', none, 'dbt model ' ~ model.unique_id),
    'metadata': tojson(metadata),
    'hash': local_md5(tojson([name, method, options, sql | trim])),
  }) %}
{% endmacro %}


{#- Keep, plan or fit; returns what to tell dbt, and the statement that did it. -#}
{% macro build_scaler(relation, training, sql) %}
  {% set present = normfreeze.present_scaler(relation) %}
  {% set fitted = present is not none and present.scaler_id is not none %}
  {% set reason = normfreeze.reason_to_fit(present, training) %}
  {% set view = make_temp_relation(relation).incorporate(type='view') %}
  {% set view_name = 'pg_temp.' ~ normfreeze.identifier(view.identifier) %}

  {#- the view says, too, whether the SELECT is valid, before anything is decided -#}
  {% do normfreeze.command((config.get('sql_header') or '') ~ '\ncreate temporary view '
       ~ normfreeze.identifier(view.identifier) ~ ' as (\n' ~ sql ~ '\n)') %}
  {% if normfreeze.is_empty_run() %}
    {% if present is none %}
      {% do normfreeze.write_plan(relation, training, view) %}
    {% endif %}
    {% set outcome = {'message': 'SCALER not fitted: --empty', 'sql': sql} %}
  {% elif reason is none or (fitted and normfreeze.is_sample_run()) %}
    {% set outcome = {'message': 'SCALER v' ~ present.version ~ ' kept', 'sql': sql} %}
    {% do log(training.name ~ ' v' ~ present.version ~ ', scaler_id ' ~ present.scaler_id ~ ': kept', info=true) %}
  {% else %}
    {% set outcome = normfreeze.fit_and_freeze(relation, training, view_name, present, reason) %}
  {% endif %}
  {% do normfreeze.command('drop view ' ~ view_name) %}
  {% do return(outcome) %}
{% endmacro %}


{% macro reason_to_fit(present, training) %}
  {% if present is none or present.scaler_id is none %}
    {% do return('first fit') %}
  {% elif training.refit == 'always' %}
    {% do return('refit: always') %}
  {% elif should_full_refresh() %}
    {% do return('--full-refresh') %}
  {% elif present.training_hash != training.hash %}
    {% do return('the SQL, the method, the options or the name changed') %}
  {% endif %}
  {% do return(none) %}
{% endmacro %}


{% macro fit_and_freeze(relation, training, view_name, present, reason) %}
  {% set name = normfreeze.literal(training.name) %}
  {% set before = normfreeze.query('select coalesce(max(version), 0)::text as version from normfreeze.versions where '
       ~ 'name = ' ~ name)[0].version | int %}
  {% set freeze %}
select normfreeze.freeze(
    {{ name }},
    normfreeze.fit_table({{ normfreeze.literal(view_name) }}::regclass,
        {{- ' ' ~ normfreeze.literal(training.method) }}::normfreeze.method, {{ normfreeze.literal(training.options) }}::jsonb),
    note => {{ normfreeze.literal(training.note) }},
    metadata => {{ normfreeze.literal(training.metadata) }}::jsonb
)::text as scaler_id
  {%- endset %}
  {% set scaler_id = normfreeze.query(freeze)[0].scaler_id %}
  {% set version = normfreeze.query('select version::text as version from normfreeze.versions where name = ' ~ name
       ~ ' and scaler_id = ' ~ scaler_id)[0].version | int %}
  {% if present is none or present.scaler_id != scaler_id or present.training_hash != training.hash or present.name != training.name %}
    {% do normfreeze.write_scaler(relation, training, scaler_id) %}
  {% endif %}
  {% set news = 'new' if version > before else 'the same as before' %}
  {% do log(training.name ~ ' v' ~ version ~ ', scaler_id ' ~ scaler_id ~ ': ' ~ news ~ ' (' ~ reason ~ ')', info=true) %}
  {% if version > before and version > 1 %}
    {% do normfreeze.log_diff(training.name, version, scaler_id) %}
  {% endif %}
  {% do return({'message': 'SCALER v' ~ version ~ ' ' ~ news, 'sql': freeze}) %}
{% endmacro %}


{#- What changed since the version before.  diff() needs SELECT on the profiles, which a role may freeze without. -#}
{% macro log_diff(name, version, scaler_id, most=20) %}
  {% if normfreeze.query("select pg_catalog.has_table_privilege('normfreeze.profiles', 'SELECT')::text as may")[0].may != 'true' %}
    {% do log('  (no diff: it needs SELECT on normfreeze.profiles)', info=true) %}
    {% do return(none) %}
  {% endif %}
  {% set changes = normfreeze.query(
       "select d.feature, d.what, d.old, d.new, round(d.shift::numeric, 3)::text as shift"
       ~ ' from normfreeze.versions as v, lateral normfreeze.diff(v.scaler_id, ' ~ scaler_id ~ ') as d where v.name = '
       ~ normfreeze.literal(name) ~ ' and v.version = ' ~ (version - 1)) %}
  {% for change in changes[:most] %}
    {% do log('  ' ~ (change.feature or '') ~ ' ' ~ change.what ~ ': ' ~ change.old ~ ' -> ' ~ change.new
              ~ (' (' ~ change.shift ~ ' deviations)' if change.shift is not none else ''), info=true) %}
  {% endfor %}
  {% if changes | length > most %}
    {% do log('  ... and ' ~ (changes | length - most) ~ ' more: select * from normfreeze.diff(...)', info=true) %}
  {% endif %}
{% endmacro %}
