//! The editor's hands: the caret, what is offered there, the field that is told about, the diff.

use super::advice::{self, Offers, Told};
use super::outbox::Parcel;
use super::state::State;
use super::ties::Known;

/// What the editor knows besides its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Where the caret stands, bytes.
    pub caret: usize,
    /// What is offered there.
    pub offers: Option<Offers>,
    /// The line (from 0) under the pointer, while one is.
    pub pointed: Option<usize>,
    /// Whether the field at the caret was asked about, so that it is said aloud.
    pub aloud: bool,
    /// Whether the diff against the live objects is wanted.
    pub diff: bool,
}

/// What can be done at the desk. Places in the text are counted as the browser does, in 16-bit units.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DeskAction {
    /// The text was changed, and the caret stands there.
    Typed(String, usize),
    Caret(usize),
    /// Asks what could stand at the caret.
    Offer,
    /// Goes so many offers on, or back.
    Choose(isize),
    /// Takes the chosen one, or this one.
    Take(Option<usize>),
    Dismiss,
    /// Begins another line in the place of what is marked.
    Enter(usize, usize),
    /// The pointer is over this line, from 0.
    Point(Option<usize>),
    /// Says aloud what the field at the caret is for.
    Tell,
    /// Brings the caret to a line, from 0.
    Jump(usize),
    Diff(bool),
}

/// The byte at which so many 16-bit units of a text end.
fn byte_of(text: &str, units: usize) -> usize {
    let mut left = units;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(letter.len_utf16());
    }
    text.len()
}

/// So many 16-bit units stand before a byte of a text.
fn units_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).chars().map(char::len_utf16).sum()
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: DeskAction) {
    let text = state.folder.text();
    let desk = &mut state.desk;
    desk.aloud &= matches!(action, DeskAction::Caret(at) if byte_of(&text, at) == desk.caret);
    match action {
        DeskAction::Typed(new, caret) => {
            let caret = byte_of(&new, caret);
            if new == text.as_str() {
                // What was taken here comes back from the browser.
                desk.caret = caret;
                return;
            }
            desk.caret = caret;
            let known =
                Known { store: state.time.branch().lab().world.store(), namespace: &state.namespace, text: &new };
            desk.offers = advice::offers(known, caret).filter(|offers| offers.from < caret);
            let written = state.folder.write(&new);
            state.takes(written);
        }
        DeskAction::Caret(caret) => {
            let caret = byte_of(&text, caret);
            if caret != desk.caret {
                desk.caret = caret;
                desk.offers = None;
            }
        }
        DeskAction::Offer => state.offer(),
        DeskAction::Choose(steps) => {
            if let Some(offers) = &mut desk.offers {
                let count = offers.all.len().max(1) as isize;
                offers.chosen = (offers.chosen as isize + steps).rem_euclid(count) as usize;
            }
        }
        DeskAction::Take(place) => {
            let Some(offers) = desk.offers.take() else { return };
            if let Some(offer) = offers.all.get(place.unwrap_or(offers.chosen)) {
                put(state, offers.from, offers.to, &offer.text);
                state.offer();
            }
        }
        DeskAction::Dismiss => desk.offers = None,
        DeskAction::Enter(from, to) => {
            desk.offers = None;
            let (from, to) = (byte_of(&text, from), byte_of(&text, to));
            put(state, from, to.max(from), &advice::line_end(&text, from));
        }
        DeskAction::Point(line) => desk.pointed = line,
        DeskAction::Tell => {
            desk.pointed = None;
            desk.aloud = true;
        }
        DeskAction::Jump(line) => {
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            desk.caret = start;
            desk.offers = None;
            state.travel.outbox.push(Parcel::Caret { at: units_of(&text, start), line });
        }
        DeskAction::Diff(on) => {
            if desk.diff != on {
                desk.diff = on;
                state.judge();
            }
        }
    }
}

/// Writes in the place of a part of the text, here and in the browser's field, so that it can be undone there.
fn put(state: &mut State, from: usize, to: usize, insert: &str) {
    let text = state.folder.text();
    let (Some(before), Some(behind)) = (text.get(..from), text.get(to..)) else { return };
    let new = [before, insert, behind].concat();
    let parcel = Parcel::Put { from: units_of(&text, from), to: units_of(&text, to), text: insert.to_owned() };
    let written = state.folder.write(&new);
    if written.is_ok() {
        state.desk.caret = from + insert.len();
        state.travel.outbox.push(parcel);
    }
    state.takes(written);
}

impl State {
    /// Looks what could stand at the caret.
    fn offer(&mut self) {
        let text = self.folder.text();
        let known = Known { store: self.time.branch().lab().world.store(), namespace: &self.namespace, text: &text };
        self.desk.offers = advice::offers(known, self.desk.caret);
    }

    /// What is said about the field under the pointer, or else at the caret.
    pub fn told(&self) -> Option<Told> {
        let text = self.folder.text();
        let line = self.desk.pointed.unwrap_or_else(|| {
            let head = text.get(..self.desk.caret).unwrap_or_default();
            head.matches('\n').count()
        });
        advice::told(&text, line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::options::Options;
    use super::super::update::update;
    use super::*;

    fn page(text: &str) -> State {
        let mut state = State::new(Options::default()).unwrap();
        act(&mut state, DeskAction::Typed(text.into(), text.encode_utf16().count()));
        state
    }

    fn act(state: &mut State, action: DeskAction) {
        update(state, Action::Desk(action));
    }

    const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\n# grüße 𝄞\nspec:\n  ";

    #[test]
    fn a_field_is_typed_with_a_few_letters_and_enter() {
        let mut state = page(&format!("{SET}pod"));
        let offers = state.desk.offers.clone().unwrap();
        assert_eq!(offers.all.first().map(|offer| offer.word.as_str()), Some("podManagementPolicy"));
        act(&mut state, DeskAction::Take(None));
        assert_eq!(state.folder.text().as_str(), format!("{SET}podManagementPolicy: "));
        let from = SET.encode_utf16().count();
        let put = Parcel::Put { from, to: from + 3, text: "podManagementPolicy: ".into() };
        assert_eq!(state.travel.outbox, [put], "the browser's field writes the same, in its own units");
        let words: Vec<&str> =
            state.desk.offers.iter().flat_map(|offers| &offers.all).map(|offer| offer.word.as_str()).collect();
        assert_eq!(words, ["OrderedReady", "Parallel"], "what it can be is offered at once");
        act(&mut state, DeskAction::Choose(1));
        let text = state.folder.text().to_string();
        act(&mut state, DeskAction::Typed(text.clone(), text.encode_utf16().count()));
        act(&mut state, DeskAction::Take(None));
        assert!(state.folder.text().ends_with("podManagementPolicy: Parallel"));
        assert_eq!(state.desk.offers, None);
    }

    #[test]
    fn what_is_offered_goes_away_with_escape_and_when_the_caret_moves() {
        let mut state = page(&format!("{SET}re"));
        assert!(state.desk.offers.is_some());
        act(&mut state, DeskAction::Dismiss);
        assert_eq!(state.desk.offers, None);
        act(&mut state, DeskAction::Offer);
        assert!(state.desk.offers.is_some());
        act(&mut state, DeskAction::Choose(-1));
        assert_eq!(state.desk.offers.as_ref().map(|o| o.chosen + 1), state.desk.offers.as_ref().map(|o| o.all.len()));
        act(&mut state, DeskAction::Caret(3));
        assert_eq!(state.desk.offers, None);
    }

    #[test]
    fn nothing_is_offered_unasked_before_a_letter_is_typed() {
        let mut state = page(SET);
        assert_eq!(state.desk.offers, None);
        act(&mut state, DeskAction::Offer);
        assert!(state.desk.offers.is_some_and(|offers| offers.all.len() > 8));
    }

    #[test]
    fn the_field_at_the_caret_is_told_and_the_pointer_comes_first() {
        let mut state = State::new(Options::default()).unwrap();
        let line = |wanted: &str| {
            let text = State::new(Options::default()).unwrap().folder.text();
            text.lines().position(|line| line.contains(wanted)).unwrap()
        };
        act(&mut state, DeskAction::Jump(line("replicas:")));
        let path = |state: &State| state.told().map(|told| told.path).unwrap_or_default();
        assert_eq!(path(&state), "spec.replicas");
        assert!(matches!(state.travel.outbox.last(), Some(Parcel::Caret { .. })));
        act(&mut state, DeskAction::Point(Some(line("serviceName:"))));
        assert_eq!(path(&state), "spec.serviceName");
        act(&mut state, DeskAction::Tell);
        assert_eq!((path(&state).as_str(), state.desk.aloud), ("spec.replicas", true));
        let caret = units_of(&state.folder.text(), state.desk.caret);
        act(&mut state, DeskAction::Caret(caret));
        assert!(state.desk.aloud, "that the key comes up again is no move");
        act(&mut state, DeskAction::Caret(caret + 1));
        assert!(!state.desk.aloud);
    }

    #[test]
    fn enter_keeps_the_indentation() {
        let mut state = page(SET);
        let end = SET.encode_utf16().count();
        act(&mut state, DeskAction::Typed(format!("{SET}template:"), end + 9));
        act(&mut state, DeskAction::Enter(end + 9, end + 9));
        assert!(state.folder.text().ends_with("  template:\n    "), "{}", state.folder.text());
    }
}
