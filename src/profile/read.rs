//! Profiles from their documents. The page carries the reader that it has anyway, for manifests; a test holds every
//! profile against what `serde_yaml` makes of the same document.

use std::cell::Cell;

use super::{
    ClassSpec, CommandClock, Images, LeftoverSpec, NodeAgentLatencies, NodeSpec, Profile, StorageLatencies,
    WatchLatencies,
};
use crate::value::{Value, yaml};

/// A node of a document, and whether anything in the document was missing or of another type.
#[derive(Clone, Copy)]
struct Reader<'a> {
    node: &'a Value,
    wrong: &'a Cell<bool>,
}

/// The profile that a document describes; `None` when something is missing or of another type.
pub(super) fn profile(text: &str) -> Option<Profile> {
    let tree = yaml::parse(text).ok()?.value;
    let wrong = Cell::new(false);
    let read = Reader { node: &tree, wrong: &wrong };
    let profile = Profile {
        name: read.text("name"),
        probe_divisor: read.number("probeDivisor"),
        command: command(read.below("command")),
        watch: watch(read.below("watch")),
        node_agent: node_agent(read.below("nodeAgent")),
        storage: storage(read.below("storage")),
        namespace_pass_ms: read.number("namespacePassMs"),
        nodes: read.each("nodes").map(node).collect(),
        storage_classes: read.each("storageClasses").map(class).collect(),
        leftover_volumes: read.each("leftoverVolumes").map(leftover).collect(),
        images: images(read.below("images")),
    };
    (!wrong.get()).then_some(profile)
}

impl Reader<'_> {
    fn below(self, key: &str) -> Self {
        Self { node: self.node.at(&[key]), ..self }
    }

    /// A value that has to be there.
    fn needed<T: Default>(self, value: Option<T>) -> T {
        if value.is_none() {
            self.wrong.set(true);
        }
        value.unwrap_or_default()
    }

    fn number(self, key: &str) -> i64 {
        self.needed(self.below(key).node.as_i64())
    }

    fn text(self, key: &str) -> String {
        self.needed(self.below(key).node.as_str()).to_owned()
    }

    fn switch(self, key: &str) -> bool {
        self.needed(self.below(key).node.as_bool())
    }

    fn has(self, key: &str) -> bool {
        !self.below(key).node.is_null()
    }

    /// The shortest and the longest.
    fn range(self, key: &str) -> (i64, i64) {
        match self.below(key).node.items() {
            [Value::Int(from), Value::Int(to)] => (*from, *to),
            _ => self.needed(None),
        }
    }

    /// The elements of a list that may be missing.
    fn each(self, key: &str) -> impl Iterator<Item = Self> {
        self.below(key).node.items().iter().map(move |node| Self { node, ..self })
    }
}

fn command(read: Reader) -> CommandClock {
    CommandClock {
        request_ms: read.number("requestMs"),
        foreground_ms: read.number("foregroundMs"),
        background_ms: read.number("backgroundMs"),
        poll_ms: read.number("pollMs"),
    }
}

fn watch(read: Reader) -> WatchLatencies {
    WatchLatencies {
        stateful_set: read.number("statefulSet"),
        volume_binder: read.number("volumeBinder"),
        provisioner: read.number("provisioner"),
        resizer: read.number("resizer"),
        claim_protection: read.number("claimProtection"),
        garbage_collector: read.number("garbageCollector"),
        namespace: read.number("namespace"),
        endpoint_slices: read.number("endpointSlices"),
        node_lifecycle: read.number("nodeLifecycle"),
        disruption: read.number("disruption"),
        scheduler: read.number("scheduler"),
        kubelet: read.number("kubelet"),
    }
}

fn node_agent(read: Reader) -> NodeAgentLatencies {
    NodeAgentLatencies {
        mount_ms: read.number("mountMs"),
        pull_ms: read.range("pullMs"),
        start_ms: read.number("startMs"),
        ready_ms: read.number("readyMs"),
        stop_ms: read.number("stopMs"),
        relist_ms: read.number("relistMs"),
        retry_permille: read.range("retryPermille"),
        program_reads_ms: read.number("programReadsMs"),
        init_containers_end: read.switch("initContainersEnd"),
        paces: Vec::new(),
    }
}

fn storage(read: Reader) -> StorageLatencies {
    StorageLatencies {
        provision_ms: read.number("provisionMs"),
        resize_ms: read.number("resizeMs"),
        delete_ms: read.number("deleteMs"),
        resync_ms: read.number("resyncMs"),
        forced_detach_ms: read.number("forcedDetachMs"),
        provisioner_identity: read.text("provisionerIdentity"),
        volume_directory: read.text("volumeDirectory"),
    }
}

fn node(read: Reader) -> NodeSpec {
    NodeSpec {
        name: read.text("name"),
        address: read.text("address"),
        zone: read.below("zone").node.str_or_empty().to_owned(),
        looks_ms: read.has("looksMs").then(|| read.number("looksMs")),
        cpu: read.text("cpu"),
        memory: read.text("memory"),
        pods: read.number("pods"),
    }
}

fn class(read: Reader) -> ClassSpec {
    ClassSpec {
        name: read.text("name"),
        provisioner: read.text("provisioner"),
        default: read.has("default") && read.switch("default"),
        binding_mode: read.text("bindingMode"),
        reclaim_policy: read.text("reclaimPolicy"),
        expandable: read.switch("expandable"),
        provision_ms: read.has("provisionMs").then(|| read.number("provisionMs")),
    }
}

fn leftover(read: Reader) -> LeftoverSpec {
    LeftoverSpec {
        name: read.text("name"),
        claim_namespace: read.text("claimNamespace"),
        claim_name: read.text("claimName"),
        storage_class: read.text("storageClass"),
        capacity: read.text("capacity"),
    }
}

fn images(read: Reader) -> Images {
    Images {
        present: read.switch("present"),
        absent: read.each("absent").map(|image| image.needed(image.node.as_str()).to_owned()).collect(),
        digest_salt: read.below("digestSalt").node.str_or_empty().to_owned(),
    }
}
