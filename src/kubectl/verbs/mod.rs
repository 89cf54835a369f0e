//! The verbs: one file each, and the table that also yields help and completion.

// Every beginning, step and end has one and the same form, whatever it makes of it.
#![allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value)]

mod apply;
mod config;
mod connection;
mod create;
mod create_objects;
mod create_secrets;
mod delete;
mod describe;
mod diff;
mod drain;
mod edit;
mod edit_file;
mod events;
mod explain;
mod get;
mod help;
mod info;
mod inside;
mod label;
mod local;
mod name_hash;
mod node;
mod output;
mod patch;
mod raw;
mod record;
mod replace;
mod rollout;
mod rollout_status;
mod run_pod;
mod scale;
mod set;
mod table;
mod unsimulated;
mod visit;
mod wait;
mod watch;

pub use table::{CONTEXT, Verb, below, children, root, top_level};

use super::command_line::{Query, ResourceRequest, Target, sources};
use super::errors::Failure;
use super::run::{DryRun, Next, Outcome, Run};
use crate::api::Shared;
use crate::value::Text;

/// What a running command has to do next.
#[derive(Clone, Debug)]
pub enum Step {
    /// The next of several objects.
    Visit(Box<visit::Visit>),
    /// A watch prints what has changed.
    Watch(Box<watch::Watch>),
    /// A deletion waits until the objects are gone.
    Gone(Box<delete::Waiting>),
    /// A rollout is followed.
    Rollout(Box<rollout_status::Following>),
    /// A scale waits for its pods.
    Settling(Box<scale::Settling>),
    /// `kubectl wait` looks again.
    Wait(Box<wait::Waiting>),
    /// A drain tries or looks again.
    Drain(Box<drain::Draining>),
    /// `kubectl apply` tries again after a conflict.
    Apply(Box<apply::Retry>),
    /// The editor of `kubectl edit` was closed.
    Edit(Box<edit::Editing>),
}

/// Begins a command.
///
/// # Errors
/// What ends it at once.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    if run.command.is("help") {
        help::of(run, run.command.verb.path);
        return Ok(Next::End);
    }
    if run.command.has("record") {
        run.complain("Flag --record has been deprecated, --record will be removed in the future");
    }
    connection::check(run)?;
    if let Some(option) = run.command.text("validate")
        && !matches!(option.to_lowercase().as_str(), "true" | "strict" | "warn" | "ignore" | "false")
    {
        return Err(Failure::error(format!(
            "invalid - validate option \"{option}\"; must be one of: strict (or true), warn, ignore (or false)"
        )));
    }
    if let Ok(Some(warning)) = DryRun::of(run.command).map(|form| form.deprecated(run.command)) {
        let prefix = log_prefix(run, 'W');
        run.complain(format!("{prefix} helpers.go:719] {warning}"));
    }
    (run.command.verb.start)(run)
}

/// How a line of a program's log begins: severity and day, moment, process.
fn log_prefix(run: &Run<'_, '_>, severity: char) -> String {
    let stamp = run.now().rfc3339_micro();
    let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or("");
    format!("{severity}{}{} {}    4711", part(5, 7), part(8, 10), part(11, 26))
}

/// Goes on with a command.
///
/// # Errors
/// What ends it at once.
pub fn advance(step: Step, run: &mut Run<'_, '_>) -> Outcome {
    match step {
        Step::Visit(visit) => visit.go(run),
        Step::Watch(watch) => watch.go(run),
        Step::Gone(waiting) => waiting.go(run),
        Step::Rollout(following) => following.go(run),
        Step::Settling(settling) => settling.go(run),
        Step::Wait(waiting) => waiting.go(run),
        Step::Drain(draining) => draining.go(run),
        Step::Apply(retry) => retry.go(run),
        Step::Edit(editing) => editing.go(run),
    }
}

/// The object that a target means: as a list has shown it, or read now.
///
/// # Errors
/// NotFound.
fn live(run: &mut Run<'_, '_>, target: &Target) -> Result<Shared, Failure> {
    match &target.live {
        Some(live) => Ok(live.clone()),
        None => Ok(run.get(target.resource, &target.namespace, &target.name)?),
    }
}

/// The objects that the words, `-f`, `-l` and `--all` of a command name.
///
/// # Errors
/// What kubectl says about a wrong combination.
fn named_query(run: &Run<'_, '_>, type_alone: bool) -> Result<Query, Failure> {
    let command = run.command;
    let paths = sources(command)?;
    Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        fields: command.text("field-selector").map(Text::as_str).filter(|text| !text.is_empty()),
        all_namespaces: command.is("all-namespaces"),
        type_alone: type_alone || command.is("all"),
        ..ResourceRequest::default()
    })
}
