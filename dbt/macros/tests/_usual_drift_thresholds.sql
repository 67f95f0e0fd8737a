{#- Those of drift(): moderate, major. -#}
{% macro _usual_drift_thresholds() %}
  {% do return({'psi': [0.1, 0.25], 'mean_shift': [0.2, 0.5], 'variance_ratio': [2, 4], 'missing': [0.05, 0.2], 'outside': [0.01, 0.05]}) %}
{% endmacro %}
