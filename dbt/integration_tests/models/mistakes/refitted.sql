{{ config(materialized='table') }}

-- the mistake that normfreeze is about: the live rows are scaled by themselves
select
    live.id,
    (live.age - avg(live.age) over ()) / stddev_pop(live.age) over () as age,
    s.scaler_id
from {{ ref('live_customers') }} as live cross join {{ ref('churn_scaler') }} as s
