//! What one scheduling attempt looks at: nodes, and who is on them.

use std::collections::BTreeMap;

use super::resources::{self, Amounts};
use crate::api::{Kind, Shared};
use crate::controller::Cache;
use crate::value::Text;

/// A node and the pods on it.
#[derive(Debug)]
pub(super) struct NodePicture<'a> {
    pub node: &'a Shared,
    pub pods: Vec<&'a Shared>,
    /// What its pods ask for together.
    pub used: Amounts,
    pub has: Amounts,
}

/// All nodes by name, with the pods that are on them and not finished.
pub(super) fn take(cache: &Cache) -> Vec<NodePicture<'_>> {
    let mut nodes: Vec<NodePicture<'_>> = cache
        .list_all(Kind::Node)
        .map(|node| NodePicture {
            node,
            pods: Vec::new(),
            used: Amounts::default(),
            has: resources::allocatable(node),
        })
        .collect();
    let index: BTreeMap<Text, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, picture)| (picture.node.meta.name.clone(), at))
        .collect();
    for pod in cache.list_all(Kind::Pod) {
        let Some(view) = pod.as_pod() else { continue };
        if view.node.is_empty() || view.is_finished() {
            continue;
        }
        if let Some(picture) = index.get(&view.node).and_then(|at| nodes.get_mut(*at)) {
            picture.used.add(resources::requests(pod));
            picture.pods.push(pod);
        }
    }
    nodes
}
