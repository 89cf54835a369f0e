//! The guided story: the offer on the empty stage, and its card while it is told.

use yew::prelude::*;

use super::Dispatch;
use super::words::{always, shape};
use crate::ui::model::{Action, CHAPTERS, GuideAction, State};

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
                <button class="main" id="apply-first" title="Applies the manifest" onclick={always(dispatch, Action::Apply)}>{ shape("icon", "#s-play") }{ " Play" }</button>
                <span>{ who }</span>
                <button class="quiet" id="guide-begin" onclick={always(dispatch, Action::Guide(GuideAction::Begin))}>{ "or show me around" }</button>
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

/// The card of the chapter that is told.
pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let Some(guide) = &state.guide else { return Html::default() };
    let chapter = guide.chapter();
    let press = |action: GuideAction| always::<MouseEvent>(dispatch, Action::Guide(action));
    let next = match (guide.done, guide.is_last()) {
        (_, true) => "Take over",
        (true, _) => "Next",
        (false, _) => "Skip ahead",
    };
    html! {
        <section class="guide" id="guide" aria-label="Guided story" data-done={guide.done.to_string()}>
            <div class="row"><h2>{ chapter.title }</h2><span class="number">{ format!("{} of {}", guide.at + 1, CHAPTERS.len()) }</span></div>
            <p id="guide-text" role="status" aria-live="polite">{ chapter.text }</p>
            if !chapter.lines.is_empty() { <p class="did">{ for chapter.lines.iter().map(|line| html! { <code>{ *line }</code> }) }</p> }
            <div class="row">
                <button id="guide-back" disabled={guide.at == 0} onclick={press(GuideAction::Back)}>{ "Back" }</button>
                <button class="main" id="guide-next" onclick={press(GuideAction::Next)}>{ next }</button>
                if !guide.is_last() { <button class="quiet" id="guide-leave" aria-label="Leave the story" onclick={press(GuideAction::Leave)}>{ "Leave" }</button> }
            </div>
        </section>
    }
}
