//! The files of the editor: one is open, the others wait behind their tabs.

use std::rc::Rc;

use super::desk::Desk;
use super::gallery::EXAMPLES;
use super::manifest::FIRST;
use super::outbox::Parcel;
use super::state::State;
use crate::history::{FILE, FILES, Files, Session, Strand};
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
    own: Option<Text>,
}

/// The files, and which of them is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    files: Vec<File>,
    open: usize,
    closed: Option<File>,
}

impl Default for Folder {
    fn default() -> Self {
        Self { files: vec![File { name: FILE.into(), text: FIRST.into(), own: None }], open: 0, closed: None }
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
        Session { files: self.all(), file: self.name(), strands, ..Session::default() }.write()
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

    /// All of them, as a command sees them.
    pub fn all(&self) -> Files {
        Rc::new(self.files.iter().map(|file| (file.name.clone(), file.text.clone())).collect())
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
        let place = self.files.iter().position(|file| *file.name == *name);
        if place.is_none() && self.files.len() >= FILES {
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
        if let Some(file) = self.files.get_mut(self.open) {
            file.name = name.into();
        }
        Ok(())
    }

    /// Closes a file; the last one stays.
    pub fn close(&mut self, place: usize) {
        if self.files.len() < 2 || place >= self.files.len() {
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
    fn new(name: Text, text: Text) -> Self {
        Self { name, text, own: None }
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
mod tests {
    use super::*;

    fn names(folder: &Folder) -> Vec<&str> {
        folder.files().iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn files_come_are_renamed_and_go_and_one_always_stays() {
        let mut folder = Folder::default();
        folder.add("", "kind: Pod\n").unwrap();
        assert_eq!((folder.name().as_str(), folder.text().as_str()), ("manifest-2.yaml", "kind: Pod\n"));
        folder.rename("web").unwrap();
        assert_eq!(names(&folder), ["stateful.yaml", "web.yaml"]);
        assert_eq!(folder.rename("stateful.yaml"), Err("There is a file stateful.yaml already.".into()));
        assert_eq!(folder.rename("  "), Err("A file needs a name.".into()));
        folder.open(0);
        assert_eq!(folder.text(), FIRST);
        folder.close(0);
        folder.close(0);
        assert_eq!(names(&folder), ["web.yaml"], "the last one stays");
        folder.reopen().unwrap();
        assert_eq!(
            (folder.name().as_str(), folder.text().as_str()),
            ("stateful.yaml", FIRST),
            "what was closed is not lost"
        );
    }

    #[test]
    fn a_file_that_was_opened_again_takes_its_own_place() {
        let mut folder = Folder::default();
        folder.add("a.yaml", "one").unwrap();
        folder.add("b.yaml", "two").unwrap();
        folder.add("C:\\own files\\a.yaml", "\u{feff}three\r\n").unwrap();
        assert_eq!(names(&folder), ["stateful.yaml", "a.yaml", "b.yaml"]);
        assert_eq!((folder.place(), folder.text().as_str()), (1, "three\n"));
    }

    #[test]
    fn what_is_no_text_or_too_long_is_refused_in_words_and_changes_nothing() {
        let mut folder = Folder::default();
        let before = folder.clone();
        let said = folder.add("logo.png", "\u{0}\u{1}PNG").unwrap_err();
        assert!(said.starts_with("logo.png is no text"), "{said}");
        let said = folder.add("huge.yaml", &"a".repeat(LONGEST_FILE + 1)).unwrap_err();
        assert!(said.contains("128 KB at most"), "{said}");
        assert!(folder.write(&"a".repeat(LONGEST_FILE + 1)).is_err());
        assert_eq!(folder, before);
        for nth in 1..FILES {
            folder.add("", "").unwrap_or_else(|said| panic!("file {nth}: {said}"));
        }
        assert!(folder.add("", "").unwrap_err().contains("close one first"));
    }

    #[test]
    fn no_name_can_say_more_to_a_shell_than_a_name() {
        for (given, taken) in [
            ("web 2; rm -rf ~", "web-2--rm--rf--.yaml"),
            ("-f", "f.yaml"),
            ("../..", "manifest.yaml"),
            ("$(x).yml", "x-.yml"),
            ("é", "manifest.yaml"),
        ] {
            assert_eq!(tidy(given), taken);
        }
    }

    #[test]
    fn a_session_gives_back_the_files_and_which_was_open() {
        let mut folder = Folder::default();
        folder.add("a.yaml", "one").unwrap();
        assert_eq!(Folder::of(&folder.all(), "a.yaml"), folder);
        assert_eq!(Folder::of(&Files::default(), ""), Folder::default());
        assert_eq!(Folder::read_all(&folder.write_all()), Some(folder));
        assert_eq!(Folder::read_all("something else"), None);
    }
}
