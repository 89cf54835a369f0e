//! `kubectl set env`.

use std::fmt::Write as _;

use super::{about, begin, chosen, container_pattern, containers, no_pod_template, pod_path};
use crate::api::Kind;
use crate::kubectl::command_line::{Query, ResourceRequest, Target, quoted};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Outcome, Run};
use crate::kubectl::verbs::live;
use crate::kubectl::verbs::rollout::send_change;
use crate::map;
use crate::value::{Text, Value};

/// What a `set env` asks for: the words that name objects, and those that name variables (`-e` among them).
fn environment(run: &Run<'_, '_>) -> Result<(Vec<Text>, Vec<Text>), Failure> {
    let mut resources = Vec::new();
    let mut pairs: Vec<Text> = run.command.each("env").cloned().collect();
    let mut named = false;
    for word in &run.command.words {
        if word.find('=').is_some_and(|at| at > 0) || word.ends_with('-') {
            named = true;
            pairs.push(word.clone());
        } else if named {
            return Err(Failure::error(format!(
                "all resources must be specified before environment changes: {}",
                run.command.words.join(" ")
            )));
        } else {
            resources.push(word.clone());
        }
    }
    Ok((resources, pairs))
}

/// The variables to set, each once, and the names of those to remove.
fn variables(run: &mut Run<'_, '_>) -> Result<(Vec<Value>, Vec<Text>), Failure> {
    let (_, pairs) = environment(run)?;
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    let mut put = |key: &str, entry: (&'static str, Value)| {
        set.push((Text::copy(key), entry));
    };
    let mut written: Vec<Text> = Vec::new();
    for pair in &pairs {
        if pair == "-" {
            let stdin = run.command.invocation.stdin.clone().unwrap_or_default();
            for line in stdin.lines() {
                let line = line.split('#').next().unwrap_or("");
                if let Some((key, value)) = line.split_once('=') {
                    put(key, ("value", Text::copy(value).into()));
                }
            }
        } else if let Some((key, value)) = pair.split_once('=') {
            check_variable(key)?;
            written.push(Text::copy(key));
            put(key, ("value", Text::copy(value).into()));
        } else if let Some(key) = pair.strip_suffix('-') {
            remove.push(Text::copy(key));
        } else {
            return Err(Failure::error(format!("unknown environment variable: {pair}")));
        }
    }
    if remove.iter().any(|key| written.contains(key)) {
        return Err(Failure::error("can not both modify and remove the same environment variable in the same command"));
    }
    if let Some(from) = run.command.text("from").filter(|from| !from.is_empty()).cloned() {
        for (key, entry) in taken_from(run, &from)? {
            put(&key, entry);
        }
    }
    let prefix = run.command.text_or_empty("prefix");
    let mut entries: Vec<Value> = Vec::new();
    for (key, (field, value)) in set {
        let name = Text::from(format!("{prefix}{key}"));
        if !entries.iter().any(|entry| *entry.at(&["name"]).str_or_empty() == *name) {
            entries.push(map! { "name" => name, field => value });
        }
    }
    Ok((entries, remove))
}

/// kubectl is stricter here than the server.
fn check_variable(key: &str) -> Result<(), Failure> {
    let letters = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if letters && !key.is_empty() && !key.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    Err(Failure::error(format!(
        "{} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, \
         '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', \
         regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        quoted(key)
    )))
}

/// A variable to be: its name, the field that gives its value, and that value.
type Variable = (String, (&'static str, Value));

/// `--from`: a variable for each key of a ConfigMap or Secret (those of `--keys`, where given).
fn taken_from(run: &mut Run<'_, '_>, from: &Text) -> Result<Vec<Variable>, Failure> {
    let words = [from.clone()];
    let query = Query::read(&ResourceRequest { words: &words, ..ResourceRequest::default() })?;
    let keys = run.command.list("keys");
    let mut found = Vec::new();
    for target in query.targets(run) {
        let live = live(run, &target?)?;
        let reference = match live.kind {
            Kind::ConfigMap => "configMapKeyRef",
            Kind::Secret => "secretKeyRef",
            _ => return Err(Failure::error("unsupported resource specified in --from")),
        };
        for (key, _) in live.tree.at(&["data"]).pairs() {
            if !keys.is_empty() && !keys.contains(key) {
                continue;
            }
            let name: String =
                key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
            if *name != **key {
                run.warn(&format!("key {key} transferred to {name}"));
            }
            let source = map! { reference => map! { "name" => &live.meta.name, "key" => key } };
            found.push((name, ("valueFrom", source)));
        }
    }
    Ok(found)
}

/// Begins `set env`.
pub fn env(run: &mut Run<'_, '_>) -> Outcome {
    let (words, _) = environment(run)?;
    let command = run.command;
    let refused = |why: &str| Err(Failure::error(why));
    if words.is_empty() && !command.has("filename") {
        return refused("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if command.is("list") && command.has("output") {
        return refused("--list and --output may not be specified together");
    }
    if command.has("keys") && !command.has("from") {
        return refused("when specifying --keys, a configmap or secret must be provided with --from");
    }
    variables(run)?;
    begin(run, &words, env_of, |_| Ok(()))
}

fn env_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let (entries, remove) = variables(run)?;
    let live = live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let pattern = container_pattern(run);
    let mut tree = live.tree.clone();
    let overwrite = run.command.switch("overwrite").unwrap_or(true);
    let mut clash = None;
    let count = containers(
        &mut tree,
        path,
        &["containers", "initContainers"],
        |name| chosen(&pattern, name),
        |container| {
            let held = container.at(&["env"]).items().to_vec();
            let named = |list: &[Value], name: &Value| list.iter().find(|one| one.at(&["name"]) == name).cloned();
            for entry in &entries {
                if let Some(old) = named(&held, entry.at(&["name"]))
                    && !overwrite
                    && old.at(&["value"]).str_or_empty() != entry.at(&["value"]).str_or_empty()
                {
                    clash = Some((entry.at(&["name"]).text(), old.at(&["value"]).text()));
                }
            }
            let mut env: Vec<Value> = held
                .iter()
                .filter(|one| !remove.contains(&one.at(&["name"]).text()))
                .map(|one| named(&entries, one.at(&["name"])).unwrap_or_else(|| one.clone()))
                .collect();
            env.extend(entries.iter().filter(|entry| named(&held, entry.at(&["name"])).is_none()).cloned());
            if env.is_empty() {
                container.take(&["env"]);
            } else {
                container.set(&["env"], env);
            }
        },
    );
    if count == 0 {
        run.warn(&format!(
            "{}/{} does not have any containers matching {}",
            target.resource.name,
            target.name,
            quoted(&pattern)
        ));
        return Ok(());
    }
    if let Some((key, old)) = clash {
        return Err(about(run, target, format!("'{key}' already has a value ({old}), and --overwrite is false")));
    }
    if run.command.is("list") {
        list_env(run, target, tree, path, &pattern);
        return Ok(());
    }
    send_change(run, target, &live, &tree, "env updated", "failed to patch env update to pod template: ")
}

fn list_env(run: &mut Run<'_, '_>, target: &Target, mut tree: Value, path: &[&'static str], pattern: &str) {
    let mut text = String::new();
    containers(
        &mut tree,
        path,
        &["containers", "initContainers"],
        |name| chosen(pattern, name),
        |container| {
            let name = container.at(&["name"]).text();
            let _ = writeln!(text, "# {} {}, container {name}", target.resource.name, target.name);
            for entry in container.at(&["env"]).items() {
                let key = entry.at(&["name"]).text();
                let from = entry.at(&["valueFrom"]);
                if from.is_null() {
                    let _ = writeln!(text, "{key}={}", entry.at(&["value"]).str_or_empty());
                } else {
                    let _ = writeln!(text, "# {key} from {}", described_source(from));
                }
            }
        },
    );
    run.out(&text);
}

/// Where the value of a variable comes from, in words.
fn described_source(from: &Value) -> String {
    let word = |path: &[&str]| from.at(path).text();
    if from.get("fieldRef").is_some() {
        format!("field path {}", word(&["fieldRef", "fieldPath"]))
    } else if from.get("configMapKeyRef").is_some() {
        format!("configmap {}, key {}", word(&["configMapKeyRef", "name"]), word(&["configMapKeyRef", "key"]))
    } else if from.get("secretKeyRef").is_some() {
        format!("secret {}, key {}", word(&["secretKeyRef", "name"]), word(&["secretKeyRef", "key"]))
    } else {
        format!("resource field {}", word(&["resourceFieldRef", "resource"]))
    }
}
