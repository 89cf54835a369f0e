//! Environment variables, and references to fields and resources of the pod.

use super::blocks::{Path, Report};
use super::{labels, names};
use crate::value::Value;

/// Fields of a pod that a variable may show.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// Fields of a pod that a file may show.
pub(super) const FILE_FIELDS: [&str; 5] =
    ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
/// Resources of a container that a variable or a file may show.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// env of a container.
pub(super) fn variables(variables: &[Value], path: &Path, report: &mut Report) {
    for (index, variable) in variables.iter().enumerate() {
        let path = path.index(index);
        let name_path = path.field("name");
        match variable.at(&["name"]).str_or_empty() {
            "" => report.required(&name_path, ""),
            name => report.complaints(&name_path, name, names::environment_name(name)),
        }
        let source = variable.at(&["valueFrom"]);
        if !source.is_null() {
            let has_value = !variable.at(&["value"]).str_or_empty().is_empty();
            value_from(source, has_value, &path.field("valueFrom"), report);
        }
    }
}

fn value_from(source: &Value, has_value: bool, path: &Path, report: &mut Report) {
    let mut sources = 0;
    for kind in ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"] {
        let reference = source.at(&[kind]);
        if reference.is_null() {
            continue;
        }
        sources += 1;
        let path = path.field(kind);
        match kind {
            "fieldRef" => field_reference(reference, &FIELDS, &path, report),
            "resourceFieldRef" => resource_reference(reference, false, &path, report),
            _ => key_reference(reference, &path, report),
        }
    }
    let detail = match sources {
        0 => "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
        _ if has_value => "may not be specified when `value` is not empty",
        1 => return,
        _ => "may not have more than one field specified at a time",
    };
    report.invalid_text(path, "", detail);
}

/// A reference to a field of the pod; `allowed` in the order in which they are listed.
pub(super) fn field_reference(reference: &Value, allowed: &[&str], path: &Path, report: &mut Report) {
    let field = reference.at(&["fieldPath"]).str_or_empty();
    let path_of_field = path.field("fieldPath");
    if field.is_empty() {
        report.required(&path_of_field, "");
        return;
    }
    let subscripted = field.strip_suffix("']").and_then(|start| start.split_once("['"));
    if let Some((of, key)) = subscripted {
        match of {
            "metadata.annotations" => labels::label_name(&key.to_ascii_lowercase(), path, report),
            "metadata.labels" => labels::label_name(key, path, report),
            _ => unsupported(field, &path_of_field, report),
        }
        return;
    }
    let known = FIELDS.contains(&field)
        || FILE_FIELDS.contains(&field)
        || matches!(field, "spec.restartPolicy" | "spec.schedulerName" | "status.phase" | "spec.host");
    if !known {
        unsupported(field, &path_of_field, report);
    } else if !allowed.contains(&field) {
        report.not_supported(&path_of_field, field, allowed);
    }
}

fn unsupported(field: &str, path: &Path, report: &mut Report) {
    let detail = format!("error converting fieldPath: field label not supported: {field}");
    report.invalid_text(path, field, &detail);
}

/// A reference to a request or limit of a container.
pub(super) fn resource_reference(reference: &Value, in_volume: bool, path: &Path, report: &mut Report) {
    let text = |key: &str| reference.at(&[key]).str_or_empty();
    let resource = text("resource");
    if in_volume && text("containerName").is_empty() {
        report.required(&path.field("containerName"), "");
    } else if resource.is_empty() {
        report.required(&path.field("resource"), "");
    } else if !RESOURCES.contains(&resource)
        && !resource.starts_with("limits.hugepages-")
        && !resource.starts_with("requests.hugepages-")
    {
        report.not_supported(&path.field("resource"), resource, &RESOURCES);
    }
}

/// A reference to a key of a ConfigMap or Secret.
fn key_reference(reference: &Value, path: &Path, report: &mut Report) {
    let text = |key: &str| reference.at(&[key]).str_or_empty();
    report.complaints(&path.field("name"), text("name"), names::dns_subdomain(text("name")));
    match text("key") {
        "" => report.required(&path.field("key"), ""),
        key => report.complaints(&path.field("key"), key, names::config_key(key)),
    }
}

/// envFrom of a container.
pub(super) fn sources(sources: &[Value], path: &Path, report: &mut Report) {
    for (index, source) in sources.iter().enumerate() {
        let item = path.index(index);
        let prefix = source.at(&["prefix"]).str_or_empty();
        report.complaints(&item.field("prefix"), prefix, names::environment_name(prefix));
        let mut found = 0;
        for kind in ["configMapRef", "secretRef"] {
            let reference = source.at(&[kind]);
            if reference.is_null() {
                continue;
            }
            found += 1;
            let kind_path = item.field(kind);
            match reference.at(&["name"]).str_or_empty() {
                "" => report.required(&kind_path.field("name"), ""),
                name => report.complaints(&kind_path.field("name"), name, names::dns_subdomain(name)),
            }
        }
        match found {
            0 => report.invalid_text(path, "", "must specify one of: `configMapRef` or `secretRef`"),
            1 => {}
            _ => report.invalid_text(path, "", "may not have more than one field specified at a time"),
        }
    }
}
