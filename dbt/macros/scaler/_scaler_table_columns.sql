{#- The table of a scaler model: its columns, and how they are written. -#}
{% macro _scaler_table_columns() %}
  {% do return({
    'name': 'text',
    'version': 'integer',
    'scaler_id': 'bigint',
    'fingerprint': 'text',
    'feature_names': 'text',
    'scaler': 'normfreeze.scaler',
    'artifact': 'text',
    'training_hash': 'text',
    'invocation_id': 'text',
    'built_at': 'timestamp with time zone',
  }) %}
{% endmacro %}
