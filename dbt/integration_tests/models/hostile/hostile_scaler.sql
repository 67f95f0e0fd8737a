{{ config(materialized='scaler', meta={'method': 'standard', 'scaler_name': target.schema ~ "'; drop table x; -- \\ $$", 'note': "it's */ \\",
          'options': {'exclude': ['id']}}) }}

select * from {{ ref('hostile_rows') }} where id < 40 -- a comment at the end
