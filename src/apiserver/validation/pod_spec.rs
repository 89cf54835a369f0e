//! The spec of a pod, in a pod or in a template (`reference/api-defaults-validation.md` §4).

use super::blocks::{Path, Report};
use super::containers::{self, Surroundings};
use super::{labels, names, resources, scheduling, security, volumes};
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
    resources::check(spec.at(&["resources"]), &path.field("resources"), report);
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
    // A set gives its pods both, whatever its template says.
    for key in ["hostname", "subdomain"] {
        if placement == Placement::Pod && !text(key).is_empty() {
            report.complaints(&path.field(key), text(key), names::dns_label(text(key)));
        }
    }
    scheduling::tolerations(spec.at(&["tolerations"]).items(), &path.field("tolerations"), report);
    host_aliases(spec.at(&["hostAliases"]), &path.field("hostAliases"), report);
    for key in ["priorityClassName", "runtimeClassName"] {
        if !text(key).is_empty() {
            report.complaints(&path.field(key), text(key), names::dns_subdomain(text(key)));
        }
    }
    let preemption = text("preemptionPolicy");
    if !matches!(preemption, "" | "PreemptLowerPriority" | "Never") {
        report.not_supported(&path.field("preemptionPolicy"), preemption, &["PreemptLowerPriority", "Never"]);
    }
    operating_system(spec.at(&["os"]), &path.field("os"), report);
    if placement == Placement::Pod {
        if !spec.at(&["schedulingGates"]).items().is_empty() && !text("nodeName").is_empty() {
            report.forbidden(&path.field("nodeName"), "cannot be set until all schedulingGates have been cleared");
        }
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
    const MOST: usize = 3;
    let config = spec.at(&["dnsConfig"]);
    let servers_path = path.field("nameservers");
    let servers = config.at(&["nameservers"]).items();
    if spec.at(&["dnsPolicy"]).as_str() == Some("None") {
        if config.is_null() {
            report.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        } else if servers.is_empty() {
            report.required(&servers_path, "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
    }
    if servers.len() > MOST {
        report.invalid(&servers_path, config.at(&["nameservers"]), "must not have more than 3 nameservers");
    }
    for (index, server) in servers.iter().enumerate() {
        report.address(&servers_path.index(index), server.str_or_empty());
    }
    let options = path.field("options");
    for (index, option) in config.at(&["options"]).items().iter().enumerate() {
        if option.at(&["name"]).str_or_empty().is_empty() {
            report.required(&options.index(index), "must not be empty");
        }
    }
}

/// Names that a pod's hosts file gives to addresses.
fn host_aliases(aliases: &Value, path: &Path, report: &mut Report) {
    for (index, alias) in aliases.items().iter().enumerate() {
        report.address(&path.index(index).field("ip"), alias.at(&["ip"]).str_or_empty());
        for name in alias.at(&["hostnames"]).items() {
            let name = name.str_or_empty();
            report.complaints(&path.field("hostnames"), name, names::dns_subdomain(name));
        }
    }
}

fn operating_system(os: &Value, path: &Path, report: &mut Report) {
    let name = os.at(&["name"]).str_or_empty();
    if os.is_null() || matches!(name, "linux" | "windows") {
        return;
    }
    if name.is_empty() {
        report.required(&path.field("name"), "cannot be empty");
    }
    report.not_supported(path, name, &["linux", "windows"]);
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
