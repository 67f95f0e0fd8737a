{#- All rows go, and the table gets the columns that a full refresh would give it, as far as they are normalized or were. -#}
{% macro _rebuild_commands(mark, ours, given, there) %}
  {% set policy = config.get('on_schema_change') or 'ignore' %}
  {% set changes = [] %}
  {% set reasons = [] %}
  {% for name, type in given.items() %}
    {% set column = normfreeze._identifier(name) %}
    {% if name in there and there[name] != type and (name in ours or there[name] == 'double precision') %}
      {% do changes.append('alter column ' ~ column ~ ' type ' ~ type ~ ' using null') %}
      {% do reasons.append('column "' ~ name ~ '" of type ' ~ there[name] ~ ' becomes ' ~ type) %}
    {% elif name not in there and name in ours %}
      {% do changes.append('add column ' ~ column ~ ' ' ~ type) %}
      {% do reasons.append('column "' ~ name ~ '" of type ' ~ type ~ ' is new') %}
    {% endif %}
  {% endfor %}
  {% for name, type in there.items() if name not in given and type == 'double precision' and policy != 'append_new_columns' %}
    {% do changes.append('drop column ' ~ normfreeze._identifier(name)) %}
    {% do reasons.append('column "' ~ name ~ '" of type ' ~ type ~ ' goes') %}
  {% endfor %}
  {% if changes and policy == 'fail' %}
    {% do normfreeze._fail('the new scaler has other features than ' ~ this ~ ' has columns (' ~ (reasons | join(', '))
         ~ '), and on_schema_change is "fail": run this model with --full-refresh') %}
  {% elif changes %}
    {% do log(this ~ ': ' ~ (reasons | join(', ')), info=true) %}
  {% endif %}
  {% do return('delete from ' ~ this ~ (';\nalter table ' ~ this ~ ' ' ~ (changes | join(', ')) if changes else '')) %}
{% endmacro %}
