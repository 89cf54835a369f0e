//! The terminals: each with its screen, its line, its history; a command that goes on ends with Ctrl-C.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, keyed};
use super::words::{always, input_text};
use crate::ui::model::{Action, Block, DockAction, Prompt, Row, State, Tone};
use crate::ui::port;

/// At most so many words to choose from are shown.
const OFFERED: usize = 12;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let dock = &state.dock;
    let last = dock.open().last().copied();
    let press = |action: Action| always::<MouseEvent>(dispatch, action);
    let own = |nth: usize, busy: bool| {
        let id = format!("terminal-{}", nth + 1);
        let blocks: Vec<Rc<Block>> =
            state.lab().terminals.get(nth).map(|terminal| terminal.screen().cloned().collect()).unwrap_or_default();
        let copy = Callback::from(move |_: MouseEvent| {
            let mut text = String::new();
            for row in blocks.iter().flat_map(|block| &block.rows) {
                text.push_str(&row.text);
                text.push('\n');
            }
            port::tell("lab:copy", &text);
        });
        html! {
            <>
                if busy { <button class="stop" id={format!("{id}-stop")} onclick={press(Action::Interrupt(nth))}>{ "Ctrl-C" }</button> }
                <button id={format!("{id}-copy")} title="Copy what stands here" onclick={copy}>{ "Copy" }</button>
                <button id={format!("{id}-clear")} onclick={press(Action::Clear(nth))}>{ "Clear" }</button>
                if dock.open().len() > 1 { <button id={format!("{id}-close")} aria-label={format!("Close terminal {}", nth + 1)} title="Close; what runs in it ends" onclick={press(Action::Dock(DockAction::Close(nth)))}>{ "×" }</button> }
            </>
        }
    };
    let busy = |nth: usize| state.lab().terminals.get(nth).is_some_and(|terminal| terminal.foreground.is_some());
    let tools = |beside: bool| {
        html! {
            <>
                <button id="terminal-new" class="new" disabled={!dock.has_room()} onclick={always::<MouseEvent>(dispatch, Action::Dock(DockAction::Add))} aria-label="New terminal" title="New terminal">{ "+" }</button>
                <button id="terminal-layout" title={if beside { "Show one terminal at a time, behind tabs" } else { "Show all terminals side by side" }} onclick={always::<MouseEvent>(dispatch, Action::Dock(DockAction::Tabs(beside)))}>{ if beside { "Tabs" } else { "Side by side" } }</button>
            </>
        }
    };
    let terminal = |nth: &usize| {
        let screen = state.lab().terminals.get(*nth);
        let props = ScreenProps {
            dispatch: dispatch.clone(),
            nth: *nth,
            blocks: screen.map(|terminal| terminal.screen().cloned().collect()).unwrap_or_default(),
            cleared: screen.map_or(0, |terminal| terminal.cleared),
            prompt: dock.prompt(*nth).cloned().unwrap_or_default(),
            busy: busy(*nth),
            edits: screen.and_then(|screen| state.lab().editing(screen.foreground?)).is_some(),
            behind_tab: dock.tabs,
        };
        let tools = if Some(*nth) == last { tools(true) } else { Html::default() };
        let header =
            html! { <header><h2>{ format!("Terminal {}", nth + 1) }</h2>{ own(*nth, busy(*nth)) }{ tools }</header> };
        screen_of(&props, if dock.tabs { Html::default() } else { header })
    };
    let tab = |nth: &usize| {
        let on = dock.front == *nth;
        html! { <button id={format!("terminal-tab-{}", nth + 1)} role="tab" aria-selected={on.to_string()} aria-controls={on.then(|| format!("terminal-{}", nth + 1))} tabindex={if on { "0" } else { "-1" }} onclick={always::<MouseEvent>(dispatch, Action::Dock(DockAction::Front(*nth)))}>{ format!("Terminal {}", nth + 1) }</button> }
    };
    let (turn, onward, back) = (dispatch.clone(), dock.beside(true), dock.beside(false));
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" => onward,
            "ArrowLeft" => back,
            _ => return,
        };
        event.prevent_default();
        turn.emit(Action::Dock(DockAction::Front(to)));
        port::focus(&format!("terminal-tab-{}", to + 1));
    });
    html! {
        <section class="dock" aria-label="Terminals" data-tabs={dock.tabs.then_some("true")} data-open={dock.open().len().to_string()}>
            if dock.tabs {
                <div class="dock-bar"><div class="tabs" role="tablist" aria-label="Terminals" {onkeydown}>{ for dock.open().iter().map(tab) }</div>{ own(dock.front, busy(dock.front)) }{ tools(false) }</div>
            }
            { for dock.open().iter().filter(|nth| dock.shows(**nth)).map(terminal) }
            { keys() }
        </section>
    }
}

struct ScreenProps {
    dispatch: Dispatch,
    nth: usize,
    blocks: Vec<Rc<Block>>,
    /// So many rows are not shown any more.
    cleared: usize,
    prompt: Prompt,
    busy: bool,
    /// Whether what runs waits for its editor.
    edits: bool,
    behind_tab: bool,
}

/// What the keys do in a terminal's line. Tab is taken only where there is a word to complete; after Escape it leaves.
fn action_of(event: &KeyboardEvent, nth: usize, busy: bool, completes: bool, searches: bool) -> Option<Action> {
    Some(match event.key().as_str() {
        "Enter" => Action::Enter(nth),
        "ArrowUp" => Action::Recall(nth, true),
        "ArrowDown" => Action::Recall(nth, false),
        "Escape" if completes || searches => Action::Rest(nth),
        "Tab" if searches => Action::Rest(nth),
        "Tab" if completes && !event.shift_key() => Action::Complete(nth),
        "c" | "C" if event.ctrl_key() && (busy || !port::text_is_selected()) => Action::Interrupt(nth),
        "l" if event.ctrl_key() => Action::Clear(nth),
        "r" if event.ctrl_key() => Action::Search(nth),
        _ => return None,
    })
}

fn screen_of(props: &ScreenProps, header: Html) -> Html {
    let (nth, busy, prompt) = (props.nth, props.busy, &props.prompt);
    let id = format!("terminal-{}", nth + 1);
    let dispatch = props.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| dispatch.emit(Action::Type(nth, input_text(&event))));
    let (dispatch, completes, searches) =
        (props.dispatch.clone(), prompt.completion.is_some(), prompt.search.is_some());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if let Some(action) = action_of(&event, nth, busy, completes, searches) {
            event.prevent_default();
            dispatch.emit(action);
        }
    });
    let hint = match (busy, nth) {
        _ if props.edits => "waits for the editor; Ctrl-C closes it",
        (true, _) => "running; Ctrl-C ends it",
        (false, 0) => "kubectl get sts,po,pvc,svc -n lab-18",
        (false, _) => "kubectl get pods -w -l app=mehdb -n lab-18",
    };
    let block = |block: &Rc<Block>| {
        let hidden = props.cleared.saturating_sub(block.first);
        keyed(block.first.to_string(), BlockProps { block: block.clone(), hidden })
    };
    let title = format!("Terminal {}", nth + 1);
    let labelled = props.behind_tab.then(|| format!("terminal-tab-{}", nth + 1));
    let role = props.behind_tab.then_some("tabpanel");
    html! {
        <section key={nth} class="terminal" id={id.clone()} {role} aria-labelledby={labelled} aria-label={title.clone()} data-busy={busy.to_string()}>
            { header }
            <div class="screen" id={format!("{id}-screen")} tabindex="0" role="log" aria-live="off" aria-label={format!("Output of terminal {}", nth + 1)}>
                <div class="lines">{ for props.blocks.iter().map(block) }</div>
            </div>
            <div class="prompt">
                <span aria-hidden="true">{ if busy { "…" } else if searches { "find" } else { "$" } }</span>
                <input id={format!("{id}-input")} aria-label={if searches { format!("Find a line typed before in terminal {}", nth + 1) } else { format!("Command for terminal {}", nth + 1) }} value={prompt.field().to_string()} placeholder={hint} readonly={busy} aria-describedby={format!("{id}-tab terminal-keys")} spellcheck="false" autocapitalize="off" autocomplete="off" {oninput} {onkeydown} />
                <span class="tab" id={format!("{id}-tab")} role="status">{ offer(prompt) }</span>
            </div>
        </section>
    }
}

/// What the Tab key would write, or between what it chooses; the line that was found.
fn offer(prompt: &Prompt) -> Html {
    if prompt.search.is_some() {
        return html! { <>{ &*prompt.draft }</> };
    }
    let Some(found) = &prompt.completion else { return Html::default() };
    let words = match found.words.as_slice() {
        [only] if found.line.trim_end() != prompt.draft.trim_end() => only.to_string(),
        [_] => return Html::default(),
        words => {
            let mut all: Vec<&str> = words.iter().take(OFFERED).map(|word| &**word).collect();
            if words.len() > OFFERED {
                all.push("…");
            }
            all.join("  ")
        }
    };
    html! { <><kbd>{ "Tab" }</kbd>{ " " }{ words }</> }
}

/// What is said to everybody who comes into a terminal's line.
fn keys() -> Html {
    html! { <p class="unseen" id="terminal-keys">{ "Tab completes a word that was begun; press Escape and then Tab to leave, or Shift and Tab. Arrow up and down recall lines typed before, Ctrl-R finds one. Ctrl-C ends what runs, Ctrl-L clears." }</p> }
}

#[derive(PartialEq)]
struct BlockProps {
    block: Rc<Block>,
    /// So many of its rows were cleared away.
    hidden: usize,
}

impl Draw for BlockProps {
    fn draw(&self) -> Html {
        let row = |row: &Row| html! { <div class={tone(row.tone)}>{ row.text.clone() }</div> };
        html! { <>{ for self.block.rows.iter().skip(self.hidden).map(row) }</> }
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
