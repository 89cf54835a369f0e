//! `kubectl describe pod`.

use super::super::cells::{scalar, since};
use super::writer::{Writer, moment};
use super::{container, template, volume};
use crate::api::Object;
use crate::time::Time;
use crate::value::Value;

/// A pod, but for its events.
pub fn pod(out: &mut Writer, object: &Object, now: Time) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    identity(out, object);
    state(out, object, now);
    addresses(out, status);
    if let Some(owner) = object.controller() {
        out.field(0, "Controlled By", &format!("{}/{}", owner.kind, owner.name));
    }
    out.field_if(0, "NominatedNodeName", status.at(&["nominatedNodeName"]).str_or_empty());
    container::containers(out, "Init Containers", &object.tree, "initContainers", "");
    container::containers(out, "Containers", &object.tree, "containers", "");
    container::containers(out, "Ephemeral Containers", &object.tree, "ephemeralContainers", "");
    conditions(out, spec, status);
    volume::volumes(out, spec.at(&["volumes"]), "");
    out.field_if(0, "QoS Class", status.at(&["qosClass"]).str_or_empty());
    out.labels("Node-Selectors", spec.at(&["nodeSelector"]));
    out.many("Tolerations", &template::tolerations(spec.at(&["tolerations"])));
    template::spread_constraints(out, spec.at(&["topologySpreadConstraints"]), "");
}

fn identity(out: &mut Writer, object: &Object) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.field_if(0, "Priority", &scalar(spec.at(&["priority"])));
    out.field_if(0, "Priority Class Name", spec.at(&["priorityClassName"]).str_or_empty());
    out.field_if(0, "Runtime Class Name", spec.at(&["runtimeClassName"]).str_or_empty());
    out.field_if(0, "Service Account", spec.at(&["serviceAccountName"]).str_or_empty());
    let node = match spec.at(&["nodeName"]).str_or_empty() {
        "" => "<none>".to_owned(),
        node => format!("{node}/{}", status.at(&["hostIP"]).str_or_empty()),
    };
    out.field(0, "Node", &node);
    out.field_if(0, "Start Time", &moment(status.at(&["startTime"]), ""));
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
}

fn state(out: &mut Writer, object: &Object, now: Time) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    let phase = status.at(&["phase"]).str_or_empty();
    if object.is_terminating() && !matches!(phase, "Failed" | "Succeeded") {
        // The moment lies ahead until the grace period is over: then kubectl says <invalid>.
        let lasts = since(object.tree.at(&["metadata", "deletionTimestamp"]), now);
        let grace = object.tree.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64().unwrap_or(0);
        out.field(0, "Status", &format!("Terminating (lasts {lasts})"));
        out.field(0, "Termination Grace Period", &format!("{grace}s"));
    } else {
        out.field(0, "Status", phase);
    }
    out.field_if(0, "Reason", status.at(&["reason"]).str_or_empty());
    out.field_if(0, "Message", status.at(&["message"]).str_or_empty());
    let profile = spec.at(&["securityContext", "seccompProfile"]);
    out.field_if(0, "SeccompProfile", profile.at(&["type"]).str_or_empty());
    out.field_if(0, "LocalhostProfile", profile.at(&["localhostProfile"]).str_or_empty());
}

fn addresses(out: &mut Writer, status: &Value) {
    out.field(0, "IP", status.at(&["podIP"]).str_or_empty());
    let all = status.at(&["podIPs"]).items();
    if all.is_empty() {
        out.field(0, "IPs", "<none>");
        return;
    }
    out.line(0, "IPs:");
    for address in all {
        out.field(1, "IP", address.at(&["ip"]).str_or_empty());
    }
}

fn conditions(out: &mut Writer, spec: &Value, status: &Value) {
    let conditions = status.at(&["conditions"]).items();
    let gates = spec.at(&["readinessGates"]).items();
    if !gates.is_empty() {
        out.line(0, "Readiness Gates:");
        out.line(1, "Type\tStatus");
        for gate in gates {
            let name = gate.at(&["conditionType"]);
            let held = conditions.iter().find(|c| c.at(&["type"]) == name);
            let held = held.map_or("<none>", |c| c.at(&["status"]).str_or_empty());
            out.line(1, &format!("{} \t{held} ", name.str_or_empty()));
        }
    }
    if !conditions.is_empty() {
        out.line(0, "Conditions:");
        out.line(1, "Type\tStatus");
        for condition in conditions {
            let text = |key: &str| condition.at(&[key]).str_or_empty();
            out.line(1, &format!("{} \t{} ", text("type"), text("status")));
        }
    }
}
