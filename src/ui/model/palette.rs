//! The command palette: everything that can be done and gone to, found by typing.

use super::action::Action;
use super::faults;
use super::lesson::LESSONS;
use super::state::{Panel, State};
use super::steps::STEPS;
use super::transport::{SPEEDS, clock};
use super::travel::{Stride, TravelAction};
use crate::api::Kind;
use crate::explain::Act as Way;
use crate::history::Act;

/// At most so many entries are shown.
const SHOWN: usize = 40;

/// At most so many objects of a kind, and acts of the journal, can be gone to.
const LISTED: usize = 1000;

/// At most so many nodes can be broken from here.
const NODES: usize = 12;

/// The open palette.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// What was typed.
    pub query: String,
    /// The chosen entry's place.
    pub at: usize,
}

/// One thing that can be done, or gone to.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it does.
    pub title: String,
    /// The kubectl line or the key that does the same; may be empty.
    pub hint: String,
    /// The action.
    pub action: Action,
}

/// What can be done with the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PaletteAction {
    Open,
    Close,
    /// To the next entry (true) or the one before.
    Step(bool),
    /// Does the entry at this place; the chosen one without.
    Do(Option<usize>),
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: PaletteAction) {
    match action {
        PaletteAction::Open => state.palette = Some(Palette::default()),
        PaletteAction::Close => state.palette = None,
        PaletteAction::Step(on) => {
            let count = found(state).len();
            if let Some(palette) = state.palette.as_mut().filter(|_| count > 0) {
                palette.at = if on { palette.at + 1 } else { palette.at + count - 1 } % count;
            }
        }
        PaletteAction::Do(place) => {
            let Some(palette) = state.palette.take() else { return };
            let chosen = matching(state, &palette.query).nth(place.unwrap_or(palette.at));
            if let Some(entry) = chosen {
                super::reader::press(state, entry.action);
            }
        }
    }
}

/// Something else is typed.
pub(super) fn typed(state: &mut State, query: String) {
    state.palette = Some(Palette { query, at: 0 });
}

/// What is shown of it: the entries that match what was typed.
pub fn found(state: &State) -> Vec<Entry> {
    state.palette.as_ref().map(|palette| matching(state, &palette.query).take(SHOWN).collect()).unwrap_or_default()
}

fn matching(state: &State, query: &str) -> impl Iterator<Item = Entry> {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(ToOwned::to_owned).collect();
    all(state).into_iter().filter(move |entry| {
        let text = format!("{} {}", entry.title, entry.hint).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    })
}

/// Everything, what is wanted most first.
fn all(state: &State) -> Vec<Entry> {
    let mut list = Vec::new();
    let mut add = |title: &str, hint: &str, action: Action| {
        list.push(Entry { title: title.to_owned(), hint: hint.to_owned(), action });
    };
    add("Apply the manifest", &state.apply_lines().join("; "), Action::Apply);
    if let Some(set) = state.set() {
        let name = state.set_name();
        for wanted in [set.wanted + 1, set.wanted - 1].into_iter().filter(|wanted| *wanted >= 0) {
            let line = super::commands::scale(&name, &state.namespace, wanted);
            add(&format!("Scale {name} to {wanted}"), &line, Action::Run(line.clone()));
        }
    }
    add(if state.transport.playing { "Pause" } else { "Play" }, "k", Action::TogglePlay);
    add("On to the next change", "n", Action::Next);
    add("Back to the change before", "b", Action::Back);
    for (stride, name, key, _) in Stride::ALL {
        add(&format!("On to the next {name}"), key, Action::Travel(TravelAction::Forward(stride)));
        add(&format!("Back to the {name} before"), &key.to_uppercase(), Action::Travel(TravelAction::Backward(stride)));
    }
    add("Undo the last act", "u", Action::Travel(TravelAction::Undo));
    add("Go to the beginning of time", "", Action::Seek(crate::time::Time(0)));
    let skips = state.transport.skips;
    add(if skips { "Play idle time" } else { "Skip idle time" }, "", Action::Travel(TravelAction::SkipIdle(!skips)));
    for (name, title, about) in LESSONS {
        add(&format!("Lesson: {title}"), about, Action::Lesson(name.to_owned()));
    }
    if let Some(key) = state.asked() {
        add(&format!("Why is {} as it is?", key.name), "", Action::Why(key));
    }
    for (panel, name) in [
        (Panel::Steps, "the lab's steps"),
        (Panel::Story, "the story of decisions"),
        (Panel::Events, "the events"),
        (Panel::Faults, "what can be broken"),
        (Panel::Promises, "the promises of StatefulSets"),
    ] {
        add(&format!("Show {name}"), "", Action::Show(panel));
    }
    add(
        if state.as_table { "Show the stage" } else { "Show the stage as a table" },
        "",
        Action::AsTable(!state.as_table),
    );
    for (theme, name) in [("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"), ("", "System's")] {
        add(&format!("{name} theme"), "", Action::Theme(theme.to_owned()));
    }
    for speed in SPEEDS {
        add(&format!("Speed {speed}×"), "", Action::Speed(speed));
    }
    for (nth, step) in STEPS.iter().enumerate() {
        add(&format!("Lab, step {}: {}", nth + 1, step.title), step.line, Action::LabStep(nth));
    }
    for choice in state.plan.as_ref().map(super::commands::patches).unwrap_or_default() {
        let line = super::commands::patch(&state.set_name(), &state.namespace, &choice.patch);
        add(&format!("Patch: {}", choice.label), &line, Action::Run(line.clone()));
    }
    for deletion in state.deletions() {
        add(&format!("Delete {}", deletion.label), &deletion.line, Action::Run(deletion.line.clone()));
    }
    let world = &state.lab().world;
    for node in world.store().list(Kind::Node, "").take(NODES) {
        for tool in faults::tools(world, &node.key()) {
            let title = format!("{}: {}", node.meta.name, tool.help.text);
            match tool.help.act {
                Way::Run(line) => add(&title, &line, Action::Run(line.to_string())),
                Way::Fault(fault) => add(&title, "no kubectl line does this", Action::Fault(fault)),
                _ => {}
            }
        }
    }
    for tool in faults::groups(world).into_iter().flat_map(|group| group.tools) {
        match tool.help.act {
            Way::Run(line) => add(&tool.help.text, &line, Action::Run(line.to_string())),
            Way::Fault(fault) => add(&tool.help.text, "no kubectl line does this", Action::Fault(fault)),
            _ => {}
        }
    }
    let kinds =
        [Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim, Kind::Node, Kind::Service, Kind::PersistentVolume];
    for kind in kinds {
        for object in world.store().list(kind, "").take(LISTED) {
            let name = format!("{}/{}", kind.info().singular, object.meta.name);
            add(&format!("Go to {name}"), &object.meta.namespace, Action::Select(Some(object.key())));
        }
    }
    for entry in state.time.branch().entries().iter().rev().take(LISTED) {
        if let Act::Line { line, .. } = &entry.act {
            add(&format!("Go to {}: {line}", clock(entry.at)), "", Action::Seek(entry.at));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::super::inspect::Sight;
    use super::super::options::Options;
    use super::super::update::update as act;
    use super::*;
    use crate::time::Time;

    /// Does an entry by its title, as somebody who types it and presses Enter.
    fn by_typing(state: &mut State, query: &str) {
        act(state, Action::Palette(PaletteAction::Open));
        act(state, Action::PaletteText(query.into()));
        act(state, Action::Palette(PaletteAction::Do(None)));
    }

    fn titles(state: &State) -> Vec<String> {
        found(state).into_iter().map(|entry| entry.title).collect()
    }

    #[test]
    fn the_whole_lab_by_typing_into_the_palette() {
        let mut state = State::new(Options::default()).unwrap();
        by_typing(&mut state, "apply");
        assert!(state.palette.is_none(), "it closes");
        state.time.play_to(Time(200_000), usize::MAX);
        act(&mut state, Action::Frame(1000));
        by_typing(&mut state, "scale mehdb 3");
        assert_eq!(state.set().map(|set| set.wanted), Some(3));
        by_typing(&mut state, "pvc data-mehdb-1 go");
        assert_eq!(state.selected, None, "pvc is no word of it");
        by_typing(&mut state, "go data-mehdb-1");
        assert_eq!(state.selected.as_ref().map(|key| key.name.as_str()), Some("data-mehdb-1"));
        assert_eq!((state.panel, state.sight), (Panel::Inspector, Sight::Facts));
        by_typing(&mut state, "speed 120");
        assert_eq!(state.transport.speed, 120);
    }

    #[test]
    fn arrows_go_round_and_typing_begins_at_the_top() {
        let mut state = State::new(Options::default()).unwrap();
        act(&mut state, Action::Palette(PaletteAction::Open));
        act(&mut state, Action::PaletteText("theme".into()));
        let shown = titles(&state);
        assert_eq!(shown, ["Light theme", "Dark theme", "High contrast theme", "System's theme"]);
        act(&mut state, Action::Palette(PaletteAction::Step(false)));
        assert_eq!(state.palette.as_ref().map(|palette| palette.at), Some(3));
        act(&mut state, Action::Palette(PaletteAction::Step(true)));
        act(&mut state, Action::Palette(PaletteAction::Step(true)));
        act(&mut state, Action::Palette(PaletteAction::Do(None)));
        assert_eq!(state.options.theme, "dark");
    }

    #[test]
    fn nonsense_finds_nothing_and_does_nothing() {
        let mut state = State::new(Options::default()).unwrap();
        by_typing(&mut state, "xyzzy");
        assert!(state.time.branch().entries().is_empty());
        act(&mut state, Action::Palette(PaletteAction::Step(true)));
        act(&mut state, Action::Palette(PaletteAction::Do(Some(99))));
        assert!(state.palette.is_none());
    }

    #[test]
    fn where_one_may_only_look_the_palette_acts_on_nothing() {
        let mut state = State::new(Options { readonly: true, ..Options::default() }).unwrap();
        by_typing(&mut state, "apply the");
        assert!(state.time.branch().entries().is_empty());
    }
}
