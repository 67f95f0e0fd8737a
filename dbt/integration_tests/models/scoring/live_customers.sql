{{ config(materialized='view') }}

select id, age + {{ var('live_shift') }} as age, income, tenure, subscribed, plan, updated_at
from {{ ref('customers') }} where id % 4 > 1
