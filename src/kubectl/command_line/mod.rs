//! From words to a command: which verb, which flags, which resources.

mod flags;
mod resources;
mod split;
mod suggest;
pub mod types;

use std::rc::Rc;

pub use crate::api::selector::FieldRequirement;
pub use flags::{Flag, GLOBAL, Takes, duration, long, quoted, short};
pub use resources::{Query, Request as ResourceRequest, Target, sources};
pub use split::split_words;

use super::Invocation;
use super::errors::Failure;
use super::verbs::{self, Verb};
use crate::value::Text;

/// A command line that has been understood.
#[derive(Clone, Debug)]
pub struct Command {
    /// What to do.
    pub verb: &'static Verb,
    /// What is not a flag.
    pub words: Vec<Text>,
    /// The namespace it works in.
    pub namespace: Text,
    /// Where it was typed.
    pub invocation: Rc<Invocation>,
    given: Vec<(&'static str, Text)>,
}

impl Command {
    /// Reads a command line.
    ///
    /// # Errors
    /// An unknown command or flag, a malformed value.
    pub fn parse(invocation: &Rc<Invocation>) -> Result<Self, Failure> {
        let mut words: Vec<Text> = invocation.argv.clone();
        let mut verb = verbs::root();
        let mut flags: Vec<&'static [Flag]> = vec![GLOBAL];
        while let Some((at, word)) = command_word(&words, &flags) {
            let Some(below) = verbs::below(verb, &word) else {
                if verb.path.is_empty() {
                    return Err(unknown_command(&word));
                }
                break;
            };
            words.remove(at);
            verb = below;
            flags = verb.flags.to_vec();
            flags.push(GLOBAL);
        }
        let path = verb.full_path();
        let parsed = flags::parse(&words, &flags, &path)?;
        let mut command = Self {
            verb,
            words: parsed.words,
            namespace: invocation.namespace.clone(),
            invocation: invocation.clone(),
            given: parsed.given,
        };
        if let Some(namespace) = command.text("namespace").filter(|name| !name.is_empty()) {
            command.namespace = namespace.clone();
        }
        if command.namespace.is_empty() {
            let context = command.text("context").filter(|name| !name.is_empty());
            let context = invocation.config.context(context);
            command.namespace = context.map(|context| context.namespace.clone()).unwrap_or_default();
        }
        if command.namespace.is_empty() {
            command.namespace = "default".into();
        }
        Ok(command)
    }

    /// `--request-timeout` in milliseconds; `None` where there is no limit.
    ///
    /// # Errors
    /// It is no duration.
    pub fn request_timeout(&self) -> Result<Option<i64>, Failure> {
        let Some(text) = self.text("request-timeout") else {
            return Ok(None);
        };
        let ms = match text.parse::<i64>() {
            Ok(seconds) => Ok(seconds.saturating_mul(1000)),
            Err(_) => duration(text),
        };
        match ms {
            Ok(ms) => Ok((ms > 0).then_some(ms)),
            Err(_) => Err(Failure::error(
                "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a \
                 corresponding time unit (e.g. 1s | 2m | 3h)",
            )),
        }
    }

    /// Whether a flag was given at all.
    pub fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The last value given to a flag.
    pub fn text(&self, name: &str) -> Option<&Text> {
        self.given.iter().rev().find(|(given, _)| *given == name).map(|(_, value)| value)
    }

    /// The last value given to a flag, or the empty text.
    pub fn text_or_empty(&self, name: &str) -> &str {
        self.text(name).map_or("", Text::as_str)
    }

    /// Every value given to a flag, as they are.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &Text> {
        self.given.iter().filter(move |(given, _)| *given == name).map(|(_, value)| value)
    }

    /// Every value given to a flag whose values may be joined by commas.
    pub fn list(&self, name: &str) -> Vec<Text> {
        self.each(name).flat_map(|value| value.split(',').map(Text::copy)).collect()
    }

    /// A switch; off when not given.
    pub fn is(&self, name: &str) -> bool {
        self.switch(name).unwrap_or(false)
    }

    /// A switch, if it was given.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.text(name).map(|value| matches!(value.as_str(), "1" | "t" | "T" | "TRUE" | "true" | "True"))
    }

    /// A whole number, if it was given.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(|value| value.parse().ok())
    }

    /// A duration in milliseconds, if it was given.
    pub fn milliseconds(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(|value| duration(value).ok())
    }

    /// A file of the working directory.
    pub fn file(&self, path: &str) -> Option<Text> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.invocation.files.get(path).cloned()
    }

    /// What `--record` writes down: the whole command line, the flags last.
    pub fn change_cause(&self) -> Option<Text> {
        if !self.is("record") {
            return None;
        }
        let mut text = self.verb.full_path();
        for word in &self.words {
            text.push(' ');
            text.push_str(word);
        }
        for (name, value) in &self.given {
            text.push_str(" --");
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        Some(text.into())
    }

    /// A mistake in the arguments of this command.
    pub fn usage(&self, text: impl AsRef<str>) -> Failure {
        Failure::usage(&self.verb.full_path(), text)
    }
}

/// The first word that is no flag and no flag's value, and where it stands: the name of a command, if there is one.
fn command_word(words: &[Text], flags: &[&'static [Flag]]) -> Option<(usize, Text)> {
    let takes_nothing =
        |flag: Option<&Flag>| flag.is_some_and(|flag| matches!(flag.takes, Takes::Bool | Takes::TextOr(_)));
    let mut all = words.iter().enumerate();
    while let Some((at, word)) = all.next() {
        if word == "--" {
            return None;
        }
        if let Some(name) = word.strip_prefix("--") {
            let flag = flags.iter().flat_map(|set| set.iter()).find(|flag| flag.name == name);
            if !name.contains('=') && !takes_nothing(flag) {
                all.next();
            }
        } else if let Some(name) = word.strip_prefix('-') {
            let mut letters = name.chars();
            if let (Some(letter), None) = (letters.next(), letters.next()) {
                let flag = flags.iter().flat_map(|set| set.iter()).find(|flag| flag.short == Some(letter));
                if !takes_nothing(flag) {
                    all.next();
                }
            }
        } else if !word.is_empty() {
            return Some((at, word.clone()));
        }
    }
    None
}

fn unknown_command(word: &str) -> Failure {
    let mut text = format!("unknown command {} for \"kubectl\"", quoted(word));
    let similar = suggest::similar(word, verbs::top_level());
    if !similar.is_empty() {
        text.push_str("\n\nDid you mean this?");
        for name in similar {
            text.push_str("\n\t");
            text.push_str(name);
        }
    }
    Failure::error(text)
}
