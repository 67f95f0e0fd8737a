{#- dbt run-operation load_raw: the source that the models read. -#}
{% macro load_raw() %}
  {% set sql %}
    create schema if not exists raw;
    drop table if exists raw.customers cascade;
    create table raw.customers as
    select
        i as id,
        20 + i * 37 % 50 as age,
        case when i % 17 > 0 then 1000 + (i::bigint * 7919 % 10007) * 1.37 end as income,
        case when i % 23 > 0 then (i * i % 241) / 7.0::double precision else 'NaN' end::real as tenure,
        i % 3 = 0 as subscribed,
        (array['free', 'pro', 'team'])[1 + i % 3] as plan,
        timestamp '2026-01-01' + i * interval '1 hour' as updated_at
    from generate_series(1, 2000) as i;
    commit;
  {% endset %}
  {% do run_query(sql) %}
{% endmacro %}
