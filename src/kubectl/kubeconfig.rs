//! The configuration of kubectl: which contexts there are, and which of them is in use.

use super::verbs::CONTEXT;
use crate::sorted::{SortedMap, SortedSet};
use crate::value::Text;

/// Where the control plane says it is.
pub const ADDRESS: &str = "https://127.0.0.1:6443";
/// Where kubectl looks for a cluster that no context names.
pub const NOWHERE: &str = "http://localhost:8080";
/// The file that all of it stands in.
pub const PATH: &str = "/home/user/.kube/config";

/// What `kubectl config` reads and writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Kubeconfig {
    pub contexts: SortedMap<Text, Context>,
    pub clusters: SortedSet<Text>,
    pub users: SortedSet<Text>,
    /// The context in use; it need not exist.
    pub current: Text,
}

/// A cluster, a user and a namespace under one name; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Context {
    pub cluster: Text,
    pub user: Text,
    pub namespace: Text,
}

impl Default for Kubeconfig {
    /// One context, for the one cluster there is.
    fn default() -> Self {
        let name = || Text::from(CONTEXT);
        let mut config =
            Self { contexts: SortedMap::new(), clusters: SortedSet::new(), users: SortedSet::new(), current: name() };
        config.contexts.insert(name(), Context { cluster: name(), user: name(), namespace: Text::default() });
        config.clusters.insert(name());
        config.users.insert(name());
        config
    }
}

impl Kubeconfig {
    /// The context of this name, or the one in use where none is named.
    pub fn context(&self, name: Option<&Text>) -> Option<&Context> {
        self.contexts.get(name.unwrap_or(&self.current))
    }
}
