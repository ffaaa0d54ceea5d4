#!/usr/bin/env bash
# One small network of onnxruntime is run once for each of 4,000 lengths, as a recogniser is by utterances; with its session's
# memory arena and memory pattern on (as they are by themselves) and off, and the resident memory that has come in the end.
#
# The good guess: the arena keeps what was once needed; so who turns it off gets that back, and takes the least memory.
# Seen with onnxruntime 1.24.4: without the arena 100 MB and more have come and stay, with it 1 MB; and without the pattern none
# either way. The pattern is a plan of blocks, remembered for every set of shapes that was ever seen. Without an arena these
# plans lie in the C library's heap between the tensors, which leave holes: most of it is free, and malloc_trim() gets it
# back, but nobody calls that. Small as it is, a plan is never forgotten, so with new shapes the memory grows on.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --no-compile --no-deps onnxruntime==1.24.4 \
    onnx==1.23.2 numpy==2.4.6 ml-dtypes==0.6.0 protobuf==7.36.2 typing-extensions==4.16.0 flatbuffers==25.12.19 packaging==26.3
cat >"$folder/run.py" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

STEPS, LONGEST = 6, 16_000
steps = [helper.make_node("Neg", [f"x{step}"], [f"x{step + 1}"]) for step in range(STEPS)]
steps.append(helper.make_node("ReduceMax", [f"x{STEPS}"], ["top"], keepdims=0))
sound, top = helper.make_tensor_value_info("x0", TensorProto.FLOAT, ["n"]), helper.make_tensor_value_info("top", TensorProto.FLOAT, [])
graph = helper.make_graph(steps, "network", [sound], [top])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def resident_mb():
    return int(Path("/proc/self/status").read_text().split("\nVmRSS:")[1].split()[0]) / 1024


options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
options.enable_cpu_mem_arena, options.enable_mem_pattern = (word == "on" for word in sys.argv[1:])
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
samples = np.zeros(LONGEST, np.float32)
session.run(None, {"x0": samples})
before = resident_mb()
for length in range(1, LONGEST, 4):
    session.run(None, {"x0": samples[:length]})
print(round(resident_mb() - before))
PYTHON
echo "onnxruntime 1.24.4, MB that came by 4,000 lengths"
declare -A came
for options in "on on" "on off" "off on" "off off"; do
    # shellcheck disable=SC2086  # two words
    came[$options]=$("$folder/venv/bin/python" "$folder/run.py" $options)
    echo "arena ${options% *}, pattern ${options#* }: ${came[$options]}"
done
if ((came["off on"] < 40 || came["on on"] > 20 || came["off off"] > 20 || came["on off"] > 20)); then
    echo "this has changed" >&2
    exit 1
fi
