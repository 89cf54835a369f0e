//! The line below a terminal's screen: what is being typed, what was typed before, what could come next.

use super::complete::{Completion, completion};
use crate::history::Files;
use crate::sim::World;
use crate::value::Text;

/// At most so many lines are remembered.
const REMEMBERED: usize = 200;

/// The line below a screen. It is the user's, not the laboratory's: going back in time leaves it alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What is being typed.
    pub draft: Text,
    /// What the Tab key would make of it.
    pub completion: Option<Completion>,
    /// The words looked for among the lines typed before, as after Ctrl-R.
    pub search: Option<Text>,
    typed: Vec<Text>,
    /// How far back in `typed` the draft is; 0 is a new line.
    back: usize,
    /// Which of the words to choose from stands there.
    turn: Option<usize>,
}

impl Prompt {
    /// Takes what is being typed. While a line is looked for, it is what is looked for.
    pub fn write(&mut self, text: &str, world: &World, files: &Files) {
        if self.search.is_some() {
            self.search = Some(Text::copy(text));
            self.back = 0;
            return self.search();
        }
        self.completion = completion(text, world, files);
        self.turn = None;
        self.draft = Text::copy(text);
    }

    /// What the Tab key does: the line goes on as far as it is clear, then through the words to choose from.
    pub fn complete(&mut self, world: &World, files: &Files) {
        let Some(found) = &self.completion else { return };
        if self.turn.is_none() && found.line != self.draft {
            let line = found.line.clone();
            return self.write(&line, world, files);
        }
        let next = self.turn.map_or(0, |turn| turn + 1) % found.words.len().max(1);
        if let Some(word) = found.words.get(next) {
            self.draft = Text::from(format!("{}{word}", found.stem));
            self.turn = Some(next);
        }
    }

    /// Keeps a typed line for the arrow keys and empties the draft.
    pub fn typed(&mut self, line: &str) {
        if self.typed.last().is_none_or(|last| last.as_str() != line) {
            self.typed.push(Text::copy(line));
        }
        if self.typed.len() > REMEMBERED {
            self.typed.remove(0);
        }
        self.clear();
    }

    /// Empties the draft.
    pub fn clear(&mut self) {
        self.draft = Text::default();
        self.back = 0;
        self.rest();
    }

    /// Offers nothing and looks for nothing any more: the next Tab leaves.
    pub fn rest(&mut self) {
        self.completion = None;
        self.search = None;
    }

    /// Goes one line back (or forth) in what was typed.
    pub fn recall(&mut self, older: bool) {
        self.rest();
        self.back = if older { (self.back + 1).min(self.typed.len()) } else { self.back.saturating_sub(1) };
        self.show();
    }

    /// Begins to look for a line typed before, or goes on to an older one.
    pub fn search(&mut self) {
        self.completion = None;
        let wanted = self.search.get_or_insert_default().clone();
        if wanted.is_empty() {
            return;
        }
        let older = (self.back + 1..=self.typed.len()).find(|back| self.line(*back).contains(wanted.as_str()));
        if let Some(back) = older {
            self.back = back;
            self.show();
        }
    }

    /// What stands in the field: the draft, or what is looked for.
    pub fn field(&self) -> Text {
        self.search.clone().unwrap_or_else(|| self.draft.clone())
    }

    fn line(&self, back: usize) -> Text {
        let at = self.typed.len().checked_sub(back);
        at.and_then(|at| self.typed.get(at)).cloned().unwrap_or_default()
    }

    fn show(&mut self) {
        self.draft = self.line(self.back);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::Lab;

    fn typed() -> Prompt {
        let mut prompt = Prompt::default();
        for line in ["kubectl get po", "kubectl get po", "kubectl delete pod mehdb-0", "kubectl get sts"] {
            prompt.typed(line);
        }
        prompt
    }

    #[test]
    fn arrows_walk_through_what_was_typed() {
        let mut prompt = typed();
        prompt.recall(true);
        assert_eq!(prompt.draft, "kubectl get sts");
        for _ in 0..3 {
            prompt.recall(true);
        }
        assert_eq!(prompt.draft, "kubectl get po");
        for _ in 0..3 {
            prompt.recall(false);
        }
        assert_eq!(prompt.draft, "");
    }

    #[test]
    fn tab_goes_on_as_far_as_is_clear_and_then_through_what_there_is() {
        let (mut prompt, world, files) = (Prompt::default(), Lab::new().unwrap().world, Files::default());
        prompt.write("kubectl cordon n", &world, &files);
        let mut seen = Vec::new();
        for _ in 0..5 {
            prompt.complete(&world, &files);
            seen.push(prompt.draft.rsplit(' ').next().unwrap_or_default().to_owned());
        }
        assert_eq!(seen, ["node-", "node-1", "node-2", "node-3", "node-1"]);
        prompt.rest();
        assert_eq!(prompt.completion, None, "after Escape, Tab has nothing to do here and leaves");
        prompt.write("kubectl cordon node-2 ", &world, &files);
        assert_eq!(prompt.completion.as_ref().map(|found| found.words.len()), Some(2), "two more could be cordoned");
    }

    #[test]
    fn a_line_typed_long_ago_is_found_by_a_few_letters() {
        let (mut prompt, world, files) = (typed(), Lab::new().unwrap().world, Files::default());
        prompt.search();
        assert_eq!(prompt.draft, "", "nothing is looked for yet");
        prompt.write("get", &world, &files);
        assert_eq!((prompt.draft.as_str(), prompt.field().as_str()), ("kubectl get sts", "get"));
        prompt.search();
        assert_eq!(prompt.draft, "kubectl get po");
        prompt.search();
        assert_eq!(prompt.draft, "kubectl get po", "there is no older one");
        prompt.write("delete", &world, &files);
        assert_eq!(prompt.draft, "kubectl delete pod mehdb-0");
        prompt.rest();
        assert_eq!(prompt.field(), "kubectl delete pod mehdb-0", "the line found stays to be changed or sent");
    }
}
