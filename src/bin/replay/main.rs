//! `replay SCENARIO_DIR --out OUT_DIR`: performs the steps of a recording in simulated time and writes what happened
//! in the recording's own form. It knows nothing of expected output. `--world WORLD.yaml` gives it another cluster than
//! the scenario's: every latency, the nodes, the classes, as in `src/profile/*.yaml`.

mod bench;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use playground::profile::Profile;
use playground::replay::{Replay, Scenario};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [scenario, "--out", out] => finish(replay(Path::new(scenario), None, Path::new(out))),
        [scenario, "--world", world, "--out", out] => {
            finish(replay(Path::new(scenario), Some(Path::new(world)), Path::new(out)))
        }
        ["--bench", name] => finish(bench::run(name)),
        _ => {
            eprintln!("usage: replay SCENARIO_DIR [--world WORLD.yaml] --out OUT_DIR\n       replay --bench NAME");
            ExitCode::from(2)
        }
    }
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

fn replay(scenario: &Path, world: Option<&Path>, out: &Path) -> Result<(), String> {
    let (steps, files) = load(scenario)?;
    let scenario = Scenario::read(&steps, files)?;
    let recorded = match world {
        Some(path) => {
            let profile = Profile::from_document(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
            Replay::in_world(&scenario, profile).perform()
        }
        None => Replay::run(&scenario)?,
    };
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
