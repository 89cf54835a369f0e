//! World profiles: every latency and the inventory of a cluster, in one named table each.
//!
//! Two are built in: `recorded`, the cluster that the conformance recordings were made on, and `life`, a learner's
//! cluster with whole seconds of pull and unscaled probes. All times are milliseconds. A native `replay` also takes a
//! world that somebody wrote, by serde; the page carries no serde and reads the built-in ones by itself (`read`).

mod read;

use crate::value::Text;

/// Everything about a world that Kubernetes does not decide.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What initialDelaySeconds and periodSeconds of probes are divided by.
    pub probe_divisor: i64,
    /// How commands take their time.
    pub command: CommandClock,
    /// How long a watch event takes to reach each part.
    pub watch: WatchLatencies,
    /// What the node agent takes its time for.
    pub node_agent: NodeAgentLatencies,
    /// What storage takes its time for.
    pub storage: StorageLatencies,
    /// The pause between the deletion of a namespace (or a write of its status) and the next pass over its content.
    pub namespace_pass_ms: i64,
    /// The nodes at the beginning.
    pub nodes: Vec<NodeSpec>,
    /// The StorageClasses at the beginning.
    pub storage_classes: Vec<ClassSpec>,
    /// Released volumes that earlier users of the cluster left behind.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub leftover_volumes: Vec<LeftoverSpec>,
    /// Images, and what is special about them.
    pub images: Images,
}

/// A Released volume at the beginning.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[allow(missing_docs)]
pub struct LeftoverSpec {
    pub name: String,
    /// Of the claim that is gone.
    pub claim_namespace: String,
    /// Of the claim that is gone.
    pub claim_name: String,
    pub storage_class: String,
    pub capacity: String,
}

/// How kubectl takes its time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct CommandClock {
    /// From the start of a command to its first request, and from one request to the next.
    pub request_ms: i64,
    /// From the start of a foreground command to the earliest start of the next one.
    pub foreground_ms: i64,
    /// How long a watch put into the background holds the next command back.
    pub background_ms: i64,
    /// How often `replay` looks whether a wait holds.
    pub poll_ms: i64,
}

/// From a commit to its arrival in the cache of each part.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[allow(missing_docs)]
pub struct WatchLatencies {
    pub stateful_set: i64,
    pub volume_binder: i64,
    pub provisioner: i64,
    pub resizer: i64,
    pub claim_protection: i64,
    pub garbage_collector: i64,
    pub namespace: i64,
    pub endpoint_slices: i64,
    pub node_lifecycle: i64,
    pub disruption: i64,
    pub scheduler: i64,
    pub kubelet: i64,
}

/// The node agent's times (`reference/pods-and-nodes.md` §1, §5).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct NodeAgentLatencies {
    /// From the kubelet's first status to mounted volumes and a ready sandbox.
    pub mount_ms: i64,
    /// The shortest and longest pull of an image that is not on the node.
    pub pull_ms: (i64, i64),
    /// From a pulled image to the started container's status.
    pub start_ms: i64,
    /// From a program's start until its readiness probe succeeds.
    pub ready_ms: i64,
    /// How long a container needs to stop after the signal; never longer than the grace period.
    pub stop_ms: i64,
    /// From one look of a node's agent at its container runtime to the next. The looks decide how soon an ended
    /// container is noticed, how soon a pod can be synced again, and how long the final delete takes after the last
    /// container's end.
    pub relist_ms: i64,
    /// How far pauses before another try (after errors and back-offs) are stretched, in thousandths: Kubernetes draws
    /// from 1,000 to 1,500.
    pub retry_permille: (i64, i64),
    /// How long a program needs to read its pod's annotations anew.
    pub program_reads_ms: i64,
    /// Whether every init container ends by itself, or only those whose name begins with `init`.
    pub init_containers_end: bool,
    /// Pods that have a pace of their own, each with the next pod of its name.
    #[cfg_attr(not(target_arch = "wasm32"), serde(skip))]
    pub paces: Vec<OwnPace>,
}

/// What one pod takes another time for than the others.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPace {
    /// The pod's namespace and name.
    pub pod: (Text, Text),
    /// What takes it.
    pub what: Pace,
    /// How long, ms.
    pub ms: i64,
}

/// What a pod can have its own pace in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Pace {
    Pull,
    Ready,
    Stop,
}

impl NodeAgentLatencies {
    /// What this pod takes for it alone, ms.
    pub fn own(&self, what: Pace, namespace: &str, name: &str) -> Option<i64> {
        let own = |pace: &&OwnPace| pace.what == what && pace.pod.0 == *namespace && pace.pod.1 == *name;
        self.paces.iter().find(own).map(|pace| pace.ms)
    }
}

/// Storage's times (`reference/storage.md` §3, §5, §8).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
#[allow(missing_docs)]
pub struct StorageLatencies {
    pub provision_ms: i64,
    pub resize_ms: i64,
    pub delete_ms: i64,
    /// The volume controller looks at every waiting claim again after this time.
    pub resync_ms: i64,
    /// How long a volume stays attached to a node that does not answer before it is taken from it by force; 0 where
    /// volumes are not attached at all.
    pub forced_detach_ms: i64,
    /// How the provisioner's own pod calls itself: events come from `<driver>_<identity>`.
    pub provisioner_identity: String,
    /// The directory of a node in which the provisioner makes its volumes.
    pub volume_directory: String,
}

/// A node at the beginning.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct NodeSpec {
    /// Its name.
    pub name: String,
    /// Its `InternalIP`.
    pub address: String,
    /// Its label topology.kubernetes.io/zone; none where empty.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub zone: String,
    /// When its agent looks at the container runtime, ms after the scenario's beginning (and before and after it, one
    /// look's distance apart); drawn from the seed where missing.
    #[cfg_attr(test, serde(default))]
    pub looks_ms: Option<i64>,
    /// Its capacity.
    pub cpu: String,
    /// Its capacity.
    pub memory: String,
    /// Its capacity.
    pub pods: i64,
}

/// A StorageClass at the beginning.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ClassSpec {
    /// Its name.
    pub name: String,
    /// Its provisioner.
    pub provisioner: String,
    /// Whether claims without a class get it.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub default: bool,
    /// Immediate or WaitForFirstConsumer.
    pub binding_mode: String,
    /// Delete or Retain.
    pub reclaim_policy: String,
    /// allowVolumeExpansion.
    pub expandable: bool,
    /// How long its provisioner takes; the world's provision time where missing.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub provision_ms: Option<i64>,
}

/// What is special about images.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Deserialize),
    serde(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct Images {
    /// Whether every image that is not listed as absent is on every node from the beginning.
    pub present: bool,
    /// Images that have to be pulled all the same, each once per node; a trailing `*` stands for any end.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub absent: Vec<String>,
    /// An image's digest is the SHA-256 of this text and the image's full name.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub digest_salt: String,
}

impl Profile {
    /// A built-in profile by name; `None` for any other name.
    pub fn named(name: &str) -> Option<Self> {
        read::profile(document(name)?)
    }

    /// The profile that a YAML document describes. Nothing may be missing, and nothing unknown may be there.
    ///
    /// # Errors
    /// What is wrong, and in which line.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn from_document(text: &str) -> Result<Self, String> {
        serde_yaml::from_str(text).map_err(|error| error.to_string())
    }
}

fn document(name: &str) -> Option<&'static str> {
    match name {
        "recorded" => Some(include_str!("recorded.yaml")),
        "life" => Some(include_str!("life.yaml")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_built_in_profiles_can_be_read_and_carry_their_name() {
        for name in ["recorded", "life"] {
            assert_eq!(Profile::named(name).map(|p| p.name).as_deref(), Some(name));
        }
        assert_eq!(Profile::named("production"), None);
    }

    #[test]
    fn a_profile_is_what_serde_makes_of_its_document() {
        for name in ["recorded", "life"] {
            assert_eq!(Profile::from_document(document(name).unwrap()), Ok(Profile::named(name).unwrap()));
        }
    }

    #[test]
    fn a_document_that_lacks_something_is_no_profile() {
        let whole = document("life").unwrap();
        for (held, broken) in
            [("pods: 110", "pods: many"), ("present: false", ""), ("[2500, 6500]", "2500"), ("defa", "default: x, ")]
        {
            assert_eq!(read::profile(&whole.replacen(held, broken, 1)), None, "{held}");
        }
    }
}
