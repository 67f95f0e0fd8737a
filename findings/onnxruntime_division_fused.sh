#!/bin/sh
# onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6): a division of 1 by x whose result is multiplied by a constant, in double.
#
# Expected: the graph's two operations, each rounded, whatever the optimization: the basic level is said to preserve semantics.
# Seen: from the basic level on, and so by default, 1 / x * 3 is computed as 3 / x, which rounds once: 255 of 1,000 results differ in
# their last bit from the same model without optimization and from numpy.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat >"$folder/divide.py" <<'PYTHON'
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

nodes = [helper.make_node("Div", ["one", "x"], ["quotient"]), helper.make_node("Mul", ["quotient", "three"], ["y"])]
constants = [helper.make_tensor(name, TensorProto.DOUBLE, [], [value]) for name, value in (("one", 1.0), ("three", 3.0))]
graph = helper.make_graph(nodes, "divide", [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["n"])],
                          [helper.make_tensor_value_info("y", TensorProto.DOUBLE, ["n"])], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
x = numpy.arange(1, 1001) / 7


def run(level=None):
    options = onnxruntime.SessionOptions()
    if level is not None:
        options.graph_optimization_level = level
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


levels = onnxruntime.GraphOptimizationLevel
print("onnxruntime", onnxruntime.__version__)
different = [int((run(level) != 1 / x * 3).sum()) for level in (levels.ORT_DISABLE_ALL, levels.ORT_ENABLE_BASIC, None)]
print("differ from numpy's 1 / x * 3: without optimization %d, basic %d, by default %d" % tuple(different))
print("those by default are 3 / x:", bool((run() == 3 / x).all()))
assert different == [0, 255, 255] and (run() == 3 / x).all()
PYTHON
"$folder/venv/bin/python" "$folder/divide.py"
