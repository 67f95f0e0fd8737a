{#- The names of the columns that pass through; none for all of a relation whose columns are not known. -#}
{% macro _kept_columns(relation, passthrough, taken, scaler_id_column, renamed, features) %}
  {% if passthrough == '*' %}
    {% set present = normfreeze._columns_of(relation).keys() | list %}
    {% set names = present if renamed else present | reject('in', taken) | list %}
    {#- a relation that is not there yet has no columns to leave out -#}
    {% set unknown = normfreeze._is_relation(relation) and not relation.is_cte %}
    {% if not present and (renamed or unknown) %}
      {% do return(none) %}
    {% elif not present %}
      {% set cte = relation.identifier | replace('__dbt__cte__', '') if normfreeze._is_relation(relation) else relation %}
      {% do normfreeze._fail('the columns of "' ~ cte
           ~ '", which is a CTE here, cannot be known while compiling, so passthrough="*" cannot leave out the features; give a list, as in '
           ~ 'passthrough=["id"], or a prefix') %}
    {% endif %}
    {% for name in names if not renamed and name in features %}
      {% do normfreeze._fail('feature "' ~ name ~ '" is not among the columns, so passthrough="*" would leave it raw, under its own name, beside '
           ~ 'normalized ones: give a prefix or a suffix; or a list in passthrough, which may name it') %}
    {% endfor %}
  {% else %}
    {% set names = normfreeze._as_list(passthrough) %}
  {% endif %}
  {% set taken_too = taken + ([scaler_id_column] if scaler_id_column else []) %}
  {% set stored = normfreeze._stored_names(names) %}
  {% for name in stored %}
    {% if name in taken_too or name in stored[:loop.index0] %}
      {% do normfreeze._fail_on_twice(name, name, names[loop.index0]) %}
    {% endif %}
  {% endfor %}
  {% do return(names) %}
{% endmacro %}
