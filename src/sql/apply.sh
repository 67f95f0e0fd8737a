#!/bin/sh
# apply.sh [by_key]: normalize and denormalize, or their forms by key, for each kind of input and each way to name a scaler.
#
# What differs between them is in three tables: directions, inputs, scalers.
set -eu

keyed=${1:-}
# name of the argument | its type | what comes out | the C function's | in words | the next argument, if any | only of this name
inputs='
features|double precision[]|double precision[]|array|an array of features
features|real[]|real[]|array|an array of features
features|smallint[]|double precision[]|array|an array of features
features|integer[]|double precision[]|array|an array of features
features|bigint[]|double precision[]|array|an array of features
features|numeric[]|double precision[]|array|an array of features
"row"|record|double precision[]|row|the features of a row, by name
object|jsonb|jsonb|jsonb|the features of a jsonb object, by name
value|double precision|double precision|single|one value of a feature|feature
value|"any"|double precision|any|one value of any type that a feature may have|feature|normalize_value
'
# name of the argument | its type | the C function's | volatility | in words | in words, of a set
scalers='
scaler|normfreeze.scaler|value|IMMUTABLE|a scaler value|a set value
scaler_id|bigint|id|STABLE|the frozen scaler of an id|the frozen set of an id
ref|text|ref|STABLE|the frozen scaler that a ref means|the frozen set that a ref means
'

# function verb: one function for each scaler that an input may be scaled by
functions()
{
	echo "$scalers" | while IFS='|' read -r scaler scaler_type by volatility words set_words
	do
		[ -n "$scaler" ] || continue
		arguments="$input $type, $scaler $scaler_type${next:+, $next text}"
		types="$type, $scaler_type${next:+, text}"
		symbol="${1}_${kind}_by_$by"
		strict=${next:+ }
		strict=${strict:- STRICT }
		comment="$1 $what, by $words"
		if [ -n "$keyed" ]
		then
			arguments="$arguments, key text"
			types="$types, text"
			symbol="${symbol}_and_key"
			strict=' '
			comment="$1 $what, by $set_words, with the scaler of a key"
		fi
		cat <<END

CREATE FUNCTION normfreeze.$2($arguments) RETURNS $result
	AS 'MODULE_PATHNAME', '$symbol' LANGUAGE C $volatility${strict}PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.$2($types) IS '$comment';
END
	done
}

echo "-- normalize and denormalize${keyed:+ by key}"
for verb in normalize denormalize
do
	echo "$inputs" | while IFS='|' read -r input type result kind what next only
	do
		[ -n "$input" ] || continue
		if [ -z "$only" ]
		then
			functions "$verb" "$verb${keyed:+_by_key}"
		elif [ -z "$keyed" ] && [ "$verb" = normalize ]
		then
			functions "$verb" "$only"
		fi
	done
done
