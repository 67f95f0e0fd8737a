{#- The id that the table of a scaler model holds, for a model whose rows are stored; none where the table itself must be read. -#}
{% macro _id_to_store_by(scaler) %}
  {% if scaler.is_cte or model is not defined or model.resource_type != 'model' or config.get('materialized') not in ['table', 'incremental'] %}
    {% do return(none) %}
  {% endif %}
  {% set there = normfreeze._readable(scaler) %}
  {% if there is none or normfreeze._query("select has_table_privilege('normfreeze.scalers', 'SELECT')::text as may")[0].may != 'true' %}
    {% do return(none) %}
  {% endif %}
  {% set rows = normfreeze._query('select s.scaler_id::text as id from ' ~ there.render() ~ ' as s join normfreeze.scalers as r'
       ~ ' on r.scaler_id = s.scaler_id where s.scaler_id = normfreeze.id_of(s.scaler)') %}
  {% do return(rows[0].id if rows | length == 1 else none) %}
{% endmacro %}
