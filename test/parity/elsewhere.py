"""Transform by another numpy process, without the CPU's AVX-512, where numpy calls the libm."""

import os
import pathlib
import pickle
import subprocess
import sys
import tempfile

WITHOUT = "X86_V4 AVX512_ICL AVX512_SPR"


def transform(jobs):
    """The results of jobs, each a (fitted estimator, name of its method, argument)."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "jobs"
        path.write_bytes(pickle.dumps(jobs))
        subprocess.run([sys.executable, __file__, path], check=True,
                       env=dict(os.environ, NPY_DISABLE_CPU_FEATURES=WITHOUT, PYTHONWARNINGS="ignore"))
        return pickle.loads(path.read_bytes())


def main(path):
    jobs = pickle.loads(path.read_bytes())
    path.write_bytes(pickle.dumps([getattr(fitted, method)(x) for fitted, method, x in jobs]))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
