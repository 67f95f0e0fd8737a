{#- The formulas that plain SQL computes with the same roundings: an expression of t, what was computed so far, for each
    operation, in the order of src/core/scaler/formula.c.  Parameters are in braces.

    Not here, because SQL has no such operation, or one that is rounded differently: fused_multiply_add, log1p, log, log2,
    log10, cbrt, asinh, logit, expm1, yeo_johnson,
    yeo_johnson_cast, box_cox, quantile_*, norm_*. -#}
{% macro _inline_formulas() %}
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
    'sqrt': ['sqrt(t)'],
    'square': ['t * t'],
    'reciprocal': ['1 / t'],
    'rescale_subtract_divide': ['t * {factor}', 't - {center}', 't / {scale}'],
    'rescale_subtract_divide_single': ['cast(cast(t * {factor} as real) as double precision)', 'cast(cast(t - {center} as real) as double precision)', 'cast(cast(t / {scale} as real) as double precision)'],
    'multiply_single': ['cast(cast(t * {factor} as real) as double precision)'],
    'batch_norm': ['t - {center}', 't * {factor}', 't * {weight}', 't + {offset}'],
  }) %}
{% endmacro %}
