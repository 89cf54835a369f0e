//! Why a node takes no pods, or says nothing of those it has.

use super::Reason;
use super::eyes::{Eyes, count};
use super::help::Help;
use crate::api::{Kind, Shared};
use crate::sim::Fault;
use crate::value::Text;

impl Eyes<'_> {
    /// A node that is there.
    pub fn node(&mut self, node: &Shared) -> Reason {
        let (key, name) = (node.key(), &node.meta.name);
        let view = node.as_node().cloned().unwrap_or_default();
        let silent = self.world.is_silent(name);
        let pods = self.world.store().list(Kind::Pod, "");
        let pods = pods.filter(|pod| pod.as_pod().is_some_and(|view| view.node == *name)).count();
        let has = count(pods, "pod");
        let text = match (silent, view.ready, view.unschedulable) {
            (_, false, _) => format!("{name} is NotReady, with {has} on it"),
            (true, true, _) => format!("{name} still counts as Ready, with {has} on it"),
            (false, true, true) => format!("{name} is cordoned: its {has} stay, no other one is put here"),
            (false, true, false) => format!("{name} is Ready, with {has} on it"),
        };
        let mut reason = Reason::new(&key, "status.conditions[Ready]", text).since_touched(self, &key);
        if silent {
            let text = if view.ready {
                format!("the kubelet of {name} is silent; that is noticed 50 s after its last lease")
            } else {
                format!("the kubelet of {name} is silent; what runs there runs on unseen")
            };
            let help = Help::fault(format!("Bring {name} back"), Fault::NodeStarts(name.clone()));
            reason.because.push(Reason::new(&key, "status.conditions[Ready]", text).rule(5).helps(help));
        } else if !view.ready {
            let help = Help::passes("Its kubelet reports within 10 s", None);
            let text = format!("the kubelet of {name} is back and has not reported everything yet");
            reason.because.push(Reason::new(&key, "status.conditions[Ready]", text).helps(help));
        }
        if view.unschedulable {
            let help = Help::run(format!("Uncordon {name}"), format!("kubectl uncordon {name}"));
            let text = format!("{name} is cordoned: no new pod is put here");
            reason.because.push(Reason::new(&key, "spec.unschedulable", text).helps(help));
        }
        let by_hand = view.taints.iter().filter(|taint| !is_automatic(&taint.key));
        for taint in by_hand {
            let mark: Text = format!("{}:{}", taint.key, taint.effect).into();
            let line = format!("kubectl taint node {name} {mark}-");
            let text = format!("{name} is tainted {mark}, and the pod does not tolerate that");
            let help = Help::run(format!("Take the taint off {name}"), line);
            reason.because.push(Reason::new(&key, "spec.taints", text).helps(help));
        }
        reason
    }
}

/// Taints that the node lifecycle controller puts on and takes off.
fn is_automatic(key: &str) -> bool {
    key.starts_with("node.kubernetes.io/") && key != "node.kubernetes.io/out-of-service"
}
