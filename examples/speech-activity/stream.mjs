// Finds speech in a recording over one gRPC stream, as a microphone would send it: npm ci, then node stream.mjs [WAV] [HOST:PORT]

import { on } from 'node:events';
import path from 'node:path';
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

const bytes = array => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const rate = bytes(BigInt64Array.of(BigInt(sampleRate)));

// One call for the whole recording. Each chunk waits for the state that the answer before brings; requests that do not wait for
// one another may be written at once: the server runs them side by side and answers in their order.
const stream = client.ModelStreamInfer();
const answers = on(stream, 'data', { close: ['end'] });

let state = bytes(new Float32Array(2 * 128));
const probabilities = [];
for (const chunk of chunks(readWav(file))) {
  stream.write({
    model_name: 'silero-vad',
    id: `${probabilities.length}`,
    inputs: [
      { name: 'input', datatype: 'FP32', shape: [1, chunk.length] },
      { name: 'state', datatype: 'FP32', shape: stateShape },
      { name: 'sr', datatype: 'INT64', shape: [] },
    ],
    raw_input_contents: [bytes(chunk), state, rate],
  });

  const { value: [answer] } = await answers.next();
  if (answer.error_message) {
    // A request that fails is told in its answer; the stream goes on.
    throw new Error(`chunk ${answer.infer_response.id}: ${answer.error_message}`);
  }

  const response = answer.infer_response;
  const output = name => response.raw_output_contents[response.outputs.findIndex(o => o.name === name)];
  probabilities.push(output('output').readFloatLE(0));
  state = output('stateN');
}

stream.end();
await answers.next();
client.close();
printTimeline(probabilities);
