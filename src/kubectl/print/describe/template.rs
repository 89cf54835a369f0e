//! The pod template of a set, and what it shares with pods.

use super::writer::{Writer, selector};
use super::{container, volume};
use crate::value::Value;

/// The block `Pod Template:`.
pub fn pod_template(out: &mut Writer, template: &Value) {
    let spec = template.at(&["spec"]);
    out.line(0, "Pod Template:");
    out.labels("  Labels", template.at(&["metadata", "labels"]));
    let annotations = template.at(&["metadata", "annotations"]);
    if annotations.pairs().next().is_some() {
        out.annotations("  Annotations", annotations);
    }
    out.field_if(0, "  Service Account", spec.at(&["serviceAccountName"]).str_or_empty());
    container::containers(out, "Init Containers", template, "initContainers", "  ");
    container::containers(out, "Containers", template, "containers", "  ");
    volume::volumes(out, spec.at(&["volumes"]), "  ");
    spread_constraints(out, spec.at(&["topologySpreadConstraints"]), "  ");
    out.field_if(0, "  Priority Class Name", spec.at(&["priorityClassName"]).str_or_empty());
    out.labels("  Node-Selectors", spec.at(&["nodeSelector"]));
    out.many("  Tolerations", &tolerations(spec.at(&["tolerations"])));
}

/// Tolerations as text, sorted by key.
pub fn tolerations(tolerations: &Value) -> Vec<String> {
    let mut all: Vec<&Value> = tolerations.items().iter().collect();
    crate::sorted::sort_by_key(&mut all, &|toleration| toleration.at(&["key"]).str_or_empty());
    all.into_iter().map(toleration).collect()
}

fn toleration(toleration: &Value) -> String {
    let get = |key: &str| toleration.at(&[key]).str_or_empty();
    let mut text = get("key").to_owned();
    for (mark, part) in [("=", get("value")), (":", get("effect"))] {
        if !part.is_empty() {
            text.push_str(mark);
            text.push_str(part);
        }
    }
    if get("operator") == "Exists" && get("value").is_empty() {
        text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
    }
    if let Some(seconds) = toleration.at(&["tolerationSeconds"]).as_i64() {
        for part in [" for ", &seconds.to_string(), "s"] {
            text.push_str(part);
        }
    }
    text
}

/// The lines `Topology Spread Constraints:`, if there are any.
pub fn spread_constraints(out: &mut Writer, constraints: &Value, space: &str) {
    let mut all: Vec<&Value> = constraints.items().iter().collect();
    crate::sorted::sort_by_key(&mut all, &|constraint| constraint.at(&["topologyKey"]).str_or_empty());
    let mut title = "Topology Spread Constraints:";
    for constraint in all {
        let get = |key: &str| constraint.at(&[key]).str_or_empty();
        let mut text = format!(
            "{}:{} when max skew {} is exceeded",
            get("topologyKey"),
            get("whenUnsatisfiable"),
            constraint.at(&["maxSkew"]).as_i64().unwrap_or(0)
        );
        if let Some(labels) = constraint.get("labelSelector") {
            text.push_str(" for selector ");
            text.push_str(&selector(labels));
        }
        out.line(0, &format!("{space}{title}\t{text}"));
        title = "";
    }
}
