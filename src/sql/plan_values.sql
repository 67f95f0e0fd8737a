-- the operations of formulas: what the planner makes of normalize() of one value by a constant id

CREATE FUNCTION normfreeze.subtract_divide(value double precision, center double precision, scale double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_subtract_divide' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.subtract_divide(double precision, double precision, double precision) IS '(value - center) / scale, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.subtract_multiply(value double precision, center double precision, factor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_subtract_multiply' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.subtract_multiply(double precision, double precision, double precision) IS '(value - center) * factor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.multiply_add(value double precision, factor double precision, "offset" double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_multiply_add' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.multiply_add(double precision, double precision, double precision) IS 'value * factor + offset, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.divide_add(value double precision, divisor double precision, "offset" double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_divide_add' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.divide_add(double precision, double precision, double precision) IS 'value / divisor + offset, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.divide(value double precision, divisor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_divide' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.divide(double precision, double precision) IS 'value / divisor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.multiply(value double precision, factor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_multiply' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.multiply(double precision, double precision) IS 'value * factor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.value_of_numeric(value numeric, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_of_numeric' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.value_of_numeric(numeric, text) IS 'a value as normalize() of a row reads it: what the planner makes of normalize_value()';

CREATE FUNCTION normfreeze.value_of_boolean(value boolean) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_of_boolean' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.value_of_boolean(boolean) IS 'a value as normalize() of a row reads it: what the planner makes of normalize_value()';
