//! Names that a field of a manifest can hold: of what is in the cluster and in the text itself; and labels for selectors.

use super::caret;
use crate::api::Kind;
use crate::apiserver::Store;
use crate::value::Text;

/// Where names are looked for.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The cluster.
    pub store: &'a Store,
    /// The namespace that Apply acts in.
    pub namespace: &'a str,
    /// The text in the editor.
    pub text: &'a str,
}

/// The kind that a field names one of; for `name` the field above it counts.
fn named(path: &[&str]) -> Option<Kind> {
    let (last, above) = path.split_last()?;
    Some(match (*last, above.last().copied().unwrap_or_default()) {
        ("serviceName", _) => Kind::Service,
        ("storageClassName", _) => Kind::StorageClass,
        ("namespace", "metadata") => Kind::Namespace,
        ("serviceAccountName", _) => Kind::ServiceAccount,
        ("claimName", _) => Kind::PersistentVolumeClaim,
        ("volumeName", "spec") => Kind::PersistentVolume,
        ("nodeName", _) => Kind::Node,
        ("secretName", _) | ("name", "secretRef" | "secretKeyRef" | "imagePullSecrets") => Kind::Secret,
        ("name", "configMap" | "configMapRef" | "configMapKeyRef") => Kind::ConfigMap,
        _ => return None,
    })
}

/// Whether the fields below this path are the labels of a selector.
pub fn selects(path: &[&str]) -> bool {
    matches!(path, [.., "matchLabels"] | ["spec", "selector"])
}

/// The names that the value of this field can be, by the alphabet; none where it holds no name.
pub fn names(known: Known<'_>, path: &[&str]) -> Vec<Text> {
    if let ["priorityClassName"] = path.get(path.len().saturating_sub(1)..).unwrap_or_default() {
        return ["system-cluster-critical", "system-node-critical"].map(Text::from).to_vec();
    }
    let Some(kind) = named(path) else { return Vec::new() };
    let place = if kind.is_namespaced() { known.namespace } else { "" };
    let mut all: Vec<Text> = known.store.list(kind, place).map(|object| object.meta.name.clone()).collect();
    for heading in caret::outline(known.text) {
        let ours = heading.title.split_once('/').filter(|(of, _)| *of == kind.name());
        all.extend(ours.map(|(_, name)| Text::copy(name)));
    }
    tidy(all)
}

/// The labels of pods, in the text and in the cluster: `app: web`.
pub fn labels(known: Known<'_>) -> Vec<Text> {
    let mut all = Vec::new();
    let mut inside = None;
    for line in known.text.lines() {
        let column = line.len() - line.trim_start().len();
        let said = line.trim();
        if said == "labels:" {
            inside = Some(column);
        } else if let Some(inner) = said.strip_prefix("labels: {").and_then(|rest| rest.strip_suffix('}')) {
            all.extend(inner.split(',').map(|pair| Text::copy(pair.trim())));
        } else if inside.is_some_and(|labels| column > labels) {
            all.extend(said.contains(": ").then(|| Text::copy(said)));
        } else if !said.is_empty() {
            inside = None;
        }
    }
    for pod in known.store.list(Kind::Pod, known.namespace) {
        let pairs = pod.tree.at(&["metadata", "labels"]).pairs();
        // What Kubernetes itself writes is no way to choose pods.
        let own = pairs.filter(|(key, _)| !key.contains("kubernetes.io") && !key.contains("revision-hash"));
        all.extend(own.map(|(key, value)| Text::from(format!("{key}: {}", value.str_or_empty()))));
    }
    tidy(all)
}

fn tidy(mut all: Vec<Text>) -> Vec<Text> {
    crate::sorted::sort(&mut all);
    all.dedup();
    all
}
