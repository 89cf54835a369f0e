//! What a node has against a pod, in the order of the scheduler's plugins: the first plugin that objects is heard.

use super::affinity::{self, is_kept_away, is_near};
use super::picture::NodePicture;
use super::refusal::Reason;
use super::resources::{self, Amounts};
use super::spread::{self, Constraint};
use super::volumes::Claims;
use crate::api::Object;
use crate::api::view::Taint;
use crate::controller::Cache;
use crate::value::Value;

/// Everything about the pod that does not depend on the node.
pub(super) struct Wanted<'a> {
    pub pod: &'a Object,
    pub requests: Amounts,
    pub claims: &'a Claims,
    pub hard: Vec<Constraint>,
}

/// What a node has against the pod; nothing when it fits.
pub(super) fn complaints(
    wanted: &Wanted<'_>,
    on: &NodePicture<'_>,
    all: &[NodePicture<'_>],
    cache: &Cache,
) -> Vec<Reason> {
    let (pod, node) = (wanted.pod, on.node);
    let view = node.as_node();
    let cordon =
        Taint { key: "node.kubernetes.io/unschedulable".into(), value: "".into(), effect: "NoSchedule".into() };
    if view.is_some_and(|view| view.unschedulable) && !tolerates(pod, &cordon) {
        return vec![Reason::of_the_node("node(s) were unschedulable")];
    }
    let repels = |taint: &Taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute");
    let repelled = |taint: &Taint| repels(taint) && !tolerates(pod, taint);
    if view.is_some_and(|view| view.taints.iter().any(repelled)) {
        return vec![Reason::of_the_node("node(s) had untolerated taint(s)")];
    }
    if !affinity::node_matches(pod, node) {
        return vec![Reason::of_the_node("node(s) didn't match Pod's node affinity/selector")];
    }
    if ports_conflict(pod, on) {
        return vec![Reason::because_of_pods("node(s) didn't have free ports for the requested pod ports")];
    }
    let lacking = lacking(wanted.requests, on);
    if !lacking.is_empty() {
        return lacking;
    }
    let volumes = wanted.claims.complaints(pod, node, all, cache);
    if !volumes.is_empty() {
        return volumes;
    }
    if let Some(reason) = spread::complaint(pod, node, &wanted.hard, all) {
        return vec![reason];
    }
    neighbours(pod, node, all).into_iter().collect()
}

/// Whether a pod tolerates a taint.
pub(crate) fn tolerates(pod: &Object, taint: &Taint) -> bool {
    toleration(pod, taint).is_some()
}

/// The toleration of a pod for a taint.
fn toleration<'a>(pod: &'a Object, taint: &Taint) -> Option<&'a Value> {
    pod.tree.at(&["spec", "tolerations"]).items().iter().find(|toleration| {
        let text = |key: &str| toleration.at(&[key]).str_or_empty();
        let effect = text("effect").is_empty() || text("effect") == taint.effect.as_str();
        let key = text("key").is_empty() || text("key") == taint.key.as_str();
        let exists = text("operator") == "Exists";
        effect && key && (exists || !text("key").is_empty() && text("value") == taint.value.as_str())
    })
}

fn lacking(requests: Amounts, on: &NodePicture<'_>) -> Vec<Reason> {
    let (has, used) = (on.has, on.crowd.used);
    let mut lacking = Vec::new();
    if used.pods + requests.pods > has.pods {
        lacking.push(Reason::because_of_pods("Too many pods"));
    }
    for (name, wants, has, used) in [
        ("cpu", requests.cpu, has.cpu, used.cpu),
        ("memory", requests.memory, has.memory, used.memory),
        ("ephemeral-storage", requests.storage, has.storage, used.storage),
    ] {
        if wants > 0 && used + wants > has {
            let text = format!("Insufficient {name}");
            lacking.push(if wants > has { Reason::of_the_node(text) } else { Reason::because_of_pods(text) });
        }
    }
    lacking
}

fn host_ports(pod: &Object) -> Vec<(i64, &str)> {
    pod.tree
        .at(&["spec", "containers"])
        .items()
        .iter()
        .flat_map(|container| container.at(&["ports"]).items())
        .filter_map(|port| {
            let number = port.at(&["hostPort"]).as_i64().filter(|n| *n > 0)?;
            Some((number, port.at(&["protocol"]).as_str().unwrap_or("TCP")))
        })
        .collect()
}

fn ports_conflict(pod: &Object, on: &NodePicture<'_>) -> bool {
    let wanted = host_ports(pod);
    !wanted.is_empty() && on.crowd.pods().any(|held| host_ports(held).iter().any(|port| wanted.contains(port)))
}

fn neighbours(pod: &Object, node: &Object, all: &[NodePicture<'_>]) -> Option<Reason> {
    let affinity = affinity::required_terms(pod, "podAffinity");
    let anywhere = |term: &affinity::PodTerm<'_>| all.iter().any(|p| p.crowd.pods().any(|held| term.matches(held)));
    // The first pod of a group that wants to be together may go anywhere.
    let is_first = affinity.iter().all(|term| !anywhere(term) && term.matches(pod));
    let near = |term: &affinity::PodTerm<'_>| {
        node.label(&term.topology_key).is_some() && (is_first || is_near(term, node, all))
    };
    if !affinity.iter().all(near) {
        return Some(Reason::of_the_node("node(s) didn't match pod affinity rules"));
    }
    let anti = affinity::required_terms(pod, "podAntiAffinity");
    if anti.iter().any(|term| is_near(term, node, all)) {
        return Some(Reason::because_of_pods("node(s) didn't match pod anti-affinity rules"));
    }
    is_kept_away(pod, node, all)
        .then(|| Reason::because_of_pods("node(s) didn't satisfy existing pods anti-affinity rules"))
}

/// What the pod asks for, its claims and its constraints.
pub(super) fn wanted<'a>(pod: &'a Object, claims: &'a Claims) -> Wanted<'a> {
    Wanted { pod, requests: resources::requests(pod), claims, hard: spread::hard(pod) }
}
