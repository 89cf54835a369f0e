//! The guided story: the offer on the empty stage, and its card while it is told.

use yew::prelude::*;

use super::Dispatch;
use super::words::{PLAIN, always, button, shape};
use crate::history::Act;
use crate::ui::model::{Action, GuideAction, LESSONS, State};

/// One sentence that says what this is, one button that lets it begin, and the story for who wants to be shown around.
pub(super) fn offer(pods: i64, dispatch: &Dispatch) -> Html {
    let who = match pods {
        1 => "one pod takes its seat".to_owned(),
        pods => format!("{} pods take their seats, one after the other", in_words(pods)),
    };
    html! {
        <>
            <p class="lesson"><strong>{ "A StatefulSet keeps seats:" }</strong>{ " press Play, and a small Kubernetes inside this page fills them with pods that come and go, while " }<strong>{ "each seat keeps its name, its claim and its DNS name." }</strong></p>
            <div class="invite">
                <button class="main" id="apply-first" title="Applies the manifest" onclick={always(dispatch, Action::Begin)}>{ shape("icon", "#s-play") }{ " Play" }</button>
                <span>{ who }</span>
                { button(dispatch, Action::Lesson("seats".into()), "quiet", "guide-begin", PLAIN, false, "or show me around") }
            </div>
        </>
    }
}

fn in_words(pods: i64) -> String {
    match pods {
        2 => "two".into(),
        3 => "three".into(),
        _ => pods.to_string(),
    }
}

/// The list of lessons, each a button.
pub(super) fn lessons(dispatch: &Dispatch) -> Html {
    html! {
        <ul class="lessons">{ for LESSONS.iter().map(|(name, title, about)| html! {
            <li><button id={format!("lesson-{name}")} onclick={always(dispatch, Action::Lesson((*name).to_owned()))}><b>{ *title }</b><span>{ *about }</span></button></li>
        }) }</ul>
    }
}

/// The card of the chapter that is told.
pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let Some((guide, chapter)) = state.guide.as_ref().and_then(|guide| Some((guide, guide.chapter()?))) else {
        return Html::default();
    };
    let press = |action: GuideAction| always::<MouseEvent>(dispatch, Action::Guide(action));
    let next = match (guide.done, guide.is_last()) {
        (_, true) => "Take over",
        (true, _) => "Next",
        (false, _) => "Skip ahead",
    };
    let does = chapter.does.iter().map(|(text, act)| match act {
        Act::Fault(fault) => html! { <span>{ "You " }{ fault.told().replace('@', "the node of ") }</span> },
        _ => html! { <code>{ text.trim_start_matches("2$ ") }</code> },
    });
    html! {
        <section class="guide" id="guide" aria-label={format!("Lesson: {}", guide.lesson.title)} data-done={guide.done.to_string()}>
            <div class="row"><h2>{ chapter.title.as_str() }</h2><span class="number">{ format!("{} of {}", guide.at + 1, guide.lesson.chapters.len()) }</span></div>
            <p id="guide-text" role="status" aria-live="polite">{ chapter.text.as_str() }</p>
            if !chapter.does.is_empty() { <p class="did">{ for does }</p> }
            <div class="row">
                { button(dispatch, Action::Guide(GuideAction::Back), "", "guide-back", PLAIN, guide.at == 0, "Back") }
                <button class="main" id="guide-next" onclick={press(GuideAction::Next)}>{ next }</button>
                if !guide.is_last() {
                    { button(dispatch, Action::Guide(GuideAction::Leave), "quiet", "guide-leave", ["".into(), "Leave the story".into()], false, "Leave") }
                } else if let Some((name, title, _)) = guide.follows() {
                    { button(dispatch, Action::Lesson((*name).to_owned()), "quiet", "guide-follows", [(*title).into(), "".into()], false, "Next lesson") }
                }
            </div>
        </section>
    }
}
