//! What a command said, as it is compared: order that Kubernetes does not promise is taken out.

use std::collections::BTreeSet;

use fancy_regex::Regex;
use playground::value::Value;

use super::normal::{Normal, Renames};

/// Exit code, lines of stdout, a mark, lines of stderr.
pub fn step_value(normal: &Normal, line: &Value, namespaces: &BTreeSet<String>, names: &Renames) -> Vec<String> {
    let argv: Vec<&str> = line.at(&["argv"]).items().iter().map(Value::str_or_empty).collect();
    let background = line.at(&["background"]).as_bool() == Some(true);
    let code = match line.at(&["rc"]) {
        Value::Int(code) => code.to_string(),
        _ if background => "running".into(),
        other => other.str_or_empty().to_owned(),
    };
    let mut out = normal.lines(line.at(&["stdout"]).str_or_empty());
    let mut err = normal.lines(line.at(&["stderr"]).str_or_empty());
    let kinds = argv.get(1).copied().unwrap_or("");
    let yaml = argv.iter().any(|word| matches!(*word, "-oyaml" | "yaml"));
    if yaml && kinds.split(',').any(|kind| kind == "pv") {
        out = volumes_by_claim(&out);
    }
    if background || argv.iter().any(|word| matches!(*word, "-w" | "--watch")) {
        out = without_equal_rows(&out);
    }
    let rename = |lines: Vec<String>| lines.iter().map(|line| names.apply(line)).collect::<Vec<_>>();
    (out, err) = (rename(out), rename(err));
    sort_generated(&mut out);
    sort_restarted(kinds, &mut out);
    err.sort();
    let mut value = vec![format!("exit {code}")];
    value.extend(tidy(&argv, out, namespaces));
    value.push("--- stderr".into());
    value.extend(err);
    value
}

/// Of what `get -w` printed, a row equal to that name's row before is dropped.
fn without_equal_rows(lines: &[String]) -> Vec<String> {
    let mut last = std::collections::BTreeMap::new();
    let mut rows = Vec::new();
    for line in lines {
        let name = line.split("  ").next().unwrap_or("").to_owned();
        if last.get(&name) != Some(line) {
            rows.push(line.clone());
            last.insert(name, line.clone());
        }
    }
    rows
}

/// Runs of generated names stand in the order of their random ends.
fn sort_generated(lines: &mut [String]) {
    sort_runs(lines, |line| line.contains("<rand>") || line.contains("<rs"));
}

fn sort_runs(lines: &mut [String], belongs: impl Fn(&str) -> bool) {
    let mut start = 0;
    while start < lines.len() {
        let mut end = start;
        while end < lines.len() && belongs(&lines[end]) {
            end += 1;
        }
        lines[start..end].sort();
        start = end.max(start + 1);
    }
}

fn sort_restarted(kinds: &str, lines: &mut [String]) {
    if !kinds.contains("controllerrevisions") || !lines.iter().any(|line| line.contains("<restart")) {
        return;
    }
    let at: Vec<usize> = (0..lines.len())
        .filter(|i| lines[*i].starts_with("controllerrevision.apps/") || (kinds == "controllerrevisions" && *i > 0))
        .collect();
    let mut rows: Vec<String> = at.iter().map(|i| lines[*i].clone()).collect();
    rows.sort();
    for (place, row) in at.into_iter().zip(rows) {
        lines[place] = row;
    }
}

/// Volumes of a YAML list stand in the order of their random names: by claim instead.
fn volumes_by_claim(lines: &[String]) -> Vec<String> {
    let mut items: Vec<Vec<String>> = vec![Vec::new()];
    for line in lines {
        if line.starts_with("- apiVersion: ") && items.last().is_some_and(|item| !item.is_empty()) {
            items.push(Vec::new());
        }
        if let Some(item) = items.last_mut() {
            item.push(line.clone());
        }
    }
    let at: Vec<usize> =
        (0..items.len()).filter(|i| items[*i].iter().any(|line| line == "  kind: PersistentVolume")).collect();
    let mut volumes: Vec<Vec<String>> = at.iter().map(|i| items[*i].clone()).collect();
    volumes.sort();
    for (place, volume) in at.into_iter().zip(volumes) {
        items[place] = volume;
    }
    items.concat()
}

/// Other scenarios' volumes go; volumes are sorted, events of a second too.
fn tidy(argv: &[&str], lines: Vec<String>, namespaces: &BTreeSet<String>) -> Vec<String> {
    let claim = Regex::new(r"^(?:persistentvolume/)?[\w<>.-]+  \S+  (?:RW|RO)\S+  \w+  \w+  ([a-z0-9-]+)/\S+")
        .expect("a rule compiles");
    let volume = Regex::new(r"^(?:persistentvolume/)?pvc-<uid>  ").expect("a rule compiles");
    let before = lines.len();
    let mut out: Vec<String> = lines
        .into_iter()
        .filter(|line| {
            let found = claim.captures(line).ok().flatten();
            found
                .and_then(|found| Some(found.get(1)?.as_str().to_owned()))
                .is_none_or(|namespace| namespaces.contains(&namespace))
        })
        .collect();
    sort_runs(&mut out, |line| volume.is_match(line).unwrap_or(false));
    if out.len() < before && out.len() == 1 && out[0].starts_with("NAME  ") {
        out.clear();
    }
    let events = argv.iter().take(2).any(|word| *word == "events")
        || argv.iter().skip(1).take(2).any(|word| matches!(*word, "ev" | "event" | "events"));
    if events && !argv.contains(&"-w") {
        let rest: BTreeSet<String> = out.iter().skip(1).cloned().collect();
        out.truncate(1);
        out.extend(rest);
    } else if argv.first() == Some(&"describe")
        && let Some(at) = out.iter().position(|line| line == "Events:")
    {
        let rest: BTreeSet<String> = out.drain(at + 1..).collect();
        out.extend(rest);
    }
    out
}
