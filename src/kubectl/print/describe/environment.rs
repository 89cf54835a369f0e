//! The environment of a container.

use super::super::cells::scalar;
use super::writer::{Writer, lower_flag};
use crate::api::quantity::Quantity;
use crate::value::Value;

/// The variables of a container; the fields of the pod are looked up when there is one.
pub fn environment(out: &mut Writer, container: &Value, pod: Option<&Value>) {
    let sources = container.at(&["envFrom"]).items();
    if !sources.is_empty() {
        out.line(2, "Environment Variables from:");
    }
    for source in sources {
        let (kind, reference) = match source.get("configMapRef") {
            Some(reference) => ("ConfigMap", reference),
            None => ("Secret", source.at(&["secretRef"])),
        };
        let prefix = match source.at(&["prefix"]).str_or_empty() {
            "" => String::new(),
            prefix => format!(" with prefix '{prefix}'"),
        };
        let name = reference.at(&["name"]).str_or_empty();
        let optional = lower_flag(reference.at(&["optional"]));
        out.line(3, &format!("{name}\t{kind}{prefix}\tOptional: {optional}"));
    }
    let variables = container.at(&["env"]).items();
    out.line(2, if variables.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in variables {
        let name = variable.at(&["name"]).str_or_empty();
        if let Some(from) = variable.get("valueFrom") {
            out.field(3, name, &reference(from, container, pod));
            continue;
        }
        let mut lines = variable.at(&["value"]).str_or_empty().split('\n');
        out.field(3, name, lines.next().unwrap_or(""));
        for line in lines {
            out.line(3, &format!("\t{line}"));
        }
    }
}

fn reference(from: &Value, container: &Value, pod: Option<&Value>) -> String {
    if let Some(field) = from.get("fieldRef") {
        let path = field.at(&["fieldPath"]).str_or_empty();
        let version = field.at(&["apiVersion"]).str_or_empty();
        let value = pod.map(|pod| pod_field(pod, path)).unwrap_or_default();
        return format!("{value} ({version}:{path})");
    }
    if let Some(resource) = from.get("resourceFieldRef") {
        let path = resource.at(&["resource"]).str_or_empty();
        return format!("{} ({path})", resource_field(resource, container));
    }
    let (reference, owner) = match from.get("secretKeyRef") {
        Some(secret) => (secret, "in secret"),
        None => (from.at(&["configMapKeyRef"]), "of config map"),
    };
    let text = |key: &str| reference.at(&[key]).str_or_empty();
    let optional = lower_flag(reference.at(&["optional"]));
    format!("<set to the key '{}' {owner} '{}'>\tOptional: {optional}", text("key"), text("name"))
}

/// What kubectl looks up of a pod: of all fields only these two, everything else it leaves open.
fn pod_field(pod: &Value, path: &str) -> String {
    let key = match path {
        "metadata.name" => "name",
        "metadata.namespace" => "namespace",
        _ => return String::new(),
    };
    pod.at(&["metadata", key]).str_or_empty().to_owned()
}

/// The amount of a resource of the container, in units of the divisor, rounded up.
fn resource_field(reference: &Value, container: &Value) -> String {
    let resource = reference.at(&["resource"]).str_or_empty();
    let Some((side, name)) = resource.split_once('.') else {
        return String::new();
    };
    let amount = Quantity::lenient(&scalar(container.at(&["resources", side, name])));
    let divisor = match scalar(reference.at(&["divisor"])).as_str() {
        "" | "0" => Quantity::lenient("1"),
        divisor => Quantity::lenient(divisor),
    };
    if amount.is_zero() && side == "limits" {
        return "node allocatable".to_owned();
    }
    let (amount, divisor) =
        if name == "cpu" { (amount.milli_value(), divisor.milli_value()) } else { (amount.value(), divisor.value()) };
    let divisor = divisor.max(1);
    (amount.saturating_add(divisor - 1) / divisor).to_string()
}
