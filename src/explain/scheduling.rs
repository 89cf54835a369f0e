//! Why a pod has no node: the scheduler's refusal, taken apart.

use super::Reason;
use super::eyes::{Eyes, names};
use super::help::Help;
use crate::api::{Key, Kind, Shared};
use crate::sim::{Fault, Machine};
use crate::value::Text;

/// By this name the scheduler decides.
const SCHEDULER: &str = "default-scheduler";

impl Eyes<'_> {
    /// A pod without a node.
    pub fn unscheduled(&mut self, pod: &Shared) -> Reason {
        let (key, name) = (pod.key(), &pod.meta.name);
        let text = format!("{name} is Pending: it has no node");
        let mut reason = Reason::new(&key, "spec.nodeName", text);
        let scheduler = pod.tree.at(&["spec", "schedulerName"]).text();
        if !scheduler.is_empty() && scheduler != *SCHEDULER {
            let text = format!("it waits for a scheduler named {scheduler}, and there is none");
            let help = Help::hand("Leave spec.schedulerName out of the template");
            reason.because.push(Reason::new(&key, "spec.schedulerName", text).helps(help));
            return reason;
        }
        if !pod.tree.at(&["spec", "schedulingGates"]).items().is_empty() {
            let text = "scheduling gates hold it back until somebody removes them";
            let help = Help::hand("Remove spec.schedulingGates");
            reason.because.push(Reason::new(&key, "spec.schedulingGates", text).helps(help));
            return reason;
        }
        let noted = self.wait(&key, SCHEDULER);
        let said = noted.map(|noted| noted.decision.because.clone()).unwrap_or_default();
        let mut found = self.claims_first(pod);
        found.extend(self.nodes(pod, &said));
        if found.is_empty() && said.contains("claims are being bound") {
            let help = Help::passes("It is bound when they are", None);
            found.push(Reason::new(&key, "spec.volumes", said.clone()).helps(help));
        } else if found.is_empty() && said.is_empty() {
            let help = Help::passes("The scheduler looks at it next", None);
            found.push(Reason::new(&key, "spec.nodeName", "the scheduler has not looked at it yet").helps(help));
        } else if found.is_empty() {
            let help = Help::passes("It is tried again when something changes, and after 5 minutes", None);
            found.push(Reason::new(&key, "status.conditions[PodScheduled]", said.clone()).helps(help));
        }
        if let Some(first) = found.first_mut()
            && first.since.is_none()
        {
            first.since = noted.map(|noted| (noted.step, noted.at));
        }
        reason.because(found)
    }

    /// Its claims: those that hold it up, each with its own reasons.
    fn claims_first(&mut self, pod: &Shared) -> Vec<Reason> {
        let claims = pod.as_pod().map(|view| view.claims.clone()).unwrap_or_default();
        let mut reasons = Vec::new();
        for name in claims {
            let key = Key::new(Kind::PersistentVolumeClaim, pod.meta.namespace.clone(), name);
            let found = self.get(key.kind, &key.namespace, &key.name);
            let usable = found.is_some_and(|claim| {
                claim.as_claim().is_some_and(crate::api::view::ClaimView::is_bound) && !claim.is_terminating()
            });
            if usable {
                continue;
            }
            // A claim that waits for its pod to be given a node holds nothing up.
            let reason = self.why(&key);
            if reason.is_held_up() {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// What the nodes have against the pod.
    fn nodes(&mut self, pod: &Shared, said: &Text) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let nodes: Vec<Shared> = self.world.store().list(Kind::Node, "").cloned().collect();
        let view = |node: &Shared| node.as_node().cloned().unwrap_or_default();
        let free = |node: &Text| Machine {
            name: node.clone(),
            zone: Text::default(),
            cpu: "16".into(),
            memory: "64Gi".into(),
        };
        let next = Text::from(format!("node-{}", nodes.len() + 1));
        if said.contains("no nodes available") || nodes.is_empty() {
            let text = "there is no node at all";
            let help = Help::fault(format!("Add {next}"), Fault::NodeJoins(free(&next)));
            reasons.push(Reason::new(&pod.key(), "spec.nodeName", text).helps(help));
        }
        if said.contains("PersistentVolume's node affinity") {
            reasons.push(self.wrong_zone(pod, &nodes));
        }
        if said.contains("were unschedulable") {
            for node in nodes.iter().filter(|node| view(node).unschedulable) {
                let why = self.why(&node.key());
                reasons.extend(why.is_held_up().then_some(why));
            }
        }
        if said.contains("untolerated taint") {
            for node in nodes.iter().filter(|node| !view(node).unschedulable && !view(node).taints.is_empty()) {
                let why = self.why(&node.key());
                reasons.extend(why.is_held_up().then_some(why));
            }
        }
        if said.contains("Insufficient") || said.contains("Too many pods") {
            let what =
                said.split("Insufficient ").nth(1).map_or("room", |rest| rest.split([',', '.']).next().unwrap_or(""));
            let text = format!("no node has enough {what} left for what the pod requests");
            let join = Help::fault(format!("Add {next}, a larger machine"), Fault::NodeJoins(free(&next)));
            let field = "spec.containers[].resources.requests";
            reasons.push(Reason::new(&pod.key(), field, text).helps(join));
        }
        if said.contains("anti-affinity") {
            let text = "every node that fits already has a pod it must not stand beside";
            let join = Help::fault(format!("Add {next}"), Fault::NodeJoins(free(&next)));
            reasons.push(Reason::new(&pod.key(), "spec.affinity.podAntiAffinity", text).helps(join));
        }
        for (part, field, text) in [
            ("node affinity/selector", "spec.nodeSelector", "no node has the labels that the pod asks for"),
            ("topology spread", "spec.topologySpreadConstraints", "every place for it would make the spread uneven"),
        ] {
            if said.contains(part) {
                let help = Help::hand("Label a node, or change the template");
                reasons.push(Reason::new(&pod.key(), field, text).helps(help));
            }
        }
        reasons
    }

    /// Its volume lives where no node is left for it.
    fn wrong_zone(&mut self, pod: &Shared, nodes: &[Shared]) -> Reason {
        let mut reason = Reason::new(&pod.key(), "spec.volumes", "its volume is where no node takes the pod");
        let claims = pod.as_pod().map(|view| view.claims.clone()).unwrap_or_default();
        for claim in claims {
            let Some(found) = self.get(Kind::PersistentVolumeClaim, &pod.meta.namespace, &claim) else { continue };
            let volume = found.as_claim().map(|view| view.volume.clone()).unwrap_or_default();
            let Some(volume) = self.get(Kind::PersistentVolume, "", &volume) else { continue };
            let zones = zones_of(volume);
            if zones.is_empty() {
                continue;
            }
            let inside: Vec<&Shared> =
                nodes.iter().filter(|node| node.as_node().is_some_and(|view| zones.contains(&view.zone))).collect();
            let text =
                format!("the volume of {claim} is in zone {}, and only nodes there can have the pod", names(&zones));
            let mut leaf = Reason::new(&found.key(), "spec.nodeAffinity", text);
            for node in &inside {
                let why = self.why(&node.key());
                leaf.because.extend(why.is_held_up().then_some(why));
            }
            if leaf.because.is_empty() {
                let zone = zones.first().cloned().unwrap_or_default();
                let name = Text::from(format!("node-{}", nodes.len() + 1));
                let machine = Machine { name: name.clone(), zone: zone.clone(), cpu: "4".into(), memory: "8Gi".into() };
                leaf.helps.push(Help::fault(format!("Add {name} in zone {zone}"), Fault::NodeJoins(machine)));
            }
            reason.because.push(leaf);
        }
        if !reason.is_held_up() {
            reason.helps.push(Help::hand("Bring back a node that the volume can be reached from"));
        }
        reason
    }
}

/// The zones in which a volume can be reached; none where it does not say.
fn zones_of(volume: &Shared) -> Vec<Text> {
    let terms = volume.tree.at(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"]).items().iter();
    let wanted = terms.flat_map(|term| term.at(&["matchExpressions"]).items());
    let of_zone = wanted.filter(|e| e.at(&["key"]).as_str() == Some("topology.kubernetes.io/zone"));
    of_zone.flat_map(|e| e.at(&["values"]).items()).map(crate::value::Value::text).collect()
}
