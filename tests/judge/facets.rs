//! What of an object two real runs agree on, and the sequences that follow from a watch.

use std::collections::{BTreeMap, BTreeSet};

use playground::list;
use playground::value::{Value, json};

use super::normal::{Normal, Renames, is_noise};

/// Everything about a run that is compared, but its commands.
pub struct Digest {
    pub objects: BTreeMap<String, Vec<String>>,
    pub order: Vec<String>,
    pub events: BTreeSet<String>,
}

fn condition(object: &Value, kind: &str) -> String {
    for condition in object.at(&["status", "conditions"]).items() {
        if condition.at(&["type"]).as_str() == Some(kind) {
            let status = condition.at(&["status"]).str_or_empty().to_owned();
            let reason = condition.at(&["reason"]).str_or_empty();
            return if !reason.is_empty() && kind == "PodScheduled" { format!("{status}:{reason}") } else { status };
        }
    }
    "-".into()
}

fn owners(object: &Value) -> Value {
    let names = object.at(&["metadata", "ownerReferences"]).items().iter().map(|owner| {
        let star = if owner.at(&["controller"]).as_bool() == Some(true) { "*" } else { "" };
        format!("{}/{}{star}", owner.at(&["kind"]).str_or_empty(), owner.at(&["name"]).str_or_empty())
    });
    Value::texts(names)
}

fn flag(value: &Value) -> Value {
    let set = match value {
        Value::Null => false,
        Value::Text(text) => !text.is_empty(),
        Value::Bool(b) => *b,
        _ => true,
    };
    Value::Bool(set)
}

fn containers(status: &Value) -> Vec<Value> {
    status
        .at(&["initContainerStatuses"])
        .items()
        .iter()
        .chain(status.at(&["containerStatuses"]).items())
        .map(|container| {
            let state = container.at(&["state"]).pairs().next();
            let (name, inner) = state.map_or(("-", &Value::Null), |(k, v)| (k.as_str(), v));
            list![
                container.at(&["name"]).clone(),
                name.to_owned(),
                inner.at(&["reason"]).clone(),
                container.at(&["ready"]).clone(),
                container.at(&["restartCount"]).clone(),
            ]
        })
        .collect()
}

/// The facet of an object version; `None` for kinds that are not compared.
fn facet(kind: &str, object: &Value) -> Option<Value> {
    let (meta, spec, status) = (object.at(&["metadata"]), object.at(&["spec"]), object.at(&["status"]));
    let deleting = flag(meta.at(&["deletionTimestamp"]));
    Some(match kind {
        "Pod" => {
            let mut claims: Vec<String> = spec
                .at(&["volumes"])
                .items()
                .iter()
                .filter_map(|volume| volume.at(&["persistentVolumeClaim", "claimName"]).as_str())
                .map(str::to_owned)
                .collect();
            claims.sort();
            list![
                "Pod",
                status.at(&["phase"]).clone(),
                condition(object, "Ready"),
                deleting,
                flag(spec.at(&["nodeName"])),
                containers(status),
                meta.at(&["labels"]).clone(),
                owners(object),
                Value::texts(claims),
            ]
        }
        "PersistentVolumeClaim" => list![
            "PVC",
            status.at(&["phase"]).clone(),
            deleting,
            meta.at(&["labels"]).clone(),
            owners(object),
            meta.at(&["finalizers"]).clone(),
            flag(spec.at(&["volumeName"])),
            status.at(&["capacity", "storage"]).clone(),
            spec.at(&["storageClassName"]).clone(),
        ],
        "PersistentVolume" => {
            list!["PV", status.at(&["phase"]).clone(), deleting, spec.at(&["persistentVolumeReclaimPolicy"]).clone(),]
        }
        "StatefulSet" => {
            let mut status = status.clone();
            status.take(&["collisionCount"]);
            list!["STS", spec.at(&["replicas"]).clone(), meta.at(&["generation"]).clone(), deleting, status,]
        }
        "ControllerRevision" => {
            list!["REV", object.at(&["revision"]).clone(), meta.at(&["labels"]).clone(), owners(object),]
        }
        "EndpointSlice" => {
            let mut endpoints: Vec<Value> = object
                .at(&["endpoints"])
                .items()
                .iter()
                .map(|endpoint| {
                    let is = |key: &str| flag(endpoint.at(&["conditions", key]));
                    list![endpoint.at(&["hostname"]).text(), is("ready"), is("serving"), is("terminating")]
                })
                .collect();
            endpoints.sort_by_key(json::to_compact);
            list!["EPS", Value::list_of(endpoints)]
        }
        "PodDisruptionBudget" => list![
            "PDB",
            status.at(&["disruptionsAllowed"]).clone(),
            status.at(&["currentHealthy"]).clone(),
            status.at(&["desiredHealthy"]).clone(),
            status.at(&["expectedPods"]).clone(),
        ],
        "Namespace" | "Service" => list![
            kind.to_owned(),
            status.at(&["phase"]).clone(),
            deleting,
            spec.at(&["clusterIP"]).as_str() == Some("None"),
        ],
        _ => return None,
    })
}

/// What differs in every run, and what stands for it: template hashes of Deployments, hashes of restarted templates
/// (both numbered by creation), ends of generated pod names.
pub fn renames(watch: &[Value]) -> Renames {
    let mut words = BTreeMap::new();
    let mut restarts: BTreeMap<String, usize> = BTreeMap::new();
    let mut replica_sets: BTreeMap<String, usize> = BTreeMap::new();
    for event in watch {
        let object = event.at(&["object"]);
        let hash = object.at(&["metadata", "labels", "pod-template-hash"]).str_or_empty();
        let owner = object.at(&["metadata", "ownerReferences"]).items().first();
        if event.at(&["kind"]).as_str() == Some("ReplicaSet") && !hash.is_empty() && !words.contains_key(hash) {
            if let Some(owner) = owner {
                let number = replica_sets.entry(owner.at(&["name"]).str_or_empty().to_owned()).or_insert(0);
                *number += 1;
                words.insert(hash.to_owned(), format!("<rs{number}>"));
            }
        }
        let data = json::to_compact(object.at(&["data"]));
        if event.at(&["kind"]).as_str() == Some("ControllerRevision")
            && data.contains("kubectl.kubernetes.io/restartedAt")
        {
            let hash = object.at(&["metadata", "labels", "controller.kubernetes.io/hash"]).str_or_empty();
            let name = object.at(&["metadata", "name"]).str_or_empty();
            if !hash.is_empty() && !words.contains_key(hash) {
                let set = name.strip_suffix(hash).unwrap_or(name).to_owned();
                let number = restarts.entry(set).or_insert(0);
                *number += 1;
                words.insert(hash.to_owned(), format!("<restart{number}>"));
            }
        }
    }
    let hashes = Renames::new(words.clone());
    for event in watch {
        let meta = event.at(&["object", "metadata"]);
        let generated = meta.at(&["generateName"]).str_or_empty();
        let of_set = !meta.at(&["labels", "statefulset.kubernetes.io/pod-name"]).is_null();
        let begins = matches!(event.at(&["type"]).as_str(), Some("ADDED" | "LISTED"));
        if event.at(&["kind"]).as_str() == Some("Pod") && begins && !generated.is_empty() && !of_set {
            words.insert(meta.at(&["name"]).str_or_empty().to_owned(), format!("{}<rand>", hashes.apply(generated)));
        }
    }
    Renames::new(words)
}

/// The sequences of a watch.
pub fn digest(normal: &Normal, watch: &[Value], names: &Renames) -> Digest {
    let mut digest = Digest { objects: BTreeMap::new(), order: Vec::new(), events: BTreeSet::new() };
    let mut deleting = BTreeSet::new();
    for event in watch {
        let (kind, object) = (event.at(&["kind"]).str_or_empty(), event.at(&["object"]));
        if kind == "Event" {
            note(normal, object, names, &mut digest.events);
            continue;
        }
        let change = event.at(&["type"]).str_or_empty();
        let raw = event.at(&["name"]).str_or_empty();
        let name = if kind == "EndpointSlice" {
            raw.rsplit_once('-').map_or(raw, |(service, _)| service).to_owned()
        } else {
            normal.text(raw)
        };
        let mut key = format!("{kind}/{}/{name}", event.at(&["namespace"]).str_or_empty());
        let name = names.apply(&name);
        if kind == "ControllerRevision" {
            key = names.apply(&key);
        }
        if matches!(kind, "Pod" | "PersistentVolumeClaim") {
            let terminating = !object.at(&["metadata", "deletionTimestamp"]).is_null();
            if change == "ADDED" {
                digest.order.push(format!("create {kind} {name}"));
            } else if change == "DELETED" {
                digest.order.push(format!("gone {kind} {name}"));
                deleting.remove(&key);
            } else if terminating && deleting.insert(key.clone()) {
                digest.order.push(format!("delete {kind} {name}"));
            }
        }
        if change == "LISTED" {
            continue;
        }
        let facet = if change == "DELETED" {
            list!["DELETED"]
        } else {
            match facet(kind, object) {
                Some(facet) => facet,
                None => continue,
            }
        };
        let text = names.apply(&normal.text(&spelt(&json::to_compact_plain(&facet))));
        let states = digest.objects.entry(key).or_default();
        if states.last() != Some(&text) {
            states.push(text);
        }
    }
    merge_generated(&mut digest.objects, names);
    digest
}

fn note(normal: &Normal, event: &Value, names: &Renames, events: &mut BTreeSet<String>) {
    let (reason, raw) = (event.at(&["reason"]).str_or_empty(), event.at(&["message"]).str_or_empty());
    if is_noise(&format!("{reason}  {raw}")) || reason == "Pulling" {
        return;
    }
    let involved = event.at(&["involvedObject"]);
    let name = normal.text(&names.apply(involved.at(&["name"]).str_or_empty()));
    let message = names.apply(&normal.text(raw));
    let kind = involved.at(&["kind"]).str_or_empty();
    let class = event.at(&["type"]).str_or_empty();
    events.insert(format!("{kind}/['{name}'] {class} {reason} {message}"));
}

/// Pods with generated names are told apart by what happened to them; volumes are counted by what happened to them.
fn merge_generated(objects: &mut BTreeMap<String, Vec<String>>, names: &Renames) {
    let generated: Vec<String> = objects
        .keys()
        .filter(|key| key.starts_with("Pod/") && key.split('/').nth(2).is_some_and(|name| names.contains(name)))
        .cloned()
        .collect();
    let mut pods: Vec<(String, Vec<String>)> =
        generated.into_iter().filter_map(|key| Some((names.apply(&key), objects.remove(&key)?))).collect();
    pods.sort();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (key, states) in pods {
        let number = seen.entry(key.clone()).or_insert(0);
        *number += 1;
        objects.insert(format!("{key}#{number}"), states);
    }
    let volumes: Vec<String> = objects.keys().filter(|key| key.starts_with("PersistentVolume/")).cloned().collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for key in volumes {
        if let Some(states) = objects.remove(&key) {
            *counts.entry(format!("[{}]", states.join(", "))).or_insert(0) += 1;
        }
    }
    for (states, count) in counts {
        objects.insert(format!("PersistentVolume//<any> {states}"), vec![count.to_string()]);
    }
}

/// Compact JSON with a space after each comma and colon, as the masks spell keys and states.
fn spelt(json: &str) -> String {
    let (mut text, mut quoted, mut escaped) = (String::new(), false, false);
    for letter in json.chars() {
        text.push(letter);
        if !quoted && matches!(letter, ',' | ':') {
            text.push(' ');
        }
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
    }
    text
}

/// Per pod and incarnation: created → running, running → ready, told to go → gone, in ms.
pub fn timings(watch: &[Value], names: &Renames) -> BTreeMap<String, i64> {
    let mut current: BTreeMap<String, BTreeMap<&str, i64>> = BTreeMap::new();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let mut label: BTreeMap<String, String> = BTreeMap::new();
    let mut gaps = BTreeMap::new();
    for event in watch {
        let change = event.at(&["type"]).str_or_empty();
        if event.at(&["kind"]).as_str() != Some("Pod") || change == "LISTED" {
            continue;
        }
        let object = event.at(&["object"]);
        let ms = event.at(&["ms"]).as_i64().unwrap_or(0);
        let key = format!("{}/{}", event.at(&["namespace"]).str_or_empty(), event.at(&["name"]).str_or_empty());
        if change == "ADDED" || !current.contains_key(&key) {
            let name = names.apply(&key);
            let number = count.entry(name.clone()).or_insert(0);
            *number += 1;
            label.insert(key.clone(), format!("{name}#{number}"));
            current.insert(key.clone(), BTreeMap::from([("added", ms)]));
        }
        let moments = current.entry(key.clone()).or_default();
        let running = object
            .at(&["status", "containerStatuses"])
            .items()
            .iter()
            .any(|container| container.at(&["state"]).get("running").is_some());
        if running {
            moments.entry("running").or_insert(ms);
        }
        if condition(object, "Ready") == "True" && moments.contains_key("running") {
            moments.entry("ready").or_insert(ms);
        }
        if !object.at(&["metadata", "deletionTimestamp"]).is_null() {
            moments.entry("deleting").or_insert(ms);
        }
        if change == "DELETED" {
            moments.insert("gone", ms);
        }
        for (from, to) in [("added", "running"), ("running", "ready"), ("deleting", "gone")] {
            if let (Some(a), Some(b)) = (moments.get(from), moments.get(to)) {
                gaps.insert(format!("{} {from}→{to}", label.get(&key).map_or("", String::as_str)), b - a);
            }
        }
        if change == "DELETED" {
            current.remove(&key);
        }
    }
    gaps
}
