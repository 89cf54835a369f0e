//! The files of the editor: one is open, the others wait behind their tabs.

use std::rc::Rc;

use super::desk::Desk;
use super::gallery::EXAMPLES;
use super::manifest::FIRST;
use super::outbox::Parcel;
use super::pane;
use super::state::State;
use crate::history::{FILE, FILES, Files, Session, Strand};
use crate::kubectl::{OpenFile, ProcessId};
use crate::value::Text;

/// No file is longer, bytes.
pub const LONGEST_FILE: usize = 128 << 10;

/// A name is at most so long.
const LONGEST_NAME: usize = 60;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as `kubectl apply -f` finds it.
    pub name: Text,
    /// What is in it.
    pub text: Text,
    /// The user's own text that stood there before one of the gallery did.
    pub(super) own: Option<Text>,
    /// The command that waits for it to be edited, and the file as it was opened.
    pub edits: Option<(ProcessId, Rc<OpenFile>)>,
}

/// The files, and which of them is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub(super) files: Vec<File>,
    pub(super) open: usize,
    closed: Option<File>,
    /// What was written in editors of commands that do not wait any more: until they wait again.
    pub(super) drafts: Vec<File>,
    /// The user's own file that was open last.
    pub(super) behind: Text,
}

impl Default for Folder {
    fn default() -> Self {
        let files = vec![File::new(FILE.into(), FIRST.into())];
        Self { files, open: 0, closed: None, drafts: Vec::new(), behind: FILE.into() }
    }
}

impl Folder {
    /// The folder of a session; its own first file where the session has none.
    pub fn of(files: &Files, open: &str) -> Self {
        let mut folder = Self::default();
        if !files.is_empty() {
            let first = files.iter().filter(|(name, _)| *name == FILE);
            let others = files.iter().filter(|(name, _)| *name != FILE);
            folder.files = first.chain(others).map(|(name, text)| File::new(name.clone(), text.clone())).collect();
        }
        folder.open = folder.files.iter().position(|file| file.name == open).unwrap_or(0);
        folder
    }

    /// All files as one text, to be kept: a session in which nothing was done.
    pub fn write_all(&self) -> String {
        let strands = vec![Strand { name: "main".into(), ..Strand::default() }];
        Session {
            files: self.all(),
            file: self.own().map(|file| file.name.clone()).unwrap_or_default(),
            strands,
            ..Session::default()
        }
        .write()
    }

    /// Reads what `write_all` wrote; `None` for anything else.
    pub fn read_all(text: &str) -> Option<Self> {
        let session = Session::read(text).ok().filter(|session| !session.files.is_empty())?;
        Some(Self::of(&session.files, &session.file))
    }

    /// Every file, in the order of the tabs.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Which of them is open.
    pub fn place(&self) -> usize {
        self.open
    }

    /// The name of the open file.
    pub fn name(&self) -> Text {
        self.files.get(self.open).map(|file| file.name.clone()).unwrap_or_default()
    }

    /// The text of the open file.
    pub fn text(&self) -> Text {
        self.files.get(self.open).map(|file| file.text.clone()).unwrap_or_default()
    }

    /// Whether the user's own text can be had back.
    pub fn has_own(&self) -> bool {
        self.files.get(self.open).is_some_and(|file| file.own.is_some())
    }

    /// All of the user's own, as a command sees them.
    pub fn all(&self) -> Files {
        Rc::new(self.owned().map(|file| (file.name.clone(), file.text.clone())).collect())
    }

    pub(super) fn owned(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.edits.is_none())
    }

    /// Puts another text into the open file.
    ///
    /// # Errors
    /// It is too long.
    pub fn write(&mut self, text: &str) -> Result<(), String> {
        fits(&self.name(), text)?;
        if let Some(file) = self.files.get_mut(self.open) {
            file.text = Text::copy(text);
        }
        Ok(())
    }

    /// Puts a manifest of the gallery into the open file, by its title, or the user's own back by any other.
    pub fn example(&mut self, title: &str) {
        self.leave_edited();
        let Some(file) = self.files.get_mut(self.open) else { return };
        let example = EXAMPLES.iter().find(|example| example.title == title).map(|example| example.text.into());
        if let Some(text) = example.or_else(|| file.own.clone()) {
            if !EXAMPLES.iter().any(|example| example.text == file.text.as_str()) {
                file.own = Some(file.text.clone());
            }
            file.text = text;
        }
    }

    /// Lays a file out and opens it; the user's own text of that name can be had back.
    pub(super) fn lay(&mut self, name: &str, text: &str) {
        match self.files.iter().position(|file| *file.name == *name) {
            None => drop(self.add(name, text)),
            Some(place) => {
                self.open = place;
                if let Some(file) = self.files.get_mut(place).filter(|file| *file.text != *text) {
                    if !EXAMPLES.iter().any(|example| example.text == file.text.as_str()) {
                        file.own = Some(file.text.clone());
                    }
                    file.text = Text::copy(text);
                }
            }
        }
    }

    /// Opens the file at this place.
    pub fn open(&mut self, place: usize) {
        if place < self.files.len() {
            self.open = place;
        }
    }

    /// Adds a file, or puts the text into the one that has this name already, and opens it. Without a name it gets one.
    ///
    /// # Errors
    /// There are too many, it is too long, or no text.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        let name = if name.is_empty() { self.free_name() } else { tidy(name) };
        fits(&name, text)?;
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(format!("{name} is no text: a manifest is YAML or JSON. Nothing was opened."));
        }
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let place = self.files.iter().position(|file| *file.name == *name && file.edits.is_none());
        if place.is_none() && self.owned().count() >= FILES {
            return Err(format!("There are {FILES} files already; close one first. {name} was not opened."));
        }
        let file = File::new(name.into(), text.into());
        self.open = place.unwrap_or(self.files.len());
        match self.files.get_mut(self.open) {
            Some(old) => *old = file,
            None => self.files.push(file),
        }
        Ok(())
    }

    /// Gives the open file another name.
    ///
    /// # Errors
    /// Another file has it.
    pub fn rename(&mut self, name: &str) -> Result<(), String> {
        if name.trim().is_empty() {
            return Err("A file needs a name.".into());
        }
        let name = tidy(name);
        if self.files.iter().enumerate().any(|(nth, file)| nth != self.open && *file.name == *name) {
            return Err(format!("There is a file {name} already."));
        }
        if let Some(file) = self.files.get_mut(self.open).filter(|file| file.edits.is_none()) {
            file.name = name.into();
        }
        Ok(())
    }

    /// Closes a file; the last one stays.
    pub fn close(&mut self, place: usize) {
        if self.owned().count() < 2 || self.files.get(place).is_none_or(|file| file.edits.is_some()) {
            return;
        }
        self.closed = Some(self.files.remove(place));
        if self.open > place || self.open == self.files.len() {
            self.open -= 1;
        }
    }

    /// The file that was closed last, as long as it can be had back.
    pub fn closed(&self) -> Option<&File> {
        self.closed.as_ref()
    }

    /// Opens the file again that was closed last.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn reopen(&mut self) -> Result<(), String> {
        match self.closed.clone() {
            Some(file) => self.add(&file.name, &file.text).map(|()| self.closed = None),
            None => Ok(()),
        }
    }

    fn free_name(&self) -> String {
        let taken = |name: &String| self.files.iter().any(|file| *file.name == **name);
        (2..=FILES + 2).map(|number| format!("manifest-{number}.yaml")).find(|name| !taken(name)).unwrap_or_default()
    }
}

impl File {
    pub(super) fn new(name: Text, text: Text) -> Self {
        Self { name, text, own: None, edits: None }
    }
}

/// What can be done with the files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FileAction {
    Open(usize),
    New,
    /// A file from outside: its name and its text.
    Add(String, String),
    /// Why one from outside could not be read.
    Refuse(String),
    Rename(String),
    Close(usize),
    /// Opens again what was closed last.
    Reopen,
    /// Saves the open file.
    Save,
    /// All files as they were kept.
    Restore(String),
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: FileAction) {
    let folder = &mut state.folder;
    let before = folder.place();
    let done = match action {
        FileAction::Open(place) => {
            folder.open(place);
            Ok(())
        }
        FileAction::New => folder.add("", ""),
        FileAction::Add(name, text) => folder.add(&name, &text),
        FileAction::Refuse(complaint) => Err(complaint),
        FileAction::Rename(name) => folder.rename(&name),
        FileAction::Close(place) => {
            if let Some((id, _)) = folder.files().get(place).and_then(|file| file.edits.clone()) {
                return pane::close(state, id, None);
            }
            folder.close(place);
            Ok(())
        }
        FileAction::Reopen => folder.reopen(),
        FileAction::Restore(text) => {
            if let Some(kept) = Folder::read_all(&text) {
                *folder = kept;
            }
            Ok(())
        }
        FileAction::Save => {
            let (name, text) = (folder.name().to_string(), folder.text().to_string());
            state.travel.outbox.push(Parcel::Save { name, kind: "application/yaml", text });
            return;
        }
    };
    if folder.place() != before {
        state.desk = Desk { diff: state.desk.diff, ..Desk::default() };
    }
    state.takes(done);
}

fn fits(name: &str, text: &str) -> Result<(), String> {
    if text.len() <= LONGEST_FILE {
        return Ok(());
    }
    Err(format!(
        "{name} is {} KB long; the editor takes {} KB at most. It stays as it was.",
        text.len() >> 10,
        LONGEST_FILE >> 10
    ))
}

/// A name that a shell takes for one word, whatever was given; `.yaml` where it has no ending.
fn tidy(name: &str) -> String {
    let last = name.trim().rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let mut name: String = last.chars().map(plain).take(LONGEST_NAME).collect();
    let start = name.trim_start_matches(['-', '.']).len();
    name.drain(..name.len() - start);
    if name.is_empty() {
        name.push_str("manifest");
    }
    if !name.contains('.') {
        name.push_str(".yaml");
    }
    name
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
