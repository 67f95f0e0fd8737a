"""The table of docs/exporters.md, by the exporters themselves (test/parity/exporters.py), in a night: they are large.

Whatever has changed fails here, and then in the table.  Ours are tried in every run: test/parity/exporters_beside.py.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from common import check, check_equal, exit_with_summary
from report import say_skipped, skip

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/exporters"

# the greatest distance from scikit-learn's results, which are some deviations or within [-1, 1], as [from, below]; or a part of the error.
# NAN: results that are NaN where scikit-learn's are not.  What is not here is as scikit-learn's, to 1e-9.
NAN = "NaN"
CLIP_LOST = [8, 30]
ROUNDED = [1e-7, 1e-4]
EXPECTED = {
    "skl2onnx, double: maxabs, clip": CLIP_LOST,
    "skl2onnx, double: imputed": "NOT_IMPLEMENTED",
    "skl2onnx, double: l2 of zeros": NAN,
    "skl2onnx, double: max of negatives": "not implemented for norm 'MAX'",
    "skl2onnx, float: standard": ROUNDED,
    "skl2onnx, float: maxabs, clip": CLIP_LOST,
    "skl2onnx, float: standard, integers": [1, 3],
    "skl2onnx, float: minmax, microseconds": ROUNDED,
    "skl2onnx, float: constant": ROUNDED,
    "skl2onnx, float: imputed": ROUNDED,
    "skl2onnx, float: max of negatives": [0.9, 1.1],
    "skl2onnx, integers: standard, integers": [1, 3],
    "skl2onnx, integers: minmax, microseconds": ROUNDED,
    "orbital: minmax, clip": "Translation for Clip not implemented",
    "orbital: maxabs, clip": CLIP_LOST,
    "orbital: standard, integers": [0.4, 3],
    "orbital: minmax, microseconds": ROUNDED,
    "orbital: imputed": ROUNDED,
    "orbital: l2 of zeros": "ReduceSumSquare not implemented",
    "orbital: max of negatives": "not implemented for norm 'MAX'",
    "sklearn2pmml: minmax, clip": CLIP_LOST,
    "sklearn2pmml: maxabs, clip": CLIP_LOST,
    "sklearn2pmml: l2 of zeros": NAN,
    "nyoka: minmax, clip": CLIP_LOST,
    "nyoka: maxabs, clip": CLIP_LOST,
    "nyoka: minmax, microseconds": [0.01, 0.02],
    "nyoka: l2 of zeros": "PreProcessing Task is not Supported",
    "nyoka: max of negatives": "PreProcessing Task is not Supported",
}
# the first row by ONNX, and by Spark, of values beside a constant; or a part of the error
SPARK = {
    "onnxmltools, float32: standard": ["nan", "0.0"],
    "onnxmltools, float32: minmax": ["0.0", "0.5"],
    "onnxmltools, float32: robust": "No proper operator name found",
    "onnxmltools, float64: standard": "wrong type",
    "onnxmltools, float64: minmax": "wrong type",
    "onnxmltools, float64: robust": "No proper operator name found",
}


def as_expected(got, expected):
    if isinstance(expected, str) and expected != NAN:
        return len(got) == 1 and expected in got[0]
    if len(got) != 3 or got[2]:                         # the third: how often it warned of clipping
        return False
    if expected == NAN:
        return got[0] > 0 and got[1] is None
    return expected[0] <= got[1] < expected[1] if expected else got[0] == 0


def python(folder):
    """One that has the packages of test/exporters.txt."""
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", ROOT / "test/exporters.txt"], check=True)
    return folder / "bin/python"


def main():
    if not os.environ.get("NORMFREEZE_TEST_ALL"):
        skip("the exporters of others are tried at night (make nightly)")
    if not shutil.which("java"):
        skip("there is no java for sklearn2pmml and JPMML")
    spark = ROOT / "build/engines/packages"             # test/scenario/engines.py leaves it there
    with_spark = (spark / "pyspark").exists()
    program = [python(FOLDER), ROOT / "test/parity/exporters.py"]
    result = subprocess.run(program, text=True, capture_output=True)
    if check_equal(result.returncode, 0, f"the exporters run: {result.stderr[-2000:]}"):
        for case, got in json.loads(result.stdout).items():
            check(as_expected(got, EXPECTED.get(case)), case, got)
    if not with_spark:
        say_skipped("pyspark is not in build/engines (make test ONLY=engines NORMFREEZE_TEST_ALL=1)")
    else:
        result = subprocess.run([*program, spark], text=True, capture_output=True)
        if check_equal(result.returncode, 0, f"onnxmltools runs: {result.stderr[-2000:]}"):
            found = json.loads(result.stdout)
            for case, expected in SPARK.items():
                got = found[case]
                check(expected in got[0] if isinstance(expected, str) else [got[1], got[3]] == expected, case, got)
    exit_with_summary()


if __name__ == "__main__":
    main()
