{{ config(materialized='table') }}

-- the mistake that normfreeze is about: the live rows are scaled by themselves
select
    id,
    (age - avg(age) over ()) / stddev_pop(age) over () as age,
    s.scaler_id
from {{ ref('live_customers') }} cross join {{ ref('churn_scaler') }} as s
