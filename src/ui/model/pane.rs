//! The editor of a command that waits for one: `kubectl edit`. Its file stands behind a tab of its own, as long as the
//! command waits at the moment that is shown.

use std::rc::Rc;

use super::folder::{File, Folder};
use super::outbox::Parcel;
use super::state::State;
use crate::history::{Act, FILES};
use crate::kubectl::{OpenFile, ProcessId};
use crate::value::Text;

/// How a file that comes is received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Welcome {
    /// Its tab stands there.
    #[default]
    Tab,
    /// It is shown.
    Shown,
    /// It is shown, and the caret is in it.
    Focus,
}

/// What can be done in such an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneAction {
    /// Saves and closes.
    Save,
    /// Closes and saves nothing.
    Cancel,
}

/// Does one of these things with the file that is open.
pub(super) fn update(state: &mut State, action: PaneAction) {
    let Some((id, saved)) = state.folder.edited().and_then(|file| {
        let (id, opened) = file.edits.as_ref()?;
        Some((*id, (file.text != opened.text).then(|| file.text.clone())))
    }) else {
        return;
    };
    close(state, id, saved.filter(|_| action == PaneAction::Save));
}

/// Closes the editor of a command; with what was saved there, unless the file is as it was.
pub(super) fn close(state: &mut State, id: ProcessId, saved: Option<Text>) {
    let terminal = state.lab().terminals.iter().position(|terminal| terminal.shows(id));
    state.welcome = Welcome::Focus;
    state.act(Act::CloseEditor(id, saved));
    if state.lab().editing(id).is_none()
        && let Some(terminal) = terminal
    {
        state.travel.outbox.push(Parcel::Focus(format!("terminal-{}-input", terminal + 1)));
    }
}

/// Brings the tabs up to date with the commands that wait for an editor at the moment that is shown.
pub(super) fn follow(state: &mut State) {
    let waiting: Vec<_> = state.lab().editors().map(|(id, file)| (id, file.clone())).collect();
    let before = state.folder.edited().and_then(|file| file.edits.clone());
    let Some(place) = state.folder.follow(&waiting).last().copied() else {
        if before.is_some() && state.folder.edited().is_none() {
            state.desk = super::desk::Desk { diff: state.desk.diff, ..Default::default() };
            state.judge();
        }
        return;
    };
    let welcome = std::mem::take(&mut state.welcome);
    // Who looks at what was, or looks for a moment, is not interrupted.
    let welcome = if state.travel.scrubbing || state.time.in_the_past() { Welcome::Tab } else { welcome };
    if welcome != Welcome::Tab {
        state.folder.open(place);
        state.desk = super::desk::Desk { diff: state.desk.diff, ..Default::default() };
        state.judge();
    }
    if welcome == Welcome::Focus {
        // Below the head.
        let text = state.folder.text();
        let head = text.lines().take_while(|line| line.starts_with('#'));
        let (line, at) = head.fold((0, 0), |(line, at), row| (line + 1, at + row.encode_utf16().count() + 1));
        state.travel.outbox.push(Parcel::Caret { at, line });
    }
}

impl Folder {
    /// The file that the buttons mean: the open one, or while a command's is open, the user's own that was open last.
    pub fn own(&self) -> Option<&File> {
        let open = self.files.get(self.open).filter(|file| file.edits.is_none());
        open.or_else(|| self.owned().find(|file| file.name == self.behind)).or_else(|| self.owned().next())
    }

    /// The open file, where a command waits for it.
    pub fn edited(&self) -> Option<&File> {
        self.files.get(self.open).filter(|file| file.edits.is_some())
    }

    /// Shows the user's own file again.
    pub(super) fn leave_edited(&mut self) {
        let own = self.own().map(|file| file.name.clone()).unwrap_or_default();
        self.open = self.files.iter().position(|file| file.edits.is_none() && file.name == own).unwrap_or(0);
    }

    /// Brings the files of commands up to date with those that wait for an editor now; those that came are answered by
    /// their places.
    pub(super) fn follow(&mut self, waiting: &[(ProcessId, Rc<OpenFile>)]) -> Vec<usize> {
        if waiting.is_empty() && self.owned().count() == self.files.len() {
            return Vec::new();
        }
        let waits = |file: &File| file.edits.as_ref().is_none_or(|edits| waiting.contains(edits));
        if let Some(own) = self.own() {
            self.behind = own.name.clone();
        }
        if !self.files.get(self.open).is_some_and(waits) {
            self.leave_edited();
        }
        let open = self.files.get(self.open).cloned();
        for file in self.files.iter().filter(|file| !waits(file)) {
            if file.edits.as_ref().is_some_and(|(_, opened)| opened.text != file.text) {
                self.drafts.push(file.clone());
            }
        }
        self.files.retain(waits);
        self.drafts.drain(..self.drafts.len().saturating_sub(FILES));
        self.open = self.files.iter().position(|file| Some(file) == open.as_ref()).unwrap_or(0);
        let mut came = Vec::new();
        for edits in waiting {
            if self.files.iter().any(|file| file.edits.as_ref() == Some(edits)) {
                continue;
            }
            let fresh = File { edits: Some(edits.clone()), ..File::new(edits.1.title.clone(), edits.1.text.clone()) };
            let draft = self.drafts.iter().position(|file| file.edits == fresh.edits);
            came.push(self.files.len());
            self.files.push(draft.map_or(fresh, |place| self.drafts.remove(place)));
        }
        came
    }
}

#[cfg(test)]
#[path = "pane_tests.rs"]
mod tests;
