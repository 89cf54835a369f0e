//! Modules import upward only, as ARCHITECTURE.md draws it.

use std::path::{Path, PathBuf};

/// From the ground up. A module may name itself and those before it; what it may not name although it comes before is
/// listed with it.
const ORDER: &[(&str, &[&str])] = &[
    ("sorted", &[]),
    ("time", &["sorted"]),
    ("random", &["time"]),
    ("value", &["time", "random"]),
    ("profile", &["time", "random"]),
    ("api", &["random", "profile"]),
    ("apiserver", &["profile"]),
    ("controller", &[]),
    ("scheduler", &[]),
    ("kubelet", &["scheduler"]),
    ("kubectl", &["controller", "scheduler", "kubelet", "random"]),
    ("sim", &[]),
    ("promises", &["kubectl"]),
    ("explain", &["promises"]),
    ("trial", &[]),
    ("replay", &[]),
    ("history", &["promises", "trial", "replay"]),
    ("ui", &["replay", "trial"]),
];

/// Crates that only the page's edges may name.
const BROWSER: &[&str] = &["yew::", "web_sys::", "js_sys::", "gloo", "wasm_bindgen::"];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn all() -> Vec<(String, String)> {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&base, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&base).expect("below src").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a source is text"))
        })
        .collect()
}

/// The top-level module that a file belongs to.
fn module(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

#[test]
fn no_module_imports_what_stands_below_it() {
    let mut wrong = Vec::new();
    let mut known = 0;
    for (file, text) in all() {
        let Some(place) = ORDER.iter().position(|(name, _)| *name == module(&file)) else {
            continue;
        };
        known += 1;
        let tests = file.contains("tests") || file.contains("harness");
        for (at, (name, _)) in ORDER.iter().enumerate() {
            let forbidden = at > place || ORDER[place].1.contains(name);
            let named = text.contains(&format!("crate::{name}::")) || text.contains(&format!("crate::{name};"));
            if forbidden && named && !tests {
                wrong.push(format!("{file} names crate::{name}"));
            }
        }
    }
    assert!(known > 50, "only {known} files belong to a known module");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_edges_of_the_page_name_the_browser() {
    let edge = |file: &str| {
        file.starts_with("ui/view") || file.starts_with("ui/port") || matches!(file, "main.rs" | "bin/engine.rs")
    };
    let wrong: Vec<String> = all()
        .iter()
        .filter(|(file, _)| !edge(file))
        .flat_map(|(file, text)| {
            BROWSER.iter().filter(|name| text.contains(**name)).map(move |name| format!("{file} names {name}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
