//! Admission of pods: service account and its token volume, priority, default tolerations
//! (`reference/api-defaults-validation.md` §1).

use super::super::Store;
use crate::api::{Kind, Status};
use crate::random::Seed;
use crate::value::{Text, Value};
use crate::{list, map};

const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const TOKEN_VOLUME: &str = "kube-api-access-";

/// Admits a new pod.
///
/// # Errors
/// Forbidden: its service account or priority class does not exist.
pub(super) fn admit(tree: &mut Value, store: &Store, seed: Seed) -> Result<(), Status> {
    let name = tree.at(&["metadata", "name"]).text();
    service_account(tree, &name, store, seed)?;
    tolerations(tree);
    priority(tree, &name)?;
    runtime_class(tree, &name)
}

/// There are no runtime classes here, and without one there is no overhead.
fn runtime_class(tree: &Value, pod: &Text) -> Result<(), Status> {
    let class = tree.at(&["spec", "runtimeClassName"]).text();
    if !class.is_empty() {
        let why = format!("pod rejected: RuntimeClass \"{class}\" not found");
        return Err(Status::forbidden(Kind::Pod, pod, &why));
    }
    if !tree.at(&["spec", "overhead"]).is_null() {
        let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
        return Err(Status::forbidden(Kind::Pod, pod, why));
    }
    Ok(())
}

fn service_account(tree: &mut Value, pod: &Text, store: &Store, seed: Seed) -> Result<(), Status> {
    let namespace = tree.at(&["metadata", "namespace"]).text();
    let spec = tree.at_mut(&["spec"]);
    if spec.at(&["serviceAccountName"]).str_or_empty().is_empty() {
        spec.set(&["serviceAccountName"], "default");
        spec.set(&["serviceAccount"], "default");
    }
    let account_name = spec.at(&["serviceAccountName"]).text();
    let Some(account) = store.get(Kind::ServiceAccount, &namespace, &account_name) else {
        let why = format!(
            "error looking up service account {namespace}/{account_name}: \
             serviceaccount \"{account_name}\" not found"
        );
        return Err(Status::forbidden(Kind::Pod, pod, &why));
    };
    let wanted = spec
        .at(&["automountServiceAccountToken"])
        .as_bool()
        .or(account.tree.at(&["automountServiceAccountToken"]).as_bool())
        .unwrap_or(true);
    if wanted {
        let subject = format!("pods/{namespace}/{pod}/{}", store.version());
        mount_token(spec, || format!("{TOKEN_VOLUME}{}", seed.suffix(&subject, "token volume", 5)));
    }
    let secrets = account.tree.at(&["imagePullSecrets"]);
    if spec.at(&["imagePullSecrets"]).items().is_empty() && !secrets.items().is_empty() {
        spec.set(&["imagePullSecrets"], secrets.clone());
    }
    Ok(())
}

/// Mounts the token where a container has nothing at its path, and adds its volume if that was needed.
fn mount_token(spec: &mut Value, new_name: impl Fn() -> String) {
    let existing = spec
        .at(&["volumes"])
        .items()
        .iter()
        .map(|volume| volume.at(&["name"]).text())
        .find(|name| name.starts_with(TOKEN_VOLUME));
    let volume = existing.clone().unwrap_or_else(|| new_name().into());
    let mut mounted = false;
    for key in ["initContainers", "containers"] {
        if spec.at(&[key]).items().is_empty() {
            continue;
        }
        for container in spec.at_mut(&[key]).items_mut() {
            let taken = |mount: &Value| mount.at(&["mountPath"]).as_str() == Some(TOKEN_PATH);
            if !container.at(&["volumeMounts"]).items().iter().any(taken) {
                mounted = true;
                container.at_mut(&["volumeMounts"]).items_mut().push(map! {
                    "name" => &volume,
                    "readOnly" => true,
                    "mountPath" => TOKEN_PATH,
                });
            }
        }
    }
    if mounted && existing.is_none() {
        let volumes = spec.at_mut(&["volumes"]).items_mut();
        volumes.push(token_volume(&volume));
    }
}

fn token_volume(name: &Text) -> Value {
    let field = map! { "apiVersion" => "v1", "fieldPath" => "metadata.namespace" };
    let authority = map! { "key" => "ca.crt", "path" => "ca.crt" };
    let sources = list![
        map! { "serviceAccountToken" => map! { "expirationSeconds" => 3607, "path" => "token" } },
        map! { "configMap" => map! { "name" => "kube-root-ca.crt", "items" => list![authority] } },
        map! { "downwardAPI" => map! { "items" => list![map! { "path" => "namespace", "fieldRef" => field }] } },
    ];
    map! {
        "name" => name,
        "projected" => map! { "defaultMode" => 420, "sources" => sources },
    }
}

/// A pod stays five minutes on a node in trouble unless it says otherwise about that trouble.
fn tolerations(tree: &mut Value) {
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let said = tree.at(&["spec", "tolerations"]).items().iter().any(|t| {
            let about = t.at(&["key"]).str_or_empty();
            let effect = t.at(&["effect"]).str_or_empty();
            (about == key || about.is_empty()) && matches!(effect, "" | "NoExecute")
        });
        if !said {
            tree.at_mut(&["spec", "tolerations"]).items_mut().push(map! {
                "key" => key,
                "operator" => "Exists",
                "effect" => "NoExecute",
                "tolerationSeconds" => 300,
            });
        }
    }
}

/// The number of a pod's priority class; without a class it is 0.
fn priority(tree: &mut Value, pod: &Text) -> Result<(), Status> {
    let class = tree.at(&["spec", "priorityClassName"]).text();
    let priority = match class.as_str() {
        "" => 0,
        "system-cluster-critical" => 2_000_000_000_i64,
        "system-node-critical" => 2_000_001_000,
        other => {
            let why = format!("no PriorityClass with name {other} was found");
            return Err(Status::forbidden(Kind::Pod, pod, &why));
        }
    };
    match tree.at(&["spec", "priority"]).as_i64() {
        Some(given) if given != priority => {
            let why = format!(
                "the integer value of priority ({given}) must not be provided in pod spec; \
                 priority admission controller computed {priority} from the given PriorityClass name"
            );
            return Err(Status::forbidden(Kind::Pod, pod, &why));
        }
        _ => tree.set(&["spec", "priority"], priority),
    }
    if tree.at(&["spec", "preemptionPolicy"]).is_null() {
        tree.set(&["spec", "preemptionPolicy"], "PreemptLowerPriority");
    }
    Ok(())
}
