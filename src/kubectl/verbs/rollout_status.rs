//! `kubectl rollout status` (`reference/printing.md` §7).

use super::Step;
use crate::api::{Kind, Object};
use crate::apiserver::Change;
use crate::kubectl::command_line::{Query, ResourceRequest, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::time::Time;
use crate::value::Text;

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let query = rollout_query(run)?;
    let mut targets = Vec::new();
    for target in query.targets(run) {
        match target.and_then(|target| super::live(run, &target).map(|_| target)) {
            Ok(target) if target.resource.kind == Some(Kind::StatefulSet) => targets.push(target),
            Ok(target) => {
                let kind = target.resource.qualified_name();
                run.fail(Failure::error(format!("no status viewer has been implemented for {kind}")));
            }
            Err(failure) => run.fail(failure),
        }
    }
    if targets.is_empty() && run.console.failures.is_empty() {
        run.complain(format!("No resources found in {} namespace.", run.command.namespace));
    }
    let until = run.command.milliseconds("timeout").filter(|ms| *ms > 0).map(|ms| run.now().plus(ms));
    Following { targets, since: 0, until, first: true }.go(run)
}

/// The objects that a rollout command names.
///
/// # Errors
/// None is named, or what is named is wrong.
pub fn rollout_query(run: &Run<'_, '_>) -> Result<Query, Failure> {
    let command = run.command;
    let paths = sources(command)?;
    if command.words.is_empty() && paths.is_empty() {
        return Err(Failure::error("required resource not specified"));
    }
    Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str).filter(|text| !text.is_empty()),
        type_alone: true,
        ..ResourceRequest::default()
    })
}

/// A rollout that is followed; the first of the targets is at hand.
#[derive(Clone, Debug)]
pub struct Following {
    targets: Vec<Target>,
    since: u64,
    until: Option<Time>,
    first: bool,
}

impl Following {
    /// Tells what has changed, until it is done.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        while let Some(target) = self.targets.first().cloned() {
            if self.first {
                self.first = false;
                self.since = run.version();
                let live = run.get(target.resource, &target.namespace, &target.name)?;
                if self.tell(run, &live)? {
                    continue;
                }
            }
            let events = run.session.events;
            let mut done = false;
            for event in events {
                let object = &event.object;
                let ours = Some(object.kind) == target.resource.kind
                    && object.meta.namespace == target.namespace
                    && object.meta.name == target.name;
                if !ours || object.meta.resource_version <= self.since {
                    continue;
                }
                self.since = object.meta.resource_version;
                if event.change == Change::Deleted {
                    return Err(Failure::error("object has been deleted"));
                }
                if self.tell(run, object)? {
                    done = true;
                    break;
                }
            }
            if done {
                continue;
            }
            if self.until.is_some_and(|until| run.now() >= until) {
                return Err(Failure::error("timed out waiting for the condition"));
            }
            let until = self.until;
            return Ok(Next::OnChange(Step::Rollout(Box::new(self)), until));
        }
        Ok(Next::End)
    }

    /// Prints the state of the rollout; goes to the next target when there is nothing more to wait for.
    fn tell(&mut self, run: &mut Run<'_, '_>, object: &Object) -> Result<bool, Failure> {
        let (text, done) = status(object)?;
        run.line(text);
        let over = done || !run.command.switch("watch").unwrap_or(true);
        if over {
            self.targets.remove(0);
            self.first = true;
        }
        Ok(over)
    }
}

/// The state of a rollout in words, and whether it is over.
fn status(object: &Object) -> Result<(String, bool), Failure> {
    if object.kind != Kind::StatefulSet {
        return Err(Failure::error(format!(
            "no status viewer has been implemented for {}",
            object.kind.qualified_kind()
        )));
    }
    let spec = object.tree.at(&["spec"]);
    let count = |field: &str| object.tree.at(&["status", field]).as_i64().unwrap_or(0);
    let word = |field: &str| object.tree.at(&["status", field]).text();
    let rolling = spec.at(&["updateStrategy", "rollingUpdate"]);
    if spec.at(&["updateStrategy", "type"]).as_str() != Some("RollingUpdate") {
        return Err(Failure::error("rollout status is only available for RollingUpdate strategy type"));
    }
    let observed = count("observedGeneration");
    if observed == 0 || object.meta.generation > observed {
        return Ok(("Waiting for statefulset spec update to be observed...".into(), false));
    }
    let replicas = spec.at(&["replicas"]).as_i64().unwrap_or(1);
    let (ready, updated) = (count("readyReplicas"), count("updatedReplicas"));
    if ready < replicas {
        return Ok((format!("Waiting for {} pods to be ready...", replicas - ready), false));
    }
    if !rolling.is_null() {
        if let Some(partition) = rolling.at(&["partition"]).as_i64()
            && updated < replicas - partition
        {
            let wanted = replicas - partition;
            return Ok((
                format!(
                    "Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated..."
                ),
                false,
            ));
        }
        return Ok((format!("partitioned roll out complete: {updated} new pods have been updated..."), true));
    }
    if word("updateRevision") != word("currentRevision") {
        return Ok((
            format!(
                "waiting for statefulset rolling update to complete {updated} pods at revision {}...",
                word("updateRevision")
            ),
            false,
        ));
    }
    Ok((
        format!(
            "statefulset rolling update complete {} pods at revision {}...",
            count("currentReplicas"),
            word("currentRevision")
        ),
        true,
    ))
}
