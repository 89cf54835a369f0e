//! Why a pod is not Ready, or does not go.

use super::eyes::Eyes;
use super::help::{Help, tail};
use super::{Reason, notes};
use crate::api::view::PodView;
use crate::api::{Key, Kind, Object, Shared};
use crate::sim::Fault;
use crate::value::{Text, Value};

/// By this name node agents decide.
const KUBELET: &str = "kubelet";

impl Eyes<'_> {
    /// A pod that is there.
    pub fn pod(&mut self, pod: &Shared) -> Reason {
        let Some(view) = pod.as_pod().cloned() else { return Reason::new(&pod.key(), "", "it cannot be read") };
        let name = &pod.meta.name;
        let mut reason = if pod.is_terminating() {
            self.going(pod, &view)
        } else if view.node.is_empty() {
            self.unscheduled(pod)
        } else if let Some(lost) = self.lost(pod, &view) {
            lost
        } else if view.is_finished() {
            let text =
                format!("{name} has ended (phase Failed or Succeeded); its set deletes it and makes another one");
            let help = Help::passes("Its controller replaces it", None);
            Reason::new(&pod.key(), "status.phase", text).rule(4).helps(help).helps(Help::delete(pod))
        } else if !view.is_running_and_ready() {
            self.not_ready(pod, &view)
        } else {
            self.fine(pod, &view)
        };
        reason.because.extend(notes::of_pod(self, pod, &view));
        reason
    }

    /// Running and Ready.
    fn fine(&mut self, pod: &Shared, view: &PodView) -> Reason {
        let name = &pod.meta.name;
        let mut reason = Reason::new(&pod.key(), "status.conditions[Ready]", format!("{name} is Running and Ready"));
        let Some((set, _)) = self.set_of(&pod.meta.namespace, name) else { return reason };
        let Some(of_set) = set.as_stateful_set() else { return reason };
        if let Some(since) = view.ready_changed.filter(|_| !view.is_available(of_set.min_ready_seconds, self.now())) {
            let at = since.plus(of_set.min_ready_seconds * 1000);
            let text = format!("{name} is Ready; it counts as available after {} s in a row", of_set.min_ready_seconds);
            let help = Help::passes("It is available then", Some(at));
            reason.because.push(Reason::new(&pod.key(), "spec.minReadySeconds", text).rule(17).helps(help));
        }
        reason
    }

    /// Terminating: the end of its grace, a finalizer, or nobody who confirms its end.
    fn going(&mut self, pod: &Shared, view: &PodView) -> Reason {
        let (key, name) = (pod.key(), &pod.meta.name);
        let text = format!("{name} is Terminating");
        let mut reason = Reason::new(&key, "metadata.deletionTimestamp", text).rule(3).since_touched(self, &key);
        let silent = self.world.is_silent(&view.node);
        let node = self.get(Kind::Node, "", &view.node);
        if view.node.is_empty() || (!silent && node.is_some()) {
            if pod.meta.finalizers.is_empty() {
                let text =
                    format!("its containers have until the end of their grace period ({} s) to stop", grace(pod));
                let help = Help::passes("It goes when they have stopped", pod.meta.deletion);
                let field = "metadata.deletionGracePeriodSeconds";
                reason.because.push(Reason::new(&key, field, text).helps(help));
            } else {
                reason.because.push(finalizers(pod));
            }
            return reason;
        }
        let Some(node) = node else {
            let text = format!("node {} is gone; pods on it are removed within a minute", view.node);
            let help = Help::passes("The pod garbage collector removes it", None);
            reason.because.push(Reason::new(&key, "spec.nodeName", text).rule(5).helps(help));
            return reason;
        };
        let text = format!(
            "nobody confirms that {name} has stopped: the kubelet of {} is silent. There is no second {name} while this \
             one may still run",
            view.node
        );
        reason.because.push(ways_back(
            Reason::new(&node.key(), "status.conditions[Ready]", text).rule(5),
            pod,
            &view.node,
        ));
        reason
    }

    /// Its node does not answer.
    fn lost(&mut self, pod: &Shared, view: &PodView) -> Option<Reason> {
        let (name, node) = (&pod.meta.name, &view.node);
        let found = self.get(Kind::Node, "", node);
        let key = Key::new(Kind::Node, "", node.clone());
        let Some(found) = found else {
            let text = format!("{name} is on node {node}, which is gone; such pods are removed within a minute");
            let help = Help::passes("The pod garbage collector removes it", None);
            return Some(Reason::new(&pod.key(), "spec.nodeName", text).rule(5).helps(help));
        };
        let told = found.as_node().is_some_and(|view| !view.ready);
        if !self.world.is_silent(node) {
            return None;
        }
        if !told && view.is_running_and_ready() {
            let text = format!(
                "the kubelet of {node} is silent; the control plane notices after 50 s and calls {name} not Ready"
            );
            let mut reason = Reason::new(&pod.key(), "status.conditions[Ready]", format!("{name} counts as Ready"));
            reason.because.push(Reason::note(&key, "status.conditions[Ready]", 5, text));
            return Some(reason);
        }
        let text = format!("{name} is on {node}, whose kubelet is silent: nobody knows how it is");
        let mut reason = Reason::new(&pod.key(), "status.conditions[Ready]", text).rule(5);
        let text = format!("{node} is lost; its pods are to go 300 s after its taint, and then hang as Terminating");
        reason.because.push(ways_back(Reason::new(&key, "spec.taints", text).rule(5), pod, node));
        Some(reason)
    }

    /// On a node that answers, and not Ready.
    fn not_ready(&mut self, pod: &Shared, view: &PodView) -> Reason {
        let (key, name) = (pod.key(), &pod.meta.name);
        let waiting = waiting_container(pod);
        let state = match &waiting {
            Some((reason, _)) => format!("{name} is {reason}"),
            None if view.phase == crate::api::PodPhase::Running => format!("{name} is Running but not Ready"),
            None => format!("{name} is Pending: its node agent begins with it"),
        };
        let mut reason = Reason::new(&key, "status.conditions[Ready]", state);
        let noted = self.wait(&key, KUBELET);
        let said =
            noted.and_then(|noted| noted.decision.wait.as_ref()).map(|wait| wait.why.clone()).unwrap_or_default();
        let until = self.world.countdown(pod).map(|countdown| countdown.until);
        let running = view.phase == crate::api::PodPhase::Running && waiting.is_none();
        let leaf = if running {
            self.probing(pod, until)
        } else if said.starts_with("image ") && !said.ends_with("being pulled") {
            self.bad_image(pod, view, &said)
        } else if said.starts_with("its configuration") {
            self.incomplete(pod, &said)
        } else if let Some(attached) = self.attached_elsewhere(pod, noted) {
            attached
        } else if said.starts_with("a volume cannot be mounted") {
            let mut leaf = Reason::new(&key, "spec.volumes", said.clone());
            for claim in &view.claims {
                let below = self.why(&Key::new(Kind::PersistentVolumeClaim, key.namespace.clone(), claim.clone()));
                leaf.because.extend(below.is_held_up().then_some(below));
            }
            if leaf.is_held_up() { leaf } else { leaf.helps(Help::passes("The next look may find it", until)) }
        } else if said.contains("ended too soon") || waiting.as_ref().is_some_and(|(reason, _)| is_crash(reason)) {
            self.crashing(pod, view, &said, until)
        } else if said.is_empty() {
            let help = Help::passes("It goes on by itself", until);
            Reason::new(&key, "status.containerStatuses", "its node agent is at work").helps(help)
        } else {
            Reason::new(&key, "status.containerStatuses", said.clone())
                .helps(Help::passes("It goes on by itself", until))
        };
        reason.because.push(leaf.since(noted));
        reason
    }

    /// One node at a time has a `ReadWriteOnce` volume, and another one has it.
    fn attached_elsewhere(&mut self, pod: &Shared, noted: Option<&super::Noted>) -> Option<Reason> {
        let wait = noted?.decision.wait.as_ref().filter(|wait| wait.why.contains("is still attached to"))?;
        let (node, forced) = (&wait.on.name, self.world.profile().storage.forced_detach_ms);
        let text = format!(
            "its volume is still attached to {node}, and ReadWriteOnce means one node at a time. Nobody there confirms that \
             it was unmounted; after {} minutes it is detached by force",
            forced / 60_000
        );
        let at = noted?.at.plus(forced);
        let out = format!("kubectl taint node {node} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute");
        let reason = Reason::new(&pod.key(), "spec.volumes", text);
        let back = Help::fault(format!("Bring {node} back"), Fault::NodeStarts(node.clone()));
        let reason = if self.world.is_silent(node) { reason.helps(back) } else { reason };
        let danger = "only when the machine is surely off";
        Some(
            reason
                .helps(Help::passes("It is detached by force", Some(at)))
                .helps(Help::run(format!("Declare {node} out of service"), out).danger(danger)),
        )
    }

    /// Its containers run; its probe does not succeed.
    fn probing(&mut self, pod: &Shared, until: Option<crate::time::Time>) -> Reason {
        let (key, name) = (pod.key(), &pod.meta.name);
        if let Some(gate) = unmet_gate(pod) {
            let text = format!("readiness gate {gate} is not True; somebody outside has to set that condition");
            return Reason::new(&key, "spec.readinessGates", text)
                .helps(Help::hand("Set the condition in status.conditions"));
        }
        if self.world.is_frozen(pod) {
            let text = "its program hangs: it answers no probe, and it does not stop before its grace period is over";
            let thaw = Fault::PodThaws(key.namespace.clone(), name.clone());
            return Reason::new(&key, "status.containerStatuses", text)
                .helps(Help::fault(format!("Thaw {name}"), thaw))
                .helps(Help::delete(pod));
        }
        let says_no = pod.annotation("sim/ready").is_some_and(|value| value == "false");
        let listed = pod.annotation("sim/not-ready-ordinals").is_some() && pod.annotation("sim/ready").is_none();
        let ordinal = super::eyes::ordinal(name).map(|n| n.to_string()).unwrap_or_default();
        let is_listed = listed
            && pod
                .annotation("sim/not-ready-ordinals")
                .is_some_and(|list| list.split(',').any(|n| n.trim() == ordinal));
        if says_no || is_listed {
            let line = format!("kubectl annotate pod {name}{} sim/ready=true --overwrite", tail(&key));
            let text = "its readiness probe fails: the program answers that it is not ready";
            let help = Help::run(format!("Let {name} answer its readiness probe"), line);
            return Reason::new(&key, "status.conditions[Ready]", text).helps(help);
        }
        let text = if has_probe(pod) {
            "its containers run; it becomes Ready when its readiness probe succeeds"
        } else {
            "its containers run; its node agent reports that next"
        };
        let help = Help::passes("The next probe may succeed", until);
        Reason::new(&key, "spec.containers[].readinessProbe", text).helps(help)
    }

    /// An image that cannot be had.
    fn bad_image(&mut self, pod: &Shared, view: &PodView, said: &Text) -> Reason {
        let (key, name) = (pod.key(), &pod.meta.name);
        let mut leaf = Reason::new(&key, "spec.containers[].image", said.clone());
        leaf.helps = self.new_template(pod, view);
        let mended = leaf.helps.is_empty();
        let waits = if mended {
            format!("the template is mended, but {name} keeps the image it was made with")
        } else {
            format!("{name} keeps this image: correct the template first, then delete {name}")
        };
        leaf.because.push(Reason::note(&key, "spec.containers[].image", 12, waits));
        leaf.helps(Help::delete(pod))
    }

    /// A program that ends again and again.
    fn crashing(&mut self, pod: &Shared, view: &PodView, said: &Text, until: Option<crate::time::Time>) -> Reason {
        let text = if said.is_empty() { "its program ended; it is restarted".into() } else { said.clone() };
        let mut leaf = Reason::new(&pod.key(), "status.containerStatuses[].state", text).rule(4);
        let doomed = images(&pod.tree).iter().any(|image| image.contains("crash"));
        if doomed {
            leaf.helps = self.new_template(pod, view);
            return leaf.helps(Help::delete(pod));
        }
        leaf.helps(Help::passes("It is restarted by itself", until)).helps(Help::delete(pod))
    }

    /// How to give the set another template, where the pod has the newest one.
    fn new_template(&mut self, pod: &Shared, view: &PodView) -> Vec<Help> {
        let Some((set, _)) = self.set_of(&pod.meta.namespace, &pod.meta.name) else { return Vec::new() };
        let same = images(set.tree.at(&["spec", "template"])) == images(&pod.tree);
        let newest = set.as_stateful_set().is_some_and(|of_set| of_set.update_revision == view.revision);
        if !same || !newest {
            return Vec::new();
        }
        let set_key = set.key();
        let older = self.world.store().list(Kind::ControllerRevision, &set.meta.namespace);
        let has_older = older
            .filter(|revision| revision.controller().is_some_and(|owner| owner.uid == set.meta.uid))
            .any(|revision| revision.meta.name != view.revision);
        // In order, the set waits for the broken pod before it looks at its revision.
        let ordered = set.as_stateful_set().is_some_and(|of_set| !of_set.parallel);
        let but =
            if ordered { "not enough by itself: the set waits for the broken pod until you delete it" } else { "" };
        let mut helps = Vec::new();
        if has_older {
            let line = format!("kubectl rollout undo statefulset/{}{}", set.meta.name, tail(&set_key));
            helps.push(Help::run("Undo the rollout", line).danger(but));
        }
        let container = pod.tree.at(&["spec", "containers"]).items().first();
        let container = container.map(|c| c.at(&["name"]).text()).unwrap_or_default();
        let line = format!("kubectl set image statefulset/{} {container}=nginx:1.29{}", set.meta.name, tail(&set_key));
        helps.push(Help::run("Give the template an image that is there", line).danger(but));
        helps
    }

    /// A ConfigMap or Secret that is not there.
    fn incomplete(&mut self, pod: &Shared, said: &Text) -> Reason {
        let leaf = Reason::new(&pod.key(), "spec.containers[].env", said.clone());
        let named = said.rsplit_once(" \"").and_then(|(head, tail)| Some((head, tail.split('"').next()?)));
        match named {
            Some((head, name)) if said.ends_with("not found") => {
                let (kind, title) =
                    if head.ends_with("secret") { ("secret generic", "Secret") } else { ("configmap", "ConfigMap") };
                let line = format!("kubectl create {kind} {name}{}", tail(&pod.key()));
                leaf.helps(Help::run(format!("Create {title} {name}"), line))
            }
            _ => leaf.helps(Help::hand("Add the missing key")),
        }
    }
}

/// The ways out of a lost node, the safest first.
fn ways_back(reason: Reason, pod: &Object, node: &Text) -> Reason {
    let name = &pod.meta.name;
    let out = format!("kubectl taint node {node} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute");
    let force = format!("kubectl delete pod {name}{} --force --grace-period=0", tail(&pod.key()));
    reason
        .helps(Help::fault(format!("Bring {node} back"), Fault::NodeStarts(node.clone())))
        .helps(Help::run(format!("Declare {node} out of service"), out).danger("only when the machine is surely off"))
        .helps(
            Help::run(format!("Delete node {node}"), format!("kubectl delete node {node}"))
                .danger("only when the machine is surely off"),
        )
        .helps(
            Help::run(format!("Delete {name} by force"), force)
                .danger("the old one may still run and write: two of one name"),
        )
}

fn finalizers(pod: &Object) -> Reason {
    let names: Vec<&str> = pod.meta.finalizers.iter().map(Text::as_str).collect();
    let text = format!("finalizers hold it until somebody takes them off: {}", names.join(", "));
    let patch = r#"{"metadata":{"finalizers":null}}"#;
    let line = format!("kubectl patch pod {}{} --type=merge -p '{patch}'", pod.meta.name, tail(&pod.key()));
    let help = Help::run("Take the finalizers off", line).danger("what they were to protect is not done");
    Reason::new(&pod.key(), "metadata.finalizers", text).helps(help)
}

fn grace(pod: &Object) -> i64 {
    pod.tree.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64().unwrap_or(0)
}

fn is_crash(reason: &str) -> bool {
    matches!(reason, "CrashLoopBackOff" | "Error" | "Completed" | "OOMKilled")
}

/// Reason and message of the first container that does not run.
fn waiting_container(pod: &Object) -> Option<(Text, Text)> {
    let lists = ["initContainerStatuses", "containerStatuses"];
    lists.iter().flat_map(|list| pod.tree.at(&["status", list]).items()).find_map(|status| {
        ["waiting", "terminated"].iter().find_map(|state| {
            let found = status.at(&["state", state]);
            let reason = found.at(&["reason"]).text();
            (!reason.is_empty() && reason != *"Completed").then(|| (reason, found.at(&["message"]).text()))
        })
    })
}

/// The first readiness gate whose condition is not True.
fn unmet_gate(pod: &Object) -> Option<Text> {
    let conditions = pod.tree.at(&["status", "conditions"]).items();
    let gates = pod.tree.at(&["spec", "readinessGates"]).items().iter().map(|gate| gate.at(&["conditionType"]).text());
    let is_true = |gate: &Text| {
        conditions.iter().any(|c| c.at(&["type"]).text() == *gate && c.at(&["status"]).as_str() == Some("True"))
    };
    let mut gates = gates;
    gates.find(|gate| !is_true(gate))
}

fn has_probe(pod: &Object) -> bool {
    pod.tree.at(&["spec", "containers"]).items().iter().any(|c| c.get("readinessProbe").is_some())
}

/// The images of the containers of a pod, or of a template.
fn images(tree: &Value) -> Vec<Text> {
    tree.at(&["spec", "containers"]).items().iter().map(|c| c.at(&["image"]).text()).collect()
}
