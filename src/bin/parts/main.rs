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
    let named = std::env::var_os("CARGO_TARGET_DIR").or_else(|| std::env::var_os("CARGO_BUILD_TARGET_DIR"));
    let target = named.map_or_else(|| PathBuf::from("target"), PathBuf::from);
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
    // Where the page is served from may stand before the file's name.
    let address = page.split_once("data-wasm=\"").and_then(|(_, rest)| rest.split('"').next());
    let address = address.ok_or("index.html names no wasm")?.to_owned();
    let (prefix, old) =
        address.rsplit_once('/').map_or(("", address.as_str()), |(_, old)| address.split_at(address.len() - old.len()));
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
    let told = names.iter().enumerate().map(|(nth, name)| format!("{}=\"{prefix}{name}\"", attribute(nth)));
    let told = told.collect::<Vec<_>>().join(" ");
    let page = page.replace(&format!("data-wasm=\"{address}\""), &told);
    fs::write(&place, page).map_err(|error| format!("{}: {error}", place.display()))?;
    fs::remove_file(folder.join(old)).map_err(|error| format!("{old}: {error}"))
}

/// Has `wasm-opt` make a file small: the one in the path, or the one that Trunk has fetched.
fn smaller(file: &Path) -> Result<(), String> {
    let in_path = Command::new("wasm-opt").arg("--version").output().is_ok_and(|said| said.status.success());
    let tool = if in_path { None } else { kept_by_trunk() }.unwrap_or_else(|| PathBuf::from("wasm-opt"));
    match Command::new(tool).arg(file).arg("-o").arg(file).args(SMALLER).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("wasm-opt failed: {status}")),
        Err(error) => Err(format!("wasm-opt: {error} (it comes with Binaryen: npm install binaryen)")),
    }
}

/// The newest `wasm-opt` in Trunk's own cache.
fn kept_by_trunk() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let linux = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(".cache")));
    let caches =
        [linux.map(|cache| cache.join("trunk")), home.map(|home| home.join("Library/Caches/dev.trunkrs.trunk"))];
    let folders = caches.into_iter().flatten().filter_map(|cache| fs::read_dir(cache).ok()).flatten().flatten();
    let version = |folder: &Path| folder.file_name()?.to_str()?.strip_prefix("wasm-opt-version_")?.parse::<u32>().ok();
    let tools = folders.filter_map(|folder| Some((version(&folder.path())?, folder.path().join("bin/wasm-opt"))));
    Some(tools.filter(|(_, tool)| tool.exists()).max()?.1)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
