//! Which of the nodes that fit is best (`reference/pods-and-nodes.md` §7): every plugin gives 0 to 100, weighted.

use super::affinity;
use super::picture::NodePicture;
use super::resources;
use super::spread;
use crate::api::Object;
use crate::api::view::Taint;
use crate::controller::Cache;
use crate::value::Text;

const TAINTS: i64 = 3;
const NODE_AFFINITY: i64 = 2;
const SPREADING: i64 = 2;
const NEIGHBOURS: i64 = 2;

/// The best of these nodes; among equals the first by name.
pub(super) fn best(pod: &Object, fitting: &[usize], all: &[NodePicture<'_>], cache: &Cache) -> Option<Text> {
    let nodes: Vec<&NodePicture<'_>> = fitting.iter().filter_map(|at| all.get(*at)).collect();
    if let [only] = nodes.as_slice() {
        return Some(only.node.meta.name.clone());
    }
    let mut totals = vec![0; nodes.len()];
    let mut add = |weight: i64, scores: Vec<i64>| {
        for (total, score) in totals.iter_mut().zip(scores) {
            *total += weight * score;
        }
    };
    add(TAINTS, stretched(nodes.iter().map(|on| repelling(pod, on)).collect(), true));
    add(NODE_AFFINITY, stretched(nodes.iter().map(|on| preferred(pod, on.node)).collect(), false));
    add(SPREADING, spreading(pod, &nodes, all, cache));
    add(NEIGHBOURS, neighbours(pod, &nodes, all));
    add(1, nodes.iter().map(|on| least_allocated(pod, on)).collect());
    add(1, nodes.iter().map(|on| balanced(pod, on)).collect());
    nodes.iter().zip(&totals).rev().max_by_key(|(_, total)| **total).map(|(on, _)| on.node.meta.name.clone())
}

/// Scores stretched so that the largest becomes 100 (or the smallest, where less is better).
fn stretched(scores: Vec<i64>, less_is_better: bool) -> Vec<i64> {
    let most = scores.iter().copied().max().unwrap_or(0);
    scores
        .into_iter()
        .map(|score| {
            let share = if most == 0 { 0 } else { score * 100 / most };
            if less_is_better { 100 - share } else { share }
        })
        .collect()
}

fn repelling(pod: &Object, on: &NodePicture<'_>) -> i64 {
    let unwanted = |taint: &&Taint| taint.effect == *"PreferNoSchedule" && !super::filter::tolerates(pod, taint);
    on.node.as_node().map_or(0, |view| view.taints.iter().filter(unwanted).count() as i64)
}

fn preferred(pod: &Object, node: &Object) -> i64 {
    pod.tree
        .at(&["spec", "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"])
        .items()
        .iter()
        .filter(|term| affinity::term_matches(term.at(&["preference"]), node))
        .map(|term| term.at(&["weight"]).as_i64().unwrap_or(0))
        .sum()
}

/// Fewer pods of the same kind in a node's places are better. Thousandths, so that few pods still differ.
fn spreading(pod: &Object, nodes: &[&NodePicture<'_>], all: &[NodePicture<'_>], cache: &Cache) -> Vec<i64> {
    let constraints: Vec<_> = spread::soft(pod, cache).into_iter().map(|c| (c.places(pod, all), c)).collect();
    let raw: Vec<i64> = nodes
        .iter()
        .map(|on| {
            constraints
                .iter()
                .filter_map(|(places, constraint)| {
                    Some(constraint.matching(places, on.node)? * 1000 + constraint.slack())
                })
                .sum()
        })
        .collect();
    let (least, most) = (raw.iter().copied().min().unwrap_or(0), raw.iter().copied().max().unwrap_or(0));
    raw.into_iter().map(|count| if most == 0 { 100 } else { 100 * (most + least - count) / most }).collect()
}

fn neighbours(pod: &Object, nodes: &[&NodePicture<'_>], all: &[NodePicture<'_>]) -> Vec<i64> {
    let wanted = affinity::preferred_terms(pod, "podAffinity");
    let unwanted = affinity::preferred_terms(pod, "podAntiAffinity");
    if wanted.is_empty() && unwanted.is_empty() {
        return vec![0; nodes.len()];
    }
    let sum = |terms: &[(i64, affinity::PodTerm<'_>)], node: &Object| -> i64 {
        terms.iter().map(|(weight, term)| weight * affinity::count_near(term, node, all)).sum()
    };
    let raw: Vec<i64> = nodes.iter().map(|on| sum(&wanted, on.node) - sum(&unwanted, on.node)).collect();
    let (least, most) = (raw.iter().copied().min().unwrap_or(0), raw.iter().copied().max().unwrap_or(0));
    raw.into_iter().map(|score| if most == least { 0 } else { 100 * (score - least) / (most - least) }).collect()
}

/// The share, in percent, of CPU and memory that would be used: (cpu, memory).
fn shares(pod: &Object, on: &NodePicture<'_>) -> (i64, i64) {
    let mut used = resources::assumed_requests(pod);
    used.add(on.crowd.assumed);
    let share =
        |used: i64, has: i64| if has <= 0 { 100 } else { (i128::from(used) * 100 / i128::from(has)).min(100) as i64 };
    (share(used.cpu, on.has.cpu), share(used.memory, on.has.memory))
}

fn least_allocated(pod: &Object, on: &NodePicture<'_>) -> i64 {
    let (cpu, memory) = shares(pod, on);
    i64::midpoint(100 - cpu, 100 - memory)
}

fn balanced(pod: &Object, on: &NodePicture<'_>) -> i64 {
    let (cpu, memory) = shares(pod, on);
    100 - (cpu - memory).abs() / 2
}
