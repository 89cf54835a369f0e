//! What has been decided so far, as far as it still matters, and which step led to which.

use std::rc::Rc;

use super::narrate::{Sentence, narrate};
use crate::api::{Key, Kind};
use crate::apiserver::Change;
use crate::controller::Decision;
use crate::sim::{Step, StepId, Trigger};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// So many steps share one piece of the record, and at most so many pieces are kept.
const PIECE: usize = 256;
const PIECES: usize = 128;

/// At most so many things are kept of what one step did.
const PER_STEP: usize = 4;

/// A decision and where it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Noted {
    pub decision: Decision,
    pub step: StepId,
    pub at: Time,
}

/// What is kept of one step.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    pub cause: Option<StepId>,
    pub at: Time,
    pub actor: &'static str,
    /// What it did, where it did anything that can be seen, and what set it off.
    pub deeds: Option<Rc<Deeds>>,
}

/// What came of a step.
#[derive(Clone, Debug)]
pub(super) struct Deeds {
    pub trigger: Trigger,
    pub sentences: Vec<Sentence>,
    pub changed: Vec<(Change, Key)>,
}

/// The record of a world's steps. A clone shares what it can.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// The steps in order, and the number of the first one that is kept, from 0.
    pieces: Vec<Rc<Vec<Trace>>>,
    first: u64,
    /// The last decision of each part about each object that is there, or is still to come.
    latest: Rc<SortedMap<Key, Rc<Vec<Noted>>>>,
    /// Every write of an event, and its step.
    events: Vec<Rc<Vec<(Key, StepId)>>>,
    /// The last step that changed each other object.
    touched: Rc<SortedMap<Key, (StepId, Time)>>,
}

impl Chronicle {
    /// Takes a step in. Every step has to be shown, in order.
    pub fn observe(&mut self, step: &Step) {
        for change in &step.changes {
            let key = change.object.key();
            if change.change == Change::Deleted && self.latest.contains_key(&key) {
                // Another object of this name begins anew.
                Rc::make_mut(&mut self.latest).remove(&key);
            }
            if key.kind == Kind::Event {
                if change.change != Change::Deleted {
                    self.keep_event(key, step.id);
                }
            } else {
                Rc::make_mut(&mut self.touched).insert(key, (step.id, step.at));
            }
        }
        for decision in &step.decisions {
            self.note(Noted { decision: decision.clone(), step: step.id, at: step.at });
        }
        let deeds = (!step.is_quiet() || matches!(step.trigger, Trigger::Fault(_))).then(|| Rc::new(deeds(step)));
        self.keep(Trace { cause: step.cause, at: step.at, actor: step.actor, deeds });
    }

    fn note(&mut self, noted: Noted) {
        let of_subject = Rc::make_mut(Rc::make_mut(&mut self.latest).or_default(noted.decision.subject.clone()));
        let by = noted.decision.by;
        // What was decided again is as old as it was.
        if let Some(held) = of_subject.iter_mut().find(|held| held.decision.by == by) {
            if held.decision != noted.decision {
                *held = noted;
            }
        } else {
            of_subject.push(noted);
        }
    }

    /// Events are many: they are kept in the order in which they come, in pieces that copies share.
    fn keep_event(&mut self, key: Key, step: StepId) {
        if self.events.last().is_none_or(|piece| piece.len() >= PIECE) {
            if self.events.len() >= PIECES {
                self.events.remove(0);
            }
            self.events.push(Rc::default());
        }
        if let Some(piece) = self.events.last_mut() {
            Rc::make_mut(piece).push((key, step));
        }
    }

    fn keep(&mut self, trace: Trace) {
        if self.pieces.last().is_none_or(|piece| piece.len() >= PIECE) {
            if self.pieces.len() >= PIECES {
                self.pieces.remove(0);
                self.first += PIECE as u64;
            }
            self.pieces.push(Rc::new(Vec::with_capacity(PIECE)));
        }
        if let Some(piece) = self.pieces.last_mut() {
            Rc::make_mut(piece).push(trace);
        }
    }

    /// What is kept of a step.
    pub(super) fn trace(&self, step: StepId) -> Option<&Trace> {
        let nth = usize::try_from(step.0.checked_sub(1)?.checked_sub(self.first)?).ok()?;
        self.pieces.get(nth / PIECE)?.get(nth % PIECE)
    }

    /// The last decisions about an object, each part's own.
    pub fn decisions(&self, subject: &Key) -> &[Noted] {
        self.latest.get(subject).map_or(&[], |noted| noted.as_slice())
    }

    /// What this part decided last about an object.
    pub fn last(&self, subject: &Key, by: &str) -> Option<&Noted> {
        self.decisions(subject).iter().find(|noted| noted.decision.by == by)
    }

    /// What this part waits for before it goes on with an object.
    pub fn wait(&self, subject: &Key, by: &str) -> Option<&Noted> {
        self.last(subject, by).filter(|noted| noted.decision.wait.is_some())
    }

    /// The last step that changed an object (or removed it), and when.
    pub fn touched(&self, key: &Key) -> Option<(StepId, Time)> {
        if key.kind == Kind::Event {
            let all = self.events.iter().rev().flat_map(|piece| piece.iter().rev());
            let step = all.into_iter().find(|(event, _)| event == key).map(|(_, step)| *step)?;
            return Some((step, self.trace(step)?.at));
        }
        self.touched.get(key).copied()
    }

    /// The last step that had to do with an object: a decision about it, or a change of it.
    pub fn last_about(&self, key: &Key) -> Option<StepId> {
        let decided = self.decisions(key).iter().map(|noted| noted.step).max();
        decided.max(self.touched(key).map(|(step, _)| step))
    }
}

fn deeds(step: &Step) -> Deeds {
    let sentences = step.decisions.iter().take(PER_STEP).map(narrate).collect();
    let seen = |key: &Key| !matches!(key.kind, Kind::Event);
    let changed = step.changes.iter().map(|change| (change.change, change.object.key()));
    let changed: Vec<(Change, Key)> = changed.filter(|(_, key)| seen(key)).take(PER_STEP).collect();
    Deeds { trigger: step.trigger.clone(), sentences, changed }
}

/// A name as it is told: `pod/web-0`.
pub(super) fn told(key: &Key) -> Text {
    format!("{}/{}", key.kind.info().singular, key.name).into()
}
