//! The session as texts that stand on their own: a shell script, the transcript, this state, a recording of a terminal.

use std::fmt::Write as _;
use std::rc::Rc;

use super::lab::Lab;
use super::scene::{Scene, SetScene, Standing};
use super::state::State;
use super::terminal::{Row, TERMINALS, Tone};
use super::transport::clock;
use crate::history::{Act, Files};
use crate::kubectl::split_words;
use crate::time::Time;
use crate::value::{Map, Text, Value, json};

/// A recording is at least and at most so wide, columns.
const WIDTHS: (usize, usize) = (80, 200);

/// What was done on this branch up to the cursor, as a script that does it to a real cluster.
pub fn script(state: &State) -> String {
    let branch = state.time.branch();
    let mut out = format!(
        "#!/bin/sh\n# A session of the StatefulSet Playground, branch \"{}\", up to {}.\n\
         # It acts on the cluster that kubectl is set to now; look at: kubectl config current-context\n\n",
        plain(&branch.name),
        clock(branch.now())
    );
    let mut processes = branch.lab().world.processes();
    let (mut at, mut files, mut watches) = (Time(0), Files::default(), [0_usize; TERMINALS]);
    let (mut begun, mut closed) = (0, Vec::new());
    for entry in branch.entries().iter().take(branch.moment().acted) {
        let pause = (entry.at.since(at) + 500) / 1000;
        if pause > 0 {
            let _ = writeln!(out, "sleep {pause}");
        }
        at = entry.at;
        match &entry.act {
            Act::Line { terminal, line, .. } => {
                let argv = split_words(line.trim_end().trim_end_matches('&')).ok().filter(|_| is_kubectl(line));
                let Some(argv) = argv else {
                    let _ = writeln!(out, "# typed here: {}", plain(line));
                    continue;
                };
                for (file, text) in entry.files.iter() {
                    if files.get(file.as_str()) != Some(text) && argv.iter().any(|word| names(word, file)) {
                        Rc::make_mut(&mut files).insert(file.clone(), text.clone());
                        here_document(&mut out, file, text);
                    }
                }
                for (file, _, text) in super::lab::CLASSES {
                    if !entry.files.contains_key(file) && argv.iter().any(|word| names(word, file)) {
                        here_document(&mut out, file, text);
                    }
                }
                for (path, text) in branch.lab().world.processes().filter_map(|(_, process)| process.left_file()) {
                    if argv.iter().any(|word| names(word, path)) {
                        here_document(&mut out, path, text);
                    }
                }
                let process = processes.next().map(|(_, process)| process);
                if process.is_some_and(|process| process.edited().is_some()) {
                    let _ = writeln!(out, "# typed here: {}; what was changed in its editor follows", plain(line));
                    continue;
                }
                // What had to be stopped by hand, or was not stopped yet, would stop the script.
                let goes_on = process.is_some_and(|process| process.exit.is_none_or(|code| code == 130));
                let _ = write!(out, "kubectl {}", command(&argv));
                if goes_on {
                    begun += 1;
                    if let Some(watch) = watches.get_mut(*terminal) {
                        *watch = begun;
                    }
                    let _ = write!(out, " &\nwatch_{begun}=$!");
                }
                out.push('\n');
            }
            Act::Interrupt(terminal) => {
                if let Some(watch) = watches.get(*terminal).filter(|watch| **watch > 0) {
                    let _ = writeln!(out, "kill \"$watch_{watch}\"");
                }
            }
            Act::CloseEditor(id, _) => {
                let process = branch.lab().world.process(*id).filter(|_| !closed.contains(id));
                for words in process.and_then(|process| process.edited()).unwrap_or_default() {
                    let _ = writeln!(out, "kubectl {}", command(words));
                }
                closed.push(*id);
            }
            Act::Fault(fault) => {
                let _ = writeln!(out, "# kubectl cannot do this; by hand: you {}", plain(&fault.told()));
            }
        }
    }
    out
}

fn is_kubectl(line: &str) -> bool {
    matches!(line.split_whitespace().next(), Some("kubectl" | "k"))
}

/// Whether a word of a command names this file, or the folder it lies in.
fn names(word: &str, file: &str) -> bool {
    let path = word.rsplit_once(['=', ',']).map_or(word, |(_, path)| path);
    matches!(path, "." | "./") || path.strip_prefix("./").unwrap_or(path).strip_prefix("-f").unwrap_or(path) == file
}

fn here_document(out: &mut String, file: &str, text: &str) {
    let mut end = "END_OF_MANIFEST".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    let _ = writeln!(out, "cat > {file} <<'{end}'\n{}\n{end}", text.trim_end_matches('\n'));
}

/// A word as a shell takes it for one, whatever is in it.
fn quoted(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(safe) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The words of a command, each as a shell takes it for one.
fn command<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| quoted(word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// One line of a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Everything that stands or stood in the terminals at the cursor, in the order of time.
pub fn transcript(state: &State) -> String {
    let terminals = &state.lab().terminals;
    let mut rows: Vec<(Time, usize, &Row)> = Vec::new();
    for (nth, terminal) in terminals.iter().enumerate() {
        rows.extend(terminal.rows().map(|row| (row.at, nth + 1, row)));
    }
    crate::sorted::sort_by_key(&mut rows, &|(at, nth, _)| (*at, *nth));
    let mut out = String::new();
    let mut last = None;
    for (at, nth, row) in rows {
        let seconds = at.0.div_euclid(1000);
        if last != Some((seconds, nth)) {
            let _ = writeln!(out, "{}# {}, terminal {nth}", if last.is_some() { "\n" } else { "" }, clock(at));
            last = Some((seconds, nth));
        }
        let _ = writeln!(out, "{}", row.text);
    }
    if out.is_empty() { "Nothing was typed yet.\n".into() } else { out }
}

/// The picture in words.
pub fn words(state: &State) -> String {
    let branch = state.time.branch();
    let mut out = format!("StatefulSet Playground, {} on {}\n", clock(branch.now()), branch.name);
    picture_in_words(&mut out, &state.scene);
    let _ = writeln!(out, "\n{}", state.narration());
    out
}

fn picture_in_words(out: &mut String, scene: &Scene) {
    for set in scene.sets.iter().filter(|set| set.standing != Standing::Planned) {
        let _ = writeln!(out, "\nstatefulset/{} in {}: {} of {} Ready", set.name, set.namespace, set.ready, set.wanted);
        let tags: Vec<&str> = set.tags.iter().map(Text::as_str).collect();
        let _ = writeln!(out, "  {}", tags.join(", "));
        let says = &set.controller;
        let waits = if says.waits { " waits" } else { "" };
        let rule = if says.rule > 0 { format!(" (R{})", says.rule) } else { String::new() };
        let _ = writeln!(out, "  controller{waits}: {}{rule}", says.text);
        seats_in_words(out, set);
    }
    for pod in &scene.others {
        let _ = writeln!(out, "\npod/{} in {} belongs to no set: {}", pod.name, pod.namespace, pod.state);
    }
    out.push('\n');
    for node in &scene.nodes {
        let state = if node.ready { "Ready" } else { "NotReady" };
        let cordoned = if node.cordoned { ", cordoned" } else { "" };
        let _ = writeln!(out, "node/{} {state}{cordoned}, pods: {}", node.name, node.pods.len());
    }
}

fn seats_in_words(out: &mut String, set: &SetScene) {
    for seat in &set.seats {
        let _ = write!(out, "  {}: ", seat.name);
        match &seat.pod {
            Some(pod) => {
                out.push_str(&pod.state);
                if !pod.node.is_empty() {
                    let _ = write!(out, " on {}", pod.node);
                }
                if let Some((letter, _)) = pod.revision {
                    let _ = write!(out, ", revision {letter}");
                }
                if pod.restarts > 0 {
                    let _ = write!(out, ", {} restarts", pod.restarts);
                }
                if !pod.why.is_empty() {
                    let _ = write!(out, " ({})", pod.why);
                }
            }
            None => out.push_str("no pod"),
        }
        for claim in &seat.claims {
            let _ = write!(out, "; claim {} {} {}", claim.name, claim.phase, claim.size);
        }
        out.push('\n');
    }
}

/// What stood in a terminal, as asciinema plays it (asciicast v2). `None` when nothing did.
pub fn asciicast(lab: &Lab, terminal: usize) -> Option<String> {
    let rows = || lab.terminals.get(terminal).into_iter().flat_map(|terminal| terminal.rows());
    let first = rows().next()?.at;
    let widest = rows().map(|row| row.text.chars().count()).max().unwrap_or(0);
    let head = Map::from(vec![
        ("version".into(), Value::Int(2)),
        ("width".into(), Value::Int(widest.clamp(WIDTHS.0, WIDTHS.1) as i64)),
        ("height".into(), Value::Int(24)),
        ("idle_time_limit".into(), Value::Int(3)),
        ("title".into(), Value::Text("StatefulSet Playground".into())),
    ]);
    let mut out = json::to_compact(&Value::from(head)) + "\n";
    for row in rows() {
        let ms = row.at.since(first);
        let colour = match row.tone {
            Tone::In => "\u{1b}[32m",
            Tone::Err => "\u{1b}[31m",
            Tone::Note => "\u{1b}[2m",
            Tone::Out => "",
        };
        let rest = if colour.is_empty() { "" } else { "\u{1b}[0m" };
        let text = json::to_compact(&Value::Text(format!("{colour}{}{rest}\r\n", row.text).into()));
        let _ = writeln!(out, "[{}.{:03}, \"o\", {text}]", ms / 1000, ms % 1000);
    }
    Some(out)
}
