//! `kubectl create -f`.

use super::output;
use super::visit::Visit;
use crate::apiserver::{FieldValidation, Request, Verb};
use crate::kubectl::command_line::{Query, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::value::{Text, Value, json};

/// The annotation in which `kubectl apply` keeps what it applied.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let paths = sources(command)?;
    if command.has("raw") {
        if command.is("edit") {
            return Err(Failure::error("--raw and --edit are mutually exclusive"));
        }
        return super::raw::post(run, &paths);
    }
    no_words(run)?;
    if paths.is_empty() {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    output::format(command)?;
    DryRun::of(command)?;
    if command.is("edit") {
        return super::edit::before_create(run);
    }
    let targets = Query::files(paths, run.command.text_or_empty("selector"))?.targets(run);
    Visit::new(targets, act, after).go(run)
}

/// These commands take no words, only files.
///
/// # Errors
/// There are words.
pub fn no_words(run: &Run<'_, '_>) -> Result<(), Failure> {
    if run.command.words.is_empty() {
        return Ok(());
    }
    Err(run.command.usage(format!("Unexpected args: [{}]", joined(&run.command.words))))
}

/// Words as Go prints a list of them, without the brackets.
pub fn joined(words: &[Text]) -> String {
    words.iter().map(Text::as_str).collect::<Vec<_>>().join(" ")
}

fn act(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let mut tree = target.manifest.clone();
    if run.command.is("save-config") {
        annotate(&mut tree);
    }
    let dry = DryRun::of(run.command)?;
    let made = if dry == DryRun::Client { tree } else { send(run, target, tree, dry)? };
    let target = Target { name: made.at(&["metadata", "name"]).text(), ..target.clone() };
    output::done(run, &target, "created", &made)
}

/// Asks the server to store a new object; answers it as stored.
///
/// # Errors
/// What the server answers, with the file it concerns.
pub fn send(run: &mut Run<'_, '_>, target: &Target, tree: Value, dry: DryRun) -> Result<Value, Failure> {
    let Some(kind) = target.resource.kind else {
        return Err(not_simulated(target));
    };
    let request = Request::new(kind, &target.namespace, &Text::default(), Verb::Create(tree))
        .validated(run.validation(FieldValidation::Strict))
        .dry(dry.server());
    match run.one(request) {
        Ok(object) => Ok(object.tree.clone()),
        Err(status) => Err(Failure::from_source(status, "creating", &target.source)),
    }
}

/// What is said of a kind that Kubernetes has and the playground has not.
pub fn not_simulated(target: &Target) -> Failure {
    Failure::plain(format!(
        "The playground does not simulate objects of kind {}: {} is left out.",
        target.resource.name, target.name
    ))
}

fn after(run: &mut Run<'_, '_>, _: Vec<Value>, count: usize) -> Outcome {
    if count == 0 && run.console.failures.is_empty() {
        return Err(Failure::error("no objects passed to create"));
    }
    Ok(Next::End)
}

/// What `kubectl apply` remembers of a manifest: all of it in one line of JSON, without the memory itself.
pub fn remembered(manifest: &Value) -> String {
    let mut tree = manifest.clone();
    let annotations = tree.at_mut(&["metadata", "annotations"]);
    if annotations.is_null() {
        *annotations = Value::empty_map();
    }
    tree.take(&["metadata", "annotations", LAST_APPLIED]);
    format!("{}\n", json::to_compact(&tree))
}

/// Writes into a manifest what `kubectl apply` has to remember of it.
pub fn annotate(manifest: &mut Value) {
    let text = remembered(manifest);
    manifest.set(&["metadata", "annotations", LAST_APPLIED], text);
}
