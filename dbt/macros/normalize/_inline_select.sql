{#- The same arithmetic as plain SQL with the constants of an artifact, for servers without the extension: the policies on
    a value, the formula, the policies on the result, as in src/core/scaler/transform.c.  Each stage is a subquery, so that an
    expression is written once; the column of feature i is x<i> in each.  Of a set of scalers by key, q has the numbers of the row's
    key; OFFSET 0 keeps PostgreSQL from reading the text of an array again for each number of each row. -#}
{% macro _inline_select(relation, artifact, outputs, kept, scaler_id_column, by_key=none) %}
  {% do normfreeze._assert_by_key(artifact, by_key) %}
  {% set of_keys = normfreeze._inline_slots(artifact) %}
  {% set types = normfreeze._columns_of(relation) %}
  {% do normfreeze._assert_columns_of_features(relation, types, of_keys.slots) %}
  {% set other = normfreeze.inline_error('the set of scalers has no such key: ', normfreeze._key_of(by_key)) if artifact.unseen == 'error'
       else 'cast(null as double precision)' %}
  {% set values = [] %}
  {% set prepared = [] %}
  {% set computed = [] %}
  {% set positions = {} %}
  {% for slot in of_keys.slots %}
    {% set x = 'x' ~ loop.index %}
    {% do positions.update({slot.name: loop.index}) %}
    {% do values.append(normfreeze._inline_value(slot, types.get(slot.name)) ~ ' as ' ~ x) %}
    {% do prepared.append(normfreeze._inline_by_shape(slot, normfreeze._inline_prepare, 'a.' ~ x) ~ ' as ' ~ x) %}
    {% do computed.append(normfreeze._inline_by_shape(slot, normfreeze._inline_formula, 'b.' ~ x) ~ ' as ' ~ x) %}
  {% endfor %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% set position = positions[output.feature] %}
    {% do expressions.append(normfreeze._inline_by_shape(of_keys.slots[position - 1], normfreeze._inline_finish, 'c.x' ~ position, other)
                             ~ ' as ' ~ normfreeze._identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append('cast(' ~ normfreeze._literal(artifact.scaler_id) ~ ' as bigint) as ' ~ normfreeze._identifier(scaler_id_column)) %}
  {% endif %}
  {% set from = normfreeze._rows_as(relation, 'src') %}
  {% if by_key %}
    {% set from = from ~ '\nleft join (select v.k, cast(v.p as double precision[]) as p from (values '
         ~ (of_keys.rows | join(',\n    ')) ~ ') as v(k, p) offset 0) as q on q.k = ' ~ normfreeze._key_of(by_key) %}
  {% endif %}
  {% do return(normfreeze._select_of(expressions, from)
      ~ '\ncross join lateral (select ' ~ (values | join(',\n    ')) ~ ') as a'
      ~ '\ncross join lateral (select ' ~ (prepared | join(',\n    ')) ~ ') as b'
      ~ '\ncross join lateral (select ' ~ (computed | join(',\n    ')) ~ ') as c') %}
{% endmacro %}
