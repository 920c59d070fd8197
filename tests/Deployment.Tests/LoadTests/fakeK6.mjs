// Stands in for k6: modules that write down what the scripts ask of them.

import { register } from 'node:module';

export const state = globalThis.fakeK6 = { metrics: {}, posts: [], invocations: [], connections: 0, answer: null };

const modules = {
  'k6': 'export const check = (value, checks) => Object.values(checks).every(c => c(value));',
  'k6/metrics': `
    class Metric { constructor(name) { this.values = globalThis.fakeK6.metrics[name] = []; } add(value) { this.values.push(value); } }
    export const Rate = Metric, Trend = Metric;`,
  'k6/http': `
    const answer = (...call) => { globalThis.fakeK6.posts.push(call); return globalThis.fakeK6.answer; };
    export default { get: answer, post: answer };`,
  'k6/net/grpc': `
    class Client {
      load() {}
      connect() { globalThis.fakeK6.connections++; }
      invoke(...call) { globalThis.fakeK6.invocations.push(call); return globalThis.fakeK6.answer; }
    }
    export default { Client, StatusOK: 0, StatusResourceExhausted: 8, StatusUnavailable: 14 };`,
};

const loader = `
  const modules = ${JSON.stringify(modules)};
  export const resolve = (name, context, next) =>
    name in modules ? { url: 'data:text/javascript,' + encodeURIComponent(modules[name]), shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(loader)}`);
