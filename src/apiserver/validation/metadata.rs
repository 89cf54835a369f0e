//! metadata of every kind.

use super::blocks::{IMMUTABLE, Path, Report, written};
use super::labels;
use super::names::{self, Complaints};
use crate::api::{Kind, Object};
use crate::value::Value;

const META: Path<'static> = Path::root("metadata");

/// The form that names of a kind have.
fn name_form(kind: Kind) -> fn(&str) -> Complaints {
    match kind {
        Kind::StatefulSet | Kind::Service | Kind::Namespace => names::dns_label,
        _ => names::dns_subdomain,
    }
}

/// metadata of a new object.
pub(super) fn create(kind: Kind, tree: &Value, report: &mut Report) {
    let meta = tree.at(&["metadata"]);
    let form = name_form(kind);
    let prefix = meta.at(&["generateName"]).str_or_empty();
    if !prefix.is_empty() {
        // Something will follow the prefix, so a dash at its end is no harm.
        let as_name = prefix.strip_suffix('-').map_or(prefix.to_owned(), |start| format!("{start}a"));
        report.complaints(&META.field("generateName"), prefix, form(&as_name));
    }
    let name = meta.at(&["name"]).str_or_empty();
    if name.is_empty() {
        report.required(&META.field("name"), "name or generateName is required");
    } else {
        report.complaints(&META.field("name"), name, form(name));
    }
    parts(meta, report);
    finalizer_forms(meta, report);
}

/// metadata of a changed object.
pub(super) fn update(tree: &Value, old: &Object, report: &mut Report) {
    let meta = tree.at(&["metadata"]);
    let held = old.tree.at(&["metadata"]);
    if old.is_terminating() {
        let before = held.at(&["finalizers"]).items();
        let added: Vec<String> = meta
            .at(&["finalizers"])
            .items()
            .iter()
            .filter(|finalizer| !before.contains(finalizer))
            .map(super::blocks::written)
            .collect();
        if !added.is_empty() {
            let detail = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                added.join(", ")
            );
            report.forbidden(&META.field("finalizers"), &detail);
        }
    }
    for key in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        if meta.at(&[key]) != held.at(&[key]) {
            report.invalid(&META.field(key), meta.at(&[key]), IMMUTABLE);
        }
    }
    parts(meta, report);
    finalizer_forms(meta, report);
}

fn parts(meta: &Value, report: &mut Report) {
    labels::labels(meta.at(&["labels"]), &META.field("labels"), report);
    labels::annotations(meta.at(&["annotations"]), &META.field("annotations"), report);
    owners(meta.at(&["ownerReferences"]), report);
    finalizers(meta.at(&["finalizers"]), report);
}

fn owners(owners: &Value, report: &mut Report) {
    let path = META.field("ownerReferences");
    let mut controller = "";
    for owner in owners.items() {
        let text = |key: &str| owner.at(&[key]).str_or_empty();
        let version = text("apiVersion");
        if version.rsplit('/').next().unwrap_or("").is_empty() {
            report.invalid_text(&path.field("apiVersion"), version, "version must not be empty");
        }
        for key in ["kind", "name", "uid"] {
            if text(key).is_empty() {
                report.invalid_text(&path.field(key), "", "must not be empty");
            }
        }
        if owner.at(&["controller"]).as_bool() == Some(true) {
            if controller.is_empty() {
                controller = text("name");
            } else {
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {}",
                    text("name")
                );
                report.invalid_written(&path, &written_owners(owners), &detail);
            }
        }
    }
}

/// Owner references as Go writes them: in the order of their type's fields.
fn written_owners(owners: &Value) -> String {
    let one = |owner: &Value| {
        let keys = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];
        let held: Vec<String> = keys
            .iter()
            .filter(|key| !owner.at(&[key]).is_null())
            .map(|key| format!("\"{key}\":{}", written(owner.at(&[key]))))
            .collect();
        format!("{{{}}}", held.join(","))
    };
    format!("[{}]", owners.items().iter().map(one).collect::<Vec<_>>().join(","))
}

fn finalizers(finalizers: &Value, report: &mut Report) {
    let path = META.field("finalizers");
    let has = |name: &str| finalizers.items().iter().any(|f| f.as_str() == Some(name));
    for finalizer in finalizers.items() {
        let name = finalizer.str_or_empty();
        report.complaints(&path, name, names::label_key(name));
    }
    if has("orphan") && has("foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        report.invalid(&path, finalizers, detail);
    }
}

/// A finalizer is one of Kubernetes' own or bears a domain.
fn finalizer_forms(meta: &Value, report: &mut Report) {
    let path = META.field("finalizers");
    for (index, finalizer) in meta.at(&["finalizers"]).items().iter().enumerate() {
        let name = finalizer.str_or_empty();
        if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            report.invalid_text(&path.index(index), name, detail);
        }
    }
}
