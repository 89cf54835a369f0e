//! One attempt to find a node for a pod, and what comes of it.

use std::rc::Rc;

use super::events::Note;
use super::refusal::{self, Kinds, Reason};
use super::volumes::{self, Claims, Offer, SELECTED_NODE};
use super::{Alarm, BINDING_POLL, BINDING_TIMEOUT, FLUSH, PodKey, Scheduler, filter, picture, score};
use crate::api::{Kind, Object, Shared};
use crate::apiserver::{Request, Subresource, Verb};
use crate::controller::{Context, Decision, Rule, Wait};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// What an attempt came to.
enum Outcome {
    Node(Text, Claims),
    Refused(String, Kinds),
}

impl Scheduler {
    /// Tries to find a node for a waiting pod.
    pub(super) fn attempt(&mut self, key: &PodKey, context: &mut Context<'_, Alarm>) {
        let Some(pod) = self.cache.get(Kind::Pod, &key.0, &key.1).cloned() else {
            return;
        };
        if !super::is_schedulable(&pod) {
            return;
        }
        self.attempts += 1;
        let number = self.attempts;
        let reserved = Rc::make_mut(&mut self.waiting).get_mut(key).and_then(|waiting| {
            waiting.number = number;
            waiting.reserved.clone()
        });
        if let Some((node, since)) = reserved {
            match volumes::look_up(&pod, &self.cache) {
                Ok(claims) if claims.delayed.is_empty() => {
                    self.bind(key, &pod, &node, context);
                    return;
                }
                Ok(_) if context.now.since(since) < BINDING_TIMEOUT => {
                    context.after(BINDING_POLL, Alarm::Retry(key.0.clone(), key.1.clone(), number));
                    return;
                }
                _ => self.reserve(key, None),
            }
        }
        match self.choose(&pod) {
            Outcome::Node(node, claims) if claims.delayed.is_empty() => self.bind(key, &pod, &node, context),
            Outcome::Node(node, claims) => self.bind_volumes(key, &pod, &node, &claims, context),
            Outcome::Refused(message, kinds) => self.refuse(key, &pod, &message, kinds, context),
        }
    }

    fn choose(&self, pod: &Shared) -> Outcome {
        let all = picture::take(&self.cache, &self.crowds);
        let any = Kinds { volumes: true, nodes: true, pods: true };
        if all.is_empty() {
            return Outcome::Refused("no nodes available to schedule pods".to_owned(), any);
        }
        let claims = match volumes::look_up(pod, &self.cache) {
            Ok(claims) => claims,
            Err(why) => {
                let kinds = Kinds { volumes: true, ..Kinds::default() };
                return Outcome::Refused(refusal::before_nodes(all.len(), &why), kinds);
            }
        };
        let wanted = filter::wanted(pod, &claims);
        let reasons: Vec<Vec<Reason>> =
            all.iter().map(|on| filter::complaints(&wanted, on, &all, &self.cache)).collect();
        let fitting: Vec<usize> =
            reasons.iter().enumerate().filter(|(_, reasons)| reasons.is_empty()).map(|(at, _)| at).collect();
        match score::best(pod, &fitting, &all, &self.cache) {
            Some(node) if !fitting.is_empty() => Outcome::Node(node, claims),
            _ => {
                let may_preempt = pod.tree.at(&["spec", "preemptionPolicy"]).as_str() != Some("Never");
                Outcome::Refused(refusal::by_nodes(&reasons, may_preempt), any)
            }
        }
    }

    fn reserve(&mut self, key: &PodKey, node: Option<(Text, Time)>) {
        if let Some(waiting) = Rc::make_mut(&mut self.waiting).get_mut(key) {
            waiting.reserved = node;
        }
    }

    /// Asks for the volumes of the chosen node; the pod is bound when all claims are.
    fn bind_volumes(
        &mut self,
        key: &PodKey,
        pod: &Shared,
        node: &Text,
        claims: &Claims,
        context: &mut Context<'_, Alarm>,
    ) {
        let Some(chosen) = self.cache.get(Kind::Node, &Text::default(), node).cloned() else {
            return;
        };
        for claim in &claims.delayed {
            let Ok(stored) = context.client.get(Kind::PersistentVolumeClaim, &key.0, &claim.meta.name) else {
                continue;
            };
            match volumes::offer(claim, &chosen, &self.cache) {
                Some(Offer::Volume(volume)) => claim_volume(&volume, &stored, context),
                Some(Offer::Provision) => {
                    let mut tree = stored.tree.clone();
                    tree.at_mut(&["metadata", "annotations"]).map_mut().insert(SELECTED_NODE, node);
                    let _ = context.client.update(&stored, tree);
                }
                None => {}
            }
        }
        self.reserve(key, Some((node.clone(), context.now)));
        let number = self.attempts;
        context.after(BINDING_POLL, Alarm::Retry(key.0.clone(), key.1.clone(), number));
        let names: Vec<&str> = claims.delayed.iter().map(|claim| claim.meta.name.as_str()).collect();
        let why = format!("{node} is chosen; its claims are being bound there: {}", names.join(", "));
        waits(pod, Text::from(why), context);
    }

    fn bind(&mut self, key: &PodKey, pod: &Shared, node: &Text, context: &mut Context<'_, Alarm>) {
        let body = map! {
            "apiVersion" => "v1",
            "kind" => "Binding",
            "metadata" => map! { "name" => &key.1, "namespace" => &key.0, "uid" => &pod.meta.uid },
            "target" => map! { "kind" => "Node", "name" => node },
        };
        let request = Request::new(Kind::Pod, &key.0, &key.1, Verb::Create(body)).part(Subresource::Binding);
        let Ok(reply) = context.client.send(request) else {
            return;
        };
        if let Some(bound) = reply.object {
            self.assume(&bound, context.now);
        }
        self.forget(key, pod);
        let message = format!("Successfully assigned {}/{} to {node}", key.0, key.1);
        let told = Note { pod, warning: false, reason: "Scheduled", action: "Binding", message: &message };
        self.events.record(&mut context.client, context.seed, &told);
        context.decide(Decision {
            by: "default-scheduler",
            subject: pod.key(),
            did: Text::from(format!("binds the pod to {node}")),
            because: "it is the best of the nodes that fit".into(),
            wait: None,
        });
    }

    fn refuse(&mut self, key: &PodKey, pod: &Shared, message: &str, kinds: Kinds, context: &mut Context<'_, Alarm>) {
        if let Some(waiting) = Rc::make_mut(&mut self.waiting).get_mut(key) {
            waiting.refused = kinds;
        }
        write_condition(pod, message, context);
        let told = Note { pod, warning: true, reason: "FailedScheduling", action: "Scheduling", message };
        self.events.record(&mut context.client, context.seed, &told);
        let number = self.attempts;
        context.after(FLUSH, Alarm::Retry(key.0.clone(), key.1.clone(), number));
        waits(pod, Text::copy(message), context);
    }
}

fn waits(pod: &Shared, why: Text, context: &mut Context<'_, Alarm>) {
    context.decide(Decision {
        by: "default-scheduler",
        subject: pod.key(),
        did: Text::default(),
        because: why.clone(),
        wait: Some(Wait { subject: pod.key(), rule: Rule(0), on: pod.key(), why }),
    });
}

/// Gives a volume to a claim; the volume controller completes the binding.
fn claim_volume(volume: &Object, claim: &Object, context: &mut Context<'_, Alarm>) {
    let Ok(stored) = context.client.get(Kind::PersistentVolume, &Text::default(), &volume.meta.name) else {
        return;
    };
    let mut tree = stored.tree.clone();
    tree.set(
        &["spec", "claimRef"],
        map! {
            "apiVersion" => "v1",
            "kind" => "PersistentVolumeClaim",
            "namespace" => &claim.meta.namespace,
            "name" => &claim.meta.name,
            "uid" => &claim.meta.uid,
            "resourceVersion" => claim.meta.resource_version.to_string(),
        },
    );
    tree.at_mut(&["metadata", "annotations"]).map_mut().insert("pv.kubernetes.io/bound-by-controller", "yes");
    let _ = context.client.update(&stored, tree);
}

/// Condition PodScheduled=False, unless it says so already.
fn write_condition(pod: &Shared, message: &str, context: &mut Context<'_, Alarm>) {
    let meta = &pod.meta;
    let Ok(stored) = context.client.get(Kind::Pod, &meta.namespace, &meta.name) else {
        return;
    };
    if stored.meta.uid != meta.uid || stored.is_terminating() {
        return;
    }
    let mut tree = stored.tree.clone();
    let conditions = tree.at_mut(&["status", "conditions"]).items_mut();
    let held = conditions.iter().position(|c| c.at(&["type"]).as_str() == Some("PodScheduled"));
    let since = held
        .and_then(|at| conditions.get(at))
        .filter(|c| c.at(&["status"]).as_str() == Some("False"))
        .map_or_else(|| Text::from(context.now.rfc3339()), |c| c.at(&["lastTransitionTime"]).text());
    let condition = map! {
        "type" => "PodScheduled",
        "status" => "False",
        "observedGeneration" => meta.generation.max(1),
        "lastProbeTime" => Value::Null,
        "lastTransitionTime" => since,
        "reason" => "Unschedulable",
        "message" => Text::copy(message),
    };
    match held.and_then(|at| conditions.get_mut(at)) {
        Some(held) => *held = condition,
        None => conditions.push(condition),
    }
    let _ = context.client.update_status(&stored, tree);
}
