//! Every object of every recorded scenario, performed again, is one of Kubernetes' own types: it is read by the full types
//! of v1.36 and comes back equal. They know nothing of our schema table.

// A test that fails may panic.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use k8s_openapi::api::apps::v1::{ControllerRevision, StatefulSet};
use k8s_openapi::api::core::v1::{
    ConfigMap, Event, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;
use playground::replay::{Replay, Scenario};
use playground::value::json;
use serde_json::Value;

/// Reads an object by the type of its kind and writes it again.
fn through_the_type(kind: &str, object: Value) -> Result<Value, String> {
    macro_rules! through {
        ($($known:ident),* $(,)?) => {
            match kind {
                $(stringify!($known) => {
                    let typed: $known = serde_json::from_value(object).map_err(|error| error.to_string())?;
                    serde_json::to_value(typed).map_err(|error| error.to_string())
                })*
                other => Err(format!("no type for {other}")),
            }
        };
    }
    through!(
        ConfigMap,
        ControllerRevision,
        EndpointSlice,
        Event,
        Namespace,
        Node,
        PersistentVolume,
        PersistentVolumeClaim,
        Pod,
        PodDisruptionBudget,
        Secret,
        Service,
        ServiceAccount,
        StatefulSet,
        StorageClass,
    )
}

/// Go writes some fields as null that other languages leave out.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// Where two trees differ first.
fn difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    if ours == theirs {
        return None;
    }
    if let (Value::Object(a), Value::Object(b)) = (ours, theirs) {
        let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        let found = keys.into_iter().find_map(|key| {
            difference(&format!("{path}.{key}"), a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null))
        });
        return found;
    }
    if let (Value::Array(a), Value::Array(b)) = (ours, theirs)
        && a.len() == b.len()
    {
        return a.iter().zip(b).find_map(|(a, b)| difference(&format!("{path}[]"), a, b));
    }
    Some(format!("{path}: {ours} comes back as {theirs}"))
}

/// Performs a scenario and counts the versions by kind; complaints about each place of a kind are kept once.
fn perform(folder: &Path, counts: &mut BTreeMap<String, usize>, wrong: &mut BTreeMap<String, String>) {
    let steps = std::fs::read_to_string(folder.join("steps.json")).expect("steps");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.join("manifests")).into_iter().flatten().flatten() {
        if let Ok(text) = std::fs::read_to_string(entry.path()) {
            files.push((entry.file_name().to_string_lossy().into_owned(), text));
        }
    }
    let scenario = Scenario::read(&steps, files).expect("a scenario");
    let mut replay = Replay::new(&scenario).expect("a replay");
    for step in &scenario.steps {
        replay.step(step, &mut |_, step| {
            for change in &step.changes {
                let kind = change.object.kind.name();
                *counts.entry(kind.to_owned()).or_default() += 1;
                let ours: Value = serde_json::from_str(&json::to_compact(&change.object.whole())).expect("JSON");
                let complaint = match through_the_type(kind, ours.clone()) {
                    Ok(theirs) => difference(kind, &without_nulls(ours), &without_nulls(theirs)),
                    Err(error) => Some(format!("{kind}: {error}")),
                };
                if let Some(complaint) = complaint {
                    let place = complaint.split(": ").next().unwrap_or_default().to_owned();
                    wrong.entry(place).or_insert_with(|| format!("{complaint} ({})", change.object.meta.name));
                }
            }
        });
    }
}

#[test]
fn every_object_of_every_scenario_is_of_kubernetes_own_type() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let (mut counts, mut wrong) = (BTreeMap::new(), BTreeMap::new());
    let mut folders: Vec<_> =
        std::fs::read_dir(base).expect("recordings").flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.join("steps.json").exists()) {
        perform(folder, &mut counts, &mut wrong);
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    for kind in ["Pod", "StatefulSet", "PersistentVolumeClaim", "PersistentVolume", "ControllerRevision", "Event"] {
        assert!(counts.get(kind).is_some_and(|count| *count > 100), "{counts:?}");
    }
}
