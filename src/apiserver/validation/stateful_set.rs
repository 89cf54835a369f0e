//! StatefulSets (`reference/api-defaults-validation.md` §3).

use super::super::Gates;
use super::blocks::{Path, Report, written};
use super::pod_spec::{self, Placement};
use super::{claim, labels, names};
use crate::api::{Object, Selector};
use crate::map;
use crate::value::{Map, Text, Value};

const SPEC: Path<'static> = Path::root("spec");

/// The fields of spec that an update may change.
const MUTABLE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

/// spec of a new set.
pub(super) fn create(tree: &Value, gates: Gates, report: &mut Report) {
    let spec = tree.at(&["spec"]);
    strategy_and_retention(spec, gates, report);
    let templates = SPEC.field("volumeClaimTemplates");
    for (index, template) in spec.at(&["volumeClaimTemplates"]).items().iter().enumerate() {
        let path = templates.index(index);
        claim::spec(template.at(&["spec"]), &path.field("spec"), report);
    }
    numbers(spec, report);
    let service = spec.at(&["serviceName"]).str_or_empty();
    if !service.is_empty() {
        report.complaints(&SPEC.field("serviceName"), service, names::dns_label(service));
    }
    selector_and_template(spec, report);
}

/// spec of a changed set.
pub(super) fn update(tree: &Value, old: &Object, gates: Gates, report: &mut Report) {
    let (spec, held) = (tree.at(&["spec"]), old.tree.at(&["spec"]));
    if spec == held {
        return;
    }
    strategy_and_retention(spec, gates, report);
    numbers(spec, report);
    selector_and_template(spec, report);
    let keys = || spec.pairs().chain(held.pairs()).map(|(key, _)| key);
    let changed = |key: &Text| spec.at(&[key]) != held.at(&[key]);
    if keys().any(|key| !MUTABLE.contains(&key.as_str()) && changed(key)) {
        report.forbidden(
            &SPEC,
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
             'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        );
    }
}

fn strategy_and_retention(spec: &Value, gates: Gates, report: &mut Report) {
    let policy = spec.at(&["podManagementPolicy"]).str_or_empty();
    if !matches!(policy, "OrderedReady" | "Parallel") {
        let detail = "must be 'OrderedReady' or 'Parallel'";
        report.invalid_text(&SPEC.field("podManagementPolicy"), policy, detail);
    }
    update_strategy(spec.at(&["updateStrategy"]), gates, report);
    let retention = SPEC.field("persistentVolumeClaimRetentionPolicy");
    for key in ["whenDeleted", "whenScaled"] {
        let policy = spec.at(&["persistentVolumeClaimRetentionPolicy", key]).str_or_empty();
        if !matches!(policy, "Retain" | "Delete") {
            report.not_supported(&retention.field(key), policy, &["Retain", "Delete"]);
        }
    }
}

fn update_strategy(strategy: &Value, gates: Gates, report: &mut Report) {
    let path = SPEC.field("updateStrategy");
    let rolling_path = path.field("rollingUpdate");
    let rolling = strategy.at(&["rollingUpdate"]);
    match strategy.at(&["type"]).str_or_empty() {
        "RollingUpdate" => {
            report.not_negative(&rolling_path.field("partition"), rolling.at(&["partition"]));
            if gates.max_unavailable_stateful_set {
                let path = rolling_path.field("maxUnavailable");
                max_unavailable(rolling.at(&["maxUnavailable"]), &path, report);
            }
        }
        "OnDelete" => {
            if !rolling.is_null() {
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                report.invalid_written(&rolling_path, &written_rolling(rolling), detail);
            }
        }
        other => {
            let value =
                format!("{{\"Type\":{},\"RollingUpdate\":{}}}", super::blocks::quote(other), written_rolling(rolling));
            report.invalid_written(&path, &value, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

/// rollingUpdate as Kubernetes' inner form of it: a missing partition is 0.
fn written_rolling(rolling: &Value) -> String {
    if rolling.is_null() {
        return "null".to_owned();
    }
    let partition = rolling.at(&["partition"]).as_i64().unwrap_or(0);
    let most = written(rolling.at(&["maxUnavailable"]));
    format!("{{\"Partition\":{partition},\"MaxUnavailable\":{most}}}")
}

/// A number of pods or a percentage of them that is not nothing.
fn max_unavailable(value: &Value, path: &Path, report: &mut Report) {
    let amount = match value {
        Value::Int(n) => {
            report.not_negative(path, value);
            *n
        }
        Value::Text(text) => {
            report.complaints(path, text, names::percent(text));
            let digits = text.strip_suffix('%').unwrap_or("");
            digits.parse().unwrap_or(0)
        }
        _ => return,
    };
    if amount == 0 {
        report.invalid(path, value, "cannot be 0");
    }
    if amount > 100 && value.as_str().is_some() {
        report.invalid(path, value, "must not be greater than 100%");
    }
}

fn numbers(spec: &Value, report: &mut Report) {
    report.not_negative(&SPEC.field("replicas"), spec.at(&["replicas"]));
    report.not_negative(&SPEC.field("minReadySeconds"), spec.at(&["minReadySeconds"]));
    let start = spec.at(&["ordinals", "start"]);
    report.not_negative(&SPEC.field("ordinals").field("start"), start);
}

fn selector_and_template(spec: &Value, report: &mut Report) {
    const NO_LABELS: &Map = &Map::new();
    let selector = spec.at(&["selector"]);
    let path = SPEC.field("selector");
    let before = report.count();
    let empty = Selector::from_label_selector(selector).is_ok_and(|s| s.is_empty());
    if selector.is_null() {
        report.required(&path, "");
    } else {
        labels::selector(selector, &path, report);
        if empty {
            report.invalid_written(&path, "{}", "empty selector is invalid for statefulset");
        }
    }
    let template = spec.at(&["template"]);
    let template_path = SPEC.field("template");
    // A selector that cannot be used hides what is wrong with the template.
    let unusable = !selector.is_null() && !empty && report.count() > before;
    if unusable {
        report.invalid_written(&path, &labels::written_selector(selector), "");
    } else {
        let held = template.at(&["metadata", "labels"]);
        let matching = !selector.is_null()
            && Selector::from_label_selector(selector).is_ok_and(|s| s.matches(held.as_map().unwrap_or(NO_LABELS)));
        if !matching {
            let meta = template_path.field("metadata");
            report.invalid(&meta.field("labels"), held, "`selector` does not match template `labels`");
        }
        pod_template(spec, &template_path, report);
    }
    always_restarted(template.at(&["spec"]), &template_path.field("spec"), report);
}

/// The pod template, its claims being volumes already.
fn pod_template(spec: &Value, path: &Path, report: &mut Report) {
    let template = spec.at(&["template"]);
    let meta = template.at(&["metadata"]);
    labels::labels(meta.at(&["labels"]), &path.field("labels"), report);
    labels::annotations(meta.at(&["annotations"]), &path.field("annotations"), report);
    let pod = template.at(&["spec"]);
    let volumes = volumes(spec, pod);
    pod_spec::check(pod, &volumes, Placement::Template, &path.field("spec"), report);
}

/// Pods of a set run for ever.
fn always_restarted(pod: &Value, path: &Path, report: &mut Report) {
    let restart = pod.at(&["restartPolicy"]).str_or_empty();
    if restart != "Always" {
        report.not_supported(&path.field("restartPolicy"), restart, &["Always"]);
    }
    if !pod.at(&["activeDeadlineSeconds"]).is_null() {
        let detail = "activeDeadlineSeconds in StatefulSet is not Supported";
        report.forbidden(&path.field("activeDeadlineSeconds"), detail);
    }
}

/// The volumes a pod of the set will have: those of its claims first, then its own of other names.
fn volumes(spec: &Value, pod: &Value) -> Vec<Value> {
    let mut claimed: Vec<Value> = Vec::new();
    for template in spec.at(&["volumeClaimTemplates"]).items() {
        let name = template.at(&["metadata", "name"]).text();
        let volume = map! { "name" => &name, "persistentVolumeClaim" => map! { "claimName" => &name } };
        if !claimed.contains(&volume) {
            claimed.push(volume);
        }
    }
    let taken = |volume: &Value| claimed.iter().any(|c| c.at(&["name"]) == volume.at(&["name"]));
    let own: Vec<Value> = pod.at(&["volumes"]).items().iter().filter(|v| !taken(v)).cloned().collect();
    claimed.extend(own);
    claimed
}

/// status written by a controller.
pub(super) fn status(tree: &Value, old: &Object, report: &mut Report) {
    const STATUS: Path<'static> = Path::root("status");
    let status = tree.at(&["status"]);
    let number = |key: &str| status.at(&[key]).as_i64().unwrap_or(0);
    for key in ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] {
        report.not_negative(&STATUS.field(key), status.at(&[key]));
    }
    let total = number("replicas");
    for key in ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] {
        if number(key) > total {
            report.invalid(&STATUS.field(key), status.at(&[key]), "cannot be greater than status.replicas");
        }
    }
    if number("availableReplicas") > number("readyReplicas") {
        let value = status.at(&["availableReplicas"]);
        report.invalid(&STATUS.field("availableReplicas"), value, "cannot be greater than status.readyReplicas");
    }
    let before = old.tree.at(&["status", "collisionCount"]).as_i64();
    if before.is_some_and(|before| number("collisionCount") < before) {
        let value = Value::from(number("collisionCount"));
        report.invalid(&STATUS.field("collisionCount"), &value, "cannot be decremented");
    }
}
