import { readFileSync } from 'node:fs';

/** Reads a 16 kHz mono 16-bit WAV file as samples between -1 and 1. */
export function readWav(file) {
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`${file} is not a WAV file.`);
  }

  let format = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const chunk = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (chunk === 'fmt ') {
      format = { coding: body.readUInt16LE(0), channels: body.readUInt16LE(2), rate: body.readUInt32LE(4), bits: body.readUInt16LE(14) };
    } else if (chunk === 'data') {
      return samples(file, format, body);
    }

    // Chunks begin at even places.
    at += 8 + size + size % 2;
  }

  throw new Error(`${file} holds no sound.`);
}

function samples(file, format, body) {
  if (format?.coding !== 1 || format.channels !== 1 || format.rate !== 16000 || format.bits !== 16) {
    throw new Error(`${file} must be 16 kHz, mono, 16 bits a sample, but is ${JSON.stringify(format)}.`);
  }

  return Float32Array.from({ length: body.length >> 1 }, (_, i) => body.readInt16LE(2 * i) / 32768);
}
