{#- The table of a scaler model: its columns, and how they are written. -#}
{% macro scaler_table_columns() %}
  {% do return({
    'name': 'text',
    'version': 'integer',
    'scaler_id': 'bigint',
    'fingerprint': 'text',
    'feature_names': 'text',
    'scaler': 'normfreeze.scaler',
    'artifact': 'text',
    'training_hash': 'text',
    'invocation_id': 'text',
    'built_at': 'timestamp with time zone',
  }) %}
{% endmacro %}


{#- With an enforced contract, the columns of the properties file must be those of the table. -#}
{% macro assert_scaler_contract() %}
  {% if config.get('contract').enforced %}
    {% set columns = [] %}
    {% for name, type in normfreeze.scaler_table_columns().items() %}
      {% do columns.append('cast(null as ' ~ type ~ ') as ' ~ name) %}
    {% endfor %}
    {% do get_assert_columns_equivalent('select ' ~ (columns | join(', '))) %}
  {% endif %}
{% endmacro %}


{#- Is the table there?  Returns whether it had to be created.  A table of an older version of this package gets the
    columns it lacks.  Anything else that has the name is dropped, as dbt does when a materialization changes, but
    never what depends on it: then PostgreSQL refuses, and says what does. -#}
{% macro ensure_scaler_table(existing, target_relation) %}
  {% set columns = normfreeze.scaler_table_columns() %}
  {% if existing is not none %}
    {% set present = adapter.get_columns_in_relation(existing) | map(attribute='name') | list %}
    {% if existing.is_table and 'scaler' in present and 'scaler_id' in present and 'fingerprint' in present %}
      {% for name, type in columns.items() if name not in present %}
        {% do normfreeze.command('alter table ' ~ target_relation ~ ' add column ' ~ name ~ ' ' ~ type) %}
      {% endfor %}
      {% do return(false) %}
    {% endif %}
    {% do normfreeze.command('drop ' ~ (existing.type | string | replace('_', ' ')) ~ ' ' ~ existing ~ ' restrict') %}
  {% endif %}
  {% if config.get('contract').enforced %}
    {% do normfreeze.command('create table ' ~ target_relation ~ ' ' ~ get_table_columns_and_constraints()) %}
  {% else %}
    {% set definitions = [] %}
    {% for name, type in columns.items() %}
      {% do definitions.append(name ~ ' ' ~ type) %}
    {% endfor %}
    {% do normfreeze.command('create table ' ~ target_relation ~ ' (' ~ (definitions | join(', ')) ~ ')') %}
  {% endif %}
  {% do return(true) %}
{% endmacro %}


{% macro present_scaler(relation) %}
  {% set rows = normfreeze.query('select name, version::text as version, scaler_id::text as scaler_id, training_hash '
       ~ 'from ' ~ relation ~ ' limit 2') %}
  {% if rows | length > 1 %}
    {% do normfreeze.fail(relation ~ ' has more than one row: it is the table of one scaler; delete what was added') %}
  {% endif %}
  {% do return(rows[0] if rows else none) %}
{% endmacro %}


{% macro write_scaler_row(relation, select) %}
  {% set columns = normfreeze.scaler_table_columns().keys() | join(', ') %}
  {% if normfreeze.present_scaler(relation) is none %}
    {% do normfreeze.command('insert into ' ~ relation ~ ' (' ~ columns ~ ')\n' ~ select) %}
  {% else %}
    {% do normfreeze.command('update ' ~ relation ~ ' set (' ~ columns ~ ') = (' ~ select ~ ')') %}
  {% endif %}
{% endmacro %}


{% macro write_scaler(relation, training, scaler_id) %}
  {% set select %}
select v.name, v.version, v.scaler_id, normfreeze.fingerprint(c.scaler), to_json(normfreeze.feature_names(c.scaler))::text,
    c.scaler, c.scaler::text, {{ normfreeze.literal(training.hash) }}, {{ normfreeze.literal(invocation_id) }}, now()
from normfreeze.versions as v, lateral (select normfreeze.scaler(v.scaler_id) as scaler offset 0) as c
where v.name = {{ normfreeze.literal(training.name) }} and v.scaler_id = {{ scaler_id }}
  {%- endset %}
  {% do normfreeze.write_scaler_row(relation, select) %}
{% endmacro %}


{#- With --empty there is nothing to fit.  A row that names the features alone lets the models downstream be built
    empty, with the columns they will have. -#}
{% macro write_plan(relation, training, view) %}
  {% set options = fromjson(training.options) %}
  {% set exclude = normfreeze.as_list(options.get('exclude')) + normfreeze.as_list(options.get('target')) %}
  {% set all_columns = adapter.get_columns_in_relation(view) | map(attribute='name') | list %}
  {% set features = options.get('columns') or all_columns %}
  {% if features == 'numeric' %}
    {% set features = [] %}
    {% for column in adapter.get_columns_in_relation(view) if column.is_number() or column.dtype == 'boolean' %}
      {% do features.append(column.name) %}
    {% endfor %}
  {% endif %}
  {% set select %}
select {{ normfreeze.literal(training.name) }}, null::integer, null::bigint, null,
    {{ normfreeze.literal(tojson(features | reject('in', exclude) | list)) }}, null::normfreeze.scaler, null, null, {{ normfreeze.literal(invocation_id) }}, now()
  {%- endset %}
  {% do normfreeze.write_scaler_row(relation, select) %}
{% endmacro %}


{% macro as_list(value) %}
  {% if value is none %}
    {% do return([]) %}
  {% endif %}
  {% do return([value] if value is string else value | list) %}
{% endmacro %}
