//! Cuts the page's WebAssembly into parts that are fetched one after the other: what draws the first picture, what the
//! first minutes of the lab need on top of that, and the rest.
//!
//! `parts split FOLDER` does so with the page that Trunk has just built into a folder (src/bin/dev asks for it, and only in
//! a release); `parts mark FILE` writes the same page so that it remembers which of its functions were called, from which
//! `tests/browser/parts.rs` makes the lists `picture.txt` and `lab.txt`. What is in no list comes with the last part, so a
//! stale list costs time, never correctness: static/boot.js fetches a part at once where something in it is called before
//! it has come.

mod constants;
mod mark;
mod names;
mod split;

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use names::Lists;

/// How the parts are made small: loops and branches anew, functions with one caller kept apart, and the first kilobyte of
/// memory known to be unused. 8 KB less than `-Oz` alone.
const SMALLER: &[&str] =
    &["--low-memory-unused", "--one-caller-inline-max-function-size", "1", "--flatten", "--rereloop", "-Oz", "-Oz"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["split", folder] => split_page(Path::new(folder)),
        ["mark", file] => mark_page(Path::new(file)),
        _ => Err("usage: parts split FOLDER | parts mark FILE".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// What was linked, with the places of its constants, and what became of it for the browser.
fn built() -> Result<(Vec<u8>, Vec<u8>), String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let linked = read(&target.join("wasm32-unknown-unknown/page/page.wasm"))?;
    Ok((linked, read(&target.join("wasm-bindgen/release/page_bg.wasm"))?))
}

fn mark_page(file: &Path) -> Result<(), String> {
    let marked = mark::mark(&built()?.1)?;
    fs::write(file, marked).map_err(|error| format!("{}: {error}", file.display()))
}

fn split_page(folder: &Path) -> Result<(), String> {
    let (linked, bound) = built()?;
    let parts = split::split(&linked, &bound, &Lists::of_the_page())?;
    let place = folder.join("index.html");
    let page = String::from_utf8(read(&place)?).map_err(|error| format!("{}: {error}", place.display()))?;
    let old = page.split_once("data-wasm=\"./").and_then(|(_, rest)| rest.split('"').next());
    let old = old.ok_or("index.html names no wasm")?.to_owned();
    let mut names = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let file = folder.join(format!("part-{number}.wasm"));
        fs::write(&file, part).map_err(|error| format!("{}: {error}", file.display()))?;
        smaller(&file)?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&read(&file)?);
        let name = format!("page-{:016x}.wasm", hasher.finish());
        fs::rename(&file, folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        names.push(name);
    }
    let attribute = |nth: usize| if nth == 0 { "data-wasm".to_owned() } else { format!("data-part-{nth}") };
    let told = names.iter().enumerate().map(|(nth, name)| format!("{}=\"./{name}\"", attribute(nth)));
    let told = told.collect::<Vec<_>>().join(" ");
    let page = page.replace(&format!("data-wasm=\"./{old}\""), &told);
    fs::write(&place, page).map_err(|error| format!("{}: {error}", place.display()))?;
    fs::remove_file(folder.join(&old)).map_err(|error| format!("{old}: {error}"))
}

/// `wasm-opt` as Trunk finds it: in the path, or where Trunk has put the one that it fetched.
fn smaller(file: &Path) -> Result<(), String> {
    let tool = kept_by_trunk().unwrap_or_else(|| PathBuf::from("wasm-opt"));
    let run = Command::new(&tool).arg(file).arg("-o").arg(file).args(SMALLER).status();
    match run {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("wasm-opt failed: {status}")),
        Err(error) => Err(format!("wasm-opt: {error}")),
    }
}

/// The `wasm-opt` in Trunk's own cache, where none is in the path.
fn kept_by_trunk() -> Option<PathBuf> {
    if Command::new("wasm-opt").arg("--version").output().is_ok() {
        return None;
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))?;
    let tools = fs::read_dir(cache.join("trunk")).ok()?.flatten();
    let mut tools: Vec<PathBuf> =
        tools.map(|entry| entry.path().join("bin/wasm-opt")).filter(|tool| tool.exists()).collect();
    tools.sort();
    tools.pop()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
