//! Going back and forth in time: the acts of the user with their moments, checkpoints, and the laboratory at the cursor.
//!
//! A world is a function of its acts, so the past is computed again, never stored twice. Acting in the past
//! forgets the future that was.

use std::rc::Rc;

use super::journal::{Act, Entry};
use super::lab::Lab;
use super::manifest::FILE;
use super::memory::Memory;
use crate::api::Kind;
use crate::time::Time;
use crate::value::Text;

/// At most so many checkpoints are kept; every second one goes when there are more.
const CHECKPOINTS: usize = 128;

/// So many occurrences lie between checkpoints at least.
const STEPS_BETWEEN: u64 = 128;

/// At most so many moments of change are kept.
const CHANGES: usize = 4096;

/// At most so many occurrences are taken to reach a moment.
const STEPS_A_JUMP: usize = 200_000;

/// The laboratory at the cursor and all that leads to it and on from it.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The laboratory at the cursor.
    pub lab: Lab,
    acts: Rc<Vec<Entry>>,
    checkpoints: Vec<Lab>,
    /// The moments at which something on the stage changed, in order.
    changes: Vec<Time>,
    /// The latest moment that was ever reached, and what was remembered then.
    end: Time,
    ahead: Option<Memory>,
}

impl Timeline {
    /// Nothing has happened yet.
    pub fn new(lab: Lab) -> Self {
        Self {
            checkpoints: vec![lab.clone()],
            changes: vec![lab.world.now()],
            end: lab.world.now(),
            acts: Rc::default(),
            ahead: None,
            lab,
        }
    }

    /// The moment at the cursor.
    pub fn now(&self) -> Time {
        self.lab.world.now()
    }

    /// The latest moment known.
    pub fn end(&self) -> Time {
        self.end.max(self.now())
    }

    /// Whether the cursor stands before something that was seen already.
    pub fn in_the_past(&self) -> bool {
        self.now() < self.end || self.lab.acted < self.acts.len()
    }

    /// Everything remembered up to the end, not only up to the cursor.
    pub fn whole_memory(&self) -> &Memory {
        self.ahead.as_ref().unwrap_or(&self.lab.memory)
    }

    /// What the user did and when, up to the end.
    pub fn acts(&self) -> impl Iterator<Item = (Time, &Act)> {
        self.acts.iter().map(|entry| (entry.at, &entry.act))
    }

    /// When something happens next: by itself, or because the user acted then.
    pub fn next_at(&self) -> Option<Time> {
        let acted = self.due_act().map(|entry| entry.at);
        match (acted, self.lab.world.next_at()) {
            (Some(act), Some(next)) => Some(act.min(next)),
            (act, next) => act.or(next).or((self.now() < self.end).then_some(self.end)),
        }
    }

    /// The recorded act that comes next in the past, when its turn has come.
    fn due_act(&self) -> Option<&Entry> {
        self.acts.get(self.lab.acted).filter(|entry| entry.step <= self.lab.steps)
    }

    /// Takes the next thing that happens until `to`, and says whether it may have changed an object; `None` when
    /// nothing happens.
    fn advance(&mut self, to: Time) -> Option<bool> {
        if let Some(entry) = self.due_act().filter(|entry| entry.at <= to).cloned() {
            self.lab.world.pass_to(entry.at);
            perform(&mut self.lab, &entry);
            self.mark();
            return Some(true);
        }
        if self.lab.world.next_at().is_none_or(|next| next > to) {
            return None;
        }
        let step = self.lab.step()?;
        if step.changes.iter().any(|change| is_on_stage(change.object.kind)) {
            self.mark();
        }
        Some(!step.changes.is_empty())
    }

    /// Takes what happens until this moment, at most so many occurrences. False when there was more.
    pub fn play_to(&mut self, to: Time, most: usize) -> bool {
        for _ in 0..most {
            if self.advance(to).is_none() {
                self.lab.world.pass_to(to);
                self.reached();
                return true;
            }
        }
        self.reached();
        false
    }

    /// Takes what happens next until `enough` says so. It is asked after every change.
    pub fn jump(&mut self, mut enough: impl FnMut(&Lab) -> bool) {
        let far = Time(i64::MAX);
        for _ in 0..STEPS_A_JUMP {
            match self.advance(far) {
                None => break,
                Some(true) if enough(&self.lab) => break,
                Some(_) => {}
            }
        }
        // What belongs to the same moment is shown with it.
        self.play_to(self.now(), STEPS_A_JUMP);
    }

    /// Goes to a moment, forth or back.
    pub fn seek(&mut self, to: Time) {
        let to = Time(to.0.clamp(0, self.end().0));
        if to < self.now() {
            let before = self.checkpoints.iter().rev().find(|lab| lab.world.now() <= to);
            self.restore(before.cloned());
        }
        self.play_to(to, STEPS_A_JUMP);
    }

    /// Goes to the change before the cursor.
    pub fn back(&mut self) {
        let before = self.changes.iter().rev().find(|at| **at < self.now()).copied();
        self.seek(before.unwrap_or_default());
    }

    fn restore(&mut self, lab: Option<Lab>) {
        let Some(lab) = lab else { return };
        if self.ahead.is_none() {
            self.end = self.end.max(self.now());
            self.ahead = Some(self.lab.memory.clone());
        }
        self.lab = lab;
    }

    fn reached(&mut self) {
        if self.now() >= self.end && self.lab.acted >= self.acts.len() {
            self.end = self.now();
            self.ahead = None;
        }
    }

    /// The user acts at the cursor; what lay ahead of it is forgotten. Answers the act's number and its text to keep.
    pub fn act(&mut self, act: Act, manifest: &Text) -> (usize, String) {
        let number = self.lab.acted;
        let here = self.lab.position();
        self.checkpoints.retain(|lab| lab.position() <= here);
        self.changes.retain(|at| *at <= here.2);
        self.end = self.now();
        self.ahead = None;
        let entry = Entry { at: self.now(), step: self.lab.steps, act, manifest: manifest.clone() };
        let acts = Rc::make_mut(&mut self.acts);
        acts.truncate(number);
        let text = entry.write(acts.last().map(|before| &before.manifest));
        acts.push(entry.clone());
        perform(&mut self.lab, &entry);
        self.mark();
        (number, text)
    }

    /// Keeps this moment to go back to, and now and then the whole laboratory.
    fn mark(&mut self) {
        let now = self.now();
        if self.changes.last().is_none_or(|last| *last < now) {
            self.changes.push(now);
            if self.changes.len() > CHANGES {
                self.changes.remove(1);
            }
        }
        let last = self.checkpoints.last().map_or(0, |lab| lab.steps);
        if self.lab.steps < last + STEPS_BETWEEN {
            return;
        }
        if self.checkpoints.len() >= CHECKPOINTS {
            let mut nth = 0;
            self.checkpoints.retain(|_| {
                nth += 1;
                nth % 2 == 1
            });
        }
        self.checkpoints.push(self.lab.clone());
    }
}

/// Kinds whose changes are worth going back to.
fn is_on_stage(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Pod
            | Kind::StatefulSet
            | Kind::PersistentVolumeClaim
            | Kind::Node
            | Kind::Namespace
            | Kind::EndpointSlice
    )
}

fn perform(lab: &mut Lab, entry: &Entry) {
    match &entry.act {
        Act::Line { terminal, foreground, line } => {
            let files = Rc::new([(Text::from(FILE), entry.manifest.clone())].into_iter().collect());
            lab.run(*terminal, line, &files, *foreground);
        }
        Act::Interrupt(terminal) => lab.interrupt(*terminal),
        Act::Fault(fault) => lab.fault(fault.clone(), &fault.told()),
    }
    lab.acted += 1;
}
