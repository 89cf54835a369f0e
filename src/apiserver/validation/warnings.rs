//! Warnings: what is accepted, but probably not meant.

use super::names;
use crate::api::Kind;
use crate::api::quantity::Quantity;
use crate::value::Value;

/// Warnings about a new or changed object.
pub(super) fn of(kind: Kind, tree: &Value) -> Vec<String> {
    let mut warnings = Vec::new();
    let spec = tree.at(&["spec"]);
    match kind {
        Kind::StatefulSet => {
            pod_spec(spec.at(&["template", "spec"]), "spec.template.spec", &mut warnings);
            for (index, template) in spec.at(&["volumeClaimTemplates"]).items().iter().enumerate() {
                let path = format!("spec.volumeClaimTemplates[{index}].spec");
                fractions(template.at(&["spec", "resources"]), "storage", &path, &mut warnings);
            }
            if spec.at(&["revisionHistoryLimit"]).as_i64().is_some_and(|n| n < 0) {
                warnings.push(
                    "spec.revisionHistoryLimit: a negative value retains all historical revisions; \
                     a value >= 0 is recommended"
                        .to_owned(),
                );
            }
        }
        Kind::Pod => {
            let name = tree.at(&["metadata", "name"]).str_or_empty();
            let complaints = names::dns_label(name);
            if !complaints.is_empty() {
                warnings.push(format!(
                    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; \
                     a DNS label is recommended: [{}]",
                    complaints.join(" ")
                ));
            }
            pod_spec(spec, "spec", &mut warnings);
        }
        Kind::PersistentVolumeClaim => fractions(spec.at(&["resources"]), "storage", "spec", &mut warnings),
        Kind::Service => service(spec, &mut warnings),
        _ => {}
    }
    warnings
}

fn service(spec: &Value, warnings: &mut Vec<String>) {
    let headless = spec.at(&["clusterIP"]).as_str() == Some("None");
    if headless && spec.at(&["sessionAffinity"]).as_str() == Some("ClientIP") {
        warnings.push("spec.SessionAffinity is ignored for headless services".to_owned());
    }
}

fn pod_spec(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    if spec.at(&["terminationGracePeriodSeconds"]).as_i64().is_some_and(|n| n < 0) {
        warnings.push(format!(
            "{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ));
    }
    for list in ["initContainers", "containers"] {
        for (index, container) in spec.at(&[list]).items().iter().enumerate() {
            let path = format!("{path}.{list}[{index}]");
            for part in ["memory", "ephemeral-storage"] {
                fractions(container.at(&["resources"]), part, &path, warnings);
            }
            repeated_variables(container, &path, warnings);
        }
    }
}

/// Bytes come whole.
fn fractions(resources: &Value, resource: &str, path: &str, warnings: &mut Vec<String>) {
    for part in ["requests", "limits"] {
        let Some(amount) = resources.at(&[part, resource]).as_str() else {
            continue;
        };
        if Quantity::lenient(amount).milli_value() % 1000 != 0 {
            warnings.push(format!(
                "{path}.resources.{part}[{resource}]: fractional byte value \"{amount}\" is invalid, must be an integer"
            ));
        }
    }
}

fn repeated_variables(container: &Value, path: &str, warnings: &mut Vec<String>) {
    let variables = container.at(&["env"]).items();
    for (index, variable) in variables.iter().enumerate() {
        let name = variable.at(&["name"]);
        let own_reference = format!("$({})", name.str_or_empty());
        let built_on = variable.at(&["value"]).str_or_empty().contains(&own_reference);
        if !built_on && variables.iter().take(index).any(|other| other.at(&["name"]) == name) {
            warnings.push(format!(
                "{path}.env[{index}]: hides previous definition of \"{}\", which may be dropped when using apply",
                name.str_or_empty()
            ));
        }
    }
}
