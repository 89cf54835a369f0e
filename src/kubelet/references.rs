//! What a pod refers to and what of it is missing: ConfigMaps, Secrets, claims.

use super::agent::Agent;
use crate::api::{Kind, Shared};
use crate::controller::Cache;
use crate::value::{Text, Value};

/// The ConfigMap that the control plane puts into every namespace.
const ROOT_CERTIFICATES: &str = "kube-root-ca.crt";

/// The first thing the environment of a container refers to and does not find, in the words of its status.
pub(super) fn missing_in_environment(agent: &Agent, index: usize, cache: &Cache) -> Option<String> {
    let spec = &agent.containers.get(index)?.spec;
    let sources = spec.at(&["envFrom"]).items().iter().flat_map(|source| {
        [("configMapRef", Kind::ConfigMap), ("secretRef", Kind::Secret)]
            .into_iter()
            .filter_map(|(field, kind)| Some((kind, source.get(field)?)))
    });
    for (kind, reference) in sources {
        if let Some(text) = missing_object(agent, cache, kind, reference) {
            return Some(text);
        }
    }
    let keys = spec.at(&["env"]).items().iter().flat_map(|variable| {
        [("configMapKeyRef", Kind::ConfigMap), ("secretKeyRef", Kind::Secret)]
            .into_iter()
            .filter_map(|(field, kind)| Some((kind, variable.at(&["valueFrom"]).get(field)?)))
    });
    for (kind, reference) in keys {
        if let Some(text) = missing_object(agent, cache, kind, reference) {
            return Some(text);
        }
        let (name, key) = (reference.at(&["name"]).text(), reference.at(&["key"]).text());
        let found = find(agent, cache, kind, &name).is_some_and(|object| has_key(object, &key));
        if !found && !is_optional(reference) {
            let namespace = &agent.pod.meta.namespace;
            return Some(format!("couldn't find key {key} in {} {namespace}/{name}", kind.name()));
        }
    }
    None
}

/// What the pod's volumes are made of and does not exist, one message per volume.
pub(super) fn missing_volumes(agent: &Agent, cache: &Cache) -> Vec<String> {
    let mut problems = Vec::new();
    let mut unbound = Vec::new();
    for volume in agent.pod.tree.at(&["spec", "volumes"]).items() {
        let name = volume.at(&["name"]).str_or_empty();
        if let Some(why) = missing_source(agent, cache, volume) {
            problems.push(format!("MountVolume.SetUp failed for volume \"{name}\" : {why}"));
        }
        if let Some(claim) = volume.get("persistentVolumeClaim")
            && let Some(why) = unusable_claim(agent, cache, &claim.at(&["claimName"]).text())
        {
            unbound.push((name.to_owned(), why));
        }
    }
    if let Some((_, why)) = unbound.first() {
        let names: Vec<&str> = unbound.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(" ");
        problems.push(format!(
            "Unable to attach or mount volumes: unmounted volumes=[{names}], unattached volumes=[], failed to process \
             volumes=[{names}]: {why}"
        ));
    }
    problems
}

fn missing_source(agent: &Agent, cache: &Cache, volume: &Value) -> Option<String> {
    if let Some(source) = volume.get("configMap") {
        return missing_part(agent, cache, Kind::ConfigMap, source, "name");
    }
    if let Some(source) = volume.get("secret") {
        return missing_part(agent, cache, Kind::Secret, source, "secretName");
    }
    volume.at(&["projected", "sources"]).items().iter().find_map(|source| {
        if let Some(part) = source.get("configMap") {
            missing_part(agent, cache, Kind::ConfigMap, part, "name")
        } else if let Some(part) = source.get("secret") {
            missing_part(agent, cache, Kind::Secret, part, "name")
        } else {
            None
        }
    })
}

/// A volume source that does not exist, or lacks a key that is listed.
fn missing_part(agent: &Agent, cache: &Cache, kind: Kind, source: &Value, field: &str) -> Option<String> {
    let name = source.at(&[field]).text();
    if is_optional(source) || name == *ROOT_CERTIFICATES {
        return None;
    }
    let Some(object) = find(agent, cache, kind, &name) else {
        return Some(format!("{} \"{name}\" not found", kind.info().singular));
    };
    let absent = source.at(&["items"]).items().iter().any(|item| !has_key(object, &item.at(&["key"]).text()));
    absent
        .then(|| match kind {
            Kind::Secret => "references non-existent secret key: ".to_owned(),
            _ => "references non-existent config key: ".to_owned(),
        })
        .map(|text| {
            let key = source
                .at(&["items"])
                .items()
                .iter()
                .map(|item| item.at(&["key"]).text())
                .find(|key| !has_key(object, key))
                .unwrap_or_default();
            format!("{text}{key}")
        })
}

fn unusable_claim(agent: &Agent, cache: &Cache, name: &Text) -> Option<String> {
    let namespace = &agent.pod.meta.namespace;
    let why = match find(agent, cache, Kind::PersistentVolumeClaim, name) {
        None => format!("failed to fetch PVC from API server: persistentvolumeclaims \"{name}\" not found"),
        Some(claim) if claim.tree.at(&["spec", "volumeName"]).is_null() => "PVC is not bound".to_owned(),
        Some(_) => return None,
    };
    Some(format!("error processing PVC {namespace}/{name}: {why}"))
}

fn missing_object(agent: &Agent, cache: &Cache, kind: Kind, reference: &Value) -> Option<String> {
    let name = reference.at(&["name"]).text();
    if is_optional(reference) || find(agent, cache, kind, &name).is_some() {
        return None;
    }
    Some(format!("{} \"{name}\" not found", kind.info().singular))
}

fn find<'a>(agent: &Agent, cache: &'a Cache, kind: Kind, name: &Text) -> Option<&'a Shared> {
    cache.get(kind, &agent.pod.meta.namespace, name)
}

fn is_optional(reference: &Value) -> bool {
    reference.at(&["optional"]).as_bool() == Some(true)
}

fn has_key(object: &Shared, key: &Text) -> bool {
    ["data", "binaryData", "stringData"].iter().any(|part| object.tree.at(&[part, key]) != &Value::Null)
}
