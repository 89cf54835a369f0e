//! `kubectl drain` (`reference/pods-and-nodes.md` §9).

use super::Step;
use super::node::{named_nodes, set_schedulable};
use crate::api::{Kind, Reason, Selector, Shared, Status};
use crate::apiserver::{DeleteOptions, Request, Subresource, Verb};
use crate::kubectl::command_line::{Target, types};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{DryRun, Next, Outcome, Run};
use crate::map;
use crate::time::{Time, go_duration};
use crate::value::Text;

/// A refused eviction is tried again after this time; a pod that goes is looked at this often.
const RETRY_MS: i64 = 5000;
const LOOK_MS: i64 = 1000;

/// Begins the command.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    if let Some(text) = run.command.text("pod-selector") {
        Selector::parse(text)
            .map_err(|_| Failure::error("--pod-selector=<pod_selector> must be a valid label selector"))?;
    }
    let nodes = named_nodes(run)?;
    for node in &nodes {
        set_schedulable(run, node, false)?;
    }
    Draining { nodes, pending: Vec::new(), stuck: Vec::new(), errors: Vec::new(), until: None, begun: false }.go(run)
}

/// One pod on its way.
#[derive(Clone, Debug)]
struct Leaving {
    pod: Shared,
    /// Its eviction was accepted; it is waited for.
    accepted: bool,
    /// When it is tried or looked at next.
    next: Time,
}

/// A drain at work; the first of the nodes is at hand.
#[derive(Clone, Debug)]
pub struct Draining {
    nodes: Vec<Target>,
    pending: Vec<Leaving>,
    /// The nodes that could not be emptied.
    stuck: Vec<Text>,
    /// What went wrong with the node at hand.
    errors: Vec<String>,
    until: Option<Time>,
    begun: bool,
}

impl Draining {
    /// Goes on.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        while let Some(node) = self.nodes.first().cloned() {
            if !self.begun {
                self.begun = true;
                self.until = run.command.milliseconds("timeout").filter(|ms| *ms > 0).map(|ms| run.now().plus(ms));
                match to_remove(run, &node.name) {
                    Ok(pods) => {
                        let now = run.now();
                        self.pending =
                            pods.into_iter().map(|pod| Leaving { pod, accepted: false, next: now }).collect();
                    }
                    Err(errors) => {
                        self.finish(run, &node, errors);
                        continue;
                    }
                }
            }
            self.advance(run)?;
            if let Some(next) = self.pending.iter().map(|leaving| leaving.next).min() {
                return Ok(Next::At(Step::Drain(Box::new(self)), next));
            }
            let errors = std::mem::take(&mut self.errors);
            if !errors.is_empty() {
                Self::tell_pending(run, &node, &errors);
            }
            self.finish(run, &node, errors);
        }
        if !self.stuck.is_empty() {
            run.complain("There are pending nodes to be drained:");
            for name in &self.stuck {
                run.complain(format!(" {name}"));
            }
        }
        Ok(Next::End)
    }

    /// Tries every pod whose time has come.
    fn advance(&mut self, run: &mut Run<'_, '_>) -> Result<(), Failure> {
        let now = run.now();
        let dry = DryRun::of(run.command)?;
        let over = self.until.is_some_and(|until| now >= until);
        let timeout = go_duration(run.command.milliseconds("timeout").unwrap_or(0));
        let mut still = Vec::new();
        for mut leaving in std::mem::take(&mut self.pending) {
            let (namespace, name) = (leaving.pod.meta.namespace.clone(), leaving.pod.meta.name.clone());
            if leaving.next > now {
                still.push(leaving);
                continue;
            }
            if !leaving.accepted {
                let deletes = run.command.is("disable-eviction");
                let word = if deletes { "deleting" } else { "evicting" };
                run.line(format!("{word} pod {namespace}/{name}{}", dry.suffix()));
                if over {
                    self.errors.push(format!(
                        "error when evicting pods/\"{name}\" -n \"{namespace}\": global timeout reached: {timeout}"
                    ));
                    continue;
                }
                if dry == DryRun::Client {
                    continue;
                }
                match ask(run, &leaving.pod, deletes, dry) {
                    Ok(()) => leaving.accepted = true,
                    Err(status) if status.is_not_found() => continue,
                    Err(status) if status.reason == Reason::TooManyRequests => {
                        run.complain(format!(
                            "error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {}",
                            status.message
                        ));
                        leaving.next = now.plus(RETRY_MS);
                        still.push(leaving);
                        continue;
                    }
                    Err(status) => {
                        self.errors.push(format!(
                            "error when evicting pods/\"{name}\" -n \"{namespace}\": {}",
                            status.message
                        ));
                        continue;
                    }
                }
                if dry != DryRun::No {
                    continue;
                }
            }
            let there = run
                .get(types::of_kind(Kind::Pod), &namespace, &name)
                .is_ok_and(|live| live.meta.uid == leaving.pod.meta.uid);
            if !there {
                let word = if run.command.is("disable-eviction") { "deleted" } else { "evicted" };
                run.line(format!("pod/{name} {word}"));
            } else if over {
                self.errors.push(format!(
                    "error when waiting for pod \"{name}\" in namespace \"{namespace}\" to terminate: context \
                     deadline exceeded"
                ));
            } else {
                leaving.next = now.plus(LOOK_MS);
                still.push(leaving);
            }
        }
        self.pending = still;
        Ok(())
    }

    /// Tells which pods a failed drain leaves behind.
    fn tell_pending(run: &mut Run<'_, '_>, node: &Target, errors: &[String]) {
        let left = to_remove(run, &node.name).unwrap_or_default();
        if left.is_empty() {
            return;
        }
        run.complain(format!(
            "There are pending pods in node \"{}\" when an error occurred: {}",
            node.name,
            joined(errors)
        ));
        for pod in left {
            run.complain(format!("pod/{}", pod.meta.name));
        }
    }

    /// Ends the work on the node at hand.
    fn finish(&mut self, run: &mut Run<'_, '_>, node: &Target, errors: Vec<String>) {
        if errors.is_empty() {
            let suffix = DryRun::of(run.command).map_or("", DryRun::suffix);
            run.line(format!("{} drained{suffix}", node.shown()));
        } else {
            run.complain(format!(
                "error: unable to drain node \"{}\" due to error: {}, continuing command...",
                node.name,
                joined(&errors)
            ));
            self.stuck.push(node.name.clone());
            for error in errors {
                run.fail(Failure::plain(error));
            }
        }
        self.nodes.remove(0);
        self.begun = false;
    }
}

/// Several errors stand in brackets.
fn joined(errors: &[String]) -> String {
    match errors {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

fn ask(run: &mut Run<'_, '_>, pod: &Shared, deletes: bool, dry: DryRun) -> Result<(), Status> {
    let (namespace, name) = (&pod.meta.namespace, &pod.meta.name);
    let grace = run.command.int("grace-period").filter(|grace| *grace >= 0);
    let request = if deletes {
        let options = DeleteOptions { grace_seconds: grace, ..DeleteOptions::default() };
        Request::new(Kind::Pod, namespace, name, Verb::Delete(options))
    } else {
        let mut body = map! {
            "apiVersion" => "policy/v1",
            "kind" => "Eviction",
            "metadata" => map! { "name" => name, "namespace" => namespace },
        };
        if let Some(grace) = grace {
            body.set(&["deleteOptions", "gracePeriodSeconds"], grace);
        }
        Request::new(Kind::Pod, namespace, name, Verb::Create(body)).part(Subresource::Eviction)
    };
    run.send(request.dry(dry.server())).map(|_| ())
}

/// The pods of a node that a drain removes, with the warnings about others.
///
/// # Errors
/// Why it must not.
fn to_remove(run: &mut Run<'_, '_>, node: &Text) -> Result<Vec<Shared>, Vec<String>> {
    let command = run.command;
    let selector = Selector::parse(command.text_or_empty("pod-selector")).unwrap_or_default();
    let fields = vec![("spec.nodeName".into(), true, node.clone())];
    let all = run.list(types::of_kind(Kind::Pod), &Text::default(), selector, fields).unwrap_or_default();
    let (mut daemons, mut alone, mut local) = (Vec::new(), Vec::new(), Vec::new());
    let mut chosen = Vec::new();
    for pod in all {
        let shown = format!("{}/{}", pod.meta.namespace, pod.meta.name);
        let finished = matches!(pod.tree.at(&["status", "phase"]).as_str(), Some("Succeeded" | "Failed"));
        match pod.controller() {
            Some(owner) if owner.kind == *"DaemonSet" => {
                daemons.push(shown);
                continue;
            }
            None if !finished => alone.push(shown.clone()),
            _ => {}
        }
        let volumes = pod.tree.at(&["spec", "volumes"]).items();
        if !finished && volumes.iter().any(|volume| volume.get("emptyDir").is_some()) {
            local.push(shown);
        }
        chosen.push(pod);
    }
    let mut errors = Vec::new();
    if !daemons.is_empty() && !command.is("ignore-daemonsets") {
        errors.push(format!(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}",
            daemons.join(", ")
        ));
    }
    if !local.is_empty() && !command.is("delete-emptydir-data") {
        errors.push(format!(
            "cannot delete Pods with local storage (use --delete-emptydir-data to override): {}",
            local.join(", ")
        ));
    }
    if !alone.is_empty() && !command.is("force") {
        errors.push(format!(
            "cannot delete Pods that declare no controller (use --force to override): {}",
            alone.join(", ")
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut warnings = Vec::new();
    if !daemons.is_empty() {
        warnings.push(format!("ignoring DaemonSet-managed Pods: {}", daemons.join(", ")));
    }
    if !alone.is_empty() {
        warnings.push(format!("deleting Pods that declare no controller: {}", alone.join(", ")));
    }
    if !warnings.is_empty() {
        run.complain(format!("Warning: {}", warnings.join("; ")));
    }
    Ok(chosen)
}
