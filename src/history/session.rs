//! A history as one text: what is kept, shared and exported. It holds what was done, not what came of it.
//!
//! ```text
//! statefulset-playground session 1
//! engine 0.1.0
//! world life 1
//! namespace lab-18
//! digest 0123456789abcdef
//! summary mehdb 2 of 2 Ready
//! manifest 14
//! kind: Service
//!
//! branch main
//! end 73000
//! act 0 0 press 0 kubectl apply -f stateful.yaml -n lab-18
//! branch branch 2
//! from 0 1 30000 123
//! act 20000 100 press 0 kubectl scale sts mehdb --replicas=3 -n lab-18
//! cursor 1 30000 123 2
//! ```
//! A `manifest` line gives the number of bytes that follow, and the name of the file unless it is the first one's; it
//! counts for all acts below it, until a line `without` and the name, and the last for the editor. A line `editor` names
//! the file that is open, unless it is the first.

use std::fmt::{self, Write as _};
use std::rc::Rc;

use super::{ACTS, BRANCHES, Entry, FILE, Files, Moment};
use crate::time::Time;
use crate::value::Text;

/// The first line, up to the format's number.
const HEAD: &str = "statefulset-playground session ";

/// The format's number.
const FORMAT: u32 = 1;

/// At most so many files lie in the editor.
pub const FILES: usize = 16;

/// No session is longer, bytes.
pub const LONGEST: usize = 2 << 20;

/// A history, as it is kept and shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The engine that wrote it.
    pub engine: Text,
    /// Profile and seed of the world.
    pub world: Text,
    /// The namespace that the page's buttons act in.
    pub namespace: Text,
    /// A digest of what stood at the cursor.
    pub digest: Text,
    /// And a few words about it, for people.
    pub summary: Text,
    /// The branches, a branch after the one it left.
    pub strands: Vec<Strand>,
    /// Which of them is shown.
    pub shown: usize,
    /// Where the cursor stands on it.
    pub cursor: Moment,
    /// The files of the editor.
    pub files: Files,
    /// The one that is open.
    pub file: Text,
}

/// One branch of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strand {
    /// Its name.
    pub name: Text,
    /// The branch it left, by its place in the list, and where.
    pub parent: Option<(usize, Moment)>,
    /// The latest moment that was reached.
    pub end: Time,
    /// Everything that was done on it, what was done before it left included.
    pub entries: Vec<Entry>,
}

/// Why a text is no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is something else.
    Foreign,
    /// Its format is newer than this engine.
    Newer,
    /// It is damaged: cut short, or changed.
    Damaged,
    /// It is longer than anything this page writes.
    TooLong,
    /// This line cannot be read.
    Line(usize),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("It is not a session of the StatefulSet Playground."),
            Self::Newer => {
                f.write_str("It was written by a newer engine than this one. Reload the page to get the newest.")
            }
            Self::Damaged => f.write_str("It is damaged: a part is missing or was changed on the way."),
            Self::TooLong => f.write_str("It is too long."),
            Self::Line(number) => write!(f, "Its line {number} cannot be read."),
        }
    }
}

impl Session {
    /// As text.
    pub fn write(&self) -> String {
        let mut text = format!("{HEAD}{FORMAT}\n");
        for (word, value) in [
            ("engine", &self.engine),
            ("world", &self.world),
            ("namespace", &self.namespace),
            ("digest", &self.digest),
            ("summary", &self.summary),
        ] {
            let _ = writeln!(text, "{word} {value}");
        }
        let mut files = Files::default();
        for (nth, strand) in self.strands.iter().enumerate() {
            let _ = writeln!(text, "branch {}", strand.name);
            let mut shared = 0;
            if let Some((parent, at)) = strand.parent
                && let Some(parents) = self.strands.get(parent).filter(|_| parent < nth)
                && parents.entries.get(..at.acted).is_some_and(|own| strand.entries.starts_with(own))
            {
                shared = at.acted;
                let _ = writeln!(text, "from {parent} {}", moment(at));
            }
            let _ = writeln!(text, "end {}", strand.end.0);
            for entry in strand.entries.iter().skip(shared) {
                note_files(&mut text, &mut files, &entry.files);
                let _ = writeln!(text, "act {}", entry.head());
            }
        }
        note_files(&mut text, &mut files, &self.files);
        if !self.file.is_empty() && self.file != FILE {
            let _ = writeln!(text, "editor {}", self.file);
        }
        text + &format!("cursor {} {}\n", self.shown, moment(self.cursor))
    }

    /// Forgets the last act before the cursor of the branch that is shown, and what came after it: it made the engine
    /// stumble.
    pub fn drop_last(&mut self) {
        let Some(strand) = self.strands.get_mut(self.shown) else { return };
        let nth = self.cursor.acted.min(strand.entries.len());
        if let Some(last) = nth.checked_sub(1).and_then(|nth| strand.entries.get(nth)) {
            self.cursor = Moment { step: last.step, acted: nth - 1, at: last.at };
            strand.end = last.at;
            strand.entries.truncate(nth - 1);
            self.digest = Text::default();
        }
    }

    /// Reads what `write` wrote.
    ///
    /// # Errors
    /// Anything else, said in a sentence for people.
    pub fn read(text: &str) -> Result<Self, Broken> {
        if text.len() > LONGEST {
            return Err(Broken::TooLong);
        }
        let text = text.replace("\r\n", "\n");
        let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
        match head.strip_prefix(HEAD).map(|number| number.trim().parse::<u32>()) {
            Some(Ok(FORMAT)) => {}
            Some(Ok(_)) => return Err(Broken::Newer),
            _ => return Err(Broken::Foreign),
        }
        let mut session = Self::default();
        let mut rest = rest;
        let mut number = 1;
        let mut ended = false;
        while !rest.is_empty() {
            number += 1;
            let (line, more) = rest.split_once('\n').ok_or(Broken::Damaged)?;
            rest = more;
            let (word, value) = line.split_once(' ').unwrap_or((line, ""));
            if word == "manifest" {
                let (name, length) = headline(value).ok_or(Broken::Line(number))?;
                let body = rest.get(..length).ok_or(Broken::Damaged)?;
                rest = rest.get(length..).and_then(|rest| rest.strip_prefix('\n')).ok_or(Broken::Damaged)?;
                number += body.matches('\n').count() + 1;
                Rc::make_mut(&mut session.files).insert(Text::copy(name), Text::copy(body));
                if session.files.len() > FILES {
                    return Err(Broken::TooLong);
                }
                continue;
            }
            ended |= word == "cursor";
            session.take(word, value).ok_or(Broken::Line(number))?;
        }
        if session.strands.is_empty() || !ended || session.shown >= session.strands.len() {
            return Err(Broken::Damaged);
        }
        Ok(session)
    }

    fn take(&mut self, word: &str, value: &str) -> Option<()> {
        match word {
            "engine" => self.engine = Text::copy(value),
            "world" => self.world = Text::copy(value),
            "namespace" => self.namespace = Text::copy(value),
            "digest" => self.digest = Text::copy(value),
            "summary" => self.summary = Text::copy(value),
            "without" => {
                Rc::make_mut(&mut self.files).remove(value);
            }
            "editor" => self.file = Text::copy(value),
            "branch" => {
                if self.strands.len() >= BRANCHES {
                    return None;
                }
                self.strands.push(Strand { name: Text::copy(value), ..Strand::default() });
            }
            "from" => {
                let (parent, at) = value.split_once(' ')?;
                let (parent, at) = (parent.parse().ok()?, read_moment(at)?);
                let (strand, before) = self.strands.split_last_mut()?;
                strand.entries = before.get::<usize>(parent)?.entries.get(..at.acted)?.to_vec();
                strand.parent = Some((parent, at));
            }
            "end" => self.strands.last_mut()?.end = Time(value.parse().ok().filter(|end| *end >= 0)?),
            "act" => {
                let entry = Entry::read(value, &self.files)?;
                let entries = &mut self.strands.last_mut()?.entries;
                let in_order = entries.last().is_none_or(|before| before.at <= entry.at);
                if !in_order || entries.len() >= ACTS {
                    return None;
                }
                entries.push(entry);
            }
            "cursor" => {
                let (shown, at) = value.split_once(' ')?;
                self.shown = shown.parse().ok()?;
                self.cursor = read_moment(at)?;
            }
            // A later engine of this format may say more.
            _ => {}
        }
        Some(())
    }
}

/// Writes down what is different from the files before.
fn note_files(text: &mut String, last: &mut Files, files: &Files) {
    for (name, _) in last.iter().filter(|(name, _)| !files.contains_key(name.as_str())) {
        let _ = writeln!(text, "without {name}");
    }
    for (name, body) in files.iter().filter(|(name, body)| last.get(name.as_str()) != Some(body)) {
        let _ = match name.as_str() {
            FILE => writeln!(text, "manifest {}\n{body}", body.len()),
            name => writeln!(text, "manifest {} {name}\n{body}", body.len()),
        };
    }
    last.clone_from(files);
}

/// The file that a `manifest` line speaks of, and its length.
fn headline(value: &str) -> Option<(&str, usize)> {
    let (length, name) = value.split_once(' ').unwrap_or((value, FILE));
    Some((name, length.parse().ok()?))
}

fn moment(at: Moment) -> String {
    format!("{} {} {}", at.at.0, at.step, at.acted)
}

fn read_moment(text: &str) -> Option<Moment> {
    let mut words = text.split(' ');
    let at = Time(words.next()?.parse().ok().filter(|at| *at >= 0)?);
    Some(Moment { at, step: words.next()?.parse().ok()?, acted: words.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Act;

    fn files(pairs: &[(&'static str, &'static str)]) -> Files {
        Rc::new(pairs.iter().map(|(name, text)| (Text::from(*name), Text::from(*text))).collect())
    }

    fn entry(at: i64, line: &str, manifest: &'static str) -> Entry {
        let act = Act::Line { terminal: 0, foreground: false, line: line.into() };
        Entry { at: Time(at), step: at as u64, act, files: files(&[(FILE, manifest)]) }
    }

    fn session() -> Session {
        let first = entry(0, "kubectl apply -f stateful.yaml", "kind: Service\n");
        let second = entry(9, "kubectl get pods -w", "kind: Service");
        let third = entry(5, "kubectl delete pod web-0", "");
        let left = Moment { at: Time(4), step: 3, acted: 1 };
        Session {
            engine: "0.1.0".into(),
            world: "life 1".into(),
            namespace: "lab-18".into(),
            digest: "00ff".into(),
            summary: "web 2 of 2 Ready".into(),
            strands: vec![
                Strand { name: "main".into(), parent: None, end: Time(90), entries: vec![first.clone(), second] },
                Strand { name: "branch 2".into(), parent: Some((0, left)), end: Time(7), entries: vec![first, third] },
            ],
            shown: 1,
            cursor: Moment { at: Time(6), step: 12, acted: 2 },
            files: files(&[(FILE, "a: b\nact 1 2 type 0 this is text, not an act\n"), ("web.yaml", "kind: Service\n")]),
            file: "web.yaml".into(),
        }
    }

    #[test]
    fn a_session_reads_back_as_it_was() {
        let session = session();
        assert_eq!(Session::read(&session.write()), Ok(session));
    }

    #[test]
    fn what_two_branches_share_is_written_once() {
        let text = session().write();
        assert_eq!(text.matches("kubectl apply").count(), 1, "{text}");
    }

    #[test]
    fn a_broken_session_says_what_is_wrong_with_it() {
        let good = session().write();
        let cases = [
            (String::new(), Broken::Foreign),
            ("#!/bin/sh\nrm -rf /\n".into(), Broken::Foreign),
            (good.replace("session 1", "session 2"), Broken::Newer),
            (good.replace("act 0 0", "act 0 zero"), Broken::Line(12)),
            (good.replace("act 0 0 press", "act 0 0 dance"), Broken::Line(12)),
            (good.replace("from 0 4 3 1", "from 7 4 3 1"), Broken::Line(17)),
            (good.replace("from 0 4 3 1", "from 1 4 3 1"), Broken::Line(17)),
            (good.replace("cursor 1", "cursor 9"), Broken::Damaged),
            (good.chars().take(good.len() - 20).collect(), Broken::Damaged),
            ("x".repeat(LONGEST + 1), Broken::TooLong),
        ];
        for (text, wanted) in cases {
            let shown: String = text.chars().take(300).collect();
            assert_eq!(Session::read(&text), Err(wanted), "{shown}");
        }
    }

    #[test]
    fn no_session_that_was_cut_or_changed_anywhere_makes_it_stumble() {
        let good = session().write();
        for at in 0..good.len() {
            let (head, tail) = good.split_at(at);
            let _ = Session::read(head);
            let _ = Session::read(&format!("{head}9{tail}"));
            let _ = Session::read(&format!("{head}é\n{tail}"));
        }
    }
}
