/** The page at `/`: a list of routes, and live figures from `GET /stats`. */
export function pageForPeople(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Overlap latency server</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  code, #figures td:last-child { font-family: ui-monospace, monospace; }
  table { border-collapse: collapse; width: 100%; }
  td { border-top: 1px solid #8886; padding: .3rem .5rem .3rem 0; vertical-align: top; }
  #figures td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
</style>
<h1>Overlap latency server</h1>
<p>It answers with the requested delays and faults, and reports the real times.</p>
<h2>Routes</h2>
<table>
  <tr><td><code>GET /delay/100</code></td><td>answers after 100 ms; POST answers with the length and CRC-32 of the body</td></tr>
  <tr><td><code>/base/name/100/…</code></td><td>the same with any method and path below it, as a base URL; name is that of the measurement</td></tr>
  <tr><td><code>GET /stats</code></td><td>counts and times since <code>DELETE /stats</code>, in ms</td></tr>
  <tr><td><code>GET /trace</code></td><td>when each request arrived, started and was answered</td></tr>
</table>
<h2>Parameters of /delay</h2>
<table>
  <tr><td><code>job=17</code></td><td>the request's id, which with the seed determines its random numbers</td></tr>
  <tr><td><code>run=name</code></td><td>the name of the measurement it belongs to</td></tr>
  <tr><td><code>distribution=uniform&amp;jitter=20</code></td><td>also normal with deviation, lognormal with sigma, exponential, pareto with shape</td></tr>
  <tr><td><code>size=1000</code></td><td>the least number of bytes in the body</td></tr>
  <tr><td><code>fault=reset:0.1,slow:0.05</code></td><td>error (status=503), reset, silence, truncate, slow (bytesPerSecond=100), with probabilities</td></tr>
</table>
<h2>Now</h2>
<table id="figures" aria-live="off"></table>
<script>
  const rows = [
    ['requests', (s) => s.requests], ['in flight', (s) => s.inFlight], ['queued', (s) => s.queued],
    ['peak in flight', (s) => s.peakInFlight], ['rejected (503, 429)', (s) => s.rejected.queueFull + ', ' + s.rejected.rateLimited],
    ['connections open, opened, reused', (s) => [s.connections.open, s.connections.opened, s.connections.reused].join(', ')],
    ['hold error, median, ms', (s) => s.holdErrorMs.p50.toFixed(3)], ['hold error, 99 %, ms', (s) => s.holdErrorMs.p99.toFixed(3)],
    ['event loop busy', (s) => (100 * s.eventLoopUtilization).toFixed(1) + ' %'],
  ];
  const table = document.getElementById('figures');
  for (const [name] of rows) table.insertRow().append(Object.assign(document.createElement('td'), { textContent: name }), document.createElement('td'));
  const refresh = async () => {
    try {
      const stats = await (await fetch('/stats')).json();
      rows.forEach(([, figure], index) => { table.rows[index].cells[1].textContent = figure(stats); });
    } catch { table.rows[0].cells[1].textContent = 'the server does not answer'; }
  };
  refresh();
  setInterval(refresh, 1000);
</script>
</html>
`;
}
