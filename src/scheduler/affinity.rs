//! Node selectors, node affinity, and affinity between pods.

use super::picture::NodePicture;
use crate::api::{Object, Selector};
use crate::value::{Map, Text, Value};

/// Whether a node satisfies spec.nodeSelector and the required node affinity of a pod.
pub(super) fn node_matches(pod: &Object, node: &Object) -> bool {
    let spec = pod.tree.at(&["spec"]);
    let labels = node.labels();
    let selected = spec.at(&["nodeSelector"]).pairs().all(|(key, value)| labels.get(key) == Some(value));
    let required = spec.at(&["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
    selected && (required.is_null() || terms_match(required.at(&["nodeSelectorTerms"]), node))
}

/// Whether any of these node selector terms matches; a term without requirements matches nothing.
pub(super) fn terms_match(terms: &Value, node: &Object) -> bool {
    terms.items().iter().any(|term| term_matches(term, node))
}

/// Whether one node selector term matches.
pub(super) fn term_matches(term: &Value, node: &Object) -> bool {
    let (expressions, fields) = (term.at(&["matchExpressions"]).items(), term.at(&["matchFields"]).items());
    if expressions.is_empty() && fields.is_empty() {
        return false;
    }
    expressions.iter().all(|requirement| {
        let key = requirement.at(&["key"]).str_or_empty();
        requirement_holds(requirement, node.label(key))
    }) && fields.iter().all(|requirement| {
        requirement.at(&["key"]).as_str() == Some("metadata.name")
            && requirement_holds(requirement, Some(&node.meta.name))
    })
}

fn requirement_holds(requirement: &Value, value: Option<&str>) -> bool {
    let values = || requirement.at(&["values"]).items().iter().filter_map(Value::as_str);
    let number = |text: &str| text.parse::<i64>().ok();
    let bound = || values().next().and_then(number);
    match requirement.at(&["operator"]).str_or_empty() {
        "In" => value.is_some_and(|v| values().any(|w| w == v)),
        "NotIn" => value.is_none_or(|v| values().all(|w| w != v)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => value.and_then(number).zip(bound()).is_some_and(|(v, b)| v > b),
        "Lt" => value.and_then(number).zip(bound()).is_some_and(|(v, b)| v < b),
        _ => false,
    }
}

/// One term of affinity or anti-affinity between pods.
pub(super) struct PodTerm<'a> {
    pub topology_key: Text,
    selector: Option<Selector>,
    namespaces: Vec<&'a str>,
    all_namespaces: bool,
    owner: &'a Object,
}

/// The terms of a pod's affinity (`podAffinity`) or anti-affinity (`podAntiAffinity`) that are required.
pub(super) fn required_terms<'a>(pod: &'a Object, field: &'static str) -> Vec<PodTerm<'a>> {
    pod.tree
        .at(&["spec", "affinity", field, "requiredDuringSchedulingIgnoredDuringExecution"])
        .items()
        .iter()
        .map(|term| PodTerm::of(term, pod))
        .collect()
}

/// The terms that are only preferred, with their weights.
pub(super) fn preferred_terms<'a>(pod: &'a Object, field: &'static str) -> Vec<(i64, PodTerm<'a>)> {
    pod.tree
        .at(&["spec", "affinity", field, "preferredDuringSchedulingIgnoredDuringExecution"])
        .items()
        .iter()
        .map(|weighted| {
            let weight = weighted.at(&["weight"]).as_i64().unwrap_or(1);
            (weight, PodTerm::of(weighted.at(&["podAffinityTerm"]), pod))
        })
        .collect()
}

impl<'a> PodTerm<'a> {
    fn of(term: &'a Value, owner: &'a Object) -> Self {
        let mut selector = match term.get("labelSelector") {
            None | Some(Value::Null) => None,
            Some(tree) => Selector::from_label_selector(tree).ok(),
        };
        for key in term.at(&["matchLabelKeys"]).items() {
            if let (Some(selector), Some(value)) = (selector.as_mut(), owner.labels().get(key.str_or_empty())) {
                let tree = crate::map! { "matchLabels" => Map::from_iter([(key.text(), value.clone())]) };
                if let Ok(more) = Selector::from_label_selector(&tree) {
                    selector.requirements.extend(more.requirements);
                }
            }
        }
        Self {
            topology_key: term.at(&["topologyKey"]).text(),
            selector,
            namespaces: term.at(&["namespaces"]).items().iter().filter_map(Value::as_str).collect(),
            all_namespaces: term.get("namespaceSelector").is_some_and(|s| !s.is_null()),
            owner,
        }
    }

    /// Whether the term speaks of this pod.
    pub fn matches(&self, pod: &Object) -> bool {
        let namespace = pod.meta.namespace.as_str();
        let here = self.all_namespaces
            || self.namespaces.contains(&namespace)
            || self.namespaces.is_empty() && namespace == self.owner.meta.namespace.as_str();
        here && self.selector.as_ref().is_some_and(|selector| selector.matches(pod.labels()))
    }
}

/// Whether two nodes have the same value of a label.
fn same_place(key: &Text, a: &Object, b: &Object) -> bool {
    a.label(key).is_some_and(|value| b.label(key) == Some(value))
}

/// Whether a pod the term speaks of is in this node's place.
pub(super) fn is_near(term: &PodTerm<'_>, node: &Object, all: &[NodePicture<'_>]) -> bool {
    count_near(term, node, all) > 0
}

/// How many pods the term speaks of are in this node's place.
pub(super) fn count_near(term: &PodTerm<'_>, node: &Object, all: &[NodePicture<'_>]) -> i64 {
    all.iter()
        .filter(|picture| same_place(&term.topology_key, node, picture.node))
        .map(|picture| picture.crowd.pods().filter(|pod| term.matches(pod)).count() as i64)
        .sum()
}

/// Whether an existing pod's required anti-affinity keeps this pod away from the node.
pub(super) fn is_kept_away(pod: &Object, node: &Object, all: &[NodePicture<'_>]) -> bool {
    all.iter().any(|picture| {
        picture.crowd.shunning().any(|held| {
            required_terms(held, "podAntiAffinity")
                .iter()
                .any(|term| same_place(&term.topology_key, node, picture.node) && term.matches(pod))
        })
    })
}
