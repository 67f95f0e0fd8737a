{{ config(materialized='scaler', scaler_name="it's clipped", refit='always', contract={'enforced': true},
    method='minmax', options={
      'columns': ['age', 'income', 'tenure', 'flat'], 'clip': true, 'constant': 'null',
      'features': {
        'age': {'outside': 'clip', 'missing': 'error'},
        'income': {'method': 'maxabs', 'clip': true, 'missing': 'mean', 'outside': 'null'},
        'tenure': {'method': 'mad', 'intercept': 'min', 'multiplier': 3, 'missing': 'nan'}}}) }}

select *, 1 as flat from {{ ref('customers') }} where id % 5 = 0
