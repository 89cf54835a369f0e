//! The spec of a pod, in a pod or in a template (`reference/api-defaults-validation.md` §4).

use super::blocks::{Path, Report};
use super::containers::{self, Surroundings};
use super::{labels, names, scheduling, security, volumes};
use crate::value::Value;

/// Whether a pod's spec stands in a pod or in the template of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// In a pod.
    Pod,
    /// In a template: a few mistakes show only when pods are made of it.
    Template,
}

/// Checks a pod's spec; `all_volumes` are its volumes, with those of claims that it will have.
pub(super) fn check(spec: &Value, all_volumes: &[Value], placement: Placement, path: &Path, report: &mut Report) {
    let good_volumes = volumes::check(all_volumes, &path.field("volumes"), report);
    let around = Surroundings { volumes: &good_volumes, grace: spec.at(&["terminationGracePeriodSeconds"]).as_i64() };
    containers::regular(spec, &around, &path.field("containers"), report);
    containers::initial(spec, &around, &path.field("initContainers"), report);
    host_ports(spec, placement, path, report);
    let text = |key: &str| spec.at(&[key]).str_or_empty();
    report.one_of(&path.field("restartPolicy"), text("restartPolicy"), &["Always", "OnFailure", "Never"]);
    report.one_of(
        &path.field("dnsPolicy"),
        text("dnsPolicy"),
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    labels::labels(spec.at(&["nodeSelector"]), &path.field("nodeSelector"), report);
    security::pod(spec.at(&["securityContext"]), &path.field("securityContext"), report);
    scheduling::affinity(spec.at(&["affinity"]), &path.field("affinity"), report);
    name_servers(spec, &path.field("dnsConfig"), report);
    gates(spec, path, report);
    scheduling::spreading(spec.at(&["topologySpreadConstraints"]), &path.field("topologySpreadConstraints"), report);
    names_of_others(spec, path, report);
    if let Some(seconds) = spec.at(&["activeDeadlineSeconds"]).as_i64()
        && !(1..=i64::from(i32::MAX)).contains(&seconds)
    {
        report.invalid(
            &path.field("activeDeadlineSeconds"),
            &Value::Int(seconds),
            "must be between 1 and 2147483647, inclusive",
        );
    }
    for key in ["hostname", "subdomain"] {
        if !text(key).is_empty() {
            report.complaints(&path.field(key), text(key), names::dns_label(text(key)));
        }
    }
    scheduling::tolerations(spec.at(&["tolerations"]).items(), &path.field("tolerations"), report);
    for key in ["priorityClassName", "runtimeClassName"] {
        if !text(key).is_empty() {
            report.complaints(&path.field(key), text(key), names::dns_subdomain(text(key)));
        }
    }
    let preemption = text("preemptionPolicy");
    if !matches!(preemption, "" | "PreemptLowerPriority" | "Never") {
        report.not_supported(&path.field("preemptionPolicy"), preemption, &["PreemptLowerPriority", "Never"]);
    }
    if placement == Placement::Pod {
        images_of_a_pod(spec, path, report);
    } else if !spec.at(&["ephemeralContainers"]).items().is_empty() {
        report.forbidden(&path.field("ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }
}

/// On the host's network a host port is the container's port.
fn host_ports(spec: &Value, placement: Placement, path: &Path, report: &mut Report) {
    if spec.at(&["hostNetwork"]).as_bool() != Some(true) {
        return;
    }
    let containers = path.field("containers");
    for (index, container) in spec.at(&["containers"]).items().iter().enumerate() {
        let container_path = containers.index(index);
        let ports = container_path.field("ports");
        for (index, port) in container.at(&["ports"]).items().iter().enumerate() {
            let number = |key: &str| port.at(&[key]).as_i64().unwrap_or(0);
            let must = placement == Placement::Pod || number("hostPort") != 0;
            if must && number("hostPort") != number("containerPort") {
                report.invalid(
                    &ports.index(index).field("hostPort"),
                    &Value::Int(number("hostPort")),
                    "must match `containerPort` when `hostNetwork` is true",
                );
            }
        }
    }
}

fn name_servers(spec: &Value, path: &Path, report: &mut Report) {
    if spec.at(&["dnsPolicy"]).as_str() != Some("None") {
        return;
    }
    let config = spec.at(&["dnsConfig"]);
    if config.is_null() {
        report.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
    } else if config.at(&["nameservers"]).items().is_empty() {
        report
            .required(&path.field("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
}

fn gates(spec: &Value, path: &Path, report: &mut Report) {
    let readiness = path.field("readinessGates");
    for (index, gate) in spec.at(&["readinessGates"]).items().iter().enumerate() {
        let name = gate.at(&["conditionType"]).str_or_empty();
        labels::label_name(name, &readiness.index(index).field("conditionType"), report);
    }
    let scheduling = path.field("schedulingGates");
    let gates = spec.at(&["schedulingGates"]).items();
    for (index, gate) in gates.iter().enumerate() {
        let name = gate.at(&["name"]);
        labels::label_name(name.str_or_empty(), &scheduling.index(index), report);
        if gates.iter().take(index).any(|other| other.at(&["name"]) == name) {
            report.duplicate(&scheduling.index(index), name);
        }
    }
}

fn names_of_others(spec: &Value, path: &Path, report: &mut Report) {
    for key in ["serviceAccountName", "nodeName"] {
        let name = spec.at(&[key]).str_or_empty();
        if !name.is_empty() {
            report.complaints(&path.field(key), name, names::dns_subdomain(name));
        }
    }
}

fn images_of_a_pod(spec: &Value, path: &Path, report: &mut Report) {
    for key in ["containers", "initContainers"] {
        let list = path.field(key);
        for (index, container) in spec.at(&[key]).items().iter().enumerate() {
            let image = container.at(&["image"]).str_or_empty();
            if image.trim() != image {
                let detail = "must not have leading or trailing whitespace";
                report.invalid_text(&list.index(index).field("image"), image, detail);
            }
        }
    }
}
