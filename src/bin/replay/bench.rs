//! `replay --bench NAME`: one JSON line per case, with the clock and the memory of this process.

use std::path::PathBuf;
use std::time::Instant;

use playground::map;
use playground::replay::{Replay, Scenario, Workload};
use playground::value::{Value, json};

/// Measures a family of workloads, or every recorded scenario end to end (`scenarios`).
pub fn run(name: &str) -> Result<(), String> {
    if name == "scenarios" {
        return scenarios();
    }
    let cases = Workload::family(name)
        .ok_or_else(|| format!("no workload {name}: parallel, ordered, rolling, claims, idle or scenarios"))?;
    for case in cases {
        let mut world = case.prepare()?;
        let clock = Clock::start();
        let measured = case.run(&mut world);
        clock.line(&case.case, case.pods as i64, measured.events, measured.sim_ms);
        if !measured.arrived {
            return Err(format!("{} did not arrive", case.case));
        }
    }
    Ok(())
}

fn scenarios() -> Result<(), String> {
    let base = PathBuf::from("tests/conformance");
    let entries = std::fs::read_dir(&base).map_err(|e| format!("{}: {e}", base.display()))?;
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    for folder in folders.into_iter().filter(|f| f.join("steps.json").exists()) {
        let (steps, files) = super::load(&folder)?;
        let scenario = Scenario::read(&steps, files)?;
        let clock = Clock::start();
        let mut replay = Replay::new(&scenario)?;
        let mut events = 0;
        for step in &scenario.steps {
            replay.step(step, &mut |_, step| events += step.changes.len() as u64);
        }
        clock.line(&scenario.name, 0, events, replay.world.now().0);
    }
    Ok(())
}

/// Wall and processor time since a moment.
struct Clock {
    wall: Instant,
    cpu_ms: f64,
}

impl Clock {
    fn start() -> Self {
        Self { wall: Instant::now(), cpu_ms: cpu_ms() }
    }

    fn line(&self, case: &str, pods: i64, events: u64, sim_ms: i64) {
        let wall_ms = self.wall.elapsed().as_secs_f64() * 1000.0;
        let line = map! {
            "case" => case.to_owned(),
            "pods" => pods,
            "events" => events as i64,
            "wall_ms" => tenths(wall_ms),
            "cpu_ms" => tenths(cpu_ms() - self.cpu_ms),
            "peak_rss_kb" => peak_rss_kb(),
            "sim_ms" => sim_ms,
        };
        println!("{}", json::to_compact(&line));
    }
}

/// Milliseconds to one decimal.
fn tenths(ms: f64) -> Value {
    Value::Float((ms * 10.0).round() / 10.0)
}

/// Processor time of this process so far, user and system, in ms. 0 where the system does not tell.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0.0);
    nanoseconds / 1e6
}

/// The most memory this process has held, in kilobytes. 0 where the system does not tell.
fn peak_rss_kb() -> i64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse().ok())
        .unwrap_or(0)
}
