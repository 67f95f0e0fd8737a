{{ config(materialized='view') }}

select * from {{ source('raw', 'customers') }} where id % 4 > 1
