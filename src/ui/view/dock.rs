//! The terminals: each with its screen, its line, its history; a command that goes on ends with Ctrl-C.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::words::{always, input_text};
use crate::ui::model::{Action, Row, State, Tone};
use crate::ui::port;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let terminal = |(nth, terminal): (usize, &crate::ui::model::Terminal)| {
        html! {
            <Screen key={nth} {nth} dispatch={dispatch.clone()} rows={terminal.rows.clone()} cleared={terminal.cleared} draft={state.prompts.get(nth).map(|p| p.draft.to_string()).unwrap_or_default()} busy={terminal.foreground.is_some()} suggestion={state.prompts.get(nth).and_then(|p| p.suggestion.as_ref().map(ToString::to_string))} />
        }
    };
    html! { <section class="dock" aria-label="Terminals">{ for state.lab().terminals.iter().enumerate().map(terminal) }</section> }
}

#[derive(PartialEq, Properties)]
struct ScreenProps {
    dispatch: Dispatch,
    nth: usize,
    rows: Rc<Vec<Row>>,
    /// So many of them are not shown any more.
    cleared: usize,
    draft: String,
    busy: bool,
    suggestion: Option<String>,
}

#[component]
fn Screen(props: &ScreenProps) -> Html {
    let nth = props.nth;
    let id = format!("terminal-{}", nth + 1);
    let screen = use_node_ref();
    {
        let screen = screen.clone();
        use_effect_with(props.rows.clone(), move |_| {
            if let Some(element) = screen.cast::<web_sys::Element>() {
                port::scroll_to_end(&element);
            }
        });
    }
    let oninput = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: InputEvent| dispatch.emit(Action::Type(nth, input_text(&event))))
    };
    let onkeydown = {
        let (dispatch, busy, completes) = (props.dispatch.clone(), props.busy, props.suggestion.is_some());
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "Enter" => Action::Enter(nth),
                "ArrowUp" => Action::Recall(nth, true),
                "ArrowDown" => Action::Recall(nth, false),
                "c" | "C" if event.ctrl_key() && (busy || !port::text_is_selected()) => Action::Interrupt(nth),
                // Where nothing can be completed, Tab leaves as everywhere.
                "Tab" if completes && !event.shift_key() => Action::Complete(nth),
                "l" if event.ctrl_key() => Action::Clear(nth),
                _ => return,
            };
            event.prevent_default();
            dispatch.emit(action);
        })
    };
    let stop = always::<MouseEvent>(&props.dispatch, Action::Interrupt(nth));
    let clear = always::<MouseEvent>(&props.dispatch, Action::Clear(nth));
    let hint = match (props.busy, nth) {
        (true, _) => "running; Ctrl-C ends it",
        (false, 0) => "kubectl get sts,po,pvc,svc -n lab-18",
        (false, _) => "kubectl get pods -w -l app=mehdb -n lab-18",
    };
    html! {
        <section class="terminal" id={id.clone()} aria-label={format!("Terminal {}", nth + 1)} data-busy={props.busy.to_string()}>
            <header>
                <h2>{ format!("Terminal {}", nth + 1) }</h2>
                if props.busy { <button class="stop" id={format!("{id}-stop")} onclick={stop}>{ "Ctrl-C" }</button> }
                <button id={format!("{id}-clear")} onclick={clear}>{ "Clear" }</button>
            </header>
            <div class="screen" id={format!("{id}-screen")} ref={screen} tabindex="0" role="log" aria-live="off" aria-label={format!("Output of terminal {}", nth + 1)}>
                { for props.rows.iter().skip(props.cleared).map(|row| html! { <div class={tone(row.tone)}>{ row.text.clone() }</div> }) }
            </div>
            <div class="prompt">
                <span aria-hidden="true">{ if props.busy { "…" } else { "$" } }</span>
                <input id={format!("{id}-input")} aria-label={format!("Command for terminal {}", nth + 1)} value={props.draft.clone()} placeholder={hint} readonly={props.busy} aria-describedby={format!("{id}-tab")} spellcheck="false" autocapitalize="off" autocomplete="off" {oninput} {onkeydown} />
                <span class="tab" id={format!("{id}-tab")}>if let Some(text) = &props.suggestion { <kbd>{ "Tab" }</kbd>{ format!(" {}", text.trim_start_matches("kubectl ")) } }</span>
            </div>
        </section>
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::In => "in",
        Tone::Out => "out",
        Tone::Err => "err",
        Tone::Note => "note",
    }
}
