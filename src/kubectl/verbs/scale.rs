//! `kubectl scale`.

use super::visit::Visit;
use super::{Step, output};
use crate::api::{Kind, Shared};
use crate::apiserver::{PatchType, Request, Subresource, Verb};
use crate::kubectl::command_line::{Query, ResourceRequest, Target, sources, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let Some(replicas) = command.int("replicas") else {
        return Err(Failure::error("required flag(s) \"replicas\" not set"));
    };
    if replicas < 0 {
        return Err(Failure::error(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    }
    if command.int("current-replicas").is_some_and(|count| count < -1) {
        return Err(Failure::error("The --current-replicas must specify an integer of -1 or greater"));
    }
    DryRun::of(command)?;
    output::format(command)?;
    let paths = sources(command)?;
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: command.text("selector").map(Text::as_str),
        type_alone: command.is("all"),
        ..ResourceRequest::default()
    })?;
    let targets = query.targets(run);
    if targets.is_empty() {
        return Err(Failure::error("no objects passed to scale"));
    }
    if targets.len() > 1 && command.has("resource-version") {
        return Err(Failure::error("cannot use --resource-version with multiple resources"));
    }
    // kubectl reads every object first and tells what is missing at the end; the first that cannot be scaled ends it.
    let read = targets
        .into_iter()
        .map(|target| {
            let target = target?;
            let live = super::live(run, &target)?;
            Ok(Target { live: Some(live), ..target })
        })
        .collect();
    Visit::new(read, act, after).stopping().go(run)
}

/// With `--timeout` a scale is told only when its pods are there.
#[derive(Clone, Debug)]
pub struct Settling {
    targets: Vec<Target>,
    until: Time,
}

fn after(run: &mut Run<'_, '_>, waiting: Vec<Value>, _: usize) -> Outcome {
    let patience = run.command.milliseconds("timeout").unwrap_or(0);
    let resource = |name: &Value| types::find(name.str_or_empty());
    let targets = waiting
        .iter()
        .filter_map(|one| {
            Some(Target {
                resource: resource(one.at(&["kind"]))?,
                namespace: one.at(&["namespace"]).text(),
                name: one.at(&["name"]).text(),
                source: Text::default(),
                manifest: Value::Null,
                fills_namespace: false,
                live: None,
            })
        })
        .collect();
    Settling { targets, until: run.now().plus(patience) }.go(run)
}

impl Settling {
    /// Looks again.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        while let Some(target) = self.targets.first().cloned() {
            let live = run.get(target.resource, &target.namespace, &target.name)?;
            let wanted = run.command.int("replicas").unwrap_or(0);
            let count = |path: &[&str]| live.tree.at(path).as_i64().unwrap_or(0);
            if count(&["spec", "replicas"]) == wanted && count(&["status", "replicas"]) == wanted {
                output::done(run, &target, "scaled", &live.tree)?;
                self.targets.remove(0);
                continue;
            }
            if run.now() >= self.until {
                return Err(Failure::error(format!("timed out waiting for \"{}\" to be synced", target.name)));
            }
            let until = self.until;
            return Ok(Next::OnChange(Step::Settling(Box::new(self)), Some(until)));
        }
        Ok(Next::End)
    }
}

fn act(run: &mut Run<'_, '_>, target: &Target, waiting: &mut Vec<Value>) -> Result<(), Failure> {
    let dry = DryRun::of(run.command)?;
    let live = super::live(run, target)?;
    let wanted = run.command.int("replicas").unwrap_or(0);
    if dry == DryRun::Client {
        return output::done(run, target, "scaled", &scaled(&live, wanted));
    }
    let kind = target.resource.kind.unwrap_or(Kind::Pod);
    let scale = run.one(Request::new(kind, &target.namespace, &target.name, Verb::Get).part(Subresource::Scale))?;
    let now = scale.tree.at(&["spec", "replicas"]).as_i64().unwrap_or(0);
    if let Some(expected) = run.command.int("current-replicas")
        && expected >= 0
        && expected != now
    {
        return Err(Failure::error(format!("Expected replicas to be {expected}, was {now}")));
    }
    if let Some(expected) = run.command.text("resource-version").filter(|version| !version.is_empty())
        && **expected != *scale.meta.resource_version.to_string()
    {
        return Err(Failure::error(format!(
            "Expected resource version to be {expected}, was {}",
            scale.meta.resource_version
        )));
    }
    let verb = Verb::Patch(PatchType::Merge, map! { "spec" => map! { "replicas" => wanted } });
    let request = Request::new(kind, &target.namespace, &target.name, verb).part(Subresource::Scale).dry(dry.server());
    run.one(request)?;
    super::record::record(run, target)?;
    if dry == DryRun::No && run.command.milliseconds("timeout").is_some_and(|ms| ms > 0) {
        waiting.push(map! {
            "kind" => target.resource.qualified_plural(),
            "namespace" => &target.namespace,
            "name" => &target.name,
        });
        return Ok(());
    }
    output::done(run, target, "scaled", &scaled(&live, wanted))
}

/// What kubectl shows of a scaled object: as it was read, with the new number.
fn scaled(live: &Shared, wanted: i64) -> Value {
    let mut tree = live.tree.clone();
    tree.set(&["spec", "replicas"], wanted);
    tree
}
