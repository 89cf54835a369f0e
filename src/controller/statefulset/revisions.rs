//! Revisions of the pod template: their data, their hash, and which one is current and which is next
//! (`reference/statefulset-controller.md` §3).

use crate::api::{Object, OwnerReference, Shared};
use crate::map;
use crate::random::safe_letter;
use crate::value::{Text, Value, json};

/// Label of a ControllerRevision that holds its hash.
pub const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// What of a set a revision keeps: the pod template, to be put in place of any other.
pub fn data_of(set: &Object) -> Value {
    let mut template = set.tree.at(&["spec", "template"]).clone();
    template.set(&["$patch"], "replace");
    map! { "spec" => map! { "template" => template } }
}

/// The pod template that a revision's data holds.
pub fn template_of(data: &Value) -> Value {
    let mut template = data.at(&["spec", "template"]).clone();
    template.take(&["$patch"]);
    template
}

/// The hash in a revision's name: FNV-1 (32 bit; not the 1a of `value::checksum`) of the data's compact JSON and the collision count, printed in
/// decimal and spelt in Kubernetes' safe letters.
pub fn hash(data: &Value, collision_count: i64) -> String {
    let text = json::to_compact(data);
    let count = collision_count.to_string();
    let sum = text
        .bytes()
        .chain(count.bytes())
        .fold(0x811c_9dc5_u32, |sum, byte| sum.wrapping_mul(0x0100_0193) ^ u32::from(byte));
    sum.to_string().bytes().map(|digit| safe_letter(u64::from(digit))).collect()
}

/// `web-776999688b`; the set's name is cut to 223 bytes.
pub fn name(set: &str, hash: &str) -> Text {
    let mut end = set.len().min(223);
    while !set.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{hash}", set.get(..end).unwrap_or(set)).into()
}

/// A new ControllerRevision of a set.
pub fn build(set: &Object, data: &Value, hash_label: &str, name: &Text, number: i64) -> Value {
    let mut labels = set.tree.at(&["spec", "template", "metadata", "labels"]).clone();
    labels.map_mut().insert(HASH_LABEL, Text::copy(hash_label));
    let mut meta = map! {
        "name" => name,
        "namespace" => &set.meta.namespace,
        "labels" => labels,
        "ownerReferences" => vec![OwnerReference::to_controller(set)],
    };
    if !set.annotations().is_empty() {
        meta.set(&["annotations"], set.annotations().clone());
    }
    map! {
        "apiVersion" => "apps/v1",
        "kind" => "ControllerRevision",
        "metadata" => meta,
        "data" => data.clone(),
        "revision" => number,
    }
}

/// The number of a ControllerRevision.
pub fn number(revision: &Object) -> i64 {
    revision.tree.at(&["revision"]).as_i64().unwrap_or(0)
}

/// Sorts revisions by number, then age, then name.
pub fn sort(revisions: &mut [Shared]) {
    crate::sorted::sort_by(revisions, &|a, b| {
        (number(a), a.meta.created, &a.meta.name).cmp(&(number(b), b.meta.created, &b.meta.name))
    });
}

/// What has to happen so that a revision for the set's present template exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// This revision is it.
    Use(usize),
    /// This older one is it; its number becomes the highest (a rollback reuses the name).
    Renumber(usize, i64),
    /// There is none yet; a new one gets this number.
    Create(i64),
}

/// Chooses among the sorted revisions of a set.
pub fn choose(revisions: &[Shared], data: &Value) -> Choice {
    let next_number = revisions.last().map_or(1, |last| number(last) + 1);
    let equal = revisions.iter().rposition(|revision| revision.tree.at(&["data"]) == data);
    match equal {
        Some(at) if at + 1 == revisions.len() => Choice::Use(at),
        Some(at) => Choice::Renumber(at, next_number),
        None => Choice::Create(next_number),
    }
}

/// The revisions to delete, oldest first, so that of those not in use at most `limit` remain.
pub fn surplus<'a>(revisions: &'a [Shared], live: &[Text], limit: i64) -> Vec<&'a Shared> {
    let old: Vec<&Shared> = revisions.iter().filter(|revision| !live.contains(&revision.meta.name)).collect();
    let Ok(limit) = usize::try_from(limit) else {
        return Vec::new();
    };
    let too_many = old.len().saturating_sub(limit);
    old.into_iter().take(too_many).collect()
}
