{{ config(materialized='incremental', unique_key='id', meta={'on_scaler_change': 'append'}) }}

with new as (
    select * from {{ ref('live_customers') }}
    {% if normfreeze.is_incremental(ref('churn_scaler')) %}
    where updated_at > (select coalesce(max(updated_at), '-infinity') from {{ this }})
    {% endif %}
)
{{ normfreeze.normalize('new', ref('churn_scaler'), passthrough=['id', 'updated_at'], prefix='z_') }}
