{#- Names as PostgreSQL stores them: it cuts off what is longer than 63 bytes. -#}
{% macro _stored_names(names) %}
  {% set long = [] %}
  {#- a character has at most 4 bytes; a short name of ASCII alone needs no question -#}
  {% for name in names if name | length > 63 or (name | length > 15 and modules.re.search('[^ -~]', name)) %}
    {% do long.append(name) %}
  {% endfor %}
  {% if not long %}
    {% do return(names | list) %}
  {% endif %}
  {% set cut = {} %}
  {% for row in normfreeze._query('select n as asked, n::name::text as stored from unnest(' ~ normfreeze._text_array(long) ~ ') as n') %}
    {% do cut.update({row.asked: row.stored}) %}
  {% endfor %}
  {% set stored = [] %}
  {% for name in names %}
    {% do stored.append(cut.get(name, name)) %}
  {% endfor %}
  {% do return(stored) %}
{% endmacro %}
