// Runs the workloads of src/bin/engine.rs under node; `.ci/bench` has built them.
import { createRequire } from 'node:module';

const { Case, cases } = createRequire(import.meta.url)('../target/engine/engine.js');
const tenths = ms => Math.round(ms * 10) / 10;

for (const family of process.argv.slice(2)) {
    for (const name of cases(family).split(' ').filter(Boolean)) {
        const measured = new Case(family, name);
        const [wall, cpu] = [performance.now(), process.cpuUsage()];
        const [pods, events, sim] = measured.run();
        const [wallMs, { user, system }] = [performance.now() - wall, process.cpuUsage(cpu)];
        measured.free();
        console.log(JSON.stringify({
            case: `wasm-${name}`, cpu_ms: tenths((user + system) / 1000), events,
            peak_rss_kb: process.resourceUsage().maxRSS, pods, sim_ms: sim, wall_ms: tenths(wallMs),
        }));
    }
}
