//! `kubectl apply -f` (`reference/api-defaults-validation.md` §6, §9).

use super::create::{self, LAST_APPLIED};
use super::visit::Visit;
use super::{Step, output};
use crate::api::{Reason, Shared, Status, patch};
use crate::apiserver::{Conflicts, FieldValidation, PatchType, Request, Verb, check_typed};
use crate::kubectl::command_line::{Query, Target, sources};
use crate::kubectl::errors::Failure;
use crate::kubectl::print::{self, Format};
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::value::{Text, Value, json};

/// How often a conflict is tried again, and the pause before each try but the first.
const TRIES: u32 = 5;
const PAUSE_MS: i64 = 1000;

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    create::no_words(run)?;
    let paths = sources(command)?;
    if paths.is_empty() {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let dry = DryRun::of(command)?;
    if command.is("force-conflicts") && !command.is("server-side") {
        return Err(Failure::error("--force-conflicts only works with --server-side"));
    }
    if command.is("server-side") && dry == DryRun::Client {
        return Err(Failure::error(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ));
    }
    let (server, force, prune) = (command.is("server-side"), command.is("force"), command.is("prune"));
    for (clash, complaint) in [
        (server && force, "--force cannot be used with --server-side"),
        (force && dry == DryRun::Server, "--dry-run=server cannot be used with --force"),
        (command.is("all") && command.has("selector"), "cannot set --all and --selector at the same time"),
        (force && prune, "--force cannot be used with --prune"),
        (
            prune && !command.is("all") && !command.has("selector"),
            "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all \
             flag. If you did not mean to prune all resources, specify a label selector",
        ),
        (server && prune, "--prune is in alpha and doesn't currently work on objects created by server-side apply"),
        (command.has("subresource") && !server, "--subresource can only be specified for --server-side"),
    ] {
        if clash {
            return Err(Failure::error(complaint));
        }
    }
    output::format(command)?;
    let targets = Query::files(paths, run.command.text_or_empty("selector"))?.targets(run);
    Sequence::new(targets).go(run)
}

/// The objects of an apply, which goes on with the next when one has been tried often enough.
#[derive(Clone, Debug)]
pub struct Sequence {
    targets: Vec<Result<Target, Failure>>,
    next: usize,
    applied: Vec<Value>,
}

/// A step of an apply: the sequence, and how often the object at hand was tried.
#[derive(Clone, Debug)]
pub struct Retry {
    sequence: Sequence,
    tried: u32,
}

/// What became of one object.
enum Applied {
    Done,
    Conflict(Failure),
}

impl Retry {
    /// Goes on.
    pub fn go(self, run: &mut Run<'_, '_>) -> Outcome {
        self.sequence.step(run, self.tried)
    }
}

impl Sequence {
    fn new(targets: Vec<Result<Target, Failure>>) -> Self {
        Self { targets, next: 0, applied: Vec::new() }
    }

    fn go(self, run: &mut Run<'_, '_>) -> Outcome {
        self.step(run, 0)
    }

    fn step(mut self, run: &mut Run<'_, '_>, tried: u32) -> Outcome {
        if let Some(target) = self.targets.get(self.next).cloned() {
            match target {
                Err(failure) => run.fail(failure),
                Ok(target) => match one(run, &target, &mut self.applied, tried) {
                    Ok(Applied::Done) => {}
                    Ok(Applied::Conflict(_)) if tried < TRIES => {
                        let at = run.now().plus(if tried == 0 { 0 } else { PAUSE_MS });
                        let retry = Retry { sequence: self, tried: tried + 1 };
                        return Ok(Next::At(Step::Apply(Box::new(retry)), at));
                    }
                    Ok(Applied::Conflict(failure)) | Err(failure) => run.fail(failure),
                },
            }
            self.next += 1;
            if self.next < self.targets.len() {
                return Ok(Next::Go(Step::Apply(Box::new(Retry { sequence: self, tried: 0 }))));
            }
        }
        if self.targets.is_empty() {
            return Err(Failure::error("no objects passed to apply"));
        }
        print_all(run, &self.applied)
    }
}

/// With `-o yaml` and its like everything applied is printed at the end.
fn print_all(run: &mut Run<'_, '_>, applied: &[Value]) -> Outcome {
    let shows = output::format(run.command)?.filter(|format| !matches!(format, Format::Name));
    if let (Some(format), false) = (shows, applied.is_empty()) {
        let managed = output::shows_managed_fields(run.command);
        let text = if applied.len() == 1 {
            print::trees(&format, applied, true, managed)
        } else {
            let list = crate::map! {
                "apiVersion" => "v1",
                "kind" => "List",
                "metadata" => Value::empty_map(),
                "items" => applied.to_vec(),
            };
            print::trees(&format, &[list], true, managed)
        };
        run.out(&text.map_err(Failure::error)?);
    }
    Ok(Next::End)
}

/// Applies one object.
fn one(run: &mut Run<'_, '_>, target: &Target, applied: &mut Vec<Value>, tried: u32) -> Result<Applied, Failure> {
    if target.name.is_empty() {
        return Err(without_name(target));
    }
    let dry = DryRun::of(run.command)?;
    let server_side = run.command.is("server-side");
    if server_side {
        return server_apply(run, target, applied, dry).map(|()| Applied::Done);
    }
    let live = match run.get(target.resource, &target.namespace, &target.name) {
        Ok(live) => live,
        Err(status) if status.is_not_found() => {
            let mut tree = target.manifest.clone();
            create::annotate(&mut tree);
            let made = if dry == DryRun::Client { tree } else { create::send(run, target, tree, dry)? };
            return told(run, target, "created", made, applied).map(|()| Applied::Done);
        }
        Err(status) => return Err(retrieving(target, &status)),
    };
    let resource = format!("{}/{}", target.resource.plural, target.name);
    if live.annotation(LAST_APPLIED).is_none() && tried == 0 {
        run.complain(format!(
            "Warning: resource {resource} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. \
             kubectl apply should only be used on resources created declaratively by either kubectl create \
             --save-config or kubectl apply. The missing annotation will be patched automatically."
        ));
    }
    let mut manifest = target.manifest.clone();
    create::annotate(&mut manifest);
    let before = live.annotation(LAST_APPLIED).and_then(|text| json::parse(text).ok()).unwrap_or_default();
    let change = patch::three_way(live.kind, &before, &manifest, &live.tree).map_err(Failure::error)?;
    if change == Value::empty_map() {
        return told(run, target, "unchanged", live.tree.clone(), applied).map(|()| Applied::Done);
    }
    if live.is_terminating() && tried == 0 {
        run.complain(format!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            target.name
        ));
    }
    let changed = if dry == DryRun::Client {
        patch::strategic(live.kind, &live.tree, &change).map_err(|status| patching(target, &change, status))?
    } else {
        let verb = Verb::Patch(PatchType::Strategic, change.clone());
        let request = Request::new(live.kind, &target.namespace, &target.name, verb)
            .validated(run.validation(FieldValidation::Strict))
            .dry(dry.server());
        match run.one(request) {
            Ok(object) => object.tree.clone(),
            Err(status) if status.reason == Reason::Conflict => {
                return Ok(Applied::Conflict(patching(target, &change, status)));
            }
            Err(status) => return Err(patching(target, &change, status)),
        }
    };
    told(run, target, "configured", changed, applied).map(|()| Applied::Done)
}

/// Tells what was done, or keeps the object for the end where `-o` asks for objects.
fn told(
    run: &mut Run<'_, '_>,
    target: &Target,
    what: &str,
    tree: Value,
    applied: &mut Vec<Value>,
) -> Result<(), Failure> {
    match output::format(run.command)? {
        None | Some(Format::Name) => output::done(run, target, what, &tree),
        Some(_) => {
            applied.push(tree);
            Ok(())
        }
    }
}

/// What kubectl says to one whose apply would take fields from others.
const RESOLVE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Server-side apply: what the manifest says is merged over the object.
fn server_apply(run: &mut Run<'_, '_>, target: &Target, applied: &mut Vec<Value>, dry: DryRun) -> Result<(), Failure> {
    let live = match run.get(target.resource, &target.namespace, &target.name) {
        Ok(live) => Some(live),
        Err(status) if status.is_not_found() => None,
        Err(status) => return Err(status.into()),
    };
    let Some(kind) = target.resource.kind else {
        return Err(create::not_simulated(target));
    };
    let manifest = target.manifest.clone();
    check_typed(kind, &target.namespace, &target.name, &manifest)?;
    let request = if live.is_none() {
        Request::new(kind, &target.namespace, &Text::default(), Verb::Create(manifest))
    } else {
        Request::new(kind, &target.namespace, &target.name, Verb::Patch(PatchType::Strategic, manifest))
    };
    let conflicts = if run.command.is("force-conflicts") { Conflicts::Force } else { Conflicts::Refuse };
    let request = request.validated(FieldValidation::Strict).applied(conflicts).dry(dry.server());
    let object: Shared = run.one(request).map_err(|status| match status.reason {
        Reason::Conflict => Failure::error(format!("{}\n{RESOLVE}", status.message)),
        _ => status.into(),
    })?;
    told(run, target, "serverside-applied", object.tree.clone(), applied)
}

/// The three lines by which apply names an object.
fn named(target: &Target) -> String {
    format!(
        "Resource: \"{}\", GroupVersionKind: \"{}\"\nName: \"{}\", Namespace: \"{}\"",
        target.resource.go_resource(),
        target.resource.go_kind(),
        target.name,
        target.namespace
    )
}

fn without_name(target: &Target) -> Failure {
    let prefix = target.manifest.at(&["metadata", "generateName"]).str_or_empty();
    if !prefix.is_empty() {
        return Failure::error(format!("from {prefix}: cannot use generate name with apply"));
    }
    Failure::error(format!(
        "error when retrieving current configuration of:\n{}\nfrom server for: \"{}\": resource name may not be empty",
        named(target),
        target.source
    ))
}

fn retrieving(target: &Target, status: &Status) -> Failure {
    let message = format!(
        "error when retrieving current configuration of:\n{}\nfrom server for: \"{}\": {}",
        named(target),
        target.source,
        status.message
    );
    Failure::from(status.clone().with_message(message))
}

fn patching(target: &Target, change: &Value, status: Status) -> Failure {
    let message = format!(
        "error when applying patch:\n{}\nto:\n{}\nfor: \"{}\": error when patching \"{}\": {}",
        json::to_compact(change),
        named(target),
        target.source,
        target.source,
        status.message
    );
    Failure::from(status.with_message(message))
}

/// Begins `kubectl apply view-last-applied` (`-o yaml`, `-o json`).
pub fn view_last(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let output = command.text_or_empty("output");
    if !matches!(output, "" | "yaml" | "json") {
        return Err(
            command.usage(format!("Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"))
        );
    }
    let query = super::named_query(run, true)?;
    let targets = query.targets(run);
    Visit::new(targets, view_one, super::visit::nothing_more).go(run)
}

fn view_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let live = super::live(run, target)?;
    let Some(text) = live.annotation(LAST_APPLIED) else {
        // kubectl has a complaint for this, but loses it.
        return Ok(());
    };
    let tree = json::parse(text).unwrap_or_default();
    let text = if run.command.text_or_empty("output") == "json" {
        super::help::two_space_json(&tree)
    } else {
        print::trees(&Format::Yaml, &[tree], true, true).map_err(Failure::error)?
    };
    run.out(&text);
    Ok(())
}

/// Begins `kubectl apply set-last-applied`.
pub fn set_last(run: &mut Run<'_, '_>) -> Outcome {
    let paths = sources(run.command)?;
    if paths.is_empty() {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let targets = Query::files(paths, run.command.text_or_empty("selector"))?.targets(run);
    Visit::new(targets, set_one, super::visit::nothing_more).go(run)
}

fn set_one(run: &mut Run<'_, '_>, target: &Target, _: &mut Vec<Value>) -> Result<(), Failure> {
    let live =
        run.get(target.resource, &target.namespace, &target.name).map_err(|status| retrieving(target, &status))?;
    if live.annotation(LAST_APPLIED).is_none() && !run.command.is("create-annotation") {
        return Err(Failure::error(format!(
            "no last-applied-configuration annotation found on resource: {}, to create the annotation, run the command \
             with --create-annotation",
            target.name
        )));
    }
    // What is set by hand is the file itself; `apply` would add an empty map of annotations to it.
    let text = format!("{}\n", json::to_compact(&target.manifest));
    let dry = DryRun::of(run.command)?;
    if live.annotation(LAST_APPLIED) == Some(text.as_str()) {
        return Ok(());
    }
    let mut change = Value::empty_map();
    change.set(&["metadata", "annotations", LAST_APPLIED], text);
    let request = Request::new(live.kind, &target.namespace, &target.name, Verb::Patch(PatchType::Merge, change))
        .dry(dry.server());
    let object = if dry == DryRun::Client { live } else { run.one(request)? };
    output::done(run, target, "configured", &object.tree)
}
