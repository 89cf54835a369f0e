//! The command palette: a line to type into, and what matches it.

use yew::prelude::*;

use super::Dispatch;
use super::words::input_text;
use crate::ui::model::{Action, PaletteAction, State, found};

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let emit = |action: PaletteAction| {
        let dispatch = dispatch.clone();
        move || dispatch.emit(Action::Palette(action))
    };
    let (open, close) = (emit(PaletteAction::Open), emit(PaletteAction::Close));
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| dispatch.emit(Action::PaletteText(input_text(&event))))
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "ArrowDown" => PaletteAction::Step(true),
                "ArrowUp" => PaletteAction::Step(false),
                "Enter" => PaletteAction::Do(None),
                _ => return,
            };
            event.prevent_default();
            dispatch.emit(Action::Palette(action));
        })
    };
    let entries = found(state);
    let (query, at) = state.palette.as_ref().map_or((String::new(), 0), |p| (p.query.clone(), p.at));
    let is_empty = state.palette.is_some() && entries.is_empty();
    // What has the focus while an entry is pressed keeps it.
    let hold = Callback::from(|event: MouseEvent| event.prevent_default());
    let entry = |(nth, entry): (usize, &crate::ui::model::Entry)| {
        let choose = emit(PaletteAction::Do(Some(nth)));
        html! {
            <li id={format!("palette-{nth}")} role="option" aria-selected={(nth == at).to_string()} onclick={move |_: MouseEvent| choose()}>
                <span>{ &entry.title }</span><code>{ &entry.hint }</code>
            </li>
        }
    };
    html! {
        <div id="palette" popover="auto" class="layer palette" role="dialog" aria-label="Commands">
            <input id="palette-input" autofocus=true role="combobox" aria-label="What to do, or where to go" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={(!entries.is_empty()).then(|| format!("palette-{at}"))} placeholder="What to do, or where to go" autocomplete="off" spellcheck="false" value={query} {oninput} {onkeydown} onfocus={move |_: FocusEvent| open()} onblur={move |_: FocusEvent| close()} />
            <ul id="palette-list" role="listbox" aria-label="What matches" onmousedown={hold}>{ for entries.iter().enumerate().map(entry) }</ul>
            if is_empty { <p class="hint" role="status">{ "Nothing matches. Try: scale, delete, speed, node-2." }</p> }
        </div>
    }
}
