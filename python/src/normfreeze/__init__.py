"""Scalers frozen by normfreeze, the PostgreSQL extension, applied in Python: bit for bit as the database does.

    import normfreeze
    scaler = normfreeze.Scaler.from_json(open("scaler.json").read())     # SELECT scaler::text
    scaler.verify()                                                      # or an error that says why not
    features = scaler.transform(frame)                                   # matched by name
    fitted = normfreeze.fit(frame, "standard", {"missing": "mean"})      # the scaler that the database fits, with its id

The arithmetic is that of the database, operation by operation: numpy rounds each by itself.
What no libm rounds correctly (log, exp, pow, the normal distribution, norms of rows) is
evaluated in pairs of float64 with a bound of the error; where that does not decide the
rounding, decimal arithmetic with as many digits as it takes does (Ziv's strategy).  So the
bits depend neither on numpy's version nor on the CPU.

This file needs numpy and nothing else: it may be copied beside a model as it is.
"""

from .apply.scaler import Scaler
from .apply.scaler_set import ScalerSet
from .base.text import Error
from .exchange.dbt_seed import dbt_seed
from .exchange.estimators import dump, load
from .exchange.keras_layers import from_keras
from .exchange.parameter_files import read_parameters
from .exchange.parameters import from_parameters
from .fit.entry import fit, profile
from .fit.state import FitState
from .values.profile import Profile
from .version import __version__

# what is pickled, or named in a message, is found in the one file too
for _public in (Error, FitState, Profile, Scaler, Scaler.from_json, ScalerSet):
    _public.__module__ = __name__
del _public

__all__ = ["Error", "FitState", "Profile", "Scaler", "ScalerSet", "dbt_seed", "dump", "fit", "from_keras", "from_parameters", "load", "profile", "read_parameters"]
