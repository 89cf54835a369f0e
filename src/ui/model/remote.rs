//! What a page around ours may ask for, and what it is told: the words between static/embed.js and the engine.

use super::action::Action;
use super::desk::DeskAction;
use super::folder::FileAction;
use super::state::State;
use crate::map;
use crate::sim::Fault;
use crate::time::Time;
use crate::value::{Text, Value, json};

/// The actions a line asks for: `play`, `pause`, `seek MS`, `speed N`, `theme NAME`, `namespace NAME`, `load MANIFEST`,
/// `run KUBECTL-LINE`, `lesson NAME` and perhaps its text below; `file NAME` with its text below, `refuse WHY`, `point LINE`, `files` as `Folder::write_all` wrote them. Nothing where it asks for something unknown.
pub fn asked(state: &State, line: &str) -> Option<Action> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Some(match word {
        "play" if !state.transport.playing => Action::TogglePlay,
        "pause" if state.transport.playing => Action::TogglePlay,
        "seek" => Action::Seek(Time(rest.parse().ok()?)),
        "speed" => Action::Speed(rest.parse().ok()?),
        "theme" => Action::Theme(rest.to_owned()),
        "paper" => Action::Paper(rest == "1"),
        "world" => Action::World(rest.to_owned()),
        "takes" => Action::Fault(Fault::read(line)?),
        "namespace" => Action::Namespace(rest.to_owned()),
        "load" => Action::Edit(rest.to_owned()),
        "run" => Action::Run(rest.to_owned()),
        // The name alone asks for it; with its text below, it is begun.
        "lesson" => match rest.split_once('\n') {
            None => Action::Lesson(rest.to_owned()),
            Some((name, text)) => Action::Tell(name.to_owned(), text.to_owned()),
        },
        // Below: what static/editor.js tells, of files that lie outside.
        "file" if !state.options.readonly => {
            let (name, text) = rest.split_once('\n')?;
            Action::File(FileAction::Add(name.to_owned(), text.to_owned()))
        }
        "point" => Action::Desk(DeskAction::Point(rest.parse().ok())),
        "refuse" => Action::File(FileAction::Refuse(rest.to_owned())),
        "files" => Action::File(FileAction::Restore(rest.to_owned())),
        _ => return None,
    })
}

/// This moment for the page around ours, as JSON: `t` (simulated ms), `playing`, `speed`, `summary` in words, what the
/// controllers wait for (`waits`), what was decided last (`narration`) and when (`told`), which steps of the lab are `done`, whether
/// nothing is due (`rest`), the `lesson` that is told, how many `chapter`s of its `chapters` were told.
pub fn report(state: &State) -> String {
    let (mut summary, mut waits) = (String::new(), String::new());
    for set in &state.scene.sets {
        let ready = format!("statefulset/{}: {} of {} Ready", set.name, set.ready, set.wanted);
        summary.push_str(if summary.is_empty() { "" } else { "; " });
        summary.push_str(&ready);
        if set.controller.waits {
            summary.push_str(", waits: ");
            summary.push_str(&set.controller.text);
            waits.push_str(if waits.is_empty() { "" } else { "; " });
            waits.push_str(&set.controller.text);
        }
    }
    let (lesson, chapter, chapters) = state.guide.as_ref().map_or((Text::default(), 0, 0), |guide| {
        let number = |number: usize| i64::try_from(number).unwrap_or(0);
        (guide.name.clone(), number(guide.at + usize::from(guide.done)), number(guide.lesson.chapters.len()))
    });
    let done: Vec<Value> = state.done.iter().map(|done| Value::from(*done)).collect();
    json::to_compact(&map! {
        "t" => state.time.now().0,
        "playing" => state.transport.playing,
        "speed" => state.transport.speed,
        "summary" => summary,
        "waits" => waits,
        "narration" => state.narration().to_string(),
        "told" => state.lab().story.iter().rev().find(|told| told.aloud).map_or(0, |told| told.at.0),
        "done" => done,
        "rest" => state.time.next_at().is_none(),
        "lesson" => lesson,
        "chapter" => chapter,
        "chapters" => chapters,
    })
}

#[cfg(test)]
mod tests {
    use super::super::options::Options;
    use super::super::update::update;
    use super::*;

    fn say(state: &mut State, line: &str) {
        let action = asked(state, line).unwrap_or_else(|| panic!("{line} asks for nothing"));
        update(state, action);
    }

    #[test]
    fn a_page_around_ours_can_run_the_lab_and_is_told_how_it_goes() {
        let mut state = State::new(Options::default()).unwrap();
        assert!(asked(&state, "play").is_none(), "it plays already");
        assert!(asked(&state, "dance").is_none());
        assert!(asked(&state, "seek soon").is_none());
        say(&mut state, "run kubectl create ns lab-18");
        say(&mut state, "run kubectl apply -f stateful.yaml -n lab-18");
        say(&mut state, "speed 60");
        for _ in 0..4 {
            update(&mut state, Action::Frame(250_000));
        }
        say(&mut state, "pause");
        let told = report(&state);
        assert!(told.contains("\"playing\":false,\"rest\":false,\"speed\":60"), "{told}");
        assert!(told.contains("statefulset/mehdb: 1 of 2 Ready, waits: mehdb-1"), "{told}");
        assert!(told.contains("\"waits\":\"mehdb-1"), "{told}");
        assert!(told.contains("\"done\":[true,true,false"), "{told}");
        say(&mut state, "seek 0");
        assert!(report(&state).contains("\"t\":0"), "{}", report(&state));
    }

    #[test]
    fn a_page_around_ours_can_bring_its_own_manifest() {
        let mut state = State::new(Options::default()).unwrap();
        say(&mut state, "load kind: StatefulSet\nmetadata: {name: x}\n");
        assert!(state.folder.text().starts_with("kind: StatefulSet\n"));
    }
}
