//! Topology spread constraints, those of the pod and the built-in soft ones.

use super::affinity;
use super::picture::NodePicture;
use super::refusal::Reason;
use crate::api::{Kind, Object, Selector};
use crate::controller::Cache;
use crate::sorted::SortedMap;
use crate::value::{Text, Value};

/// One constraint that is looked at.
pub(super) struct Constraint {
    key: Text,
    max_skew: i64,
    selector: Selector,
    min_domains: i64,
}

/// The pod's own constraints that must hold.
pub(super) fn hard(pod: &Object) -> Vec<Constraint> {
    own(pod, "DoNotSchedule")
}

/// The constraints that are only preferred: the pod's own or, where it has none at all, the built-in ones.
pub(super) fn soft(pod: &Object, cache: &Cache) -> Vec<Constraint> {
    if !pod.tree.at(&["spec", "topologySpreadConstraints"]).items().is_empty() {
        return own(pod, "ScheduleAnyway");
    }
    let Some(selector) = default_selector(pod, cache) else {
        return Vec::new();
    };
    [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)]
        .into_iter()
        .map(|(key, max_skew)| Constraint { key: key.into(), max_skew, selector: selector.clone(), min_domains: 1 })
        .collect()
}

fn own(pod: &Object, when: &str) -> Vec<Constraint> {
    pod.tree
        .at(&["spec", "topologySpreadConstraints"])
        .items()
        .iter()
        .filter(|c| c.at(&["whenUnsatisfiable"]).as_str().unwrap_or("DoNotSchedule") == when)
        .map(|c| Constraint {
            key: c.at(&["topologyKey"]).text(),
            max_skew: c.at(&["maxSkew"]).as_i64().unwrap_or(1),
            selector: selector_of(c, pod),
            min_domains: c.at(&["minDomains"]).as_i64().unwrap_or(1),
        })
        .collect()
}

fn selector_of(constraint: &Value, pod: &Object) -> Selector {
    let mut selector = Selector::from_label_selector(constraint.at(&["labelSelector"])).unwrap_or_default();
    for key in constraint.at(&["matchLabelKeys"]).items() {
        if let Some(value) = pod.labels().get(key.str_or_empty()) {
            let tree = crate::map! {
                "matchExpressions" => crate::list![crate::map! {
                    "key" => key.text(),
                    "operator" => "In",
                    "values" => Value::list_of(vec![value.clone()]),
                }],
            };
            if let Ok(more) = Selector::from_label_selector(&tree) {
                selector.requirements.extend(more.requirements);
            }
        }
    }
    selector
}

/// What identical pods have in common: the selectors of their Services and of their set.
fn default_selector(pod: &Object, cache: &Cache) -> Option<Selector> {
    let namespace = &pod.meta.namespace;
    let mut selector = Selector::default();
    for service in cache.list(Kind::Service, namespace) {
        let labels = service.tree.at(&["spec", "selector"]);
        if labels.as_map().is_none_or(crate::value::Map::is_empty) {
            continue;
        }
        let tree = crate::map! { "matchLabels" => labels.clone() };
        if let Ok(of_service) = Selector::from_label_selector(&tree)
            && of_service.matches(pod.labels())
        {
            selector.requirements.extend(of_service.requirements);
        }
    }
    if let Some(owner) = pod.controller()
        && let Some(set) = cache.get(Kind::StatefulSet, namespace, &owner.name)
        && let Some(of_set) = set.as_stateful_set().and_then(|view| view.selector.clone())
    {
        selector.requirements.extend(of_set.requirements);
    }
    (!selector.requirements.is_empty()).then_some(selector)
}

impl Constraint {
    fn count(&self, namespace: &Text, picture: &NodePicture<'_>) -> i64 {
        picture.crowd.count(namespace, &|pod| self.selector.matches(pod.labels()))
    }

    /// How many matching pods are in each place, counted once for all nodes.
    pub fn places<'a>(&self, pod: &Object, all: &'a [NodePicture<'_>]) -> SortedMap<&'a str, i64> {
        let mut places = SortedMap::new();
        for picture in all {
            if let Some(place) = picture.node.label(&self.key) {
                *places.or_default(place) += self.count(&pod.meta.namespace, picture);
            }
        }
        places
    }

    /// The count of a node's place; `None` where the node has no such label.
    pub fn matching(&self, places: &SortedMap<&str, i64>, node: &Object) -> Option<i64> {
        places.get(node.label(&self.key)?).copied()
    }

    /// The weight of a place's count, in thousandths: rarer places weigh more.
    pub fn slack(&self) -> i64 {
        self.max_skew - 1
    }
}

/// The complaint of the pod's hard constraints about a node.
pub(super) fn complaint(pod: &Object, node: &Object, hard: &[Constraint], all: &[NodePicture<'_>]) -> Option<Reason> {
    let text = "node(s) didn't match pod topology spread constraints";
    for constraint in hard {
        if node.label(&constraint.key).is_none() {
            return Some(Reason::of_the_node(format!("{text} (missing required label)")));
        }
    }
    for constraint in hard {
        let counts = constraint.places(pod, all);
        let here = constraint.matching(&counts, node)?;
        let own = i64::from(constraint.selector.matches(pod.labels()));
        let eligible = all.iter().filter(|p| affinity::node_matches(pod, p.node));
        let mut places: Vec<&str> = eligible.clone().filter_map(|p| p.node.label(&constraint.key)).collect();
        crate::sorted::sort(&mut places);
        places.dedup();
        let least = eligible.filter_map(|p| constraint.matching(&counts, p.node)).min().unwrap_or(0);
        let least = if (places.len() as i64) < constraint.min_domains { 0 } else { least };
        if here + own - least > constraint.max_skew {
            return Some(Reason::because_of_pods(text));
        }
    }
    None
}
