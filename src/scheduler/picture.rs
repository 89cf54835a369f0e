//! What a scheduling attempt looks at: nodes, and who is on them. The sums are kept up with every change of a pod, so
//! that an attempt need not count again.

use std::rc::Rc;

use super::affinity;
use super::resources::{self, Amounts};
use crate::api::{Kind, Shared};
use crate::controller::Cache;
use crate::sorted::SortedMap;
use crate::value::Text;

/// A pod on a node, and what it asks for.
#[derive(Clone, Debug)]
struct Placed {
    pod: Shared,
    requests: Amounts,
    assumed: Amounts,
    shuns: bool,
}

/// The pods of one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd {
    pods: SortedMap<Text, Placed>,
    /// What they ask for together.
    pub used: Amounts,
    /// The same where a container that asks for nothing counts a little.
    pub assumed: Amounts,
    shunning: usize,
}

impl Crowd {
    /// The pods.
    pub fn pods(&self) -> impl Iterator<Item = &Shared> {
        self.pods.values().map(|placed| &placed.pod)
    }

    /// The pods that will not be near certain others.
    pub fn shunning(&self) -> impl Iterator<Item = &Shared> {
        let some = self.shunning > 0;
        self.pods
            .values()
            .filter(move |placed| some && placed.shuns)
            .map(|placed| &placed.pod)
    }

    fn remove(&mut self, uid: &Text) {
        if let Some(placed) = self.pods.remove(uid) {
            self.used.subtract(placed.requests);
            self.assumed.subtract(placed.assumed);
            self.shunning -= usize::from(placed.shuns);
        }
    }

    fn insert(&mut self, pod: &Shared) {
        let placed = Placed {
            pod: pod.clone(),
            requests: resources::requests(pod),
            assumed: resources::assumed_requests(pod),
            shuns: !affinity::required_terms(pod, "podAntiAffinity").is_empty(),
        };
        self.used.add(placed.requests);
        self.assumed.add(placed.assumed);
        self.shunning += usize::from(placed.shuns);
        self.pods.insert(pod.meta.uid.clone(), placed);
    }
}

/// Who is on which node.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowds {
    of_nodes: Rc<SortedMap<Text, Rc<Crowd>>>,
}

impl Crowds {
    /// A pod is new, changed or gone.
    pub fn update(&mut self, pod: &Shared, gone: bool) {
        let Some(view) = pod.as_pod().filter(|view| !view.node.is_empty()) else {
            return;
        };
        let crowd = Rc::make_mut(&mut self.of_nodes).or_default(view.node.clone());
        let crowd = Rc::make_mut(crowd);
        let uid = &pod.meta.uid;
        if gone || view.is_finished() {
            crowd.remove(uid);
            return;
        }
        match crowd.pods.get_mut(uid) {
            // What a bound pod asks for cannot change; its labels and its end can.
            Some(placed) => placed.pod = pod.clone(),
            None => crowd.insert(pod),
        }
    }

    fn of(&self, node: &Text) -> Rc<Crowd> {
        self.of_nodes.get(node).cloned().unwrap_or_default()
    }
}

/// A node and its pods.
#[derive(Debug)]
pub(super) struct NodePicture<'a> {
    pub node: &'a Shared,
    pub crowd: Rc<Crowd>,
    pub has: Amounts,
}

/// All nodes by name, with the pods that are on them and not finished.
pub(super) fn take<'a>(cache: &'a Cache, crowds: &Crowds) -> Vec<NodePicture<'a>> {
    cache
        .list_all(Kind::Node)
        .map(|node| NodePicture {
            node,
            crowd: crowds.of(&node.meta.name),
            has: resources::allocatable(node),
        })
        .collect()
}
