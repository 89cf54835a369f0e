//! `kubectl rollout history`, `undo`, `restart`, `pause`, `resume` (`reference/printing.md` §7).

use std::fmt::Write as _;

use super::create::LAST_APPLIED;
use super::output;
use super::record::CHANGE_CAUSE;
use super::rollout_status::rollout_query;
use super::visit::{Visit, nothing_more};
use crate::api::{Kind, Selector, Shared, patch};
use crate::apiserver::{PatchType, Request, Verb};
use crate::kubectl::command_line::{Target, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Format};
use crate::kubectl::run::{DryRun, Outcome, Run};
use crate::value::Value;

fn begin(run: &mut Run<'_, '_>, act: super::visit::Act) -> Outcome {
    DryRun::of(run.command)?;
    output::format(run.command)?;
    let query = rollout_query(run)?;
    let targets = query.targets(run);
    if targets.is_empty() && run.command.verb.name() == "restart" {
        run.complain(format!("No resources found in {} namespace.", run.command.namespace));
    }
    Visit::new(targets, act, nothing_more).go(run)
}

/// The revisions of a set, the oldest first.
fn revisions(run: &mut Run<'_, '_>, set: &Shared) -> Result<Vec<Shared>, Failure> {
    let selector = Selector::from_label_selector(set.tree.at(&["spec", "selector"])).unwrap_or_default();
    let resource = types::of_kind(Kind::ControllerRevision);
    let mut found = run.list(resource, &set.meta.namespace, selector, Vec::new())?;
    found.retain(|revision| revision.controller().is_some_and(|owner| owner.uid == set.meta.uid));
    crate::sorted::sort_by_key(&mut found, &number);
    Ok(found)
}

#[allow(clippy::ptr_arg)]
fn number(revision: &Shared) -> i64 {
    revision.tree.at(&["revision"]).as_i64().unwrap_or(0)
}

/// The set as a revision describes it. On this way through kubectl's types the claim templates lose their kind.
fn with_revision(set: &Shared, revision: &Shared) -> Result<Value, Failure> {
    let mut tree = patch::strategic(set.kind, &set.tree, revision.tree.at(&["data"]))?;
    if !tree.at(&["spec", "volumeClaimTemplates"]).items().is_empty() {
        for template in tree.at_mut(&["spec", "volumeClaimTemplates"]).items_mut() {
            template.take(&["apiVersion"]);
            template.take(&["kind"]);
        }
    }
    Ok(tree)
}

/// Refuses what is no set: a pod at least is known to the helpers (a viewer, a rollbacker) that look for histories.
fn only_sets(live: &Shared, what: &str, helper: &str) -> Result<(), Failure> {
    let kind = live.kind.qualified_kind();
    Err(Failure::error(match live.kind {
        Kind::StatefulSet => return Ok(()),
        Kind::Pod => format!("no {helper} has been implemented for \"{kind}\""),
        _ => format!("error retrieving {what} for \"{kind}\", no visitor method exists for {{ {kind}}}"),
    }))
}

/// Begins `rollout history`.
pub fn history(run: &mut Run<'_, '_>) -> Outcome {
    if run.command.int("revision").is_some_and(|revision| revision < 0) {
        let given = run.command.int("revision").unwrap_or(0);
        return Err(Failure::error(format!("revision must be a positive integer: {given}")));
    }
    begin(run, history_of)
}

fn history_of(run: &mut Run<'_, '_>, target: &Target, seen: &mut Vec<Value>) -> Result<(), Failure> {
    let set = super::live(run, target)?;
    only_sets(&set, "history", "history viewer")?;
    let all = revisions(run, &set)?;
    let wanted = run.command.int("revision").unwrap_or(0);
    let chosen = match wanted {
        0 => None,
        wanted => Some(
            all.iter()
                .find(|revision| number(revision) == wanted)
                .ok_or_else(|| Failure::error("unable to find the specified revision"))?,
        ),
    };
    if let Some(format) = output::format(run.command)? {
        let documents = match chosen {
            Some(revision) => vec![with_revision(&set, revision)?],
            None => all.iter().map(|revision| with_revision(&set, revision)).collect::<Result<_, _>>()?,
        };
        if matches!(format, Format::Yaml) && !seen.is_empty() {
            run.out("---\n");
        }
        let managed = output::shows_managed_fields(run.command);
        let text = print::trees(&format, &documents, true, managed).map_err(Failure::error)?;
        run.out(&text);
        seen.extend(documents);
        return Ok(());
    }
    let shown = target.shown();
    match chosen {
        Some(revision) => {
            let tree = with_revision(&set, revision)?;
            let block = print::pod_template_block(tree.at(&["spec", "template"]));
            run.line(format!("{shown} with revision #{wanted}\n{block}"));
        }
        None if all.is_empty() => run.line(format!("{shown} \nNo rollout history found.")),
        None => {
            let mut text = format!("{shown} \nREVISION  CHANGE-CAUSE\n");
            for revision in &all {
                let cause = revision.annotation(CHANGE_CAUSE).filter(|cause| !cause.is_empty()).unwrap_or("<none>");
                let _ = writeln!(text, "{:<10}{cause}", number(revision));
            }
            run.line(text);
        }
    }
    Ok(())
}

/// Begins `rollout undo`.
pub fn undo(run: &mut Run<'_, '_>) -> Outcome {
    begin(run, undo_one)
}

fn undo_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let set = super::live(run, target)?;
    let dry = DryRun::of(run.command)?;
    if set.annotation(LAST_APPLIED).is_some() {
        run.complain(format!(
            "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update the \
             {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. \
             Consider using 'kubectl apply' with your previous configuration file instead.",
            target.resource.plural, target.name
        ));
    }
    only_sets(&set, "rollbacker", "rollbacker")?;
    let all = revisions(run, &set)?;
    let wanted = run.command.int("to-revision").unwrap_or(0);
    let revision = if wanted == 0 {
        let last = all.len().checked_sub(2).and_then(|at| all.get(at));
        last.ok_or_else(|| Failure::error("no last revision to roll back to"))?
    } else {
        all.iter()
            .find(|revision| number(revision) == wanted)
            .ok_or_else(|| Failure::error(format!("unable to find specified revision {wanted} in history")))?
    };
    let tree = with_revision(&set, revision)?;
    if dry == DryRun::Client {
        let block = print::pod_template_block(tree.at(&["spec", "template"]));
        return output::said(run, &target.shown(), &format!("will roll back to {block}{}", dry.suffix()), &tree);
    }
    if tree.at(&["spec", "template"]) == set.tree.at(&["spec", "template"]) {
        let what = format!("skipped rollback (current template already matches revision {wanted})");
        return output::said(run, &target.shown(), &format!("{what}{}", dry.suffix()), &set.tree);
    }
    let verb = Verb::Patch(PatchType::Strategic, revision.tree.at(&["data"]).clone());
    let request = Request::new(set.kind, &target.namespace, &target.name, verb).dry(dry.server());
    run.one(request).map_err(|status| {
        let message = format!("failed restoring revision {wanted}: {}", status.message);
        Failure::error(message)
    })?;
    // What is shown is the set as it was read.
    output::done(run, target, "rolled back", &set.tree)
}

/// Begins `rollout restart`.
pub fn restart(run: &mut Run<'_, '_>) -> Outcome {
    begin(run, restart_one)
}

fn restart_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
    let set = super::live(run, target)?;
    if set.kind != Kind::StatefulSet {
        return Err(not_supported(target, "restarting"));
    }
    let now = run.now().rfc3339();
    let path = ["spec", "template", "metadata", "annotations", RESTARTED_AT];
    if set.tree.at(&path).as_str() == Some(&now) {
        return Err(Failure::error(format!(
            "failed to create patch for {}: if restart has already been triggered within the past second, please wait \
             before attempting to trigger another",
            target.name
        )));
    }
    let mut change = Value::empty_map();
    change.set(&path, now);
    let dry = DryRun::of(run.command)?;
    let after = if dry == DryRun::Client {
        patch::merge(&set.tree, &change)
    } else {
        let verb = Verb::Patch(PatchType::Strategic, change);
        let request = Request::new(set.kind, &target.namespace, &target.name, verb).dry(dry.server());
        run.one(request).map_err(|status| Failure::error(format!("failed to patch: {}", status.message)))?.tree.clone()
    };
    output::done(run, target, "restarted", &after)
}

fn not_supported(target: &Target, what: &str) -> Failure {
    Failure::error(format!("{} \"{}\" {what} is not supported", target.resource.qualified_plural(), target.name))
}

/// Begins `rollout pause` and `rollout resume`, which sets do not have.
pub fn pause(run: &mut Run<'_, '_>) -> Outcome {
    begin(run, |run, target, _| {
        super::live(run, target)?;
        let what = if run.command.verb.name() == "pause" { "pausing" } else { "resuming" };
        Err(not_supported(target, what))
    })
}

/// The Pod template patch of `kubectl set`, as `kubectl` words what became of it.
///
/// # Errors
/// What the server answers, after `failing`.
pub fn send_change(
    run: &mut Run<'_, '_>,
    target: &Target,
    live: &Shared,
    after: &Value,
    what: &str,
    failing: &str,
) -> Result<(), Failure> {
    let mut after = after.clone();
    if let Some(cause) = run.command.change_cause() {
        after.set(&["metadata", "annotations", CHANGE_CAUSE], cause);
    }
    let after = &after;
    let change = patch::diff_merge(live.kind, &live.tree, after).map_err(Failure::error)?;
    if change == Value::empty_map() {
        return Ok(());
    }
    let dry = DryRun::of(run.command)?;
    if run.command.is("local") {
        return output::done(run, target, what, &super::local::typed(live.kind, after));
    }
    if dry == DryRun::Client {
        return output::done(run, target, what, after);
    }
    let verb = Verb::Patch(PatchType::Strategic, change);
    let request = Request::new(live.kind, &target.namespace, &target.name, verb).dry(dry.server());
    match run.one(request) {
        Ok(object) => output::done(run, target, what, &object.tree),
        Err(status) => Err(Failure::error(format!("{failing}{}", status.message))),
    }
}
