//! One line of events: its journal, its checkpoints, what was written down of it, and the cursor on it.

use std::rc::Rc;

use super::kept::Checkpoints;
use super::{Entry, Laboratory, Moment, Place, Record};
use crate::apiserver::Change;
use crate::time::Time;
use crate::value::Text;

/// At most so many occurrences are taken to reach a moment at once.
pub const STEPS_A_JUMP: usize = 400_000;

/// At most so many occurrences are taken at the moment of an act, so that no loop of the cluster can hang the page.
const AT_ONCE: usize = 20_000;

/// What the checkpoints of the branch that is shown may weigh, bytes, roughly.
const BUDGET: usize = 14 << 20;

/// And those of a branch that is not.
const BUDGET_ASIDE: usize = 1 << 20;

/// One line of events.
#[derive(Clone, Debug)]
pub struct Branch<L: Laboratory> {
    /// Names it for good.
    pub number: u32,
    /// Its name, for people.
    pub name: Text,
    /// The branch it left, and where.
    pub parent: Option<(u32, Moment)>,
    entries: Rc<Vec<Entry>>,
    cursor: Place<L>,
    checkpoints: Checkpoints<L>,
    record: L::Record,
    /// The latest point ever reached.
    seen: Moment,
    /// The moment that the branch reaches at least, by what was heard of it.
    known: Time,
}

impl<L: Laboratory> Branch<L> {
    /// A branch on which nothing has happened yet.
    pub fn first(number: u32, name: Text, lab: L) -> Self {
        let cursor = Place::first(lab);
        Self {
            number,
            name,
            parent: None,
            entries: Rc::default(),
            checkpoints: Checkpoints::new(&cursor),
            record: L::Record::default(),
            seen: cursor.moment(),
            known: Time(0),
            cursor,
        }
    }

    /// A branch with these entries, of which nothing was performed yet.
    pub fn of_entries(number: u32, name: Text, lab: L, entries: Vec<Entry>) -> Self {
        Self { entries: Rc::new(entries), ..Self::first(number, name, lab) }
    }

    /// Time passes until then at least: what comes before belongs to the branch, although nobody has seen it here.
    pub fn until(&mut self, end: Time) {
        self.known = self.known.max(end);
    }

    /// The laboratory at the cursor.
    pub fn lab(&self) -> &L {
        &self.cursor.lab
    }

    /// The laboratory at the cursor, for what changes nothing that happens (a screen may be emptied).
    pub fn lab_mut(&mut self) -> &mut L {
        &mut self.cursor.lab
    }

    /// Where the cursor stands.
    pub fn moment(&self) -> Moment {
        self.cursor.moment()
    }

    /// The clock at the cursor.
    pub fn now(&self) -> Time {
        self.cursor.lab.now()
    }

    /// The latest point ever reached.
    pub fn seen(&self) -> Moment {
        self.seen.max(self.moment())
    }

    /// The latest moment known: what was reached, or what the journal reaches.
    pub fn end(&self) -> Time {
        let acted = self.entries.last().map_or(Time(0), |entry| entry.at);
        self.seen.at.max(self.now()).max(self.known).max(acted)
    }

    /// Whether the cursor stands before something that is known already.
    pub fn in_the_past(&self) -> bool {
        self.now() < self.end() || self.moment() < self.seen || self.cursor.acted < self.entries.len()
    }

    /// What was written down, up to the latest point ever reached.
    pub fn record(&self) -> &L::Record {
        &self.record
    }

    /// What persons did, up to the end.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many checkpoints there are, and what they weigh, bytes, roughly.
    pub fn kept(&self) -> (usize, usize) {
        (self.checkpoints.len(), self.checkpoints.weight())
    }

    /// When something happens next: by itself, because somebody acted then, or because time passed until then.
    pub fn next_at(&self) -> Option<Time> {
        let acted = self.entries.get(self.cursor.acted).map(|entry| entry.at);
        let end = (self.now() < self.end()).then(|| self.end());
        acted.into_iter().chain(self.cursor.lab.next_at()).chain(end).min()
    }

    /// The recorded act that comes next, when its turn has come: after as many occurrences as then; whatever an older
    /// engine counted, not before anything earlier has happened, and not after anything later.
    fn due(&self) -> Option<&Entry> {
        let entry = self.entries.get(self.cursor.acted)?;
        let next = self.cursor.lab.next_at();
        let ripe = next.is_none_or(|next| next > entry.at || (next == entry.at && self.cursor.step >= entry.step));
        ripe.then_some(entry)
    }

    /// Takes the next thing that happens until `to`, and says whether it may have changed an object; `None` when
    /// nothing happens.
    fn advance(&mut self, to: Time) -> Option<bool> {
        if let Some(entry) = self.due().filter(|entry| entry.at <= to).cloned() {
            self.perform(entry);
            return Some(true);
        }
        if self.cursor.lab.next_at().is_none_or(|next| next > to) {
            return None;
        }
        let step = self.cursor.lab.step()?;
        self.cursor.step += 1;
        let here = self.moment();
        if here > self.seen {
            self.seen = here;
            self.record.observe(here, &step, &self.cursor.lab);
            let written = step.changes.iter().filter(|change| change.change != Change::Deleted).count();
            self.checkpoints.offer(&self.cursor, written, BUDGET);
        }
        Some(!step.changes.is_empty())
    }

    fn perform(&mut self, entry: Entry) {
        self.cursor.lab.pass_to(entry.at);
        if entry.step != self.cursor.step {
            // Another engine counted otherwise; from now on ours counts.
            let step = self.cursor.step;
            if let Some(entry) = Rc::make_mut(&mut self.entries).get_mut(self.cursor.acted) {
                entry.step = step;
            }
        }
        self.cursor.lab.perform(&entry);
        self.cursor.acted += 1;
        let here = self.moment();
        if here > self.seen {
            self.seen = here;
            self.record.acted(here, &entry, &self.cursor.lab);
        }
    }

    /// Takes what happens until this moment, at most so many occurrences. False when there was more.
    pub fn play_to(&mut self, to: Time, most: usize) -> bool {
        for _ in 0..most {
            if self.advance(to).is_none() {
                self.cursor.lab.pass_to(to);
                self.seen = self.seen();
                return true;
            }
        }
        false
    }

    /// Takes what happens next until `enough` says so. It is asked after everything that may have changed an object.
    /// Where it was not enough until then, it stays where it was: false.
    pub fn jump(&mut self, until: Time, mut enough: impl FnMut(&L) -> bool) -> bool {
        let here = self.moment();
        for _ in 0..STEPS_A_JUMP {
            match self.advance(until) {
                None => break,
                Some(true) if enough(&self.cursor.lab) => {
                    // What belongs to the same moment is shown with it.
                    self.play_to(self.now(), STEPS_A_JUMP);
                    return true;
                }
                Some(_) => {}
            }
        }
        self.seek_to(here);
        false
    }

    /// Goes on until something of what is looked for was written down, and stands right behind it; where nothing was
    /// until then, it stays.
    pub fn find(&mut self, until: Time, mut found: impl FnMut(&L::Record) -> Option<Moment>) -> bool {
        let here = self.moment();
        for _ in 0..STEPS_A_JUMP {
            if let Some(at) = found(&self.record) {
                self.seek_to(at);
                return true;
            }
            if self.advance(until).is_none() {
                break;
            }
        }
        self.seek_to(here);
        false
    }

    /// Goes to the end of a moment, forth or back.
    pub fn seek(&mut self, to: Time) {
        let to = Time(to.0.clamp(0, self.end().0));
        self.restore(to < self.now(), |kept| kept.at <= to);
        self.play_to(to, STEPS_A_JUMP);
    }

    /// Goes to a point, forth or back, exactly.
    pub fn seek_to(&mut self, to: Moment) {
        self.restore(to < self.moment(), |kept| kept <= to);
        for _ in 0..STEPS_A_JUMP {
            let here = self.moment();
            if (here.step, here.acted) >= (to.step, to.acted) || self.advance(to.at).is_none() {
                break;
            }
        }
        self.cursor.lab.pass_to(to.at);
    }

    /// Goes to the last checkpoint that fits, when that leads on: always where the way is back.
    fn restore(&mut self, back: bool, fits: impl Fn(Moment) -> bool) {
        if let Some(place) = self.checkpoints.last(fits)
            && (back || place.moment() > self.moment())
        {
            self.seen = self.seen();
            self.cursor = place.clone();
        }
    }

    /// Somebody acts at the cursor, which must be the end.
    pub(super) fn act(&mut self, entry: Entry) {
        Rc::make_mut(&mut self.entries).push(entry.clone());
        self.perform(entry);
        // What the act brings about at once is seen at once.
        self.play_to(self.now(), AT_ONCE);
    }

    /// Forgets everything after the cursor.
    pub(super) fn cut(&mut self) {
        let here = self.moment();
        Rc::make_mut(&mut self.entries).truncate(here.acted);
        self.checkpoints.cut(here);
        self.record.cut(here);
        self.seen = here;
        self.known = here.at;
    }

    /// The branch is not shown any more: it keeps its journal, and few checkpoints.
    pub(super) fn lay_aside(&mut self) {
        self.checkpoints.thin(BUDGET_ASIDE);
    }
}

#[cfg(test)]
impl<L: Laboratory> Branch<L> {
    /// Leaves only the first checkpoint and the last.
    pub(super) fn forget_checkpoints(&mut self) {
        self.checkpoints.thin(0);
    }
}
