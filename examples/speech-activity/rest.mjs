// Finds speech in a recording over REST: node rest.mjs [WAV] [URL]

import path from 'node:path';
import { chunks, sampleRate, stateShape } from './chunks.mjs';
import { printTimeline } from './timeline.mjs';
import { readWav } from './wav.mjs';

const file = process.argv[2] ?? path.join(import.meta.dirname, 'speech.wav');
const url = process.argv[3] ?? 'http://localhost:8000';

let state = new Array(2 * 128).fill(0);
const probabilities = [];
for (const chunk of chunks(readWav(file))) {
  const response = await fetch(`${url}/v2/models/silero-vad/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      inputs: [
        { name: 'input', datatype: 'FP32', shape: [1, chunk.length], data: [...chunk] },
        { name: 'state', datatype: 'FP32', shape: stateShape, data: state },
        { name: 'sr', datatype: 'INT64', shape: [], data: [sampleRate] },
      ],
    }),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${response.status}: ${answer.error}`);
  }

  const output = name => answer.outputs.find(o => o.name === name).data.flat(Infinity);
  probabilities.push(output('output')[0]);
  state = output('stateN');
}

printTimeline(probabilities);
