// Finds speech in a recording over gRPC: npm ci, then node grpc.mjs [WAV] [HOST:PORT]

import path from 'node:path';
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { chunks, sampleRate, stateShape } from './chunks.mjs';
import { printTimeline } from './timeline.mjs';
import { readWav } from './wav.mjs';

const file = process.argv[2] ?? path.join(import.meta.dirname, 'speech.wav');
const address = process.argv[3] ?? 'localhost:8001';
const protos = path.join(import.meta.dirname, '..', '..', 'src', 'Contracts', 'Protos');

const definition = loader.loadSync('grpc_service.proto', { includeDirs: [protos], keepCase: true });
const { inference } = grpc.loadPackageDefinition(definition);
const client = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure());
const infer = promisify(client.ModelInfer).bind(client);

// Tensors travel as their bytes, so the state goes back as it came.
const bytes = array => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const rate = bytes(BigInt64Array.of(BigInt(sampleRate)));

let state = bytes(new Float32Array(2 * 128));
const probabilities = [];
for (const chunk of chunks(readWav(file))) {
  const answer = await infer({
    model_name: 'silero-vad',
    inputs: [
      { name: 'input', datatype: 'FP32', shape: [1, chunk.length] },
      { name: 'state', datatype: 'FP32', shape: stateShape },
      { name: 'sr', datatype: 'INT64', shape: [] },
    ],
    raw_input_contents: [bytes(chunk), state, rate],
  });

  const output = name => answer.raw_output_contents[answer.outputs.findIndex(o => o.name === name)];
  probabilities.push(output('output').readFloatLE(0));
  state = output('stateN');
}

client.close();
printTimeline(probabilities);
