/*
 * onnx.c
 *		to_onnx() and from_onnx() of a build WITHOUT_ONNX, which needs no protobuf-c.
 *
 * The functions are there, so that a database has the same objects whatever
 * its library was built with, and its dumps restore everywhere.
 */
#include "pg/base/compat.h"

#include "fmgr.h"

pg_noreturn static void
BuiltWithoutOnnx(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("this build of normfreeze does not read or write ONNX models"),
			 errdetail("It was built with WITHOUT_ONNX=1."),
			 errhint("Install protobuf-c, and build and install normfreeze without that option.")));
}

PG_FUNCTION_INFO_V1(to_onnx);
Datum
to_onnx(PG_FUNCTION_ARGS)
{
	BuiltWithoutOnnx();
}

PG_FUNCTION_INFO_V1(from_onnx);
Datum
from_onnx(PG_FUNCTION_ARGS)
{
	BuiltWithoutOnnx();
}
