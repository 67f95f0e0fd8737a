{#- A value as a string literal of SQL.  With a backslash it is E'...', which is read alike under every
    standard_conforming_strings. -#}
{% macro literal(value) %}
  {% if value is none %}
    {% do return('null') %}
  {% endif %}
  {% set text = value | string | replace("'", "''") %}
  {% if '\\' in text %}
    {% do return("E'" ~ (text | replace('\\', '\\\\')) ~ "'") %}
  {% endif %}
  {% do return("'" ~ text ~ "'") %}
{% endmacro %}


{#- adapter.quote() leaves a quote inside the name as it is. -#}
{% macro identifier(name) %}
  {% do return('"' ~ (name | string | replace('"', '""')) ~ '"') %}
{% endmacro %}


{#- Names as PostgreSQL stores them: it cuts off what is longer than 63 bytes. -#}
{% macro stored_names(names) %}
  {% set long = [] %}
  {% for name in names if (name.encode('utf-8') | length) > 63 %}
    {% do long.append(name) %}
  {% endfor %}
  {% if not long %}
    {% do return(names | list) %}
  {% endif %}
  {% set cut = {} %}
  {% for row in normfreeze.query('select n as asked, n::name::text as stored from unnest(' ~ normfreeze.text_array(long) ~ ') as n') %}
    {% do cut.update({row.asked: row.stored}) %}
  {% endfor %}
  {% set stored = [] %}
  {% for name in names %}
    {% do stored.append(cut.get(name, name)) %}
  {% endfor %}
  {% do return(stored) %}
{% endmacro %}


{% macro text_array(names) %}
  {% set literals = [] %}
  {% for name in names %}
    {% do literals.append(normfreeze.literal(name)) %}
  {% endfor %}
  {% do return('array[' ~ (literals | join(', ')) ~ ']::text[]') %}
{% endmacro %}


{#- The comment of a compiled statement.  It never holds a name: one with an end of comment would end it. -#}
{% macro comment(text) %}
  {% do return('/* normfreeze: ' ~ (text | replace('*/', '* /')) ~ ' */') %}
{% endmacro %}
