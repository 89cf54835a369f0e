//! `kubectl delete`.

use super::visit::Visit;
use super::{Step, raw};
use crate::apiserver::{DeleteOptions, Propagation, Request, Verb};
use crate::kubectl::command_line::{Command, Query, ResourceRequest, Target, sources, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// How the objects go.
#[derive(Clone, Copy, Debug)]
struct Manner {
    propagation: Propagation,
    grace_seconds: Option<i64>,
    forced: bool,
}

impl Manner {
    fn of(command: &Command) -> Result<Self, Failure> {
        let forced = command.is("force");
        let asked = command.int("grace-period").filter(|grace| *grace >= 0);
        if command.is("now") && asked.is_some() {
            return Err(Failure::error("--now and --grace-period cannot be specified together"));
        }
        let grace_seconds = match asked {
            _ if command.is("now") => Some(1),
            Some(0) if !forced => Some(1),
            None if forced => Some(0),
            other => other,
        };
        let propagation = match command.text("cascade").map(Text::as_str) {
            None | Some("background" | "true") => Propagation::Background,
            Some("foreground") => Propagation::Foreground,
            Some("orphan" | "false") => Propagation::Orphan,
            Some(other) => {
                return Err(Failure::error(format!(
                    "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
                )));
            }
        };
        Ok(Self { propagation, grace_seconds, forced })
    }
}

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let manner = Manner::of(command)?;
    if let Some(old @ ("true" | "false")) = command.text("cascade").map(Text::as_str) {
        let new = if old == "true" { "background" } else { "orphan" };
        run.complain(format!(
            "warning: --cascade={old} is deprecated (boolean value) and can be replaced with --cascade={new}."
        ));
    }
    DryRun::of(command)?;
    let paths = sources(command)?;
    if let Some(path) = command.text("raw").filter(|path| !path.is_empty()) {
        return raw::delete(run, path);
    }
    let fields = command.text("field-selector").filter(|text| !text.is_empty());
    let labels = command.text("selector").filter(|text| !text.is_empty());
    let all = command.is("all");
    if all && (fields.is_some() || labels.is_some()) {
        return Err(Failure::error("setting 'all' parameter but found a non empty selector. "));
    }
    let query = Query::read(&ResourceRequest {
        words: &command.words,
        files: &paths,
        labels: labels.map(Text::as_str),
        fields: fields.map(Text::as_str),
        all,
        all_namespaces: command.is("all-namespaces"),
        ..ResourceRequest::default()
    })?;
    if manner.forced && manner.grace_seconds.is_some_and(|grace| grace > 0) {
        return Err(Failure::error("--force and --grace-period greater than 0 cannot be specified together"));
    }
    output_of(command)?;
    if manner.forced && manner.grace_seconds == Some(0) {
        run.complain(
            "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. \
             The resource may continue to run on the cluster indefinitely.",
        );
    }
    let targets = query.targets(run);
    let cluster_scoped = targets.iter().flatten().any(|target| !target.resource.namespaced);
    if cluster_scoped && command.has("namespace") {
        run.complain("Warning: deleting cluster-scoped resources, not scoped to the provided namespace");
    }
    if command.is("interactive") {
        return refuse_unasked(run, targets);
    }
    Visit::new(targets, act, after).go(run)
}

/// `-i` asks before it deletes; here nobody can answer, and no answer is a no.
fn refuse_unasked(run: &mut Run<'_, '_>, targets: Vec<Result<Target, Failure>>) -> Outcome {
    let mut shown = Vec::new();
    for target in targets {
        let target = target?;
        match super::live(run, &target) {
            Ok(_) => shown.push(target.shown()),
            Err(failure) if failure.is_not_found() && ignores_missing(run.command) => {}
            Err(failure) => return Err(failure),
        }
    }
    if shown.is_empty() {
        run.line("No resources found");
        return Ok(Next::End);
    }
    run.line(format!("You are about to delete the following {} resource(s):", shown.len()));
    for name in shown {
        run.line(name);
    }
    run.line("Do you want to continue? (y/N): deletion is cancelled");
    Ok(Next::End)
}

fn output_of(command: &Command) -> Result<bool, Failure> {
    match command.text_or_empty("output") {
        "" => Ok(false),
        "name" => Ok(true),
        other => Err(Failure::error(format!("unexpected -o output mode: {other}. We only support '-o name'"))),
    }
}

/// Whether an object that is already gone is no failure.
fn ignores_missing(command: &Command) -> bool {
    command.switch("ignore-not-found").unwrap_or_else(|| command.is("all"))
}

fn act(run: &mut Run<'_, '_>, target: &Target, gone: &mut Vec<Value>) -> Result<(), Failure> {
    let manner = Manner::of(run.command)?;
    let dry = DryRun::of(run.command)?;
    if dry != DryRun::Client {
        match ask(run, target, manner, dry) {
            Ok(uid) => gone.push(map! {
                "kind" => target.resource.qualified_plural(),
                "namespace" => &target.namespace,
                "name" => &target.name,
                "uid" => uid,
            }),
            Err(failure) if failure.is_not_found() && ignores_missing(run.command) => return Ok(()),
            Err(failure) => return Err(failure),
        }
    }
    if output_of(run.command)? {
        run.line(target.shown());
        return Ok(());
    }
    let how = if manner.forced && manner.grace_seconds == Some(0) { "force deleted" } else { "deleted" };
    let from =
        if target.namespace.is_empty() { String::new() } else { format!(" from {} namespace", target.namespace) };
    let what = target.resource.qualified_singular();
    run.line(format!("{what} \"{}\" {how}{from}{}", target.name, dry.suffix()));
    Ok(())
}

/// Asks the server for the end of one object; answers the uid of what is to vanish.
fn ask(run: &mut Run<'_, '_>, target: &Target, manner: Manner, dry: DryRun) -> Result<Text, Failure> {
    let failed = |status| Failure::from_source(status, "deleting", &target.source);
    let Some(kind) = target.resource.kind else {
        return match run.get(target.resource, &Text::default(), &target.name) {
            Ok(_) => Ok(Text::default()),
            Err(status) => Err(failed(status)),
        };
    };
    let options = DeleteOptions { grace_seconds: manner.grace_seconds, propagation: manner.propagation, uid: None };
    let request = Request::new(kind, &target.namespace, &target.name, Verb::Delete(options)).dry(dry.server());
    let reply = run.send(request).map_err(failed)?;
    Ok(reply.object.map(|object| object.meta.uid.clone()).unwrap_or_default())
}

fn after(run: &mut Run<'_, '_>, gone: Vec<Value>, count: usize) -> Outcome {
    if !run.console.failures.is_empty() {
        return Ok(Next::End);
    }
    if count == 0 {
        run.line("No resources found");
        return Ok(Next::End);
    }
    let waits = run.command.switch("wait").unwrap_or(true);
    if !waits || DryRun::of(run.command)? != DryRun::No || gone.is_empty() {
        return Ok(Next::End);
    }
    let timeout = run.command.milliseconds("timeout").unwrap_or(0);
    let until = match timeout {
        0 => None,
        negative if negative < 0 => None,
        ms => Some(run.now().plus(ms)),
    };
    Waiting { gone, until, next: Ahead::Nothing }.go(run)
}

/// What a command does once the objects are gone.
#[derive(Clone, Debug)]
pub enum Ahead {
    /// It ends.
    Nothing,
    /// It makes them anew (`replace --force`).
    Visit(Box<Visit>),
}

/// A deletion that waits for its objects to vanish.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Kind, namespace, name and uid of each.
    pub gone: Vec<Value>,
    /// When patience ends.
    pub until: Option<Time>,
    /// What comes then.
    pub next: Ahead,
}

impl Waiting {
    /// Looks again.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        while let Some(first) = self.gone.first() {
            if still_there(run, first) {
                if self.until.is_some_and(|until| run.now() >= until) {
                    let resource = types::find(first.at(&["kind"]).str_or_empty()).map_or("", |kind| kind.plural);
                    return Err(Failure::error(format!(
                        "timed out waiting for the condition on {resource}/{}",
                        first.at(&["name"]).str_or_empty()
                    )));
                }
                let until = self.until;
                return Ok(Next::OnChange(Step::Gone(Box::new(self)), until));
            }
            self.gone.remove(0);
        }
        match self.next {
            Ahead::Nothing => Ok(Next::End),
            Ahead::Visit(visit) => visit.go(run),
        }
    }
}

/// Whether the object with this uid still exists.
fn still_there(run: &mut Run<'_, '_>, object: &Value) -> bool {
    let Some(resource) = types::find(object.at(&["kind"]).str_or_empty()) else {
        return false;
    };
    let (namespace, name) = (object.at(&["namespace"]).text(), object.at(&["name"]).text());
    run.get(resource, &namespace, &name).is_ok_and(|live| live.meta.uid == object.at(&["uid"]).text())
}
