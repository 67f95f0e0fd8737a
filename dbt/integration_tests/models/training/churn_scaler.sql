{{ config(
    materialized='scaler',
    method='standard',
    options={'exclude': ['id', 'plan', 'updated_at'], 'features': {'income': {'method': 'robust', 'missing': 'median'}}},
    note='of the integration project',
    metadata={'ticket': 4},
    grants={'select': ['scoring']},
) }}

select * from {{ ref('customers') }} where id % 4 < 2
