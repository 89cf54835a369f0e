//! Admission of claims: the default storage class, and whether a claim may grow (`reference/storage.md` §4, §8).

use super::super::Store;
use crate::api::quantity::Quantity;
use crate::api::{Kind, Object, Shared, Status};
use crate::value::Value;

const DEFAULT_CLASS: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// The default storage class: of several the newest, of equally old ones the first by name.
fn find_default(store: &Store) -> Option<&Shared> {
    store
        .list(Kind::StorageClass, "")
        .filter(|class| DEFAULT_CLASS.iter().any(|key| class.annotation(key) == Some("true")))
        .min_by_key(|class| (std::cmp::Reverse(class.meta.created), class.meta.name.clone()))
}

/// A claim that says nothing about its class gets the default one; an empty class is an answer.
pub(super) fn default_class(tree: &mut Value, store: &Store) {
    let by_annotation = tree.at(&["metadata", "annotations"]).get("volume.beta.kubernetes.io/storage-class");
    if by_annotation.is_some() || !tree.at(&["spec", "storageClassName"]).is_null() {
        return;
    }
    if let Some(class) = find_default(store) {
        tree.set(&["spec", "storageClassName"], &class.meta.name);
    }
}

/// Only bound claims of classes that allow it may ask for more than before.
pub(super) fn admit_resize(tree: &Value, old: &Object, store: &Store) -> Result<(), Status> {
    const REQUEST: [&str; 4] = ["spec", "resources", "requests", "storage"];
    let parse = |tree: &Value| Quantity::parse(tree.at(&REQUEST).str_or_empty());
    let (Ok(before), Ok(after)) = (parse(&old.tree), parse(tree)) else {
        return Ok(());
    };
    if after <= before {
        return Ok(());
    }
    let refuse = |why: &str| Err(Status::forbidden(Kind::PersistentVolumeClaim, &old.meta.name, why));
    if old.tree.at(&["status", "phase"]).as_str() != Some("Bound") {
        return refuse("Only bound persistent volume claims can be expanded");
    }
    let class = tree.at(&["spec", "storageClassName"]).str_or_empty();
    let expandable = store
        .get(Kind::StorageClass, "", class)
        .is_some_and(|class| class.tree.at(&["allowVolumeExpansion"]).as_bool() == Some(true));
    if expandable {
        Ok(())
    } else {
        refuse(
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc \
             must support resize",
        )
    }
}
