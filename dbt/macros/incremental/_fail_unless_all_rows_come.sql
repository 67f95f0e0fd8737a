{#- The filter for new rows must not act, nor may dbt give a part of the rows alone, where all rows are deleted. -#}
{% macro _fail_unless_all_rows_come() %}
  {% if modules.re.search('(?<!normfreeze\\.)\\bis_incremental\\s*\\(', model.raw_code) %}
    {% do normfreeze._fail('on_scaler_change: full_refresh makes all rows anew, so the filter for new rows must not '
         ~ 'act: write normfreeze.is_incremental(scaler) instead of is_incremental() in model ' ~ model.name) %}
  {% elif config.get('incremental_strategy') == 'microbatch' %}
    {% do normfreeze._fail('on_scaler_change: full_refresh makes all rows anew, and incremental_strategy microbatch gives a batch of '
         ~ 'them at a time: run model ' ~ model.name ~ ' with --full-refresh, or set on_scaler_change to fail or append') %}
  {% elif normfreeze._is_sample_run() %}
    {% do normfreeze._fail('the scaler changed, and on_scaler_change: full_refresh makes all rows anew, which a sample has not: '
         ~ 'run model ' ~ model.name ~ ' without --sample') %}
  {% endif %}
{% endmacro %}
