"""Asks a model through shared memory instead of sending its tensors: python3 infer.py [URL] [MODEL]

The server must run on this machine, as this user, with --allow-shared-memory.
Inputs are zeros of the smallest shape that the model takes. Needs nothing but Python.
"""

import json
import math
import struct
import sys
import urllib.error
import urllib.request
from multiprocessing import shared_memory

url = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
model = sys.argv[2] if len(sys.argv) > 2 else "silero-vad"

# How struct writes an element of each type.
FORMATS = {"BOOL": "?", "UINT8": "B", "UINT16": "H", "UINT32": "I", "UINT64": "Q", "INT8": "b", "INT16": "h",
           "INT32": "i", "INT64": "q", "FP16": "e", "FP32": "f", "FP64": "d"}
REGION = "shared-memory-example"
ROOM_FOR_OUTPUT = 1 << 20


def call(path, body=None):
  data = None if body is None else json.dumps(body).encode()
  try:
    with urllib.request.urlopen(urllib.request.Request(url + path, data)) as answer:
      text = answer.read()
  except urllib.error.HTTPError as error:
    sys.exit(f"{path}: {error.code} {json.loads(error.read())['error']}")
  return json.loads(text) if text else None


def place(offset, size):
  return {"shared_memory_region": REGION, "shared_memory_offset": offset, "shared_memory_byte_size": size}


def main():
  metadata = call(f"/v2/models/{model}")
  inputs, outputs, end = [], [], 0
  for tensor in metadata["inputs"]:
    shape = [1 if extent < 0 else extent for extent in tensor["shape"]]
    size = math.prod(shape) * struct.calcsize("<" + FORMATS[tensor["datatype"]])
    inputs.append({"name": tensor["name"], "datatype": tensor["datatype"], "shape": shape, "parameters": place(end, size)})
    end += size
  for tensor in metadata["outputs"]:
    outputs.append({"name": tensor["name"], "parameters": place(end, ROOM_FOR_OUTPUT)})
    end += ROOM_FOR_OUTPUT

  # 1. An object of shared memory, all zeros. Real inputs would be written to memory.buf.
  memory = shared_memory.SharedMemory(create=True, size=end)
  try:
    # 2. The server is told about it.
    call(f"/v2/systemsharedmemory/region/{REGION}/register", {"key": memory.name, "offset": 0, "byte_size": end})
    try:
      # 3. Request and response say only where the tensors lie.
      answer = call(f"/v2/models/{model}/infer", {"inputs": inputs, "outputs": outputs})
      for output in answer["outputs"]:
        where = output["parameters"]
        count = math.prod(output["shape"])
        values = struct.unpack_from(f"<{count}{FORMATS[output['datatype']]}", memory.buf, where["shared_memory_offset"])
        print(output["name"], output["shape"], *values[:4], "..." if count > 4 else "")
    finally:
      call(f"/v2/systemsharedmemory/region/{REGION}/unregister", {})
  finally:
    memory.close()
    memory.unlink()


main()
