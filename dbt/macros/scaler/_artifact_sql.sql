{#- The JSON of a frozen scaler as SQL, given its id; of a set by key, with all its members, and the probes of each. -#}
{% macro _artifact_sql(id) %}
  {% do return("(select coalesce((select rtrim(s.scaler::text, '}') || coalesce(', \"fallback\": ' || normfreeze.scaler(normfreeze.scaler_id('sha256:'"
    ~ " || (s.scaler::text::json ->> 'fallback_fingerprint')))::text, '') || ', \"members\": [' || string_agg('{\"key\": ' || to_json(m.key)::text"
    ~ " || ', \"scaler\": ' || normfreeze.scaler(m.scaler_id)::text || '}', ', ' order by m.position) || ']}'"
    ~ ' from normfreeze.members as m where m.set_id = ' ~ id ~ ' having count(*) > 0), s.scaler::text)'
    ~ ' from (select normfreeze.scaler(' ~ id ~ ') as scaler where true offset 0) as s)') %}
{% endmacro %}
