{{ config(materialized='table') }}

select i as id, i * 1.5 as "it's", i % 7 as "a ""quoted"" \ one", -i as "*/ -- ]]>", sqrt(i) as "{{ '{{ one }} {% raw %} {% endraw %}' }}",
    1 / i::double precision as "line
break", i % 2 = 0 as "Flag",
    -- aliases that the package writes
    i % 11 as src, i % 13 as raw, i % 17 as stored, i % 19 as z, i % 23 as r
from generate_series(1, 50) as i
