{{ config(materialized='table') }}

-- every value beside every other would be many rows; each in every column is enough, since features do not meet
select
    row_number() over () as id, v as age, v as income, v as tenure, (v > 0 and v < 'NaN') as subscribed, v as flat
from unnest(array[null, 'NaN', 0, '-0', 1, -1, 20, 69, 19.999999999999996, 69.00000000000001, 1e-300, -1e-300, 1e300, -1e300,
                  'Infinity', '-Infinity', 5e-324, 0.1, 14677.72, 14677.720000000001, 1000, 44.5]::double precision[]) as v
