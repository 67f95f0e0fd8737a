{#- By an id, which always means the same, one call of normfreeze.normalize_value() a column: the planner makes plain arithmetic of it, and
    a column of a view that nobody reads costs nothing.

    By the table of a scaler model, or by a name, and for features of methods that need their row, one call of normfreeze.normalize() a row, which src.* is even where it has a column src.  OFFSET 0 keeps the planner from making it one call a column.  The scaler is
    an uncorrelated subquery, so it is read once a statement.

    The positions of features are known while compiling, but a view lives longer: so the statement checks that they
    are still the same, and fails if not.  That the text of a failure is cast to a number, which is what raises it, is
    because plain SQL has no other way. -#}
{% macro extension_select(relation, scaler, features, outputs, kept, scaler_id_column) %}
  {% set kind = normfreeze.kind_of(scaler) %}
  {% set names = normfreeze.text_array(features) %}
  {% set stale = normfreeze.literal('normfreeze: the scaler is not fitted, or has other features than when this was '
       ~ 'compiled: run dbt build on the scaler and on this model. Features now: ') %}
  {% if kind == 'relation' %}
    {#- bare() gives a copy in memory: the table may hold the value compressed, which each row would undo -#}
    {% set call -%}
(select case when normfreeze.feature_names(s.scaler) = {{ names }} then normfreeze.bare(s.scaler)
                else normfreeze.scaler(cast({{ stale }} || coalesce(normfreeze.feature_names(s.scaler)::text, 'none') as bigint)) end
            from (select) as one left join {{ scaler.render() }} as s on true)
    {%- endset %}
    {% set id = '(select s.scaler_id from ' ~ scaler.render() ~ ' as s)' %}
  {% elif kind == 'id' %}
    {% set id = normfreeze.scaler_id_sql(scaler, kind) %}
    {% set call = id %}
  {% elif kind == 'ref' %}
    {% set id = '(select ' ~ normfreeze.scaler_id_sql(scaler, kind) ~ ')' %}
    {% set call -%}
(select case when normfreeze.feature_names(s.id) = {{ names }} then s.id
                else cast({{ stale }} || coalesce(normfreeze.feature_names(s.id)::text, 'none') as bigint) end
            from (select {{ normfreeze.scaler_id_sql(scaler, kind) }} as id) as s)
    {%- endset %}
  {% else %}
    {% do normfreeze.fail('an artifact is for mode="inline"; with the extension, give ref(\'a scaler model\'), a name, or an id') %}
  {% endif %}

  {% set of_row = normfreeze.features_of_rows(id) if kind == 'id' else features %}
  {% set needs_row = outputs | selectattr('feature', 'in', of_row) | list %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% if output.feature in of_row %}
      {% set value = 'z.v[' ~ (features.index(output.feature) + 1) ~ ']' %}
    {% else %}
      {% set value = 'normfreeze.normalize_value(src.' ~ normfreeze.identifier(output.feature) ~ ', ' ~ call ~ ', '
                     ~ normfreeze.literal(output.feature) ~ ')' %}
    {% endif %}
    {% do expressions.append(value ~ ' as ' ~ normfreeze.identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append(id ~ ' as ' ~ normfreeze.identifier(scaler_id_column)) %}
  {% endif %}
  {% set select = normfreeze.select_of(expressions, normfreeze.rows_as(relation, 'src')) %}
  {% if not needs_row %}
    {% do return(select) %}
  {% endif %}
  {% do return(select
               ~ '\ncross join lateral (select normfreeze.normalize(src.*, ' ~ call ~ ') as v offset 0) as z') %}
{% endmacro %}


{#- The features of a frozen scaler that cannot be normalized without the rest of their row. -#}
{% macro features_of_rows(id) %}
  {% set rows = normfreeze.query('select feature from normfreeze.describe(' ~ id ~ ") where method in ('l1', 'l2', 'max')") %}
  {% do return(rows | map(attribute='feature') | list) %}
{% endmacro %}
