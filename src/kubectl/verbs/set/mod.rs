//! `kubectl set image`, `env`, `resources`, `serviceaccount`, `selector`, `subject`
//! (`reference/api-defaults-validation.md` §6, §9).

mod env;
mod image;
mod resources;

pub use env::env;
pub use image::image;
pub use resources::resources;

use super::output;
use super::rollout::send_change;
use super::visit::{Act, Visit, nothing_more};
use crate::api::selector::Operator;
use crate::api::{Kind, Selector, Shared};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::value::{Text, Value};

/// Reads the objects first, as kubectl does here: what is missing is told before anything is changed.
fn begin(
    run: &mut Run<'_, '_>,
    words: &[Text],
    act: Act,
    check: impl Fn(&Run<'_, '_>) -> Result<(), Failure>,
) -> Outcome {
    let command = run.command;
    DryRun::of(command)?;
    output::format(command)?;
    let paths = sources(command)?;
    if command.is("all") && !command.text_or_empty("selector").is_empty() {
        return Err(Failure::error("cannot set --all and --selector at the same time"));
    }
    let query = Query::read(&ResourceRequest {
        words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        type_alone: command.is("all"),
        ..ResourceRequest::default()
    })?;
    let local = command.is("local");
    if local && paths.is_empty() {
        return Err(Failure::error(
            "you must specify resources by --filename when --local is set.\n\
             Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
        ));
    }
    let mut found = Vec::new();
    for target in query.targets(run) {
        let target = target?;
        let live = if local { super::local::object(&target)? } else { super::live(run, &target)? };
        found.push(Ok(Target { live: Some(live), ..target }));
    }
    check(run)?;
    Visit::new(found, act, nothing_more).go(run)
}

/// Where the pod template of an object is.
fn pod_path(live: &Shared) -> Option<&'static [&'static str]> {
    match live.kind {
        Kind::Pod => Some(&["spec"]),
        Kind::StatefulSet => Some(&["spec", "template", "spec"]),
        _ => None,
    }
}

/// A complaint about one object. An object that the server has not shown is named by its kind.
fn about(run: &Run<'_, '_>, target: &Target, what: impl std::fmt::Display) -> Failure {
    let singular = target.resource.singular();
    let resource = if run.command.is("local") { &singular } else { target.resource.plural };
    Failure::plain(format!("error: {resource}/{} {what}\n", target.name))
}

fn no_pod_template(run: &Run<'_, '_>, target: &Target) -> Failure {
    let kind = target.resource.name;
    about(run, target, format!("the object is not a pod or does not have a pod template: *v1.{kind}"))
}

/// Changes every container that `chosen` chooses; answers how many there were.
fn containers(
    tree: &mut Value,
    path: &[&'static str],
    lists: &[&'static str],
    chosen: impl Fn(&str) -> bool,
    mut change: impl FnMut(&mut Value),
) -> usize {
    let mut count = 0;
    for list in lists {
        let mut whole = path.to_vec();
        whole.push(list);
        if tree.at(&whole).items().is_empty() {
            continue;
        }
        for container in tree.at_mut(&whole).items_mut() {
            if chosen(container.at(&["name"]).str_or_empty()) {
                change(container);
                count += 1;
            }
        }
    }
    count
}

/// The containers that `-c` names, with its stars.
fn chosen(pattern: &str, name: &str) -> bool {
    pattern.split(',').any(|pattern| match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.starts_with(start) && name.ends_with(end),
    })
}

fn container_pattern(run: &Run<'_, '_>) -> Text {
    run.command.text("containers").cloned().unwrap_or_else(|| "*".into())
}

/// Begins `set serviceaccount`.
pub fn service_account(run: &mut Run<'_, '_>) -> Outcome {
    let Some((_, words)) = run.command.words.split_last() else {
        return Err(Failure::error("serviceaccount is required"));
    };
    let words = words.to_vec();
    begin(run, &words, account_of, |_| Ok(()))
}

fn account_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let name = run.command.words.last().cloned().unwrap_or_default();
    let live = super::live(run, target)?;
    let path = pod_path(&live).ok_or_else(|| no_pod_template(run, target))?;
    let mut tree = live.tree.clone();
    tree.at_mut(path).set(&["serviceAccountName"], &name);
    send_change(run, target, &live, &tree, "serviceaccount updated", "failed to patch ServiceAccountName ")
}

/// Begins `set selector`.
pub fn selector(run: &mut Run<'_, '_>) -> Outcome {
    let words = &run.command.words;
    let Some((_, resources)) = words.split_last() else {
        return Err(Failure::error("one selector is required"));
    };
    let resources = resources.to_vec();
    begin(run, &resources, selector_of, |_| Ok(()))
}

fn selector_of(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let live = super::live(run, target)?;
    if live.kind != Kind::Service {
        return Err(Failure::error("setting a selector is only supported for Services"));
    }
    let mut selector = crate::value::Map::new();
    let parsed = Selector::parse(run.command.words.last().map_or("", Text::as_str)).map_err(Failure::error)?;
    let mut expressions = Vec::new();
    for requirement in &parsed.requirements {
        let operator = match requirement.operator {
            Operator::Equals | Operator::DoubleEquals => {
                selector.insert(requirement.key.clone(), requirement.values.first().cloned().unwrap_or_default());
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            _ => "DoesNotExist",
        };
        expressions.push(format!("{{{} {operator} [{}]}}", requirement.key, requirement.values.join(" ")));
    }
    if !expressions.is_empty() {
        return Err(Failure::error(format!(
            "match expression [{}] not supported on this object",
            expressions.join(" ")
        )));
    }
    let mut tree = live.tree.clone();
    tree.set(&["spec", "selector"], selector);
    send_change(run, target, &live, &tree, "selector updated", "failed to patch selector: ")
}

/// Begins `set subject`, which concerns role bindings only.
pub fn subject(run: &mut Run<'_, '_>) -> Outcome {
    let query = super::named_query(run, false)?;
    for target in query.targets(run) {
        super::live(run, &target?)?;
    }
    let command = run.command;
    if !command.has("user") && !command.has("group") && !command.has("serviceaccount") {
        return Err(Failure::error("you must specify at least one value of user, group or serviceaccount"));
    }
    Err(super::unsimulated::sentence(run))
}
