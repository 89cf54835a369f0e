//! Going back and forth in time, and sideways: the journal of what persons did, checkpoints, and branches.
//!
//! A laboratory is a function of its journal, so the past is computed again, never stored twice. Acting in the past
//! begins another branch; the future that was stays. See `design.md` §4.

mod branch;
mod entry;
mod kept;
mod pack;
mod place;
mod session;

pub use branch::Branch;
pub use entry::{Act, Entry, FILE, Files};
pub use pack::{pack, unpack};
pub use place::{Laboratory, Moment, Place, Record};
pub use session::{Broken, FILES, LONGEST as LONGEST_SESSION, Session, Strand};

use std::fmt;

use crate::time::Time;
use crate::value::Text;

/// At most so many branches.
pub const BRANCHES: usize = 16;

/// At most so many acts on a branch.
pub const ACTS: usize = 4000;

/// At most so many letters in the name of a branch.
pub const NAME: usize = 40;

/// Why something cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are as many branches as there may be.
    TooManyBranches,
    /// There are as many acts as there may be.
    TooManyActs,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyBranches => {
                write!(f, "There are {BRANCHES} branches already. Delete one of them, or go to the end of this one.")
            }
            Self::TooManyActs => write!(f, "{ACTS} acts were done on this branch already. Begin anew, or undo some."),
        }
    }
}

/// What became of the last act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// There was none.
    Nothing,
    /// It was taken back; the branch with it stays.
    Kept,
    /// It was taken back; it belongs to another branch, which stays.
    Again,
    /// It was taken back and is gone: there are as many branches as there may be.
    Dropped,
}

/// All branches, the one that is shown, and the one shown beside it.
#[derive(Clone, Debug)]
pub struct History<L: Laboratory> {
    branches: Vec<Branch<L>>,
    shown: usize,
    beside: Option<u32>,
    /// Branches ever made.
    made: u32,
}

impl<L: Laboratory> History<L> {
    /// Nothing has happened yet, on one branch.
    pub fn new(lab: L) -> Self {
        Self { branches: vec![Branch::first(1, "main".into(), lab)], shown: 0, beside: None, made: 1 }
    }

    /// A history of these branches, of which the `shown`-th is shown. `None` without one.
    pub fn of_branches(branches: Vec<Branch<L>>, shown: usize) -> Option<Self> {
        let made = branches.iter().map(|branch| branch.number).max()?;
        let shown = shown.min(branches.len() - 1);
        Some(Self { branches, shown, beside: None, made })
    }

    /// Every branch, oldest first.
    pub fn branches(&self) -> &[Branch<L>] {
        &self.branches
    }

    /// The branches, to be played.
    pub fn branches_mut(&mut self) -> &mut [Branch<L>] {
        &mut self.branches
    }

    /// The branch that is shown.
    #[allow(clippy::indexing_slicing, reason = "there is always one, and `shown` is one of them")]
    pub fn branch(&self) -> &Branch<L> {
        &self.branches[self.shown]
    }

    /// The branch that is shown, to be played.
    #[allow(clippy::indexing_slicing, reason = "there is always one, and `shown` is one of them")]
    pub fn branch_mut(&mut self) -> &mut Branch<L> {
        &mut self.branches[self.shown]
    }

    /// The moment at the cursor.
    pub fn now(&self) -> Time {
        self.branch().now()
    }

    /// The latest moment known of the branch that is shown.
    pub fn end(&self) -> Time {
        self.branch().end()
    }

    /// Whether the cursor stands before something that is known already.
    pub fn in_the_past(&self) -> bool {
        self.branch().in_the_past()
    }

    /// Its place in the list.
    pub fn shown(&self) -> usize {
        self.shown
    }

    fn place_of(&self, number: u32) -> Option<usize> {
        self.branches.iter().position(|branch| branch.number == number)
    }

    /// The branch shown beside it.
    pub fn beside(&self) -> Option<&Branch<L>> {
        self.branches.get(self.place_of(self.beside?)?)
    }

    fn beside_mut(&mut self) -> Option<&mut Branch<L>> {
        let at = self.place_of(self.beside?)?;
        self.branches.get_mut(at)
    }

    /// Shows a branch beside the shown one, or none.
    pub fn compare(&mut self, number: Option<u32>) {
        let other = number.filter(|number| *number != self.branch().number && self.place_of(*number).is_some());
        if let Some(branch) = self.beside_mut() {
            branch.lay_aside();
        }
        self.beside = other;
        self.follow();
    }

    /// Brings the branch beside to the clock of the shown one: its end where it ends before.
    pub fn follow(&mut self) {
        let now = self.branch().now();
        if let Some(branch) = self.beside_mut() {
            if branch.in_the_past() || branch.now() > now {
                branch.seek(now);
            }
            branch.play_to(now, branch::STEPS_A_JUMP);
        }
    }

    /// When something happens next, on either branch that is shown.
    pub fn next_at(&self) -> Option<Time> {
        let beside = self.beside().and_then(Branch::next_at);
        self.branch().next_at().into_iter().chain(beside).min()
    }

    /// Takes what happens until this moment on what is shown, at most so many occurrences. False when there was more.
    pub fn play_to(&mut self, to: Time, most: usize) -> bool {
        let done = self.branch_mut().play_to(to, most);
        self.beside_mut().is_none_or(|branch| branch.play_to(to, most)) && done
    }

    /// Goes on until `enough` says so of the branch that is shown; where it does not until then, it stays: false.
    pub fn jump(&mut self, until: Time, enough: impl FnMut(&L) -> bool) -> bool {
        let there = self.branch_mut().jump(until, enough);
        self.follow();
        there
    }

    /// Goes to a point of the branch that is shown, exactly.
    pub fn seek_to(&mut self, to: Moment) {
        self.branch_mut().seek_to(to);
        self.follow();
    }

    /// Goes on, as far as needed, until something of what is looked for was written down, and stands right behind it; where
    /// nothing was until then, it stays.
    pub fn find(&mut self, until: Time, found: impl FnMut(&L::Record) -> Option<Moment>) -> bool {
        let there = self.branch_mut().find(until, found);
        self.follow();
        there
    }

    /// Goes to a moment on what is shown.
    pub fn seek(&mut self, to: Time) {
        self.branch_mut().seek(to);
        self.follow();
    }

    /// Somebody acts at the cursor. In the past that begins another branch, which is shown from then on.
    ///
    /// # Errors
    /// There are too many acts or branches; nothing was done.
    pub fn act(&mut self, act: Act, files: &Files) -> Result<(), Refusal> {
        if self.branch().moment().acted >= ACTS {
            return Err(Refusal::TooManyActs);
        }
        if self.branch().in_the_past() {
            self.fork()?;
        }
        let branch = self.branch_mut();
        let here = branch.moment();
        branch.act(Entry { at: here.at, step: here.step, act: act.tidy(), files: files.clone() });
        self.follow();
        Ok(())
    }

    /// Begins another branch at the cursor and shows it.
    ///
    /// # Errors
    /// There are too many branches.
    pub fn fork(&mut self) -> Result<(), Refusal> {
        if self.branches.len() >= BRANCHES {
            return Err(Refusal::TooManyBranches);
        }
        self.made += 1;
        let mut branch = self.branch().clone();
        branch.cut();
        branch.parent = Some((branch.number, branch.moment()));
        branch.number = self.made;
        branch.name = self.free_name(&format!("branch {}", self.made));
        self.branch_mut().lay_aside();
        self.branches.push(branch);
        self.shown = self.branches.len() - 1;
        Ok(())
    }

    /// Takes back the last thing somebody did before the cursor: from then on a branch without it is shown, at the moment
    /// it was done. The branch with it stays, unless the shown one added nothing to another, or there are too many.
    pub fn undo(&mut self) -> Undone {
        let branch = self.branch();
        let acted = branch.moment().acted;
        let Some(last) = acted.checked_sub(1).and_then(|nth| branch.entries().get(nth)) else { return Undone::Nothing };
        let before = Moment { step: last.step, acted: acted - 1, at: last.at };
        let adds = branch.parent.is_none_or(|(_, at)| branch.entries().len() > at.acted);
        self.branch_mut().seek_to(before);
        let undone = match adds.then(|| self.fork()) {
            Some(Ok(())) => Undone::Kept,
            Some(Err(_)) => Undone::Dropped,
            None => Undone::Again,
        };
        if undone != Undone::Kept {
            let branch = self.branch_mut();
            branch.cut();
            branch.parent = branch.parent.map(|(number, at)| (number, at.min(before)));
        }
        self.follow();
        undone
    }

    /// Shows another branch, at the same moment of the clock where it has one.
    pub fn switch(&mut self, number: u32) {
        let now = self.branch().now();
        let Some(place) = self.place_of(number).filter(|place| *place != self.shown) else { return };
        if self.beside == Some(number) {
            self.beside = Some(self.branch().number);
        } else {
            self.branch_mut().lay_aside();
        }
        self.shown = place;
        self.branch_mut().seek(now);
        self.follow();
    }

    /// Gives a branch another name; one that is taken gets a number behind it. An empty one changes nothing.
    pub fn rename(&mut self, number: u32, name: &str) {
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
        let Some(place) = self.place_of(number).filter(|_| !name.is_empty()) else { return };
        if self.branches.get(place).is_some_and(|branch| branch.name == name.as_str()) {
            return;
        }
        let name = self.free_name(&name);
        if let Some(branch) = self.branches.get_mut(place) {
            branch.name = name;
        }
    }

    fn free_name(&self, wanted: &str) -> Text {
        let taken = |name: &str| self.branches.iter().any(|branch| branch.name == name);
        let mut name = wanted.to_owned();
        for nth in 2..BRANCHES + 2 {
            if !taken(&name) {
                break;
            }
            name = format!("{wanted} ({nth})");
        }
        Text::from(name)
    }

    /// Forgets a branch, unless it is the only one. Where it was shown, the one it left is shown instead.
    pub fn delete(&mut self, number: u32) {
        let Some(place) = self.place_of(number).filter(|_| self.branches.len() > 1) else { return };
        let shown = self.branch().number;
        let parent = self.branches.get(place).and_then(|branch| branch.parent);
        if self.beside == Some(number) {
            self.beside = None;
        }
        if shown == number {
            let other = self.branches.iter().find(|branch| branch.number != number).map_or(shown, |first| first.number);
            self.switch(parent.map(|(parent, _)| parent).filter(|p| self.place_of(*p).is_some()).unwrap_or(other));
            if self.beside == Some(number) {
                self.beside = None;
            }
        }
        let shown = self.branch().number;
        self.branches.retain(|branch| branch.number != number);
        for branch in &mut self.branches {
            if let Some((from, at)) = branch.parent
                && from == number
            {
                branch.parent = parent.map(|(grand, left)| (grand, left.min(at)));
            }
        }
        self.shown = self.place_of(shown).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests;
