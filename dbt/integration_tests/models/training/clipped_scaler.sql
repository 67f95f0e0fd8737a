{{ config(
    materialized='scaler',
    meta={
      'scaler_name': target.schema ~ " it's clipped",
      'refit': 'always',
      'method': 'minmax',
      'options': {
        'columns': ['age', 'income', 'tenure', 'subscribed', 'flat'], 'clip': true, 'constant': 'null',
        'features': {
          'age': {'outside': 'clip', 'missing': 0},
          'income': {'method': 'maxabs', 'clip': true, 'missing': 'mean', 'outside': 'null'},
          'tenure': {'method': 'mad', 'intercept': 'min', 'multiplier': 3, 'missing': 'nan'}}}},
    contract={'enforced': true},
) }}

select *, 1 as flat from {{ source('raw', 'customers') }} where id % 5 = 0
