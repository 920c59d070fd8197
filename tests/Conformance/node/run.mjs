// Runs the conformance suite: node run.mjs http://HOST:PORT [--grpc http://HOST:PORT] [--only TEXT]
import { parseArgs } from 'node:util';
import { CaseRunner } from './case-runner.mjs';
import { GrpcCaller } from './grpc-caller.mjs';
import { cases } from './suite.mjs';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { grpc: { type: 'string' }, only: { type: 'string', default: '' } } });
if (positionals.length !== 1) {
  console.error('usage: node run.mjs http://HOST:PORT [--grpc http://HOST:PORT] [--only TEXT]');
  process.exit(2);
}

const base = new URL(positionals[0]);
const runner = new CaseRunner(base, new GrpcCaller(await grpcAddress()));
const counts = { ok: 0, 'not ok': 0, 'not offered': 0 };
for (const one of cases.filter(({ name }) => name.includes(options.only))) {
  const { verdict, why } = await runner.run(one);
  counts[verdict]++;
  const reason = why.replaceAll('\n', ' ');
  console.log(verdict === 'ok' ? `ok ${one.name}` : `${verdict} ${one.name}: ${reason}`);
  if (verdict === 'not ok') {
    console.log(`       ${one.rule} (${one.section})`);
  }
}

console.log(Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`).join(', '));
process.exit(counts['not ok'] === 0 && counts.ok > 0 ? 0 : 1);

// The same port where that answers gRPC too, else the next.
async function grpcAddress() {
  if (options.grpc) {
    return new URL(options.grpc).host;
  }

  const same = new GrpcCaller(base.host);
  const answered = await same.isAnswered();
  same.close();
  return answered ? base.host : `${base.hostname}:${Number(base.port) + 1}`;
}
