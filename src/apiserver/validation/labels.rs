//! Labels, annotations and label selectors.

use super::blocks::{Path, Report};
use super::names;
use crate::value::{Value, json};

/// Keys and values of labels.
pub(super) fn labels(labels: &Value, path: &Path, report: &mut Report) {
    for (key, value) in labels.pairs() {
        report.complaints(path, key, names::label_key(key));
        let value = value.str_or_empty();
        report.complaints(path, value, names::label_value(value));
    }
}

/// Keys and size of annotations.
pub(super) fn annotations(annotations: &Value, path: &Path, report: &mut Report) {
    const LIMIT: usize = 256 * 1024;
    let mut size = 0;
    for (key, value) in annotations.pairs() {
        report.complaints(path, key, names::label_key(&key.to_ascii_lowercase()));
        size += key.len() + value.str_or_empty().len();
    }
    if size > LIMIT {
        report.too_long(path, LIMIT);
    }
}

/// A label selector. A missing one is not looked at.
pub(super) fn selector(selector: &Value, path: &Path, report: &mut Report) {
    labels(selector.at(&["matchLabels"]), &path.field("matchLabels"), report);
    let expressions = path.field("matchExpressions");
    for (index, expression) in selector.at(&["matchExpressions"]).items().iter().enumerate() {
        let path = expressions.index(index);
        let values = expression.at(&["values"]).items();
        let operator = expression.at(&["operator"]).str_or_empty();
        operator_and_values(operator, values, &path, report);
        label_name(expression.at(&["key"]).str_or_empty(), &path.field("key"), report);
        label_values(values, &path.field("values"), report);
    }
}

/// `In` and `NotIn` need values, `Exists` and `DoesNotExist` may have none.
pub(super) fn operator_and_values(operator: &str, values: &[Value], path: &Path, report: &mut Report) {
    match operator {
        "In" | "NotIn" => {
            if values.is_empty() {
                report.required(&path.field("values"), "must be specified when `operator` is 'In' or 'NotIn'");
            }
        }
        "Exists" | "DoesNotExist" => {
            if !values.is_empty() {
                report.forbidden(
                    &path.field("values"),
                    "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
                );
            }
        }
        other => report.invalid_text(&path.field("operator"), other, "not a valid selector operator"),
    }
}

/// The key of a label where it is named by a field.
pub(super) fn label_name(key: &str, path: &Path, report: &mut Report) {
    report.complaints(path, key, names::label_key(key));
}

/// Values of labels where they are listed.
pub(super) fn label_values(values: &[Value], path: &Path, report: &mut Report) {
    for (index, value) in values.iter().enumerate() {
        let value = value.str_or_empty();
        report.complaints(&path.index(index), value, names::label_value(value));
    }
}

/// A label selector as JSON with its fields in Kubernetes' order.
pub(super) fn written_selector(selector: &Value) -> String {
    let parts: Vec<String> = ["matchLabels", "matchExpressions"]
        .iter()
        .filter_map(|key| Some((key, selector.get(key)?)))
        .map(|(key, value)| format!("\"{key}\":{}", json::to_compact(value)))
        .collect();
    format!("{{{}}}", parts.join(","))
}
