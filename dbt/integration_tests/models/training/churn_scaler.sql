{{ config(
    materialized='scaler',
    meta={
      'method': 'standard',
      'options': {'exclude': ['id', 'plan', 'updated_at'], 'features': {'income': {'method': 'robust', 'missing': 'median'}}},
      'note': 'of the integration project',
      'metadata': {'ticket': 4}},
    grants={'select': ['scoring']},
    persist_docs={'relation': true, 'columns': true},
    post_hook="comment on column {{ this }}.version is 'a label of this database'",
) }}

select * from {{ source('raw', 'customers') }} where id % 4 < 2
