//! Carrying a scenario out: commands one after another, watches beside them, faults, waits.

use std::rc::Rc;

use super::identities::Identities;
use super::record::{Recorded, transcript_line};
use super::scenario::{Scenario, ScenarioStep, StepKind};
use super::volume_names::VolumeNames;
use super::waits::{Before, Condition, Test, holds};
use crate::api::Kind;
use crate::apiserver::Gates;
use crate::kubectl::{Invocation, ProcessId};
use crate::profile::Profile;
use crate::random::Seed;
use crate::sim::{Fault, Intent, Setup, Step, World};
use crate::time::Time;
use crate::value::{Text, Value};

/// A command that has not ended by itself after this time is ended, ms.
const LONGEST_COMMAND: i64 = 900_000;

/// A recording goes on for this time after its last command, ms: some of what follows from it is seen.
const LAST_LOOK: i64 = 660;

/// The chance of the recorded world: what no rule decides (which node a pod gets, the order in which a garbage collector
/// takes dependents up). Any seed will do: over twenty of them no part of the judge's score moves by more than a point,
/// but for *order*.
pub const SEED: Seed = Seed(11);

/// A scenario being performed.
#[derive(Debug)]
pub struct Replay<'a> {
    scenario: &'a Scenario,
    /// The world it is performed in.
    pub world: World,
    recorded: Recorded,
    watches: Vec<Watch>,
    lines: Vec<(i64, Value)>,
    before: Before,
    names: VolumeNames,
    identities: Identities,
}

/// A command in the background.
#[derive(Debug)]
struct Watch {
    index: i64,
    process: ProcessId,
    ends_before: Option<i64>,
    note: Value,
}

impl<'a> Replay<'a> {
    /// The scenario before its first step.
    ///
    /// # Errors
    /// The profile does not exist.
    pub fn new(scenario: &'a Scenario) -> Result<Self, String> {
        let profile =
            Profile::named(&scenario.profile).ok_or_else(|| format!("unknown world profile {}", scenario.profile))?;
        Ok(Self::in_world(scenario, profile, SEED))
    }

    /// The scenario before its first step, in this world instead of its own, with this chance.
    pub fn in_world(scenario: &'a Scenario, profile: Profile, seed: Seed) -> Self {
        let gates = Gates {
            max_unavailable_stateful_set: scenario.gates.iter().any(|gate| *gate == *"MaxUnavailableStatefulSet"),
        };
        Self {
            scenario,
            world: World::new(&Setup { profile, gates, seed }),
            recorded: Recorded::default(),
            watches: Vec::new(),
            lines: Vec::new(),
            before: Before::default(),
            names: VolumeNames::default(),
            identities: Identities::default(),
        }
    }

    /// Performs a whole scenario.
    ///
    /// # Errors
    /// The profile does not exist.
    pub fn run(scenario: &'a Scenario) -> Result<Recorded, String> {
        Ok(Self::new(scenario)?.perform())
    }

    /// Performs every step; answers what was recorded.
    pub fn perform(mut self) -> Recorded {
        for step in &self.scenario.steps {
            self.step(step, &mut |_, _| {});
        }
        self.finish()
    }

    /// Ends what still runs and answers what was recorded.
    pub fn finish(mut self) -> Recorded {
        self.end_watches(None);
        self.pass(self.world.now().plus(LAST_LOOK), &mut |_, _| {});
        self.lines.sort_by_key(|(index, _)| *index);
        for (_, line) in &self.lines {
            self.recorded.command(line);
        }
        self.recorded
    }

    /// Performs one step and what is waited for after it; `seen` is shown the world after every occurrence.
    pub fn step(&mut self, step: &ScenarioStep, seen: &mut dyn FnMut(&World, &Step)) {
        self.before.pods = self
            .world
            .store()
            .list(Kind::Pod, &self.scenario.namespace)
            .map(|pod| (pod.meta.name.clone(), pod.meta.uid.clone()))
            .collect();
        match &step.kind {
            StepKind::Command { index, argv, stdin, background, ends_before, note } => {
                self.end_watches(Some(*index));
                let process = self.start(argv, stdin.as_ref());
                if *background {
                    let pause = self.world.profile().command.background_ms;
                    self.watches.push(Watch { index: *index, process, ends_before: *ends_before, note: note.clone() });
                    self.pass(self.world.now().plus(pause), seen);
                } else {
                    self.foreground(process, seen);
                    if let Some(process) = self.world.process(process) {
                        let line = transcript_line(*index, process, &self.names, stdin.as_ref(), note, None);
                        self.lines.push((*index, line));
                    }
                }
            }
            StepKind::NodeStop { of_pod } => {
                let node = self
                    .world
                    .store()
                    .get(Kind::Pod, &self.scenario.namespace, of_pod)
                    .and_then(|pod| Some(pod.as_pod()?.node.clone()))
                    .unwrap_or_default();
                self.before.node = node.clone();
                self.world.submit(Intent::Fault(Fault::NodeStops(node)));
            }
            StepKind::NodeStart => {
                let node = self.before.node.clone();
                self.world.submit(Intent::Fault(Fault::NodeStarts(node)));
            }
        }
        for condition in &step.waits {
            self.wait(condition, seen);
        }
    }

    fn start(&mut self, argv: &[Text], stdin: Option<&Text>) -> ProcessId {
        let argv = self.names.to_ours(argv, &self.world, &self.scenario.namespace);
        let mut files = self.scenario.files.clone();
        for name in argv.iter().chain(stdin) {
            let Some(file) = files.get(name) else { continue };
            let ours = self.identities.to_ours(file, &self.world, &self.scenario.namespace);
            if ours != *file {
                Rc::make_mut(&mut files).insert(name.clone(), ours);
            }
        }
        let invocation =
            Invocation { argv, stdin: stdin.and_then(|file| files.get(file).cloned()), files, ..Invocation::default() };
        self.world.submit(Intent::Run(invocation)).unwrap_or(ProcessId(0))
    }

    /// Lets a foreground command run to its end, and at least as long as commands take.
    fn foreground(&mut self, process: ProcessId, seen: &mut dyn FnMut(&World, &Step)) {
        let start = self.world.now();
        let limit = start.plus(LONGEST_COMMAND);
        let runs = |world: &World| world.process(process).is_some_and(|p| p.exit.is_none());
        while runs(&self.world) && self.world.next_at().is_some_and(|next| next <= limit) {
            self.one_step(seen);
        }
        if runs(&self.world) {
            self.world.submit(Intent::Interrupt(process));
        }
        let earliest = start.plus(self.world.profile().command.foreground_ms);
        self.pass(earliest, seen);
    }

    fn wait(&mut self, condition: &Condition, seen: &mut dyn FnMut(&World, &Step)) {
        if let Test::Sleep(ms) = condition.test {
            self.pass(self.world.now().plus(ms), seen);
            return;
        }
        let limit = self.world.now().plus(condition.timeout);
        let namespace = condition.namespace.as_ref().unwrap_or(&self.scenario.namespace);
        while !holds(&self.world, namespace, &condition.test, &self.before) && self.world.now() < limit {
            let next = self.world.now().plus(self.world.profile().command.poll_ms);
            self.pass(next, seen);
        }
    }

    /// Lets time pass to a moment.
    fn pass(&mut self, to: Time, seen: &mut dyn FnMut(&World, &Step)) {
        while self.world.next_at().is_some_and(|next| next <= to) {
            self.one_step(seen);
        }
        self.world.pass_to(to);
    }

    fn one_step(&mut self, seen: &mut dyn FnMut(&World, &Step)) {
        if let Some(step) = self.world.step() {
            self.recorded.step(&step);
            seen(&self.world, &step);
        }
    }

    /// Ends the watches that end before a step (all of them when there is none left).
    fn end_watches(&mut self, before: Option<i64>) {
        let due = |watch: &Watch| match before {
            Some(index) => watch.ends_before == Some(index),
            None => true,
        };
        let (ended, going): (Vec<Watch>, Vec<Watch>) = std::mem::take(&mut self.watches).into_iter().partition(due);
        self.watches = going;
        for watch in ended {
            if let Some(process) = self.world.process(watch.process) {
                let line =
                    transcript_line(watch.index, process, &self.names, None, &watch.note, Some(watch.ends_before));
                self.lines.push((watch.index, line));
            }
            self.world.submit(Intent::Interrupt(watch.process));
        }
    }
}
