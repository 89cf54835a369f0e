//! At most one program of a name: kept by the controller, and given up where somebody lets an object go too early.

use std::rc::Rc;

use super::{Broken, Promise, Promises};
use crate::api::PodPhase;
use crate::apiserver::{Change, WatchEvent};
use crate::sim::{Step, World};
use crate::value::Text;

/// At most so many pods that were let go are remembered.
const MOST: usize = 1000;

impl Promises {
    /// A pod's object is gone while its program runs, or another pod of the name begins to run.
    pub(super) fn at_most_one(&mut self, world: &World, step: &Step, change: &WatchEvent, broken: &mut Vec<Broken>) {
        let pod = &change.object;
        let meta = &pod.meta;
        if change.change == Change::Deleted {
            // One whose program is only about to start counts too: the node agent finishes what it has begun.
            let ended = pod.as_pod().is_some_and(|view| view.is_finished());
            let runs = || world.running(&meta.namespace, &meta.name).iter().any(|(_, uid)| *uid == meta.uid);
            if (!ended || runs()) && self.let_go.len() < MOST {
                Rc::make_mut(&mut self.let_go).insert(meta.uid.clone(), step.actor);
            }
            return;
        }
        let runs = |phase: Option<PodPhase>| phase == Some(PodPhase::Running);
        let phase = |object: &crate::api::Object| object.as_pod().map(|view| view.phase);
        if !runs(phase(pod)) || change.before.as_ref().is_some_and(|before| runs(phase(before))) {
            return;
        }
        let running = world.running(&meta.namespace, &meta.name);
        let here: Text =
            running.iter().find(|(_, uid)| *uid == meta.uid).map(|(node, _)| node.clone()).unwrap_or_default();
        for (node, uid) in running.iter().filter(|(_, uid)| *uid != meta.uid) {
            broken.push(Broken {
                promise: Promise::AtMostOne,
                at: step.at,
                object: pod.key(),
                how: format!("two programs of the name {} run at once: on {node} and on {here}", meta.name),
                allowed: self.let_go.get(uid).and_then(|actor| allowed(actor)),
            });
        }
    }
}

/// Why an object may go while its program runs.
fn allowed(actor: &str) -> Option<&'static str> {
    match actor {
        "kubectl" => Some(
            "a person deleted the earlier pod by force; Kubernetes then takes that person's word that it has stopped, and \
             asks its node nothing",
        ),
        "node-controller" => Some(
            "the node's object was deleted or declared out of service; Kubernetes then takes the machine for switched off",
        ),
        _ => None,
    }
}
