//! The terminals that are open, and how they stand: beside each other, or one at a time behind tabs.

use super::prompt::Prompt;
use super::state::State;
use super::terminal::TERMINALS;
use crate::history::{Act, Entry};

/// Which terminals are open. A terminal is known by its place; what it shows belongs to the laboratory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dock {
    /// The lines being typed, a terminal each.
    prompts: Vec<Prompt>,
    /// The places of those that are open, in order.
    open: Vec<usize>,
    /// The one in front, where only one is shown.
    pub front: usize,
    /// Whether only one is shown.
    pub tabs: bool,
}

impl Default for Dock {
    fn default() -> Self {
        Self { prompts: vec![Prompt::default(); TERMINALS], open: vec![0, 1], front: 0, tabs: false }
    }
}

impl Dock {
    /// The places of the open terminals, in order.
    pub fn open(&self) -> &[usize] {
        &self.open
    }

    /// Whether a terminal is on the screen.
    pub fn shows(&self, terminal: usize) -> bool {
        self.open.contains(&terminal) && (!self.tabs || self.front == terminal)
    }

    /// The line of a terminal.
    pub fn prompt(&self, terminal: usize) -> Option<&Prompt> {
        self.prompts.get(terminal)
    }

    /// The same, to be written in.
    pub fn prompt_mut(&mut self, terminal: usize) -> Option<&mut Prompt> {
        self.prompts.get_mut(terminal)
    }

    /// Whether one more may be opened.
    pub fn has_room(&self) -> bool {
        self.open.len() < TERMINALS
    }

    /// Opens the first that is not open, and brings it to the front.
    pub fn add(&mut self) {
        if let Some(terminal) = (0..TERMINALS).find(|terminal| !self.open.contains(terminal)) {
            self.bring(terminal);
        }
    }

    /// Opens a terminal where it is not, and brings it to the front.
    pub fn bring(&mut self, terminal: usize) {
        if terminal >= TERMINALS {
            return;
        }
        if !self.open.contains(&terminal) {
            self.open.push(terminal);
            crate::sorted::sort(&mut self.open);
        }
        self.front = terminal;
    }

    /// Closes a terminal. The last one stays: answers whether it was closed.
    pub fn close(&mut self, terminal: usize) -> bool {
        let Some(at) = self.open.iter().position(|open| *open == terminal).filter(|_| self.open.len() > 1) else {
            return false;
        };
        self.open.remove(at);
        if self.front == terminal {
            self.front = self.open.get(at).or(self.open.last()).copied().unwrap_or(0);
        }
        if let Some(prompt) = self.prompts.get_mut(terminal) {
            *prompt = Prompt::default();
        }
        true
    }

    /// The terminal behind the next tab, or behind the one before.
    pub fn beside(&self, onward: bool) -> usize {
        let at = self.open.iter().position(|open| *open == self.front).unwrap_or(0);
        let count = self.open.len().max(1);
        let to = if onward { at + 1 } else { at + count - 1 } % count;
        self.open.get(to).copied().unwrap_or(0)
    }

    /// Opens every terminal in which something was typed.
    pub fn open_used(&mut self, entries: &[Entry]) {
        let front = self.front;
        for entry in entries {
            if let Act::Line { terminal, .. } = entry.act {
                self.bring(terminal);
            }
        }
        self.front = front;
    }
}

/// What can be done with the terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DockAction {
    Add,
    Close(usize),
    /// Brings one to the front.
    Front(usize),
    /// One at a time, or side by side.
    Tabs(bool),
}

/// Does one of these things. What runs in a terminal ends with it, as it does when a window is closed.
pub(super) fn update(state: &mut State, action: DockAction) {
    let dock = &mut state.dock;
    match action {
        DockAction::Add => dock.add(),
        DockAction::Front(terminal) => dock.bring(terminal),
        DockAction::Tabs(tabs) => dock.tabs = tabs,
        DockAction::Close(terminal) => {
            if !dock.close(terminal) {
                return;
            }
            let screen = |state: &State| state.lab().terminals.get(terminal).cloned();
            if screen(state).is_some_and(|screen| screen.foreground.is_some()) {
                state.act(Act::Interrupt(terminal));
            }
            if let Some(screen) = state.time.branch_mut().lab_mut().terminals.get_mut(terminal) {
                screen.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_come_and_go_and_one_always_stays() {
        let mut dock = Dock::default();
        dock.add();
        assert_eq!((dock.open(), dock.front), (&[0, 1, 2][..], 2));
        assert!(dock.close(1));
        dock.add();
        assert_eq!((dock.open(), dock.front), (&[0, 1, 2][..], 1), "the free place is taken first");
        assert!(dock.close(1) && dock.close(0));
        assert!(!dock.close(2), "the last one stays");
        assert_eq!((dock.open(), dock.front), (&[2][..], 2));
        while dock.has_room() {
            dock.add();
        }
        dock.add();
        assert_eq!(dock.open().len(), TERMINALS);
    }

    #[test]
    fn behind_tabs_one_is_shown_at_a_time() {
        let mut dock = Dock::default();
        assert!(dock.shows(0) && dock.shows(1) && !dock.shows(2));
        dock.tabs = true;
        assert!(dock.shows(0) && !dock.shows(1));
        assert_eq!((dock.beside(true), dock.beside(false)), (1, 1), "after the last comes the first");
        dock.bring(1);
        assert!(dock.shows(1) && !dock.shows(0));
    }
}
