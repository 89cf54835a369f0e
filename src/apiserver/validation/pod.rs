//! Pods: new ones, and the little of them that may change (`reference/api-defaults-validation.md` §4).

use super::blocks::{Path, Report};
use super::inner;
use super::pod_spec::{self, Placement};
use super::scheduling;
use crate::api::Object;
use crate::value::Value;

const SPEC: Path<'static> = Path::root("spec");

/// spec of a new pod.
pub(super) fn create(tree: &Value, report: &mut Report) {
    let spec = tree.at(&["spec"]);
    let volumes = spec.at(&["volumes"]).items();
    pod_spec::check(spec, volumes, Placement::Pod, &SPEC, report);
    if !spec.at(&["ephemeralContainers"]).items().is_empty() {
        let detail = "cannot be set on create";
        report.forbidden(&SPEC.field("ephemeralContainers"), detail);
    }
}

/// spec of a changed pod.
pub(super) fn update(tree: &Value, old: &Object, report: &mut Report) {
    let (spec, held) = (tree.at(&["spec"]), old.tree.at(&["spec"]));
    if spec == held {
        return;
    }
    let volumes = spec.at(&["volumes"]).items();
    pod_spec::check(spec, volumes, Placement::Pod, &SPEC, report);
    for key in ["containers", "initContainers"] {
        if spec.at(&[key]).items().len() != held.at(&[key]).items().len() {
            report.forbidden(&SPEC.field(key), "pod updates may not add or remove containers");
            return;
        }
    }
    if deadline(spec, held, report) {
        return;
    }
    tolerations(spec, held, report);
    scheduling_gates(spec, held, report);
    let same = with_mutable_parts_of(spec, held);
    if same != *held {
        let difference = inner::difference("PodSpec", held, &same);
        let detail = format!(
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
             `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
             `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n{difference}"
        );
        report.forbidden(&SPEC, &detail);
    }
}

/// A deadline may be set once and only shortened; answers whether it was wrong.
fn deadline(spec: &Value, held: &Value, report: &mut Report) -> bool {
    let path = SPEC.field("activeDeadlineSeconds");
    let (new, before) = (spec.at(&["activeDeadlineSeconds"]), held.at(&["activeDeadlineSeconds"]));
    let detail = match (new.as_i64(), before.as_i64()) {
        (Some(new), Some(before)) if before < new => "must be less than or equal to previous value",
        (None, Some(_)) => "must not update from a positive integer to nil value",
        _ => return false,
    };
    report.invalid(&path, new, detail);
    true
}

fn tolerations(spec: &Value, held: &Value, report: &mut Report) {
    let path = SPEC.field("tolerations");
    let new = spec.at(&["tolerations"]).items();
    let without_time = |toleration: &Value| {
        let mut toleration = toleration.clone();
        toleration.take(&["tolerationSeconds"]);
        toleration
    };
    let kept = |before: &Value| new.iter().any(|t| without_time(t) == without_time(before));
    if held.at(&["tolerations"]).items().iter().all(kept) {
        scheduling::tolerations(new, &path, report);
    } else {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        report.forbidden(&path, detail);
    }
}

fn scheduling_gates(spec: &Value, held: &Value, report: &mut Report) {
    let before = held.at(&["schedulingGates"]).items();
    let path = SPEC.field("schedulingGates");
    for (index, gate) in spec.at(&["schedulingGates"]).items().iter().enumerate() {
        if !before.contains(gate) {
            let name = gate.at(&["name"]).str_or_empty();
            let detail = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            report.forbidden(&path.index(index).field("name"), &detail);
        }
    }
}

/// The new spec with the old one's values in everything that may change.
fn with_mutable_parts_of(spec: &Value, held: &Value) -> Value {
    let mut same = spec.clone();
    let restore = |same: &mut Value, key: &'static str| match held.get(key) {
        Some(value) => same.set(&[key], value.clone()),
        None => {
            same.take(&[key]);
        }
    };
    for key in ["containers", "initContainers"] {
        if same.at(&[key]).items().is_empty() {
            continue;
        }
        let before = held.at(&[key]).items();
        for (container, before) in same.at_mut(&[key]).items_mut().iter_mut().zip(before) {
            container.set(&["image"], before.at(&["image"]).clone());
        }
    }
    for key in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] {
        restore(&mut same, key);
    }
    let grace = |spec: &Value| spec.at(&["terminationGracePeriodSeconds"]).as_i64();
    if grace(held).is_some_and(|seconds| seconds < 0) && grace(spec) == Some(1) {
        restore(&mut same, "terminationGracePeriodSeconds");
    }
    if !held.at(&["schedulingGates"]).items().is_empty() {
        restore(&mut same, "nodeSelector");
    }
    same
}
