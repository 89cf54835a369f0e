//! `replay SCENARIO_DIR --out OUT_DIR`: performs the steps of a recording in simulated time and writes what happened
//! in the recording's own form. It knows nothing of expected output. `--world WORLD.yaml` gives it another cluster than
//! the scenario's: every latency, the nodes, the classes, as in `src/profile/*.yaml`. `--seed NUMBER` gives it another
//! chance: what differs from a recording under every seed is no chance.

mod bench;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use playground::profile::Profile;
use playground::random::Seed;
use playground::replay::{Replay, SEED, Scenario};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--bench", name] => finish(bench::run(name)),
        [scenario, options @ .., "--out", out] => match read_options(options) {
            Some(options) => finish(replay(Path::new(scenario), &options, Path::new(out))),
            None => usage(),
        },
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: replay SCENARIO_DIR [--world WORLD.yaml] [--seed NUMBER] --out OUT_DIR\n       replay --bench NAME"
    );
    ExitCode::from(2)
}

/// What may be said of a replay on the command line.
#[derive(Default)]
struct Options {
    world: Option<PathBuf>,
    seed: Option<u64>,
}

fn read_options(words: &[&str]) -> Option<Options> {
    let mut options = Options::default();
    for pair in words.chunks(2) {
        match pair {
            ["--world", world] => options.world = Some(PathBuf::from(world)),
            ["--seed", seed] => options.seed = Some(seed.parse().ok()?),
            _ => return None,
        }
    }
    Some(options)
}

fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("replay: {message}");
            ExitCode::FAILURE
        }
    }
}

fn replay(scenario: &Path, options: &Options, out: &Path) -> Result<(), String> {
    let (steps, files) = load(scenario)?;
    let scenario = Scenario::read(&steps, files)?;
    let profile = match &options.world {
        Some(path) => Profile::from_document(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?,
        None => Profile::named(&scenario.profile).ok_or_else(|| format!("unknown world {}", scenario.profile))?,
    };
    let seed = options.seed.map_or(SEED, Seed);
    let recorded = Replay::in_world(&scenario, profile, seed).perform();
    std::fs::create_dir_all(out).map_err(|e| format!("{}: {e}", out.display()))?;
    write(&out.join("transcript.jsonl"), &recorded.transcript)?;
    write(&out.join("watch.jsonl"), &recorded.watch)
}

/// The steps of a scenario and the files of its working directory.
fn load(scenario: &Path) -> Result<(String, Vec<(String, String)>), String> {
    let steps = read(&scenario.join("steps.json"))?;
    let manifests = scenario.join("manifests");
    let mut files = Vec::new();
    if manifests.is_dir() {
        collect(&manifests, &manifests, &mut files)?;
    }
    Ok((steps, files))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &PathBuf, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// Every file below a folder, by its path relative to `base`.
fn collect(base: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(base, &path, files)?;
        } else {
            let name = path.strip_prefix(base).map_err(|e| e.to_string())?.to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(())
}
