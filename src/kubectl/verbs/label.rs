//! `kubectl label` and `kubectl annotate` (`reference/api-defaults-validation.md` §6, §9).

use super::output;
use super::visit::{Visit, nothing_more};
use crate::api::Shared;
use crate::apiserver::{FieldValidation, PatchType, Request, Verb, label_value};
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
                    let complaints = label_value(value);
                    if !complaints.is_empty() {
                        let complaints = complaints.join(";");
                        return Err(Failure::error(format!("invalid label value: {}: {complaints}", quoted(pair))));
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
    for (flag, given) in [("selector", labels.is_some()), ("field-selector", command.has("field-selector"))] {
        if command.is("all") && given {
            return Err(Failure::error(format!("cannot set --all and --{flag} at the same time")));
        }
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
        type_alone: command.is("all"),
        all_namespaces: command.is("all-namespaces"),
        ..ResourceRequest::default()
    })?;
    let mut targets = query.targets(run);
    if targets.len() > 1 && command.has("resource-version") {
        return Err(Failure::error("--resource-version may only be used with a single resource"));
    }
    if command.is("local") {
        for target in targets.iter_mut().flatten() {
            target.live = Some(super::local::object(target)?);
        }
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
            // Why a change was made may always be told anew.
            (old != *value && *key != super::record::CHANGE_CAUSE).then(|| (key.clone(), old))
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
    if dry == DryRun::Client || run.command.is("local") {
        return Ok(crate::api::patch::merge(&live.tree, &change));
    }
    let request = Request::new(live.kind, &target.namespace, &target.name, Verb::Patch(PatchType::Merge, change))
        .validated(FieldValidation::Warn)
        .dry(dry.server());
    Ok(run.one(request)?.tree.clone())
}

/// `--list`; where several objects were asked for, each has a headline.
fn list(run: &mut Run<'_, '_>, target: &Target, what: &str, pairs: &Value) {
    let words = run.command.words.iter().filter(|word| !word.contains('=') && !word.ends_with('-'));
    let (named, files) = (words.count(), run.command.list("filename"));
    let selecting = run.command.is("all") || run.command.has("selector") || run.command.has("field-selector");
    let pair = run.command.words.first().is_some_and(|word| word.contains('/'));
    let single = files.len() == 1 && files.first().is_some_and(|path| *path != "-")
        || !selecting && named == if pair { 1 } else { 2 };
    if !single {
        let resource = target.resource;
        run.line(format!("Listing {what} for {}.{}/{}:", resource.name, resource.group, target.name));
    }
    let indent = if single { "" } else { " " };
    for (key, value) in pairs.pairs() {
        run.line(format!("{indent}{key}={}", value.str_or_empty()));
    }
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
        list(run, target, "labels", tree.at(&["metadata", "labels"]));
        return Ok(());
    }
    let added = changes.set.iter().any(|(key, value)| live.label(key) != Some(value));
    let removed = changes.remove.iter().any(|key| live.label(key).is_some());
    let after = if added || removed { send(run, target, &live, "labels", &changes, dry)? } else { live.tree.clone() };
    let what = match (added, removed) {
        (true, true) => "modified",
        (true, false) => "labeled",
        (false, true) => "unlabeled",
        (false, false) => "not labeled",
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
    let listing = run.command.is("list");
    let dry = if listing { DryRun::Client } else { dry };
    let after = send(run, target, &live, "annotations", &changes, dry)?;
    if listing {
        list(run, target, "annotations", after.at(&["metadata", "annotations"]));
        return Ok(());
    }
    output::done(run, target, "annotated", &after)
}
