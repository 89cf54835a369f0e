//! `kubectl diff` (`reference/api-defaults-validation.md` §9).

use std::fmt::Write as _;

use super::create::LAST_APPLIED;
use super::visit::Visit;
use crate::api::{Shared, patch};
use crate::apiserver::{FieldValidation, PatchType, Request, Verb, unified};
use crate::kubectl::command_line::{Query, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Format};
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::Time;
use crate::value::{Text, Value, json};

/// Begins the command. Its exit code tells whether anything differs: 0, 1, or 2 for trouble.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let begun = begin(run);
    if begun.is_err() {
        run.console.code = 2;
    }
    begun
}

fn begin(run: &mut Run<'_, '_>) -> Outcome {
    let paths = sources(run.command)?;
    super::create::no_words(run)?;
    if paths.is_empty() {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let targets = Query::files(paths, run.command.text_or_empty("selector"))?.targets(run);
    Visit::new(targets, one, after).go(run)
}

fn after(run: &mut Run<'_, '_>, different: Vec<Value>, _: usize) -> Outcome {
    run.console.code = if run.console.failures.is_empty() { i32::from(!different.is_empty()) } else { 2 };
    Ok(Next::End)
}

fn one(run: &mut Run<'_, '_>, target: &Target, different: &mut Vec<Value>) -> Result<(), Failure> {
    let Some(kind) = target.resource.kind else {
        return Err(super::create::not_simulated(target));
    };
    let mut manifest = target.manifest.clone();
    let annotations = manifest.at_mut(&["metadata", "annotations"]);
    if annotations.is_null() {
        *annotations = Value::empty_map();
    }
    let live: Option<Shared> = match run.get(target.resource, &target.namespace, &target.name) {
        Ok(live) => Some(live),
        Err(status) if status.is_not_found() => None,
        Err(status) => return Err(status.into()),
    };
    let request = match &live {
        None => Request::new(kind, &target.namespace, &Text::default(), Verb::Create(manifest)),
        Some(live) => {
            let before = live.annotation(LAST_APPLIED).and_then(|text| json::parse(text).ok()).unwrap_or_default();
            let change = patch::three_way(kind, &before, &manifest, &live.tree).map_err(Failure::error)?;
            Request::new(kind, &target.namespace, &target.name, Verb::Patch(PatchType::Strategic, change))
        }
    };
    let mut merged = run.one(request.validated(FieldValidation::Strict).dry(true))?.tree.clone();
    let version = live.as_ref().map(|live| live.tree.at(&["metadata", "resourceVersion"]).clone());
    if let Some(version) = version {
        // A dry run keeps the version: nothing was stored.
        merged.set(&["metadata", "resourceVersion"], version);
    }
    let old = live.as_ref().map_or(Ok(String::new()), |live| as_yaml(&live.tree))?;
    let changes = unified(&old, &as_yaml(&merged)?);
    if changes.is_empty() {
        return Ok(());
    }
    different.push(Value::Null);
    let name = format!(
        "{}.{}.{}.{}",
        target.resource.api_version().replace('/', "."),
        target.resource.name,
        target.namespace,
        target.name
    );
    let at = moment(run.now());
    let mut text = format!("diff -u -N LIVE-0/{name} MERGED-0/{name}\n");
    let _ = write!(text, "--- LIVE-0/{name}\t{at}\n+++ MERGED-0/{name}\t{at}\n{changes}");
    run.out(&text);
    Ok(())
}

fn as_yaml(tree: &Value) -> Result<String, Failure> {
    print::trees(&Format::Yaml, std::slice::from_ref(tree), true, false).map_err(Failure::error)
}

/// `2026-01-05 09:00:00.000000000 +0000`.
fn moment(now: Time) -> String {
    let text = now.rfc3339_micro();
    let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {}000 +0000", clock.trim_end_matches('Z'))
}
