{#- Is the table there?  Returns whether it had to be created.  A table of an older version of this package gets the
    columns it lacks.  Anything else that has the name is dropped, as dbt does when a materialization changes, but
    never what depends on it: then PostgreSQL refuses, and says what does. -#}
{% macro _ensure_scaler_table(existing, target_relation) %}
  {% set columns = normfreeze._scaler_table_columns() %}
  {% if existing is not none %}
    {% set present = adapter.get_columns_in_relation(existing) | map(attribute='name') | list %}
    {% if existing.is_table and 'scaler' in present and 'scaler_id' in present and 'fingerprint' in present %}
      {% for name, type in columns.items() if name not in present %}
        {% do normfreeze._command('alter table ' ~ target_relation ~ ' add column ' ~ name ~ ' ' ~ type) %}
      {% endfor %}
      {% do return(false) %}
    {% endif %}
    {% do normfreeze._command('drop ' ~ (existing.type | string | replace('_', ' ')) ~ ' ' ~ existing ~ ' restrict') %}
  {% endif %}
  {% if config.get('contract').enforced %}
    {% do normfreeze._command('create table ' ~ target_relation ~ ' ' ~ get_table_columns_and_constraints()) %}
  {% else %}
    {% set definitions = [] %}
    {% for name, type in columns.items() %}
      {% do definitions.append(name ~ ' ' ~ type) %}
    {% endfor %}
    {% do normfreeze._command('create table ' ~ target_relation ~ ' (' ~ (definitions | join(', ')) ~ ')') %}
  {% endif %}
  {% do return(true) %}
{% endmacro %}
