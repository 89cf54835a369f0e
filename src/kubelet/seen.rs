//! What is true on the machines, whether the control plane knows it or not.

use super::Kubelets;
use crate::api::Object;
use crate::value::Text;

impl Kubelets {
    /// Whether the agent of this node is silent.
    pub fn is_silent(&self, node: &str) -> bool {
        self.nodes.get(node).is_some_and(|node| node.silent)
    }

    /// Where a program of a pod of this name runs: the node, and the pod's uid.
    pub fn running(&self, namespace: &str, pod: &str) -> Vec<(Text, Text)> {
        let of_name = self.agents.values().filter(|agent| {
            let meta = &agent.pod.meta;
            meta.name == *pod && meta.namespace == *namespace
        });
        let alive = of_name.filter(|agent| agent.containers.iter().any(|container| container.running().is_some()));
        alive.map(|agent| (agent.node.clone(), agent.uid())).collect()
    }

    /// Whether a running program of the pod hangs.
    pub fn is_frozen(&self, pod: &Object) -> bool {
        let agent = self.agents.get(&pod.meta.uid);
        agent.is_some_and(|agent| agent.containers.iter().filter_map(|c| c.running()).any(|run| run.frozen))
    }
}
