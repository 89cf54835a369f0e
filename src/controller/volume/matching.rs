//! Which volume suits a claim (`reference/storage.md` §2).

use std::cmp::Ordering;

use super::{class_of, size};
use crate::api::{Object, Selector, Shared};
use crate::value::{Text, Value};

/// Whether a volume's claimRef names this claim: by name, and by uid where it holds one.
pub(super) fn is_bound_to(volume: &Object, claim: &Object) -> bool {
    volume.as_volume().is_some_and(|view| {
        !view.claim_name.is_empty()
            && view.claim_name == claim.meta.name
            && view.claim_namespace == claim.meta.namespace
            && (view.claim_uid.is_empty() || view.claim_uid == claim.meta.uid)
    })
}

/// Whether a volume offers every access mode that a claim asks for.
fn offers_modes(volume: &Object, claim: &Object) -> bool {
    let offered = volume.tree.at(&["spec", "accessModes"]).items();
    let wanted = claim.tree.at(&["spec", "accessModes"]).items();
    wanted.iter().all(|mode| offered.contains(mode))
}

/// Filesystem where nothing is said.
fn mode_of(object: &Object) -> Text {
    match object.tree.at(&["spec", "volumeMode"]) {
        Value::Text(mode) => mode.clone(),
        _ => "Filesystem".into(),
    }
}

fn large_enough(volume: &Object, claim: &Object) -> bool {
    size::compare(
        volume.tree.at(&["spec", "capacity", "storage"]),
        claim.tree.at(&["spec", "resources", "requests", "storage"]),
    ) != Ordering::Less
}

fn same_attributes_class(volume: &Object, claim: &Object) -> bool {
    const PATH: [&str; 2] = ["spec", "volumeAttributesClassName"];
    volume.tree.at(&PATH).str_or_empty() == claim.tree.at(&PATH).str_or_empty()
}

/// Why a volume that a claim names cannot be bound to it; `None` when it can.
pub(super) fn mismatch(volume: &Object, claim: &Object) -> Option<String> {
    let text = if volume.is_terminating() {
        return Some(format!("the volume is marked for deletion \"{}\"", volume.meta.name));
    } else if !large_enough(volume, claim) {
        "requested PV is too small"
    } else if class_of(volume) != class_of(claim) {
        "storageClassName does not match"
    } else if !same_attributes_class(volume, claim) {
        "volumeAttributesClassName does not match"
    } else if mode_of(volume) != mode_of(claim) {
        "incompatible volumeMode"
    } else if !offers_modes(volume, claim) {
        "incompatible accessMode"
    } else {
        return None;
    };
    Some(text.to_owned())
}

/// The best volume for a claim: one reserved for it wins outright; among the free ones those with the fewest
/// access modes come first, then the smallest that is large enough. Free volumes are not considered while the
/// scheduler has to choose (`delayed`).
pub(super) fn best<'a>(volumes: impl Iterator<Item = &'a Shared>, claim: &Object, delayed: bool) -> Option<&'a Shared> {
    let suits = |volume: &Shared| {
        offers_modes(volume, claim)
            && mode_of(volume) == mode_of(claim)
            && same_attributes_class(volume, claim)
            && !volume.is_terminating()
            && large_enough(volume, claim)
    };
    let selector = claim.tree.at(&["spec", "selector"]);
    let selector = Selector::from_label_selector(selector).unwrap_or_default();
    let class = class_of(claim);
    let modes = |volume: &Shared| volume.tree.at(&["spec", "accessModes"]).items().len();
    let mut chosen: Option<&Shared> = None;
    for volume in volumes {
        // The quick questions come first: most volumes belong to other claims.
        let reserved = is_bound_to(volume, claim);
        let free = volume.as_volume().is_some_and(|view| view.claim_name.is_empty() && view.phase == *"Available");
        if !(reserved || free) || !suits(volume) {
            continue;
        }
        if reserved {
            return Some(volume);
        }
        if delayed || class_of(volume) != class || !selector.matches(volume.labels()) {
            continue;
        }
        let better = chosen.is_none_or(|held| {
            let capacity = |v: &Shared| v.tree.at(&["spec", "capacity", "storage"]).clone();
            modes(volume).cmp(&modes(held)).then_with(|| size::compare(&capacity(volume), &capacity(held)))
                == Ordering::Less
        });
        if better {
            chosen = Some(volume);
        }
    }
    chosen
}
