//! Requests and limits of a container.

use super::blocks::{NEGATIVE, Path, Report};
use super::names;
use crate::api::quantity::Quantity;
use crate::value::Value;

/// Names that are resources somewhere in Kubernetes, though not of containers.
const STANDARD: [&str; 15] = [
    "configmaps",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "storage",
];

fn of_containers(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-")
}

/// Whether the resource may be promised to several at once: Kubernetes' own may, those of others may not.
fn may_be_overcommitted(name: &str) -> bool {
    let own = !name.contains('/') || name.contains("kubernetes.io/");
    own && !name.starts_with("hugepages-")
}

/// resources of a container.
pub(super) fn check(resources: &Value, path: &Path, report: &mut Report) {
    let limits_path = path.field("limits");
    let limits = resources.at(&["limits"]);
    for (name, amount) in limits.pairs() {
        let path = limits_path.key(name);
        resource_name(name, &path, report);
        amount_of(name, amount, &path, report);
    }
    let requests_path = path.field("requests");
    for (name, amount) in resources.at(&["requests"]).pairs() {
        let path = requests_path.key(name);
        resource_name(name, &path, report);
        amount_of(name, amount, &path, report);
        let free = may_be_overcommitted(name);
        let Some(limit) = limits.get(name) else {
            if !free {
                report.required(&limits_path, "Limit must be set for non overcommitable resources");
            }
            continue;
        };
        let (asked, most) = (quantity(amount), quantity(limit));
        let relation = if asked != most && !free {
            "equal to"
        } else if asked > most {
            "less than or equal to"
        } else {
            continue;
        };
        let detail = format!("must be {relation} {name} limit of {most}");
        report.invalid_text(&requests_path, &asked.to_string(), &detail);
    }
    let any = |known: fn(&str) -> bool| {
        [limits, resources.at(&["requests"])].iter().any(|part| part.pairs().any(|(name, _)| known(name)))
    };
    if any(|name| name.starts_with("hugepages-")) && !any(|name| matches!(name, "cpu" | "memory")) {
        report.forbidden(path, "HugePages require cpu or memory");
    }
}

fn quantity(amount: &Value) -> Quantity {
    Quantity::lenient(amount.str_or_empty())
}

fn resource_name(name: &str, path: &Path, report: &mut Report) {
    let complaints = names::label_key(name);
    if !complaints.is_empty() {
        report.complaints(path, name, complaints);
        return;
    }
    if name.contains('/') {
        return;
    }
    if !of_containers(name) && !STANDARD.contains(&name) {
        let detail = "must be a standard resource type or fully qualified";
        report.invalid_text(path, name, detail);
    }
    if !of_containers(name) {
        report.invalid_text(path, name, "must be a standard resource for containers");
    }
}

fn amount_of(name: &str, amount: &Value, path: &Path, report: &mut Report) {
    let amount = quantity(amount);
    if amount.is_negative() {
        report.invalid_text(path, &amount.to_string(), NEGATIVE);
    }
    if !may_be_overcommitted(name) && amount.milli_value() % 1000 != 0 {
        report.invalid_text(path, &amount.to_string(), "must be an integer");
    }
}
