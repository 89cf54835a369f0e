//! `kubectl replace`.

use super::delete::{Ahead, Waiting};
use super::visit::{Visit, nothing_more};
use super::{create, output, raw};
use crate::apiserver::{DeleteOptions, FieldValidation, Request, Verb};
use crate::kubectl::command_line::{Query, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::map;
use crate::value::Value;

/// Begins `kubectl replace`.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let paths = sources(command)?;
    if paths.is_empty() {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    if command.int("grace-period").is_some_and(|grace| grace >= 0) && !command.is("force") {
        return Err(Failure::error("--grace-period must have --force specified"));
    }
    if command.milliseconds("timeout").is_some_and(|ms| ms != 0) && !command.is("force") {
        return Err(Failure::error("--timeout must have --force specified"));
    }
    if command.is("force") && DryRun::of(command)? != DryRun::No {
        return Err(Failure::error("--dry-run can not be used when --force is set"));
    }
    DryRun::of(command)?;
    if let Some(path) = command.text("raw").filter(|path| !path.is_empty()) {
        if !command.text_or_empty("output").is_empty() {
            return Err(Failure::error("--raw and --output are mutually exclusive"));
        }
        return raw::put(run, path, &paths);
    }
    output::format(command)?;
    let targets = Query::files(paths, run.command.text_or_empty("selector"))?.targets(run);
    if command.is("force") {
        return Visit::new(targets, remove, make_anew).go(run);
    }
    Visit::new(targets, act, after).go(run)
}

fn after(run: &mut Run<'_, '_>, _: Vec<Value>, count: usize) -> Outcome {
    if count == 0 && run.console.failures.is_empty() {
        return Err(Failure::error("no objects passed to replace"));
    }
    Ok(Next::End)
}

fn act(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let dry = DryRun::of(run.command)?;
    let mut tree = target.manifest.clone();
    if run.command.is("save-config") {
        create::annotate(&mut tree);
    }
    let Some(kind) = target.resource.kind else {
        return Err(create::not_simulated(target));
    };
    if dry == DryRun::Client {
        return output::done(run, target, "replaced", &tree);
    }
    if target.name.is_empty() {
        return Err(Failure::error(format!(
            "error when replacing \"{}\": resource name may not be empty",
            target.source
        )));
    }
    let request = Request::new(kind, &target.namespace, &target.name, Verb::Update(tree))
        .validated(run.validation(FieldValidation::Strict))
        .dry(dry.server());
    match run.one(request) {
        Ok(object) => output::done(run, target, "replaced", &object.tree),
        Err(status) => Err(Failure::from_source(status, "replacing", &target.source)),
    }
}

/// `--force`: the objects go first.
fn remove(run: &mut Run<'_, '_>, target: &Target, gone: &mut Vec<Value>) -> Result<(), Failure> {
    let Some(kind) = target.resource.kind else {
        return Err(create::not_simulated(target));
    };
    let options = DeleteOptions {
        grace_seconds: run.command.int("grace-period").filter(|grace| *grace >= 0),
        ..DeleteOptions::default()
    };
    let request = Request::new(kind, &target.namespace, &target.name, Verb::Delete(options));
    let reply = match run.send(request) {
        Ok(reply) => reply,
        Err(status) if status.is_not_found() => return Ok(()),
        Err(status) => return Err(Failure::from_source(status, "deleting", &target.source)),
    };
    let from =
        if target.namespace.is_empty() { String::new() } else { format!(" from {} namespace", target.namespace) };
    run.line(format!("{} \"{}\" deleted{from}", target.resource.qualified_singular(), target.name));
    gone.push(map! {
        "kind" => target.resource.qualified_plural(),
        "namespace" => &target.namespace,
        "name" => &target.name,
        "uid" => reply.object.map(|object| object.meta.uid.clone()).unwrap_or_default(),
    });
    Ok(())
}

/// `--force`: then they are made anew.
fn make_anew(run: &mut Run<'_, '_>, gone: Vec<Value>, count: usize) -> Outcome {
    if !run.console.failures.is_empty() || count == 0 {
        return after(run, gone, count);
    }
    let targets = Query::files(sources(run.command)?, "")?.targets(run);
    let anew = Visit::new(
        targets,
        |run, target, _| {
            let made = create::send(run, target, target.manifest.clone(), DryRun::No)?;
            output::done(run, target, "replaced", &made)
        },
        nothing_more,
    );
    Waiting { gone, until: None, next: Ahead::Visit(Box::new(anew)) }.go(run)
}
