import { chunkLength, sampleRate } from './chunks.mjs';

const step = 0.1;

// The thresholds with which Silero's own tools begin and end a stretch of speech.
const begins = 0.5;
const ends = 0.35;

/** Prints a line for each tenth of a second, then the stretches of speech. */
export function printTimeline(probabilities) {
  const seconds = probabilities.length * chunkLength / sampleRate;
  for (let i = 0; i * step < seconds; i++) {
    const probability = highest(probabilities, i * step, (i + 1) * step);
    const bar = '#'.repeat(Math.round(probability * 30)).padEnd(30);
    console.log(`${(i * step).toFixed(1)} s  ${bar}  ${probability.toFixed(2)}  ${probability >= begins ? 'speech' : 'silence'}`);
  }

  for (const [from, to] of stretches(probabilities)) {
    console.log(`speech from ${from.toFixed(2)} s to ${to.toFixed(2)} s`);
  }
}

function highest(probabilities, from, to) {
  const chunksPerSecond = sampleRate / chunkLength;
  const first = Math.floor(from * chunksPerSecond);
  const last = Math.max(first + 1, Math.floor(to * chunksPerSecond));
  return Math.max(...probabilities.slice(first, last));
}

/** Begin and end, in seconds, of each stretch of speech. */
export function stretches(probabilities) {
  const found = [];
  let begin = null;
  const time = chunk => chunk * chunkLength / sampleRate;
  probabilities.forEach((probability, chunk) => {
    if (begin === null && probability >= begins) {
      begin = time(chunk);
    } else if (begin !== null && probability < ends) {
      found.push([begin, time(chunk)]);
      begin = null;
    }
  });
  return begin === null ? found : [...found, [begin, time(probabilities.length)]];
}
