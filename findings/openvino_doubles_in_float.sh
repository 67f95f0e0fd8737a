#!/bin/sh
# OpenVINO 2026.4.1 on a CPU (onnx 1.23.2, numpy 2.4.6): an ONNX model of doubles, (x - mean) / scale of a time in seconds.
#
# Expected: doubles are computed, as onnxruntime does, or the model is refused: both ends of the compiled model are said to be f64.  The list of what
# the CPU computes in has no f64 (docs.openvino.ai, inference devices, CPU), so an error is what one waits for.
# Seen: it is computed in float32, and the result is made a double.  Times are rounded to 128 seconds first: ten times that are 20 s apart
# have two results.  INFERENCE_PRECISION_HINT f64 is refused, and without it nothing says a word.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >"$folder/times.py" <<'PYTHON'
import numpy
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper

nodes = [helper.make_node("Sub", ["x", "mean"], ["centred"]), helper.make_node("Div", ["centred", "scale"], ["y"])]
constants = [helper.make_tensor(name, TensorProto.DOUBLE, [], [value]) for name, value in (("mean", 1.7e9), ("scale", 3600.0))]
graph = helper.make_graph(nodes, "times", [helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["n"])],
                          [helper.make_tensor_value_info("y", TensorProto.DOUBLE, ["n"])], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, "times.onnx")
x = 1.7e9 + numpy.arange(0, 200, 20.0)
expected = (x - 1.7e9) / 3600
single = (x.astype("float32") - numpy.float32(1.7e9)) / numpy.float32(3600)
core = openvino.Core()
print("OpenVINO", openvino.__version__)
for hint in ({}, {"INFERENCE_PRECISION_HINT": "f32"}, {"EXECUTION_MODE_HINT": "ACCURACY"}):
    compiled = core.compile_model("times.onnx", "CPU", hint)
    y = compiled([x])[0]
    print(f"{hint}: {compiled.inputs[0].get_element_type()} to {compiled.outputs[0].get_element_type()}, {y.dtype} {numpy.unique(y)}")
    # what the CPU prefers without a hint is up to the processor
    assert y.dtype == numpy.float64 and (y != expected).any() and (not hint or (y == single).all())
try:
    core.compile_model("times.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f64"})
except RuntimeError as error:
    print("f64:", next(line for line in str(error).splitlines() if "Supported" in line))
else:
    raise AssertionError("f64 is taken now")
theirs = onnxruntime.InferenceSession("times.onnx", providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
print("onnxruntime", onnxruntime.__version__, theirs)
assert (theirs == expected).all()
PYTHON
cd "$folder"
HOME="$folder" OPENVINO_TELEMETRY_OPT_OUT=1 venv/bin/python -W ignore times.py
