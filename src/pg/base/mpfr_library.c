/*
 * mpfr_library.c
 *		The functions of by_mpfr.h, which come from a library that is loaded when one of them is
 *		first called.
 *
 * Loading MPFR takes longer than normalizing the first row of a session, and MPFR is rarely
 * needed.  So it is linked by a second library, normfreeze_mpfr.
 */
#include "pg/base/compat.h"

#include <dlfcn.h>

#include "pg/base/mpfr_library.h"

static const MpfrFunctions *loaded;

/* Return the path of normfreeze_mpfr: it is beside our own library, wherever the server has found that. */
static char *
LibraryPath(void)
{
	Dl_info		info;
	char	   *path;

	if (dladdr(&loaded, &info) == 0)
		elog(ERROR, "could not find the shared library of normfreeze");
	path = pstrdup(info.dli_fname);
	get_parent_directory(path);
	return psprintf("%s/" MPFR_LIBRARY "%s", path, DLSUFFIX);
}

void
LoadMpfr(void)
{
	const MpfrFunctions *functions;
	char	   *path;

	if (loaded)
		return;
	path = LibraryPath();
	functions = (const MpfrFunctions *) load_external_function(path, MPFR_LIBRARY_SYMBOL, true, NULL);
	if (strcmp(functions->version, NORMFREEZE_VERSION) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("library \"%s\" is of version %s of normfreeze, not %s", path, functions->version,
						NORMFREEZE_VERSION),
				 errhint("Where normfreeze has just been installed, a new session loads both libraries anew.")));
	pfree(path);
	loaded = functions;
}

double
ElementaryByMpfr(ElementaryFunction function, double x, double y, bool single)
{
	LoadMpfr();
	return loaded->elementary(function, x, y, single);
}

double
NormalProbabilityByMpfr(double z)
{
	LoadMpfr();
	return loaded->normal_probability(z);
}

double
NormalQuantileByMpfr(double p, double start)
{
	LoadMpfr();
	return loaded->normal_quantile(p, start);
}
