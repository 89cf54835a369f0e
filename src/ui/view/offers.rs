//! What could stand at the caret, as a list below it; and what the field there is for.

use yew::prelude::*;

use super::Dispatch;
use super::words::always;
use crate::ui::model::{Action, DeskAction, FieldTold, Offer, Offers};

/// So many offers are shown at a time: a list that had to be scrolled would need the focus.
const SHOWN: usize = 7;

/// Right of this column the list begins further left: it has to be read, too.
const DEEP: usize = 14;

/// The list. Text that nobody sees brings it to the caret: styles cannot be written into the page.
pub(super) fn list(offers: &Offers, text: &str, dispatch: &Dispatch) -> Html {
    let before = text.get(..offers.from).unwrap_or_default();
    let deep = before.rsplit('\n').next().unwrap_or_default().len() > DEEP;
    let count = offers.all.len();
    let first = offers.chosen.saturating_sub(SHOWN / 2).min(count.saturating_sub(SHOWN));
    // The editor keeps the focus.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    let more = always::<MouseEvent>(dispatch, Action::Desk(DeskAction::Choose(SHOWN as isize)));
    let option = |(nth, offer): (usize, &Offer)| {
        let take = always::<MouseEvent>(dispatch, Action::Desk(DeskAction::Take(Some(nth))));
        let onmousedown = onmousedown.clone();
        html! {
            <li id={format!("offer-{nth}")} role="option" aria-selected={(nth == offers.chosen).to_string()} aria-posinset={(nth + 1).to_string()} aria-setsize={count.to_string()} onclick={take} {onmousedown}><b>{ offer.word.as_str() }</b>if !offer.ty.is_empty() { { " " }<i>{ &offer.ty }</i> }if nth == offers.chosen && !offer.about.is_empty() { { " " }<span>{ offer.about }</span> }</li>
        }
    };
    html! {
        <div class="over">
            <span class="before" aria-hidden="true">{ before.to_owned() }</span>
            <div class="offers" data-deep={deep.then_some("true")}>
                <ul id="offers" role="listbox" aria-label="What can stand here">{ for offers.all.iter().enumerate().skip(first).take(SHOWN).map(option) }</ul>
                if count > SHOWN { <p aria-hidden="true" onclick={more} onmousedown={onmousedown.clone()}>{ format!("{} of {count}; arrows and letters choose", offers.chosen + 1) }</p> }
            </div>
        </div>
    }
}

/// What is said about the field at the caret, or under the pointer.
pub(super) fn field(told: Option<&FieldTold>, points: bool, aloud: bool) -> Html {
    let Some(told) = told else {
        return html! { <div class="field" id="field" data-empty="true" role="status">if aloud { { "Nothing is known of this line." } }</div> };
    };
    html! {
        <div class="field" id="field" role="status" aria-live={if aloud { "polite" } else { "off" }} data-points={points.then_some("true")}>
            <p><b class="mono">{ &told.path }</b>{ " " }<i class="mono">{ &told.ty }</i>if told.required { { " " }<em>{ "required" }</em> }{ " " }{ told.text }if !told.words.is_empty() { { format!(" One of: {}.", told.words) } }</p>
            if told.rule.0 > 0 { <p class="rule">{ format!("R{}: {}", told.rule.0, told.rule.1) }</p> }
        </div>
    }
}
