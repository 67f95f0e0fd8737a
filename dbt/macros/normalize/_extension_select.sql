{#- One call of normfreeze.normalize_value() a column, where the scaler is known by an id or a name: by an id, which always means the same, the
    planner makes plain arithmetic of it; by a name it costs about that, and follows promotions.  A column of a view that nobody reads costs
    nothing.

    By the table of a scaler model, what dbt stores is by the id that the table holds now, if the registry may be read.  A view
    lives longer, and its readers need no more than the table: it has one call of normfreeze.normalize() a row, as features of methods that
    need their row have, which src.* is even where it has a column src.  OFFSET 0 keeps the planner from making it one call a column.  The scaler is
    an uncorrelated subquery, so it is read once a statement.

    The positions of features are known while compiling, but a view lives longer: so where they count the statement checks that they
    are still the same, and fails if not.  That the text of a failure is cast to a number, which is what raises it, is
    because plain SQL has no other way.

    A set of scalers by key has one call of normfreeze.normalize_by_key() a row, by its id, since its members are in the registry alone. -#}
{% macro _extension_select(relation, scaler, features, outputs, kept, scaler_id_column, by_key=none) %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% set stored_id = normfreeze._id_to_store_by(scaler) if kind == 'relation' else none %}
  {% if stored_id is not none %}
    {% set kind = 'id' %}
    {% set scaler = stored_id %}
  {% endif %}
  {% set names = normfreeze._text_array(features) %}
  {% set stale = normfreeze._literal('normfreeze: the scaler is not fitted, or has other features than when this was '
       ~ 'compiled: run dbt build on the scaler and on this model. Features now: ') %}
  {#- the scaler as an argument for rows, and for values; none where there are only rows -#}
  {% set of_values = none %}
  {% if kind == 'relation' %}
    {#- bare() gives a copy in memory: the table may hold the value compressed, which each row would undo -#}
    {% set of_rows -%}
(select case when normfreeze.feature_names(s.scaler) = {{ names }} then {{ 's.scaler_id' if by_key else 'normfreeze.bare(s.scaler)' }}
                else {{ '' if by_key else 'normfreeze.scaler(' }}cast({{ stale }} || coalesce(normfreeze.feature_names(s.scaler)::text, 'none') as bigint){{ '' if by_key else ')' }} end
            from (select) as one left join {{ scaler.render() }} as s on true)
    {%- endset %}
    {% set id = '(select s.scaler_id from ' ~ scaler.render() ~ ' as s)' %}
  {% elif kind == 'id' %}
    {% set id = normfreeze._scaler_id_sql(scaler, kind) %}
    {% set of_rows = id %}
    {% set of_values = id %}
  {% elif kind == 'ref' %}
    {% set id = '(select ' ~ normfreeze._scaler_id_sql(scaler, kind) ~ ')' %}
    {% set of_values = 'cast(' ~ normfreeze._literal(scaler | trim) ~ ' as text)' %}
    {% set of_rows -%}
(select case when normfreeze.feature_names(s.id) = {{ names }} then s.id
                else cast({{ stale }} || coalesce(normfreeze.feature_names(s.id)::text, 'none') as bigint) end
            from (select {{ normfreeze._scaler_id_sql(scaler, kind) }} as id) as s)
    {%- endset %}
  {% else %}
    {% do normfreeze._fail('an artifact is for mode="inline"; with the extension, give ref(\'a scaler model\'), a name, or an id') %}
  {% endif %}

  {% set by_row = features if of_values is none or by_key
       else normfreeze._features_of_rows(id) + normfreeze._features_named_as_functions(relation, outputs | map(attribute='feature') | list) %}
  {% set needs_row = outputs | selectattr('feature', 'in', by_row) | list %}
  {% set expressions = kept | list %}
  {% for output in outputs %}
    {% if output.feature in by_row %}
      {% set value = 'z.v[' ~ (features.index(output.feature) + 1) ~ ']' %}
    {% else %}
      {% set value = 'normfreeze.normalize_value(src.' ~ normfreeze._identifier(output.feature) ~ ', ' ~ of_values ~ ', '
                     ~ normfreeze._literal(output.feature) ~ ')' %}
    {% endif %}
    {% do expressions.append(value ~ ' as ' ~ normfreeze._identifier(output.name)) %}
  {% endfor %}
  {% if scaler_id_column %}
    {% do expressions.append(id ~ ' as ' ~ normfreeze._identifier(scaler_id_column)) %}
  {% endif %}
  {% set select = normfreeze._select_of(expressions, normfreeze._rows_as(relation, 'src')) %}
  {% if not needs_row %}
    {% do return(select) %}
  {% endif %}
  {% set call = 'normalize_by_key(src.*, ' ~ of_rows ~ ', ' ~ normfreeze._key_of(by_key) ~ ')' if by_key else 'normalize(src.*, ' ~ of_rows ~ ')' %}
  {% do return(select ~ '\ncross join lateral (select normfreeze.' ~ call ~ ' as v where true offset 0) as z') %}
{% endmacro %}
