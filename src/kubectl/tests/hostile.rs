//! Nonsense: whatever is typed, a command answers or waits, and ends when it is interrupted.

use std::rc::Rc;

use super::Terminal;
use crate::kubectl::{Wake, split_words};

/// Words that commands are made of, right and wrong ones.
const WORDS: &[&str] = &[
    "get",
    "apply",
    "create",
    "delete",
    "scale",
    "patch",
    "rollout",
    "status",
    "history",
    "undo",
    "restart",
    "set",
    "image",
    "env",
    "resources",
    "label",
    "annotate",
    "describe",
    "events",
    "wait",
    "drain",
    "cordon",
    "taint",
    "explain",
    "replace",
    "edit",
    "diff",
    "expose",
    "run",
    "version",
    "api-resources",
    "config",
    "view",
    "auth",
    "can-i",
    "help",
    "raw",
    "namespace",
    "configmap",
    "service",
    "clusterip",
    "pdb",
    "sts",
    "sts/web",
    "pods",
    "web",
    "all",
    "svc,sts",
    "nodes",
    "node-1",
    "/",
    "a/b/c",
    "",
    "-",
    "--",
    "-w",
    "-f",
    "w.yaml",
    "bad.yaml",
    "-n",
    "-A",
    "-l",
    "app=web",
    "a=b=c",
    "((",
    "-o",
    "yaml",
    "json",
    "name",
    "wide",
    "jsonpath={.x",
    "custom-columns=A:.b",
    "go-template={{.x}}",
    "-p",
    "{\"spec\":{\"replicas\":3}}",
    "[{\"op\":\"remove\",\"path\":\"/x\"}]",
    "--type=json",
    "--type=merge",
    "--replicas=3",
    "--replicas=x",
    "--all",
    "--force",
    "--grace-period=0",
    "--timeout=1s",
    "--for=delete",
    "--for=condition=Ready",
    "--for=jsonpath={.a}=b",
    "--dry-run=client",
    "--dry-run=server",
    "--server-side",
    "--cascade=orphan",
    "--to-revision=7",
    "--revision=1",
    "app=nginx:2",
    "A=1",
    "A-",
    "x-",
    "--list",
    "--local",
    "-h",
    "--subresource=scale",
    "--subresource=status",
    "--sort-by=.metadata.name",
    "--raw=/api/v1/pods",
    "é",
    "\u{1f980}",
    "--wait=false",
    "--watch-only",
    "--output-watch-events",
    "--show-labels",
    "-L",
    "k:NoSchedule",
    "--overwrite",
];

#[test]
fn no_line_stops_the_playground() {
    let mut terminal = Terminal::new();
    terminal.file("bad.yaml", "kind: StatefulSet\napiVersion: apps/v1\nmetadata: [1]\n---\na: &x [*x]\n");
    let mut state: u64 = 20_260_105;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % bound
    };
    for round in 0..4000 {
        if round % 200 == 0 {
            terminal = {
                let mut fresh = Terminal::new();
                fresh.file("bad.yaml", "a: [1");
                fresh
            };
            terminal.run("apply -f w.yaml");
        }
        let count = next(7);
        let line: Vec<String> = (0..count).map(|_| format!("'{}'", WORDS[next(WORDS.len())])).collect();
        let mut process = terminal.start(&line.join(" "));
        Rc::make_mut(&mut process.invocation).editor = next(2) == 0;
        let mut wake = terminal.wake(&mut process, &[]);
        for _ in 0..3 {
            match wake {
                Wake::Exited(_) => break,
                Wake::At(time) | Wake::OnChange(Some(time)) => terminal.now = terminal.now.max(time),
                Wake::OnChange(None) => {}
                Wake::Editor => process.close_editor(Some(WORDS[next(WORDS.len())].into())),
            }
            let events = terminal.server.take_announced();
            wake = terminal.wake(&mut process, &events);
        }
        process.interrupt();
        assert!(process.exit.is_some());
    }
}

#[test]
fn a_line_of_anything_is_split_or_refused() {
    for line in ["'", "\"", "\\", "a\\", "\"\\", "$(x)", "a;b", "🦀 '🦀", "\u{0}"] {
        let _ = split_words(line);
    }
}
