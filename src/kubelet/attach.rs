//! Volumes that one node at a time can have (`reference/storage.md` §6, §7).

use super::agent::{Agent, Work};
use super::hands::Hands;
use super::{Kubelets, What};
use crate::api::{Key, Kind};
use crate::controller::recorder::Note;
use crate::controller::{Context, Decision, Rule, Wait};
use crate::time::Time;
use crate::value::Text;

/// Between two looks at a volume that another node has, ms.
const AGAIN: i64 = 5000;

/// A volume that another node has not let go.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    pub volume: Text,
    pub node: Text,
    /// Since when it has been refused.
    pub since: Time,
    /// Whether its event was sent.
    pub told: bool,
}

impl Kubelets {
    /// Looks, before a pod's volumes are looked for, whether another node still has one of them.
    pub(super) fn look_elsewhere(&mut self, uid: &Text, what: &What, context: &Context<'_, super::Alarm>) {
        let forced = context.profile.storage.forced_detach_ms;
        let Some(agent) = self.agents.get(uid).filter(|agent| forced > 0 && agent.work == Work::Mounting) else {
            return;
        };
        if !matches!(what, What::Step(_)) {
            return;
        }
        let found = self.held_by_another(agent);
        let held = agent.elsewhere.clone();
        let elsewhere = found.map(|(volume, node)| match held {
            Some(held) if held.volume == volume => held,
            _ => Elsewhere { volume, node, since: context.now, told: false },
        });
        let elsewhere = elsewhere.filter(|held| context.now.since(held.since) < forced);
        if let Some(agent) = std::rc::Rc::make_mut(&mut self.agents).get_mut(uid).map(std::rc::Rc::make_mut) {
            agent.elsewhere = elsewhere;
        }
    }

    /// A volume of a pod that another node has, and that node.
    fn held_by_another(&self, agent: &Agent) -> Option<(Text, Text)> {
        let claims = &agent.pod.as_pod()?.claims;
        let namespace = &agent.pod.meta.namespace;
        let others = self.agents.values().filter(|other| {
            other.node != agent.node
                && other.mounted
                && other.work != Work::Done
                && other.pod.meta.namespace == *namespace
        });
        others.filter(|other| !self.is_out_of_service(&other.node)).find_map(|other| {
            let theirs = &other.pod.as_pod()?.claims;
            let shared = claims.iter().find(|claim| theirs.contains(claim))?;
            let claim = self.cache.get(Kind::PersistentVolumeClaim, namespace, shared)?;
            let once =
                claim.tree.at(&["spec", "accessModes"]).items().iter().any(|m| m.as_str() == Some("ReadWriteOnce"));
            once.then(|| (claim.tree.at(&["spec", "volumeName"]).text(), other.node.clone()))
        })
    }

    /// Its volumes are taken from a node that is declared out of service.
    fn is_out_of_service(&self, node: &Text) -> bool {
        let found = self.cache.get(Kind::Node, &Text::default(), node);
        found
            .and_then(|node| node.as_node())
            .is_some_and(|view| view.taints.iter().any(|taint| taint.key == *"node.kubernetes.io/out-of-service"))
    }
}

impl Hands<'_, '_> {
    /// Waits on when another node has a volume of the pod. True when it has.
    pub fn waits_for_detach(&mut self, agent: &mut Agent) -> bool {
        let Some(held) = agent.elsewhere.as_mut() else { return false };
        let first = !std::mem::replace(&mut held.told, true);
        let Elsewhere { volume, node, .. } = held.clone();
        if first {
            let message = format!(
                "Multi-Attach error for volume \"{volume}\" Volume is already exclusively attached to one node and can't be \
                 attached to another"
            );
            let note = Note {
                object: &agent.pod,
                field_path: "",
                warning: true,
                reason: "FailedAttachVolume",
                message: &message,
            };
            self.node.attacher.record(&mut self.context.client, self.context.seed, &note);
            let subject = agent.pod.key();
            let why = Text::from(format!("volume {volume} is still attached to {node}"));
            let on = Key::new(Kind::Node, "", node);
            let wait = Some(Wait { subject: subject.clone(), rule: Rule(0), on, why: why.clone() });
            self.context.decide(Decision { by: "kubelet", subject, did: Text::default(), because: why, wait });
        }
        self.step(agent, Work::Mounting, AGAIN);
        true
    }
}
