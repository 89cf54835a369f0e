//! Tolerations, affinity and topology spreading.

use super::blocks::{Path, Report};
use super::{labels, names};
use crate::value::Value;

/// Tolerations of a pod.
pub(super) fn tolerations(tolerations: &[Value], path: &Path, report: &mut Report) {
    for (index, toleration) in tolerations.iter().enumerate() {
        let path = path.index(index);
        let text = |key: &str| toleration.at(&[key]).str_or_empty();
        let (key, operator, value, effect) = (text("key"), text("operator"), text("value"), text("effect"));
        let operator_path = path.field("operator");
        if !key.is_empty() {
            labels::label_name(key, &path.field("key"), report);
        } else if operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            report.invalid_text(&operator_path, operator, detail);
        }
        if !toleration.at(&["tolerationSeconds"]).is_null() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            report.invalid_text(&path.field("effect"), effect, detail);
        }
        match operator {
            "" | "Equal" => {
                let complaints = names::label_value(value);
                if !complaints.is_empty() {
                    report.invalid_text(&operator_path, value, &complaints.join(";"));
                }
            }
            "Exists" => {
                if !value.is_empty() {
                    let detail = "value must be empty when `operator` is 'Exists'";
                    report.invalid_text(&operator_path, value, detail);
                }
            }
            other => report.not_supported(&operator_path, other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
            report.one_of(&path.field("effect"), effect, &effects);
        }
    }
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Affinity of a pod.
pub(super) fn affinity(affinity: &Value, path: &Path, report: &mut Report) {
    node_affinity(affinity.at(&["nodeAffinity"]), &path.field("nodeAffinity"), report);
    for key in ["podAffinity", "podAntiAffinity"] {
        let rules = affinity.at(&[key]);
        let path = path.field(key);
        let required = path.field(REQUIRED);
        for (index, term) in rules.at(&[REQUIRED]).items().iter().enumerate() {
            pod_term(term, &required.index(index), report);
        }
        let preferred = path.field(PREFERRED);
        for (index, weighted) in rules.at(&[PREFERRED]).items().iter().enumerate() {
            let path = preferred.index(index);
            weight(weighted, &path, report);
            pod_term(weighted.at(&["podAffinityTerm"]), &path.field("podAffinityTerm"), report);
        }
    }
}

fn weight(weighted: &Value, path: &Path, report: &mut Report) {
    let weight = weighted.at(&["weight"]).as_i64().unwrap_or(0);
    if !(1..=100).contains(&weight) {
        report.invalid(&path.field("weight"), &Value::Int(weight), "must be in the range 1-100");
    }
}

fn pod_term(term: &Value, path: &Path, report: &mut Report) {
    for key in ["labelSelector", "namespaceSelector"] {
        labels::selector(term.at(&[key]), &path.field(key), report);
    }
    for namespace in term.at(&["namespaces"]).items() {
        let name = namespace.str_or_empty();
        report.complaints(&path.field("namespace"), name, names::dns_label(name));
    }
    let topology = term.at(&["topologyKey"]).str_or_empty();
    if topology.is_empty() {
        report.required(&path.field("topologyKey"), "can not be empty");
    }
    labels::label_name(topology, &path.field("topologyKey"), report);
}

fn node_affinity(affinity: &Value, path: &Path, report: &mut Report) {
    let selector = affinity.at(&[REQUIRED]);
    if !selector.is_null() {
        node_selector(selector, &path.field(REQUIRED), report);
    }
    let preferred = path.field(PREFERRED);
    for (index, weighted) in affinity.at(&[PREFERRED]).items().iter().enumerate() {
        let path = preferred.index(index);
        weight(weighted, &path, report);
        node_term(weighted.at(&["preference"]), false, &path.field("preference"), report);
    }
}

/// Terms of which a node must meet one.
pub(super) fn node_selector(selector: &Value, path: &Path, report: &mut Report) {
    let terms_path = path.field("nodeSelectorTerms");
    let terms = selector.at(&["nodeSelectorTerms"]).items();
    if terms.is_empty() {
        report.required(&terms_path, "must have at least one node selector term");
    }
    for (index, term) in terms.iter().enumerate() {
        node_term(term, true, &terms_path.index(index), report);
    }
}

fn node_term(term: &Value, with_values: bool, path: &Path, report: &mut Report) {
    let expressions = path.field("matchExpressions");
    for (index, rule) in term.at(&["matchExpressions"]).items().iter().enumerate() {
        let path = expressions.index(index);
        let values = rule.at(&["values"]).items();
        match rule.at(&["operator"]).str_or_empty() {
            "Gt" | "Lt" => {
                if values.len() != 1 {
                    let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                    report.required(&path.field("values"), detail);
                }
            }
            other => labels::operator_and_values(other, values, &path, report),
        }
        labels::label_name(rule.at(&["key"]).str_or_empty(), &path.field("key"), report);
        if with_values {
            labels::label_values(values, &path.field("values"), report);
        }
    }
    let fields = path.field("matchFields");
    for (index, rule) in term.at(&["matchFields"]).items().iter().enumerate() {
        let path = fields.index(index);
        let operator = rule.at(&["operator"]).str_or_empty();
        if !matches!(operator, "In" | "NotIn") {
            report.invalid_text(&path.field("operator"), operator, "not a valid selector operator");
        } else if rule.at(&["values"]).items().len() != 1 {
            let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            report.required(&path.field("values"), detail);
        }
        let key = rule.at(&["key"]).str_or_empty();
        if key != "metadata.name" {
            report.invalid_text(&path.field("key"), key, "not a valid field selector key");
        }
    }
}

/// topologySpreadConstraints of a pod.
pub(super) fn spreading(constraints: &Value, path: &Path, report: &mut Report) {
    let constraints = constraints.items();
    for (index, constraint) in constraints.iter().enumerate() {
        let path = path.index(index);
        let text = |key: &str| constraint.at(&[key]).str_or_empty();
        let skew = constraint.at(&["maxSkew"]).as_i64().unwrap_or(0);
        if skew <= 0 {
            report.invalid(&path.field("maxSkew"), &Value::Int(skew), "must be greater than zero");
        }
        let (topology, action) = (text("topologyKey"), text("whenUnsatisfiable"));
        if topology.is_empty() {
            report.required(&path.field("topologyKey"), "can not be empty");
        } else {
            labels::label_name(topology, &path.field("topologyKey"), report);
        }
        let actions = ["DoNotSchedule", "ScheduleAnyway"];
        if !actions.contains(&action) {
            report.not_supported(&path.field("whenUnsatisfiable"), action, &actions);
        }
        let same = |other: &&Value| {
            ["topologyKey", "whenUnsatisfiable"].iter().all(|key| other.at(&[key]) == constraint.at(&[key]))
        };
        if constraints.iter().take(index).any(|other| same(&other)) {
            let pair = Value::from(format!("{{{topology}, {action}}}"));
            report.duplicate(&path.field("{topologyKey, whenUnsatisfiable}"), &pair);
        }
        let least = constraint.at(&["minDomains"]);
        if least.as_i64().is_some_and(|n| n <= 0) {
            report.invalid(&path.field("minDomains"), least, "must be greater than zero");
        }
        if !least.is_null() && action != "DoNotSchedule" {
            let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
            report.invalid(&path.field("minDomains"), least, &detail);
        }
        for key in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            if !matches!(text(key), "" | "Honor" | "Ignore") {
                report.not_supported(&path.field(key), text(key), &["Honor", "Ignore"]);
            }
        }
        match_label_keys(constraint, &path.field("matchLabelKeys"), report);
        labels::selector(constraint.at(&["labelSelector"]), &path.field("labelSelector"), report);
    }
}

/// Keys whose values come from the pod; they add to the selector and do not repeat it.
fn match_label_keys(constraint: &Value, path: &Path, report: &mut Report) {
    let keys = constraint.at(&["matchLabelKeys"]).items();
    let selector = constraint.at(&["labelSelector"]);
    if !keys.is_empty() && selector.is_null() {
        report.forbidden(path, "must not be specified when labelSelector is not set");
    }
    for (index, key) in keys.iter().enumerate() {
        let path = path.index(index);
        let name = key.str_or_empty();
        labels::label_name(name, &path, report);
        let in_rules = selector.at(&["matchExpressions"]).items().iter().any(|rule| rule.at(&["key"]) == key);
        if in_rules || selector.at(&["matchLabels"]).get(name).is_some() {
            report.invalid_text(&path, name, "exists in both matchLabelKeys and labelSelector");
        }
    }
}
