//! The kinds that are served, and their names.

use Scope::{Cluster, Namespaced};

/// A served kind. The order is the one in which `kubectl api-resources` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    ConfigMap,
    Event,
    Namespace,
    Node,
    PersistentVolumeClaim,
    PersistentVolume,
    Pod,
    Secret,
    ServiceAccount,
    Service,
    ControllerRevision,
    StatefulSet,
    EndpointSlice,
    PodDisruptionBudget,
    StorageClass,
    /// Not stored: the API server makes it of EndpointSlices when it is asked.
    Endpoints,
}

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Scope {
    Cluster,
    Namespaced,
}

/// Everything that is fixed about a kind.
#[derive(Debug)]
pub struct KindInfo {
    /// `StatefulSet`.
    pub name: &'static str,
    /// `apps`; empty for the core group.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// `statefulsets`.
    pub plural: &'static str,
    /// `statefulset`.
    pub singular: &'static str,
    /// `sts`.
    pub short_names: &'static [&'static str],
    /// In a namespace or not.
    pub scope: Scope,
    /// Whether metadata.generation counts changes of the spec (`reference/api-defaults-validation.md` §1).
    pub has_generation: bool,
    /// Whether `kubectl get all` lists it.
    pub in_all: bool,
}

macro_rules! kinds {
    ($($kind:ident, $group:literal, $plural:literal, $singular:literal, $short:expr, $scope:ident, $generation:literal, $all:literal;)*) => {
        impl Kind {
            /// Every kind that is stored.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),*];

            /// What is fixed about this kind.
            pub const fn info(self) -> &'static KindInfo {
                match self {
                    $(Kind::$kind => &KindInfo {
                        name: stringify!($kind),
                        group: $group,
                        version: "v1",
                        plural: $plural,
                        singular: $singular,
                        short_names: &$short,
                        scope: $scope,
                        has_generation: $generation,
                        in_all: $all,
                    },)*
                    Kind::Endpoints => &KindInfo {
                        name: "Endpoints",
                        group: "",
                        version: "v1",
                        plural: "endpoints",
                        singular: "endpoints",
                        short_names: &["ep"],
                        scope: Namespaced,
                        has_generation: false,
                        in_all: false,
                    },
                }
            }
        }
    };
}

kinds! {
    ConfigMap, "", "configmaps", "configmap", ["cm"], Namespaced, false, false;
    Event, "", "events", "event", ["ev"], Namespaced, false, false;
    Namespace, "", "namespaces", "namespace", ["ns"], Cluster, false, false;
    Node, "", "nodes", "node", ["no"], Cluster, false, false;
    PersistentVolumeClaim, "", "persistentvolumeclaims", "persistentvolumeclaim", ["pvc"], Namespaced, false, false;
    PersistentVolume, "", "persistentvolumes", "persistentvolume", ["pv"], Cluster, false, false;
    Pod, "", "pods", "pod", ["po"], Namespaced, true, true;
    Secret, "", "secrets", "secret", [], Namespaced, false, false;
    ServiceAccount, "", "serviceaccounts", "serviceaccount", ["sa"], Namespaced, false, false;
    Service, "", "services", "service", ["svc"], Namespaced, false, true;
    ControllerRevision, "apps", "controllerrevisions", "controllerrevision", [], Namespaced, false, false;
    StatefulSet, "apps", "statefulsets", "statefulset", ["sts"], Namespaced, true, true;
    EndpointSlice, "discovery.k8s.io", "endpointslices", "endpointslice", [], Namespaced, true, false;
    PodDisruptionBudget, "policy", "poddisruptionbudgets", "poddisruptionbudget", ["pdb"], Namespaced, true, false;
    StorageClass, "storage.k8s.io", "storageclasses", "storageclass", ["sc"], Cluster, false, false;
}

impl Kind {
    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(self) -> &'static str {
        match self.info().group {
            "apps" => "apps/v1",
            "discovery.k8s.io" => "discovery.k8s.io/v1",
            "policy" => "policy/v1",
            "storage.k8s.io" => "storage.k8s.io/v1",
            _ => "v1",
        }
    }

    /// `StatefulSet`.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Whether its objects live in a namespace.
    pub fn is_namespaced(self) -> bool {
        self.info().scope == Namespaced
    }

    /// `statefulsets.apps`, `pods`: the resource as API errors name it.
    pub fn qualified_plural(self) -> String {
        qualified(self.info().plural, self.info().group)
    }

    /// `statefulset.apps`, `pod`: the resource as kubectl names one object of it.
    pub fn qualified_singular(self) -> String {
        qualified(self.info().singular, self.info().group)
    }

    /// `StatefulSet.apps`, `Pod`: the kind as an Invalid error names it.
    pub fn qualified_kind(self) -> String {
        qualified(self.info().name, self.info().group)
    }

    /// The kind of a manifest's apiVersion and kind.
    pub fn of_manifest(api_version: &str, kind: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == kind && k.api_version() == api_version)
    }
}

fn qualified(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}
