//! What a scheduling attempt looks at: nodes, and who is on them. The sums are kept up with every change of a pod, so
//! that an attempt need not count again.

use std::rc::Rc;

use super::affinity;
use super::resources::{self, Amounts};
use crate::api::{Kind, Object, Shared};
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
    /// Its family, while it is not being deleted.
    family: Option<Family>,
}

/// Namespace and uid of the controller whose pods are alike.
type Family = (Text, Text);

fn family_of(pod: &Shared) -> Option<Family> {
    let owner = pod.controller().filter(|_| !pod.is_terminating())?;
    Some((pod.meta.namespace.clone(), owner.uid.clone()))
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
    /// How many of each family there are, and one of them.
    families: SortedMap<Family, (i64, Shared)>,
}

impl Crowd {
    /// How many pods of a namespace a selector matches that are not being deleted. The pods of one controller are
    /// taken to be alike.
    pub fn count(&self, namespace: &Text, matches: &dyn Fn(&Shared) -> bool) -> i64 {
        let families = self.families.iter().filter(|((ns, _), (_, one))| ns == namespace && matches(one));
        let in_families: i64 = families.map(|(_, (count, _))| *count).sum();
        let all: i64 = self.families.values().map(|(count, _)| *count).sum();
        if all == self.pods.len() as i64 {
            return in_families;
        }
        let single = self.pods.values().filter(|placed| placed.family.is_none()).map(|placed| &placed.pod);
        let counted = single.filter(|pod| !pod.is_terminating() && pod.meta.namespace == *namespace && matches(pod));
        in_families + counted.count() as i64
    }

    fn join(&mut self, family: Option<&Family>, pod: &Shared) {
        if let Some(family) = family {
            match self.families.get_mut(family) {
                Some((count, _)) => *count += 1,
                None => {
                    self.families.insert(family.clone(), (1, pod.clone()));
                }
            }
        }
    }

    fn leave(&mut self, family: Option<&Family>) {
        let Some(family) = family else { return };
        if let Some((count, _)) = self.families.get_mut(family) {
            *count -= 1;
            if *count == 0 {
                self.families.remove(family);
            }
        }
    }

    /// The pods.
    pub fn pods(&self) -> impl Iterator<Item = &Shared> {
        self.pods.values().map(|placed| &placed.pod)
    }

    /// The pods that will not be near certain others.
    pub fn shunning(&self) -> impl Iterator<Item = &Shared> {
        let all = self.pods.values().filter(|placed| placed.shuns);
        all.take(self.shunning).map(|placed| &placed.pod)
    }

    fn remove(&mut self, uid: &Text) {
        if let Some(placed) = self.pods.remove(uid) {
            self.used.subtract(placed.requests);
            self.assumed.subtract(placed.assumed);
            self.shunning -= usize::from(placed.shuns);
            self.leave(placed.family.as_ref());
        }
    }

    fn insert(&mut self, pod: &Shared) {
        let placed = Placed {
            pod: pod.clone(),
            requests: resources::requests(pod),
            assumed: resources::assumed_requests(pod),
            shuns: !affinity::required_terms(pod, "podAntiAffinity").is_empty(),
            family: family_of(pod),
        };
        self.join(placed.family.as_ref(), pod);
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
    /// What each node has for pods.
    has: Rc<SortedMap<Text, Amounts>>,
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
        let Some(placed) = crowd.pods.get_mut(uid) else {
            crowd.insert(pod);
            return;
        };
        // What a bound pod asks for cannot change; its labels, its controller and its end can.
        placed.pod = pod.clone();
        let now = family_of(pod);
        if placed.family != now {
            let before = std::mem::replace(&mut placed.family, now.clone());
            crowd.leave(before.as_ref());
            crowd.join(now.as_ref(), pod);
        }
    }

    /// A node is new or changed.
    pub fn node(&mut self, node: &Object) {
        Rc::make_mut(&mut self.has).insert(node.meta.name.clone(), resources::allocatable(node));
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
            has: crowds.has.get(&node.meta.name).copied().unwrap_or_default(),
        })
        .collect()
}
