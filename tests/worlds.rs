//! `replay --world`: a recorded scenario in a cluster that somebody wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder for what a test writes.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Performs the lab in a world; answers what the command said and the names of the nodes that pods were bound to.
fn lab_in(world: &str, out: &Path) -> (Output, Vec<String>) {
    let path = out.join("world.yaml");
    std::fs::write(&path, world).expect("a file");
    let said = Command::new(env!("CARGO_BIN_EXE_replay"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/01-lab-18"))
        .arg("--world")
        .arg(&path)
        .arg("--out")
        .arg(out)
        .output()
        .expect("replay runs");
    let watch = std::fs::read_to_string(out.join("watch.jsonl")).unwrap_or_default();
    let mut nodes: Vec<String> = watch
        .lines()
        .filter_map(|line| Some(line.split_once("\"nodeName\":\"")?.1.split('"').next()?.to_owned()))
        .collect();
    nodes.sort();
    nodes.dedup();
    (said, nodes)
}

const LIFE: &str = include_str!("../src/profile/life.yaml");

#[test]
fn pods_live_on_the_nodes_of_the_world_they_are_given() {
    let (said, nodes) = lab_in(&LIFE.replace("node-1", "attic"), &folder("attic"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(nodes.contains(&"attic".to_owned()) && !nodes.contains(&"node-1".to_owned()), "{nodes:?}");
}

#[test]
fn a_world_with_a_mistake_is_refused_with_its_line() {
    let (said, _) = lab_in(&LIFE.replacen("probeDivisor", "probesDivisor", 1), &folder("mistake"));
    let why = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(!said.status.success() && why.contains("unknown field `probesDivisor`") && why.contains("line"), "{why}");
}
