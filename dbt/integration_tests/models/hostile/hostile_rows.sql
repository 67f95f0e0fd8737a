{{ config(materialized='table') }}

select i as id, i * 1.5 as "it's", i % 7 as "a ""quoted"" \ one", -i as "*/ -- ]]>", sqrt(i) as "{{ '{{ one }} {% raw %} {% endraw %}' }}",
    1 / i::double precision as "line
break", i % 2 = 0 as "Flag"
from generate_series(1, 50) as i
