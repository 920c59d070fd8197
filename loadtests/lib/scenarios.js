// What is asked of the server, by the environment variable SCENARIO.

/** @typedef {Record<string, string>} Environment */

/**
 * @param {Environment} environment
 * @param {string} name
 * @param {number} fallback
 */
function number(environment, name, fallback) {
  const value = Number(environment[name] ?? fallback);
  if (!Number.isFinite(value) || value <= 0) {
    throw new Error(`${name} must be a positive number, but is '${environment[name]}'.`);
  }

  return value;
}

/**
 * smoke: one client, ten seconds, to see that it works.
 * load: RATE requests a second, as an open loop, which shows the latency that users see: a slow answer delays no other question.
 * stress: more and more, up to four times RATE, to see what happens beyond the limit.
 * @param {Environment} environment
 * @returns {Record<string, import('k6/options').Scenario>}
 */
export function scenarios(environment) {
  const chosen = environment.SCENARIO ?? 'smoke';
  const duration = environment.DURATION ?? '60s';
  const rate = number(environment, 'RATE', 100);
  const maxVUs = number(environment, 'MAX_VUS', 1000);
  const preAllocatedVUs = Math.min(maxVUs, Math.ceil(rate / 2));
  switch (chosen) {
    case 'smoke':
      return { smoke: { executor: 'constant-vus', vus: 1, duration: '10s' } };
    case 'load':
      return { load: { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration, preAllocatedVUs, maxVUs } };
    case 'stress':
      return {
        stress: {
          executor: 'ramping-arrival-rate',
          startRate: rate,
          timeUnit: '1s',
          preAllocatedVUs,
          maxVUs,
          stages: [1, 2, 3, 4].map(factor => ({ target: rate * factor, duration })),
        },
      };
    default:
      throw new Error(`SCENARIO must be smoke, load or stress, but is '${chosen}'.`);
  }
}

/**
 * What must hold. Under stress the server may refuse, so only its own failures count there.
 * @param {Environment} environment
 * @param {string} latency the metric whose 99th percentile must stay below P99_MS
 * @returns {Record<string, string[]>}
 */
export function thresholds(environment, latency) {
  const p99 = number(environment, 'P99_MS', 500);
  /** @type {Record<string, string[]>} */
  const held = { failed: ['rate<0.001'] };
  if (environment.SCENARIO !== 'stress') {
    held[latency] = [`p(99)<${p99}`];
    held.refused = ['rate<0.01'];
    held.dropped_iterations = ['count<1'];
  }

  return held;
}
