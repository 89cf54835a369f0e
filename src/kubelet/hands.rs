//! Everything a worker may touch while it works, and the small motions made of it.

use super::agent::{Agent, Work};
use super::node::NodeAgent;
use super::{Alarm, What, status};
use crate::api::{Kind, Shared};
use crate::apiserver::Subresource;
use crate::apiserver::{Request, Verb};
use crate::controller::recorder::Note;
use crate::controller::{Cache, Context, Decision, Rule, Wait};
use crate::profile::Pace;
use crate::time::Time;
use crate::value::{Text, Value};

/// A worker's reach: the context of this moment, its node, the caches.
pub(super) struct Hands<'a, 'b> {
    pub context: &'a mut Context<'b, Alarm>,
    pub node: &'a mut NodeAgent,
    pub cache: &'a Cache,
}

impl Hands<'_, '_> {
    /// What this pod takes for it alone, ms.
    pub fn own(&self, agent: &Agent, what: Pace) -> Option<i64> {
        let meta = &agent.pod.meta;
        self.context.profile.node_agent.own(what, &meta.namespace, &meta.name)
    }

    pub fn now(&self) -> Time {
        self.context.now
    }

    /// Sets an alarm for a worker.
    pub fn after(&mut self, agent: &Agent, ms: i64, what: What) {
        let subject = agent.uid();
        self.context.after(ms, Alarm { subject, what });
    }

    /// The work under way ends after so many milliseconds.
    pub fn step(&mut self, agent: &mut Agent, work: Work, ms: i64) {
        agent.serial += 1;
        agent.work = work;
        agent.step = (self.now(), self.now().plus(ms));
        self.after(agent, ms, What::Step(agent.serial));
    }

    /// When the node's agent next looks at its container runtime.
    pub fn next_look(&self) -> Time {
        self.node.look_after(self.now())
    }

    /// Asks for a sync now, but not before the runtime has been looked at since the last one. Once a sync is taken up,
    /// what happens meanwhile makes another one.
    pub fn request_sync(&mut self, agent: &mut Agent) {
        if agent.work != Work::Idle || agent.taken_up.is_some() {
            agent.pending = true;
            return;
        }
        agent.taken_up = Some(agent.ending);
        self.request_sync_in(agent, 0);
    }

    /// Asks for a sync in so many milliseconds.
    pub fn request_sync_in(&mut self, agent: &mut Agent, ms: i64) {
        if agent.work != Work::Idle {
            agent.pending = true;
            return;
        }
        let at = self.now().plus(ms).max(agent.fresh);
        if agent.due.is_none_or(|due| at < due) {
            agent.due = Some(at);
            self.after(agent, at.since(self.now()), What::Sync);
        }
    }

    /// Records an event about a container (or about the pod, without one).
    pub fn event(
        &mut self,
        agent: &Agent,
        container: Option<usize>,
        warning: bool,
        reason: &'static str,
        message: &str,
    ) {
        let path = container
            .and_then(|index| agent.containers.get(index))
            .map(super::container::Container::field_path)
            .unwrap_or_default();
        let note = Note { object: &agent.pod, field_path: &path, warning, reason, message };
        self.node.recorder.record(&mut self.context.client, self.context.seed, &note);
    }

    /// Writes the pod's status if it differs from the stored one.
    pub fn write_status(&mut self, agent: &mut Agent) {
        self.write_status_with(agent, |_| {});
    }

    /// Writes the pod's status after a last change to it.
    pub fn write_status_with(&mut self, agent: &mut Agent, change: impl FnOnce(&mut Value)) {
        let Some(stored) = agent.stored(&mut self.context.client) else {
            return;
        };
        let mut new = status::build(agent, &stored, self.now());
        let address = self.node.object.as_node().map(|view| view.address.clone()).unwrap_or_default();
        if !address.is_empty() && new.at(&["hostIP"]).is_null() {
            new.set(&["hostIPs"], vec![crate::map! { "ip" => &address }]);
            new.set(&["hostIP"], address);
        }
        change(&mut new);
        if new == *stored.tree.at(&["status"]) {
            return;
        }
        let mut tree = stored.tree.clone();
        tree.set(&["status"], new);
        if let Ok(written) = self.context.client.update_status(&stored, tree) {
            agent.written = written.meta.resource_version;
        }
    }

    /// Asks the API server to let the pod go: its containers have stopped.
    pub fn delete(&mut self, pod: &Shared) {
        let options = crate::apiserver::DeleteOptions {
            grace_seconds: Some(0),
            uid: Some(pod.meta.uid.clone()),
            ..Default::default()
        };
        let meta = &pod.meta;
        let request = Request::new(Kind::Pod, &meta.namespace, &meta.name, Verb::Delete(options));
        let _ = self.context.client.send(request.part(Subresource::None));
    }

    /// Writes down what was done and why.
    pub fn did(&mut self, agent: &Agent, did: impl Into<Text>, because: impl Into<Text>) {
        self.context.decide(Decision {
            by: "kubelet",
            subject: agent.pod.key(),
            did: did.into(),
            because: because.into(),
            wait: None,
        });
    }

    /// Writes down what the pod waits for.
    pub fn waits(&mut self, agent: &Agent, why: impl Into<Text>) {
        let (subject, why) = (agent.pod.key(), why.into());
        self.context.decide(Decision {
            by: "kubelet",
            subject: subject.clone(),
            did: Text::default(),
            because: why.clone(),
            wait: Some(Wait { subject: subject.clone(), rule: Rule(0), on: subject, why }),
        });
    }
}
