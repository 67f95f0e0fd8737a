{#- What is trained, and how.  The hash says whether it is still the same as when the row was built. -#}
{% macro _training_of(sql) %}
  {% set name = normfreeze._setting('scaler_name', none, normfreeze.generate_scaler_name(model)) %}
  {% set method = normfreeze._setting('method') %}
  {% if not method %}
    {% do normfreeze._fail('model ' ~ model.name ~ " needs a method, as in {{ config(materialized='scaler', meta={'method': 'standard'}) }}") %}
  {% endif %}
  {% set options = normfreeze._setting('options', none, {}) %}
  {% set by_key = normfreeze._setting('by_key') %}
  {% set unseen = normfreeze._one_of('unseen', normfreeze._setting('unseen', none, 'error'), ['error', 'null', 'fallback']) %}
  {% set weight = normfreeze._setting('weight') %}
  {% if options.get('columns') is none or options.columns is string %}
    {#- key and weight are columns of the training set, and no features unless they are named as such -#}
    {% set left_out = [by_key, weight] | select | reject('in', normfreeze._as_list(options.get('exclude'))) | unique | list %}
    {% if left_out %}
      {% set options = dict(options, exclude=normfreeze._as_list(options.get('exclude')) + left_out) %}
    {% endif %}
  {% endif %}
  {% set options = tojson(options, sort_keys=true) %}
  {% set metadata = dict(normfreeze._setting('metadata', none, {}),
                         dbt={'model': model.unique_id, 'target': target.name, 'invocation_id': invocation_id}) %}
  {% do return({
    'name': name, 'method': method, 'options': options, 'by_key': by_key, 'unseen': unseen, 'weight': weight,
    'refit': normfreeze._one_of('refit', normfreeze._setting('refit', none, 'once'), ['once', 'always']),
    'note': normfreeze._setting('note', none, 'dbt model ' ~ model.unique_id),
    'metadata': tojson(metadata),
    'hash': local_md5(tojson([name, method, options, sql | trim] + ([by_key, unseen] if by_key else []) + (['weight', weight] if weight else []))),
  }) %}
{% endmacro %}
