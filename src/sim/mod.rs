//! The world: one API server, the parts that act on it, the commands that run against it, and one clock.

mod agenda;
mod cluster;
mod digest;
mod fault;
mod intent;
mod parts;
mod processes;
mod step;

pub use digest::Digest;
pub use fault::{Fault, Latency, Machine};
pub use intent::Intent;
pub use step::{Step, StepId, Trigger};

use std::rc::Rc;

use agenda::Agenda;
use parts::{Alarm, Outcome, PartName, Parts, Surroundings};
use processes::Processes;

use crate::api::{Key, Object};
use crate::apiserver::{ApiServer, Client, Gates, Store, WatchEvent};
use crate::controller::Wait;
use crate::kubectl::{Process, ProcessId};
use crate::kubelet::Countdown;
use crate::profile::Profile;
use crate::random::Seed;
use crate::time::Time;
use crate::value::Text;

/// What a world begins from.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Setup {
    pub profile: Profile,
    pub gates: Gates,
    pub seed: Seed,
}

/// A cluster with a clock. A clone is a checkpoint: what is large is shared until it changes.
#[derive(Clone, Debug)]
pub struct World {
    now: Time,
    seed: Seed,
    profile: Rc<Profile>,
    server: ApiServer,
    parts: Parts,
    agenda: Agenda<Occurrence>,
    processes: Processes,
    journal: Rc<Vec<(Time, Intent)>>,
    steps: u64,
}

/// What can be due.
#[derive(Clone, Debug)]
enum Occurrence {
    /// Changes reach the cache of a part.
    Deliver(PartName, Rc<Vec<Rc<WatchEvent>>>),
    /// An alarm of a part rings.
    Alarm(Alarm),
    /// A command goes on; the number tells whether it still wants to.
    Process(ProcessId, u64),
    /// Something breaks or is mended.
    Fault(Fault),
}

impl Occurrence {
    /// Who acts then.
    fn actor(&self) -> &'static str {
        match self {
            Self::Deliver(name, _) => name.actor(),
            Self::Alarm(alarm) => alarm.actor(),
            Self::Process(..) => "kubectl",
            Self::Fault(_) => "fault",
        }
    }
}

impl World {
    /// A cluster in which nothing has happened yet.
    pub fn new(setup: &Setup) -> Self {
        let mut server = ApiServer::new(setup.seed, setup.gates);
        let built = Time(-cluster::CLUSTER_AGE);
        cluster::build(&setup.profile, &mut Client::new(&mut server, built));
        let mut world = Self {
            now: built,
            seed: setup.seed,
            profile: Rc::new(setup.profile.clone()),
            parts: Parts::new(&setup.profile, setup.gates),
            server,
            agenda: Agenda::default(),
            processes: Processes::default(),
            journal: Rc::default(),
            steps: 0,
        };
        world.settle(None);
        // The cluster has had its time to come to rest.
        world.run_until(Time(-1), |_| {});
        world.now = Time(0);
        world.steps = 0;
        world.agenda.forget_causes();
        world
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The latencies and the inventory of this world.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Everything that is stored at the API server.
    pub fn store(&self) -> &Store {
        self.server.store()
    }

    /// What persons have done so far, and when.
    pub fn journal(&self) -> &[(Time, Intent)] {
        &self.journal
    }

    /// What each StatefulSet that waits is waiting for.
    pub fn waits(&self) -> impl Iterator<Item = (Key, &Wait)> {
        self.parts.stateful_set.waits()
    }

    /// What a pod waits out: an image, a probe's next tick, a back-off, the end of its grace.
    pub fn countdown(&self, pod: &Object) -> Option<Countdown> {
        self.parts.kubelet.countdown(pod)
    }

    /// Whether the kubelet of this node is silent, whether anyone has noticed or not.
    pub fn is_silent(&self, node: &str) -> bool {
        self.parts.kubelet.is_silent(node)
    }

    /// Whether no volume is provisioned at present.
    pub fn provisioner_is_down(&self) -> bool {
        self.parts.provisioner.is_down()
    }

    /// The machines on which a program of a pod of this name runs, each with the pod's uid. More than one only where
    /// somebody let an object go that was still running.
    pub fn running(&self, namespace: &str, pod: &str) -> Vec<(Text, Text)> {
        self.parts.kubelet.running(namespace, pod)
    }

    /// Whether a program of the pod hangs.
    pub fn is_frozen(&self, pod: &Object) -> bool {
        self.parts.kubelet.is_frozen(pod)
    }

    /// A command that runs or has run.
    pub fn process(&self, id: ProcessId) -> Option<&Process> {
        self.processes.get(id)
    }

    /// Every command so far, in the order in which they were started.
    pub fn processes(&self) -> impl Iterator<Item = (ProcessId, &Process)> {
        self.processes.iter()
    }

    /// The namespace that commands use without `-n`, where one was chosen; else empty.
    pub fn namespace(&self) -> Text {
        self.processes.namespace()
    }

    /// When something happens next by itself.
    pub fn next_at(&self) -> Option<Time> {
        self.agenda.next_at()
    }

    /// Who acts then: a component by its name, `kubectl` for a command that goes on, `fault` for what breaks or is mended.
    pub fn next_actor(&self) -> Option<&'static str> {
        self.agenda.next().map(Occurrence::actor)
    }

    /// A read-only question at this moment, as kubectl would ask it. Changes nothing.
    pub fn inspect<T>(&self, ask: impl FnOnce(&mut Client<'_>) -> T) -> T {
        let mut server = self.server.clone();
        ask(&mut Client::new(&mut server, self.now))
    }

    /// Lets time pass to this moment although nothing happens then. Never skips an occurrence.
    pub fn pass_to(&mut self, at: Time) {
        let limit = self.next_at().map_or(at, |next| next.min(at));
        self.now = self.now.max(limit);
    }

    /// A person acts, now. A started command runs with the next steps; its number is the answer.
    pub fn submit(&mut self, intent: Intent) -> Option<ProcessId> {
        Rc::make_mut(&mut self.journal).push((self.now, intent.clone()));
        match intent {
            Intent::Run(invocation) => {
                let (id, token) = self.processes.start(invocation, self.now);
                self.agenda.enter(self.now, None, Occurrence::Process(id, token));
                Some(id)
            }
            Intent::Interrupt(id) => {
                self.processes.interrupt(id);
                None
            }
            Intent::CloseEditor(id, saved) => {
                let token = self.processes.close_editor(id, saved)?;
                self.agenda.enter(self.now, None, Occurrence::Process(id, token));
                None
            }
            Intent::Fault(fault) => {
                self.agenda.enter(self.now, None, Occurrence::Fault(fault));
                None
            }
        }
    }

    /// Takes the next occurrence; `None` when nothing will ever happen by itself.
    pub fn step(&mut self) -> Option<Step> {
        let (at, cause, occurrence) = self.agenda.take()?;
        self.now = self.now.max(at);
        self.steps += 1;
        let id = StepId(self.steps);
        let trigger = match &occurrence {
            Occurrence::Deliver(..) => Trigger::News,
            Occurrence::Alarm(_) => Trigger::Clock,
            Occurrence::Process(process, _) => Trigger::Command(*process),
            Occurrence::Fault(fault) => Trigger::Fault(fault.clone()),
        };
        let (changes, decisions) = (Vec::new(), Vec::new());
        let mut step =
            Step { id, cause, trigger, at: self.now, actor: occurrence.actor(), changes, decisions, process: None };
        match occurrence {
            Occurrence::Deliver(name, events) => {
                let outcome = self.around(|parts, around| parts.observe(name, &events, around));
                self.take_in(id, &mut step, outcome);
            }
            Occurrence::Alarm(alarm) => {
                let outcome = self.around(|parts, around| parts.wake(alarm, around));
                self.take_in(id, &mut step, outcome);
            }
            Occurrence::Fault(fault) => {
                fault.set(&mut self.profile);
                let outcome = self.around(|parts, around| parts.fault(&fault, around));
                self.take_in(id, &mut step, outcome);
            }
            Occurrence::Process(process, token) => {
                let client = Client::new(&mut self.server, self.now);
                let woken = self.processes.wake(process, token, client, &self.profile.command);
                if let Some(again) = woken {
                    step.process = Some(process);
                    if let Some((at, token)) = again {
                        let at = at.max(self.now);
                        self.agenda.enter(at, Some(id), Occurrence::Process(process, token));
                    }
                }
            }
        }
        step.changes = self.settle(Some(id));
        Some(step)
    }

    /// Takes every occurrence up to and including this moment, then lets time pass to it.
    pub fn run_until(&mut self, at: Time, mut seen: impl FnMut(&Step)) {
        while self.next_at().is_some_and(|next| next <= at) {
            if let Some(step) = self.step() {
                seen(&step);
            }
        }
        self.pass_to(at);
    }

    fn around<T>(&mut self, act: impl FnOnce(&mut Parts, &mut Surroundings<'_>) -> T) -> T {
        let mut around =
            Surroundings { server: &mut self.server, now: self.now, seed: self.seed, profile: &self.profile };
        act(&mut self.parts, &mut around)
    }

    fn take_in(&mut self, id: StepId, step: &mut Step, outcome: Outcome) {
        for (at, alarm) in outcome.alarms {
            self.agenda.enter(at, Some(id), Occurrence::Alarm(alarm));
        }
        step.decisions = outcome.decisions;
    }

    /// Sends what was committed on its way to every part and command that watches.
    fn settle(&mut self, cause: Option<StepId>) -> Vec<Rc<WatchEvent>> {
        let events = self.server.take_announced();
        if events.is_empty() {
            return events;
        }
        for name in PartName::ALL {
            let wanted: Vec<Rc<WatchEvent>> =
                events.iter().filter(|event| name.watches(event.object.kind)).cloned().collect();
            if !wanted.is_empty() {
                let at = self.now.plus(name.latency(&self.profile));
                self.agenda.enter(at, cause, Occurrence::Deliver(*name, Rc::new(wanted)));
            }
        }
        for (id, token) in self.processes.changed(&events) {
            self.agenda.enter(self.now, cause, Occurrence::Process(id, token));
        }
        events
    }
}
