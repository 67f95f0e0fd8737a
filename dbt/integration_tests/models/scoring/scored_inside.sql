with pro as (
    select * from {{ ref('live_customers') }} where plan = 'pro'
),
normalized as (
    {{ normfreeze.normalize('pro', ref('churn_scaler'), columns='income', passthrough=['id'], prefix='z_', scaler_id_column=none) }}
)
select n.id, n.z_income, s.age as raw_age
from normalized as n join (
    {{ normfreeze.normalize(ref('live_customers'), ref('churn_scaler'), prefix='z_', scaler_id_column='scaled_by') }}
) as s on s.id = n.id
