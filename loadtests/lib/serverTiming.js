/**
 * Reads the stages and their milliseconds from a Server-Timing header: "queue;dur=0.12, infer;dur=3.4".
 * @param {string | undefined} header
 * @returns {Record<string, number>}
 */
export function parseServerTiming(header) {
  /** @type {Record<string, number>} */
  const stages = {};
  for (const entry of (header ?? '').split(',')) {
    const [name, ...parameters] = entry.split(';').map(part => part.trim());
    const duration = parameters.find(parameter => parameter.startsWith('dur='));
    const milliseconds = Number(duration?.slice('dur='.length));
    if (name !== '' && Number.isFinite(milliseconds)) {
      stages[name] = milliseconds;
    }
  }

  return stages;
}
