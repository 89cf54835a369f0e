//! Taints NoExecute and the pods that do not bear them for ever.

use std::rc::Rc;

use super::{Alarm, NodeLifecycle};
use crate::api::view::Taint;
use crate::api::{Kind, Object, Shared};
use crate::apiserver::{Change, DeleteOptions, WatchEvent};
use crate::controller::recorder::Note;
use crate::controller::{Context, Decision};
use crate::map;
use crate::time::{Time, go_duration};
use crate::value::{Text, Value};

/// Why and when a pod will be evicted.
#[derive(Clone, Debug)]
pub(super) struct Due {
    since: Time,
    at: Time,
}

/// How long a pod bears the taints of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bears {
    Forever,
    /// So many milliseconds; 0 for not at all.
    For(i64),
}

/// How long a pod bears these taints NoExecute.
fn bears(pod: &Object, taints: &[Taint]) -> Bears {
    let mut shortest = None;
    for taint in taints.iter().filter(|taint| taint.effect == *"NoExecute") {
        let tolerations = pod.tree.at(&["spec", "tolerations"]).items();
        let mut tolerated = false;
        for toleration in tolerations.iter().filter(|toleration| tolerates(toleration, taint)) {
            tolerated = true;
            if let Some(seconds) = toleration.at(&["tolerationSeconds"]).as_i64() {
                let ms = seconds.max(0) * 1000;
                shortest = Some(shortest.map_or(ms, |held: i64| held.min(ms)));
            }
        }
        if !tolerated {
            return Bears::For(0);
        }
    }
    shortest.map_or(Bears::Forever, Bears::For)
}

fn tolerates(toleration: &Value, taint: &Taint) -> bool {
    let text = |key: &str| toleration.at(&[key]).str_or_empty();
    let effect = text("effect").is_empty() || text("effect") == taint.effect.as_str();
    let key = text("key").is_empty() || text("key") == taint.key.as_str();
    effect && key && (text("operator") == "Exists" || !text("key").is_empty() && text("value") == taint.value.as_str())
}

impl NodeLifecycle {
    /// A pod is new, changed or gone.
    pub(super) fn pod_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let pod = &event.object;
        if event.change == Change::Deleted {
            Rc::make_mut(&mut self.evictions).remove(&pod.meta.uid);
            return;
        }
        let node = |pod: &Shared| pod.as_pod().map(|view| view.node.clone()).unwrap_or_default();
        let here = node(pod);
        let newly_bound = !here.is_empty() && event.before.as_ref().is_none_or(|before| node(before) != here);
        let Some(node) = self.cache.get(Kind::Node, &Text::default(), &here).cloned() else {
            return;
        };
        if newly_bound {
            self.consider(pod, &node, context);
        }
        if pod.is_terminating() && super::garbage::is_out_of_service(&node) {
            self.collect_at(context.now, context);
        }
    }

    /// The taints of a node have (perhaps) changed.
    pub(super) fn evict_from(&mut self, node: &Shared, context: &mut Context<'_, Alarm>) {
        let pods: Vec<Shared> = self.pods_on(&node.meta.name).cloned().collect();
        for pod in pods {
            self.consider(&pod, node, context);
        }
    }

    fn consider(&mut self, pod: &Shared, node: &Shared, context: &mut Context<'_, Alarm>) {
        let uid = &pod.meta.uid;
        let taints = node.as_node().map(|view| view.taints.as_slice()).unwrap_or_default();
        match bears(pod, taints) {
            Bears::Forever => {
                if Rc::make_mut(&mut self.evictions).remove(uid).is_some() {
                    let text = format!("Cancelling deletion of Pod {}/{}", pod.meta.namespace, pod.meta.name);
                    self.tell(pod, &text, context);
                }
            }
            Bears::For(ms) => {
                let held = self.evictions.get(uid).cloned();
                let since = held.as_ref().map_or(context.now, |due| due.since);
                let at = since.plus(ms).max(context.now);
                if held.is_some_and(|due| due.at <= at) {
                    return;
                }
                let due = Due { since, at };
                Rc::make_mut(&mut self.evictions).insert(uid.clone(), due);
                context.after(at.since(context.now), Alarm::Evict(uid.clone(), at));
                context.decide(Decision {
                    by: "taint-eviction-controller",
                    subject: pod.key(),
                    did: Text::default(),
                    because: Text::from(format!(
                        "node {} is tainted NoExecute; the pod tolerates that for {}",
                        node.meta.name,
                        go_duration(ms)
                    )),
                    wait: None,
                });
            }
        }
    }

    /// A pod's toleration has run out.
    pub(super) fn evict(&mut self, uid: &Text, at: Time, context: &mut Context<'_, Alarm>) {
        if self.evictions.get(uid).is_none_or(|due| due.at != at) {
            return;
        }
        Rc::make_mut(&mut self.evictions).remove(uid);
        let Some(pod) = self.cache.list_all(Kind::Pod).find(|pod| pod.meta.uid == *uid).cloned() else {
            return;
        };
        let text = format!("Marking for deletion Pod {}/{}", pod.meta.namespace, pod.meta.name);
        self.tell(&pod, &text, context);
        let meta = &pod.meta;
        if let Ok(stored) = context.client.get(Kind::Pod, &meta.namespace, &meta.name)
            && stored.meta.uid == meta.uid
        {
            let mut tree = stored.tree.clone();
            disrupt(&mut tree, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", context.now);
            let _ = context.client.update_status(&stored, tree);
            let options = DeleteOptions { uid: Some(meta.uid.clone()), ..DeleteOptions::default() };
            let _ = context.client.delete(Kind::Pod, &meta.namespace, &meta.name, options);
        }
        context.decide(Decision {
            by: "taint-eviction-controller",
            subject: pod.key(),
            did: "deletes the pod".into(),
            because: "it has tolerated the taint of its node for as long as it said".into(),
            wait: None,
        });
    }

    /// Records an event about a pod, which this controller names without uid and version.
    fn tell(&mut self, pod: &Shared, message: &str, context: &mut Context<'_, Alarm>) {
        let meta = &pod.meta;
        let tree = map! { "metadata" => map! { "name" => &meta.name, "namespace" => &meta.namespace } };
        let object = Object::new(Kind::Pod, tree);
        let told = Note { object: &object, field_path: "", warning: false, reason: "TaintManagerEviction", message };
        self.evictor.record(&mut context.client, context.seed, &told);
    }
}

/// Adds condition DisruptionTarget to a pod.
pub(super) fn disrupt(tree: &mut Value, reason: &'static str, message: &'static str, now: Time) {
    let generation = tree.at(&["metadata", "generation"]).as_i64().unwrap_or(1);
    let conditions = tree.at_mut(&["status", "conditions"]).items_mut();
    conditions.retain(|c| c.at(&["type"]).as_str() != Some("DisruptionTarget"));
    conditions.push(map! {
        "type" => "DisruptionTarget",
        "observedGeneration" => generation,
        "status" => "True",
        "lastProbeTime" => Value::Null,
        "lastTransitionTime" => now.rfc3339(),
        "reason" => reason,
        "message" => message,
    });
}
