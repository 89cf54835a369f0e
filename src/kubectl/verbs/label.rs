//! `kubectl label` and `kubectl annotate` (`reference/api-defaults-validation.md` §6, §9).

use super::output;
use super::visit::{Visit, nothing_more};
use crate::api::Shared;
use crate::apiserver::{FieldValidation, PatchType, Request, Verb};
use crate::kubectl::command_line::{Command, Query, ResourceRequest, Target, quoted, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::map;
use crate::value::{Map, Text, Value};

/// What the words after the resources ask for.
#[derive(Debug, Default)]
pub struct Changes {
    /// The words that name resources.
    pub resources: Vec<Text>,
    set: Vec<(Text, Text)>,
    remove: Vec<Text>,
}

/// Parts the words of a command into resources and `key=value` or `key-`.
///
/// # Errors
/// A resource after a pair.
pub fn part(words: &[Text], what: &str) -> Result<(Vec<Text>, Vec<Text>), Failure> {
    let mut resources = Vec::new();
    let mut pairs: Vec<Text> = Vec::new();
    for word in words {
        let is_pair = (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && *word != "-");
        if is_pair {
            pairs.push(word.clone());
        } else if pairs.is_empty() {
            resources.push(word.clone());
        } else {
            return Err(Failure::error(format!("all resources must be specified before {what} changes: {word}")));
        }
    }
    Ok((resources, pairs))
}

impl Changes {
    fn of_labels(command: &Command) -> Result<Self, Failure> {
        let (resources, pairs) = part(&command.words, "label")?;
        let mut changes = Self { resources, ..Self::default() };
        for pair in &pairs {
            match pair.split_once('=') {
                Some((_, value)) if value.contains('=') => {
                    return Err(Failure::error(format!("invalid label spec: {pair}")));
                }
                Some((key, value)) => {
                    if let Some(complaint) = bad_label_value(value) {
                        return Err(Failure::error(format!("invalid label value: {}: {complaint}", quoted(pair))));
                    }
                    changes.put(key, value);
                }
                None => changes.remove.push(Text::copy(pair.trim_end_matches('-'))),
            }
        }
        if changes.set.iter().any(|(key, _)| changes.remove.contains(key)) {
            return Err(Failure::error("can not both modify and remove a label in the same command"));
        }
        Ok(changes)
    }

    fn of_annotations(command: &Command) -> Result<Self, Failure> {
        let (resources, pairs) = part(&command.words, "annotation")?;
        let mut changes = Self { resources, ..Self::default() };
        for pair in &pairs {
            match pair.split_once('=') {
                Some((key, value)) => changes.put(key, value),
                None => changes.remove.push(Text::copy(pair.strip_suffix('-').unwrap_or(pair))),
            }
        }
        let both: Vec<&str> =
            changes.set.iter().filter(|(key, _)| changes.remove.contains(key)).map(|(key, _)| key.as_str()).collect();
        if !both.is_empty() {
            return Err(Failure::error(format!(
                "can not both modify and remove the following annotation(s) in the same command: {}",
                both.join(", ")
            )));
        }
        Ok(changes)
    }

    fn put(&mut self, key: &str, value: &str) {
        self.set.retain(|(held, _)| *held != *key);
        self.set.push((Text::copy(key), Text::copy(value)));
    }

    fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// What is wrong with a label's value.
fn bad_label_value(value: &str) -> Option<String> {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let formed = value.is_empty()
        || (edge(value.chars().next())
            && edge(value.chars().next_back())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    if !formed {
        return Some(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
             validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                .into(),
        );
    }
    (value.len() > 63).then(|| "must be no more than 63 bytes".into())
}

/// Begins `kubectl label`.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let changes = Changes::of_labels(run.command)?;
    begin(run, &changes, "label", label)
}

/// Begins `kubectl annotate`.
pub fn start_annotate(run: &mut Run<'_, '_>) -> Outcome {
    let changes = Changes::of_annotations(run.command)?;
    begin(run, &changes, "annotation", annotate)
}

fn begin(run: &mut Run<'_, '_>, changes: &Changes, what: &str, act: super::visit::Act) -> Outcome {
    let command = run.command;
    let paths = sources(command)?;
    let labels = command.text("selector").filter(|text| !text.is_empty());
    if command.is("all") && labels.is_some() {
        return Err(Failure::error("cannot set --all and --selector at the same time"));
    }
    if changes.resources.is_empty() && paths.is_empty() {
        return Err(Failure::error(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    if changes.is_empty() && !command.is("list") {
        return Err(Failure::error(format!("at least one {what} update is required")));
    }
    DryRun::of(command)?;
    output::format(command)?;
    let query = Query::read(&ResourceRequest {
        words: &changes.resources,
        files: &paths,
        labels: labels.map(Text::as_str),
        fields: command.text("field-selector").map(Text::as_str).filter(|text| !text.is_empty()),
        all: command.is("all"),
        all_namespaces: command.is("all-namespaces"),
        ..ResourceRequest::default()
    })?;
    let targets = query.targets(run);
    if targets.len() > 1 && command.has("resource-version") {
        return Err(Failure::error("--resource-version may only be used with a single resource"));
    }
    Visit::new(targets, act, nothing_more).go(run)
}

/// Those of the pairs that would change a value that is already there.
fn clashes(changes: &Changes, held: &Map) -> Vec<(Text, Text)> {
    changes
        .set
        .iter()
        .filter_map(|(key, value)| {
            let old = held.get(key)?.text();
            (old != *value).then(|| (key.clone(), old))
        })
        .collect()
}

/// Sends the changes of one map of metadata; answers the changed tree.
fn send(
    run: &mut Run<'_, '_>,
    target: &Target,
    live: &Shared,
    field: &'static str,
    changes: &Changes,
    dry: DryRun,
) -> Result<Value, Failure> {
    let mut pairs = Map::new();
    for (key, value) in &changes.set {
        pairs.insert(key.clone(), value);
    }
    for key in &changes.remove {
        pairs.insert(key.clone(), Value::Null);
    }
    let mut change = map! { "metadata" => map! { field => Value::from(pairs) } };
    if let Some(version) = run.command.text("resource-version").filter(|version| !version.is_empty()) {
        change.set(&["metadata", "resourceVersion"], version);
    }
    if dry == DryRun::Client {
        return Ok(crate::api::patch::merge(&live.tree, &change));
    }
    let request = Request::new(live.kind, &target.namespace, &target.name, Verb::Patch(PatchType::Merge, change))
        .validated(FieldValidation::Warn)
        .dry(dry.server());
    Ok(run.one(request)?.tree.clone())
}

fn label(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let changes = Changes::of_labels(run.command)?;
    let dry = DryRun::of(run.command)?;
    let live = super::live(run, target)?;
    let overwrite = run.command.is("overwrite");
    let clashes = clashes(&changes, live.labels());
    if !overwrite && !clashes.is_empty() {
        let texts: Vec<String> = clashes
            .iter()
            .map(|(key, old)| format!("'{key}' already has a value ({old}), and --overwrite is false"))
            .collect();
        return Err(Failure::error(match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        }));
    }
    for key in &changes.remove {
        if live.label(key).is_none() {
            run.line(format!("label {} not found.", quoted(key)));
        }
    }
    if run.command.is("list") {
        let mut tree = live.tree.clone();
        if !changes.is_empty() {
            // A list changes nothing: it shows what the labels would be.
            tree = send(run, target, &live, "labels", &changes, DryRun::Client)?;
        }
        for (key, value) in tree.at(&["metadata", "labels"]).pairs() {
            run.line(format!("{key}={}", value.str_or_empty()));
        }
        return Ok(());
    }
    let after = send(run, target, &live, "labels", &changes, dry)?;
    let (old, new) = (live.tree.at(&["metadata", "labels"]), after.at(&["metadata", "labels"]));
    let count = |tree: &Value| tree.pairs().count();
    let what = if old == new || (count(old) == 0 && count(new) == 0) {
        "not labeled"
    } else if !overwrite && changes.set.is_empty() {
        "unlabeled"
    } else {
        "labeled"
    };
    output::done(run, target, what, &after)
}

fn annotate(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let changes = Changes::of_annotations(run.command)?;
    let dry = DryRun::of(run.command)?;
    let live = super::live(run, target)?;
    let clashes = clashes(&changes, live.annotations());
    if !run.command.is("overwrite") && !clashes.is_empty() {
        let texts: Vec<String> =
            clashes.iter().map(|(key, old)| format!("'{key}' already has a value ({old})")).collect();
        return Err(Failure::error(format!(
            "--overwrite is false but found the following declared annotation(s): {}",
            texts.join("; ")
        )));
    }
    if run.command.is("list") && changes.is_empty() {
        for (key, value) in live.annotations() {
            run.line(format!("{key}={}", value.str_or_empty()));
        }
        return Ok(());
    }
    let after = send(run, target, &live, "annotations", &changes, dry)?;
    output::done(run, target, "annotated", &after)
}
