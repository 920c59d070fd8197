/**
 * The numbers that matter, one a line, for the end of a run.
 * @param {{ metrics: Record<string, { values: Record<string, number> }> }} data
 */
export function summarize(data) {
  const lines = [''];
  for (const name of ['latency', 'grpc_req_duration', 'server_queue', 'server_input', 'server_infer', 'server_output', 'server_total']) {
    const values = data.metrics[name]?.values;
    if (values && values.max > 0) {
      const quantiles = ['med', 'p(90)', 'p(95)', 'p(99)', 'max'].map(q => `${q} ${values[q].toFixed(2)} ms`);
      lines.push(`${name.padEnd(18)} ${quantiles.join('  ')}`);
    }
  }

  const rate = data.metrics.iterations?.values.rate ?? 0;
  lines.push(`throughput         ${rate.toFixed(1)} requests a second`);
  for (const name of ['refused', 'failed']) {
    lines.push(`${name.padEnd(18)} ${(100 * (data.metrics[name]?.values.rate ?? 0)).toFixed(3)} %`);
  }

  return `${lines.join('\n')}\n\n`;
}

/** The quantiles that k6 is to keep for it. */
export const summaryTrendStats = ['med', 'p(90)', 'p(95)', 'p(99)', 'max'];
