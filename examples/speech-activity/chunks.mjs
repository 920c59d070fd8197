/** The sample rate that the model is told. */
export const sampleRate = 16000;

/** How many new samples each call brings: 32 ms. */
export const chunkLength = 512;

// Silero VAD v5 wants each chunk to begin with the end of the one before, so that no onset falls between two.
const contextLength = 64;

/** The shape of the state that each call returns and the next one takes. */
export const stateShape = [2, 1, 128];

/** Cuts samples into chunks, each with its context before it; what is left at the end is filled up with silence. */
export function* chunks(samples) {
  for (let start = 0; start < samples.length; start += chunkLength) {
    const chunk = new Float32Array(contextLength + chunkLength);
    const from = start - contextLength;
    chunk.set(samples.subarray(Math.max(from, 0), start + chunkLength), Math.max(-from, 0));
    yield chunk;
  }
}
