import { Rate, Trend } from 'k6/metrics';
import { parseServerTiming } from './serverTiming.js';

// k6 wants every metric made before the test begins, so the stages are named here; others are left out.
const stages = ['queue', 'input', 'infer', 'output', 'total'];

const latency = new Trend('latency', true);
const refused = new Rate('refused');
const failed = new Rate('failed');
const inServer = new Map(stages.map(stage => [stage, new Trend(`server_${stage}`, true)]));

/**
 * Counts one answer. Refused: the server said that it is too busy. Failed: anything else that is not an answer.
 * @param {{ milliseconds?: number, answered: boolean, busy: boolean, serverTiming: string | undefined }} answer
 */
export function record(answer) {
  refused.add(answer.busy);
  failed.add(!answer.answered && !answer.busy);
  if (!answer.answered) {
    return;
  }

  if (answer.milliseconds !== undefined) {
    latency.add(answer.milliseconds);
  }

  for (const [stage, milliseconds] of Object.entries(parseServerTiming(answer.serverTiming))) {
    inServer.get(stage)?.add(milliseconds);
  }
}
