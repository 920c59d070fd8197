"""Calls every rpc that the server offers, with the gRPC client of Python.

Usage: /usr/bin/python3 client.py HOST:PORT MODEL
MODEL answers its only input, FP32 with two axes, as its only output.
Needs python3-grpcio, protobuf-compiler and protobuf-compiler-grpc.
"""

import importlib
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from multiprocessing import shared_memory

import grpc

PROTOS = pathlib.Path(__file__).resolve().parents[3] / "src" / "Contracts" / "Protos"
PATIENCE = 60


def import_stubs(folder):
  """Generates the client's code from the .proto files and imports it."""
  files = sorted(path.name for path in PROTOS.glob("*.proto"))
  subprocess.run(
    ["protoc", f"-I{PROTOS}", f"--python_out={folder}", f"--grpc_python_out={folder}",
     "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin", *files],
    check=True)
  sys.path.insert(0, folder)
  return [importlib.import_module(name) for name in (
    "grpc_service_pb2", "grpc_service_pb2_grpc", "health_pb2", "health_pb2_grpc",
    "reflection_pb2", "reflection_pb2_grpc", "reflection_v1alpha_pb2", "reflection_v1alpha_pb2_grpc")]


def fails(code, rpc, request, **options):
  try:
    rpc(request, timeout=PATIENCE, **options)
  except grpc.RpcError as error:
    assert error.code() == code, f"{error.code()} instead of {code}: {error.details()}"
    assert error.details(), "no details"
    return error
  raise AssertionError(f"{request} succeeded, {code} was expected")


class Checks:
  """Each method is a check; they run in the order in which they stand."""

  def __init__(self, channel, model, modules):
    (self.pb, inference_grpc, self.health_pb, health_grpc,
     reflection_pb, reflection_grpc, alpha_pb, alpha_grpc) = modules
    self.model = model
    self.inference = inference_grpc.GRPCInferenceServiceStub(channel)
    self.health = health_grpc.HealthStub(channel)
    self.reflections = [
      (reflection_pb, reflection_grpc.ServerReflectionStub(channel)),
      (alpha_pb, alpha_grpc.ServerReflectionStub(channel))]

  def request(self, rows, columns=2, typed=False):
    metadata = self.inference.ModelMetadata(self.pb.ModelMetadataRequest(name=self.model), timeout=PATIENCE)
    values = [i - 0.5 for i in range(rows * columns)]
    request = self.pb.ModelInferRequest(model_name=self.model, id="ünïque")
    tensor = request.inputs.add(name=metadata.inputs[0].name, datatype="FP32", shape=[rows, columns])
    if typed:
      tensor.contents.fp32_contents.extend(values)
    else:
      request.raw_input_contents.append(struct.pack(f"<{len(values)}f", *values))
    return request, struct.pack(f"<{len(values)}f", *values)

  def infer(self, request, expected, **options):
    response, call = self.inference.ModelInfer.with_call(request, timeout=PATIENCE, **options)
    assert response.id == request.id
    assert list(response.outputs[0].shape) == list(request.inputs[0].shape)
    assert response.raw_output_contents[0] == expected
    return dict(call.trailing_metadata())

  def server_live(self):
    assert self.inference.ServerLive(self.pb.ServerLiveRequest(), timeout=PATIENCE).live

  def server_ready(self):
    assert self.inference.ServerReady(self.pb.ServerReadyRequest(), timeout=PATIENCE).ready

  def model_ready(self):
    assert self.inference.ModelReady(self.pb.ModelReadyRequest(name=self.model), timeout=PATIENCE).ready
    assert not self.inference.ModelReady(self.pb.ModelReadyRequest(name="no-such-model"), timeout=PATIENCE).ready

  def server_metadata(self):
    metadata = self.inference.ServerMetadata(self.pb.ServerMetadataRequest(), timeout=PATIENCE)
    assert metadata.name == "serving" and "model_repository" in metadata.extensions

  def model_metadata(self):
    metadata = self.inference.ModelMetadata(self.pb.ModelMetadataRequest(name=self.model), timeout=PATIENCE)
    assert metadata.name == self.model and metadata.inputs[0].datatype == "FP32"
    fails(grpc.StatusCode.NOT_FOUND, self.inference.ModelMetadata, self.pb.ModelMetadataRequest(name="no-such-model"))

  def model_infer_raw(self):
    self.infer(*self.request(1))
    self.infer(*self.request(5))

  def model_infer_typed(self):
    self.infer(*self.request(2, typed=True))

  def model_infer_gzip(self):
    self.infer(*self.request(500), compression=grpc.Compression.Gzip)

  def model_infer_deflate(self):
    self.infer(*self.request(500), compression=grpc.Compression.Deflate)

  def model_infer_large(self):
    self.infer(*self.request(1000, 2000))

  def model_infer_server_timing(self):
    trailers = self.infer(*self.request(1), metadata=[("x-server-timing", "1")])
    assert "queue;dur=" in trailers["server-timing"], trailers

  def model_infer_future(self):
    request, expected = self.request(1)
    futures = [self.inference.ModelInfer.future(request, timeout=PATIENCE) for _ in range(200)]
    assert all(future.result().raw_output_contents[0] == expected for future in futures)

  def model_infer_errors(self):
    request, _ = self.request(1)
    unknown = self.pb.ModelInferRequest()
    unknown.CopyFrom(request)
    unknown.model_name = "no-such-model"
    fails(grpc.StatusCode.NOT_FOUND, self.inference.ModelInfer, unknown)
    nothing = self.pb.ModelInferRequest()
    nothing.CopyFrom(request)
    nothing.ClearField("raw_input_contents")
    fails(grpc.StatusCode.INVALID_ARGUMENT, self.inference.ModelInfer, nothing)
    both = self.pb.ModelInferRequest()
    both.CopyFrom(request)
    both.inputs[0].contents.fp32_contents.extend([1, 2])
    error = fails(grpc.StatusCode.INVALID_ARGUMENT, self.inference.ModelInfer, both)
    assert "contents field must not be specified" in error.details()

  def shared_memory(self):
    """As tritonclient's library does it: shm_open, ftruncate and mmap, here by way of Python's own module."""
    request, expected = self.request(3)
    metadata = self.inference.ModelMetadata(self.pb.ModelMetadataRequest(name=self.model), timeout=PATIENCE)
    output = metadata.outputs[0].name
    size = len(expected)
    memory = shared_memory.SharedMemory(create=True, size=7 + 2 * size)
    try:
      memory.buf[7:7 + size] = expected
      for name, offset in (("python-in", 7), ("python-out", 7 + size)):
        self.inference.SystemSharedMemoryRegister(self.pb.SystemSharedMemoryRegisterRequest(
          name=name, key="/" + memory.name, offset=offset, byte_size=size), timeout=PATIENCE)
      fails(grpc.StatusCode.ALREADY_EXISTS, self.inference.SystemSharedMemoryRegister, self.pb.SystemSharedMemoryRegisterRequest(
        name="python-in", key="/" + memory.name, byte_size=1))
      status = self.inference.SystemSharedMemoryStatus(self.pb.SystemSharedMemoryStatusRequest(), timeout=PATIENCE)
      assert {(r.name, r.offset, r.byte_size) for r in status.regions.values()} == {("python-in", 7, size), ("python-out", 7 + size, size)}
      request.ClearField("raw_input_contents")
      wanted = request.outputs.add(name=output)
      for tensor, region in ((request.inputs[0], "python-in"), (wanted, "python-out")):
        tensor.parameters["shared_memory_region"].string_param = region
        tensor.parameters["shared_memory_byte_size"].int64_param = size
      response = self.inference.ModelInfer(request, timeout=PATIENCE)
      assert [tensor.name for tensor in response.outputs] == [output]
      assert response.outputs[0].parameters["shared_memory_byte_size"].int64_param == size
      assert list(response.raw_output_contents) == [b""]
      assert bytes(memory.buf[7 + size:7 + 2 * size]) == expected
      self.inference.SystemSharedMemoryUnregister(self.pb.SystemSharedMemoryUnregisterRequest(), timeout=PATIENCE)
      fails(grpc.StatusCode.NOT_FOUND, self.inference.ModelInfer, request)
    finally:
      memory.close()
      memory.unlink()

  def model_stream_infer_order(self):
    sent = []
    for i in range(200):
      request, expected = self.request(1 + i % 5, typed=i % 3 == 0)
      request.id = str(i)
      request.model_name = "no-such-model" if i % 10 == 7 else self.model
      request.parameters["triton_enable_empty_final_response"].bool_param = True
      sent.append((request, expected))
    answers = list(self.inference.ModelStreamInfer(
      (request for request, _ in sent), timeout=PATIENCE, compression=grpc.Compression.Gzip))
    assert len(answers) == len(sent)
    for i, ((_, expected), answer) in enumerate(zip(sent, answers)):
      assert answer.infer_response.id == str(i)
      assert answer.infer_response.parameters["triton_final_response"].bool_param
      if i % 10 == 7:
        assert "no-such-model" in answer.error_message
      else:
        assert answer.infer_response.raw_output_contents[0] == expected, answer.error_message

  def model_stream_infer_status(self):
    good, _ = self.request(1)
    bad, _ = self.request(1)
    bad.model_name = "no-such-model"
    answers = self.inference.ModelStreamInfer(
      iter([good, bad, good]), timeout=PATIENCE, metadata=[("triton_grpc_error", "true")])
    assert next(answers).infer_response.id == good.id
    try:
      next(answers)
      raise AssertionError("the stream went on after a failure")
    except grpc.RpcError as error:
      assert error.code() == grpc.StatusCode.NOT_FOUND, error

  def model_stream_infer_cancelled(self):
    answered = threading.Event()
    request, expected = self.request(1)

    def requests():
      yield request
      answered.wait(PATIENCE)

    stream = self.inference.ModelStreamInfer(requests(), timeout=PATIENCE)
    assert next(stream).infer_response.raw_output_contents[0] == expected
    stream.cancel()
    answered.set()
    try:
      next(stream)
      raise AssertionError("the stream went on after it was cancelled")
    except grpc.RpcError as error:
      assert error.code() == grpc.StatusCode.CANCELLED, error
    self.infer(request, expected)

  def repository_index(self):
    index = self.inference.RepositoryIndex(self.pb.RepositoryIndexRequest(), timeout=PATIENCE)
    assert any(entry.name == self.model and entry.state == "READY" for entry in index.models)

  def repository_model_load_and_unload(self):
    load = self.pb.RepositoryModelLoadRequest
    self.inference.RepositoryModelLoad(load(model_name=self.model), timeout=PATIENCE)
    fails(grpc.StatusCode.NOT_FOUND, self.inference.RepositoryModelLoad, load(model_name="no-such-model"))
    self.inference.RepositoryModelUnload(self.pb.RepositoryModelUnloadRequest(model_name=self.model), timeout=PATIENCE)
    self.inference.RepositoryModelLoad(load(model_name=self.model), timeout=PATIENCE)
    self.model_ready()

  def trace_setting(self):
    request = self.pb.TraceSettingRequest(model_name=self.model)
    request.settings["trace_rate"].value.append("5")
    assert self.inference.TraceSetting(request, timeout=PATIENCE).settings["trace_rate"].value == ["5"]
    clear = self.pb.TraceSettingRequest(model_name=self.model)
    clear.settings["trace_rate"].SetInParent()
    assert self.inference.TraceSetting(clear, timeout=PATIENCE).settings["trace_rate"].value == ["1000"]

  def log_settings(self):
    request = self.pb.LogSettingsRequest()
    request.settings["log_info"].bool_param = True
    assert self.inference.LogSettings(request, timeout=PATIENCE).settings["log_error"].bool_param
    request.settings["log_file"].string_param = "x"
    fails(grpc.StatusCode.UNIMPLEMENTED, self.inference.LogSettings, request)

  def model_config(self):
    config = self.inference.ModelConfig(self.pb.ModelConfigRequest(name=self.model), timeout=PATIENCE).config
    assert config.platform == "onnxruntime_onnx"
    assert not config.model_transaction_policy.decoupled and not config.response_cache.enable
    assert config.HasField("dynamic_batching") == (config.max_batch_size > 0)
    fails(grpc.StatusCode.NOT_FOUND, self.inference.ModelConfig, self.pb.ModelConfigRequest(name="no-such-model"))

  def model_statistics(self):
    statistics = self.inference.ModelStatistics(self.pb.ModelStatisticsRequest(name=self.model), timeout=PATIENCE).model_stats
    assert len(statistics) == 1
    assert statistics[0].execution_count == sum(batch.compute_infer.count for batch in statistics[0].batch_stats)

  def health_check(self):
    check = self.health_pb.HealthCheckRequest
    serving = self.health_pb.HealthCheckResponse.SERVING
    for service in ("", self.model):
      assert self.health.Check(check(service=service), timeout=PATIENCE).status == serving
    fails(grpc.StatusCode.NOT_FOUND, self.health.Check, check(service="no-such-model"))

  def health_watch(self):
    watch = self.health.Watch(self.health_pb.HealthCheckRequest(), timeout=PATIENCE)
    assert next(watch).status == self.health_pb.HealthCheckResponse.SERVING
    watch.cancel()

  def reflection(self):
    for pb, stub in self.reflections:
      request = pb.ServerReflectionRequest
      services, file, missing = stub.ServerReflectionInfo(iter([
        request(list_services=""),
        request(file_containing_symbol="inference.GRPCInferenceService"),
        request(file_containing_symbol="no.such.Symbol")]), timeout=PATIENCE)
      assert "inference.GRPCInferenceService" in [s.name for s in services.list_services_response.service]
      assert len(file.file_descriptor_response.file_descriptor_proto) == 2
      assert missing.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]


def main():
  if len(sys.argv) not in (3, 4):
    sys.exit("usage: client.py HOST:PORT MODEL")
  address, model = sys.argv[1:3]
  names = [name for name in vars(Checks) if not name.startswith("_") and name not in ("request", "infer")]
  with tempfile.TemporaryDirectory() as folder, grpc.insecure_channel(address, options=[
      ("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]) as channel:
    checks = Checks(channel, model, import_stubs(folder))
    for name in names:
      try:
        getattr(checks, name)()
      except Exception:  # Whatever is wrong, the check has failed.
        traceback.print_exc()
        sys.exit(f"failed {name}")
      print(f"ok {name}", flush=True)


main()
