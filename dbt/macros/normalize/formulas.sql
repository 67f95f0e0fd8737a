{#- The formulas that plain SQL computes with the same roundings: an expression of t, what was computed so far, for each
    operation, in the order of src/core/scaler/formula.c.  Parameters are in braces.

    Not here, because SQL has no such operation, or one that is rounded differently: fused_multiply_add, log1p, yeo_johnson,
    yeo_johnson_cast, box_cox, quantile_*, norm_*. -#}
{% macro inline_formulas() %}
  {% do return({
    'identity': [],
    'subtract_divide': ['t - {center}', 't / {scale}'],
    'subtract_divide_cast': ['t - {center}', 't / {scale}'],
    'divide': ['t / {scale}'],
    'divide_cast': ['t / {scale}'],
    'multiply_add': ['t * {scale}', 't + {offset}'],
    'scale_shift': ['t - {center}', 't / {scale}', 't * {multiplier}', 't + {intercept}'],
    'subtract_multiply': ['t - {center}', 't * {factor}'],
    'subtract_multiply_single': ['t - {center}', 'cast(cast(t * {factor} as real) as double precision)'],
    'subtract_multiply_add': ['t - {center}', 't * {factor}', 't + {offset}'],
    'multiply': ['t * {factor}'],
    'multiply_offset': ['t * {factor}', 't + {offset}'],
    'batch_norm': ['t - {center}', 't * {factor}', 't * {weight}', 't + {offset}'],
  }) %}
{% endmacro %}


{% macro inline_number(value) %}
  {% if value is not number %}
    {% do normfreeze.fail('the artifact holds ' ~ value ~ ' where a number is expected') %}
  {% endif %}
  {#- in quotes: a bare literal would be numeric, and the shortest digits are read back to the same double -#}
  {% do return("cast('" ~ value ~ "' as double precision)") %}
{% endmacro %}


{% macro inline_formula(feature, x) %}
  {% set formulas = normfreeze.inline_formulas() %}
  {% if feature.formula not in formulas %}
    {% do normfreeze.fail('mode="inline" cannot compute the formula "' ~ feature.formula ~ '" of feature "' ~ feature.name
         ~ '"; it can: ' ~ (formulas.keys() | sort | join(', ')) ~ '. Use the extension for the others.') %}
  {% endif %}
  {% set done = namespace(sql=x) %}
  {% for step in formulas[feature.formula] %}
    {#- t stands as a word of its own in the steps alone -#}
    {% set done.sql = modules.re.sub('\\bt\\b', '@', step, count=1) | replace('@', done.sql) %}
    {% for parameter, value in feature.parameters.items() %}
      {% set done.sql = done.sql | replace('{' ~ parameter ~ '}', normfreeze.inline_number(value)) %}
    {% endfor %}
    {% set done.sql = '(' ~ done.sql ~ ')' %}
  {% endfor %}
  {% do return(done.sql) %}
{% endmacro %}
