//! The manifest: a plain text area over its own line numbers, what is offered at the caret, what kubectl says to it.

use std::rc::Rc;

use yew::prelude::*;

use super::part::{Draw, part};
use super::words::{always, button, chosen};
use super::{Dispatch, files, offers};
use crate::kubectl::OpenFile;
use crate::ui::model::{
    Action, DeskAction, EXAMPLES, FieldTold, Folder, Ink, Offers, PaneAction, Problem, State, Verdict, outline, pieces,
};
use crate::ui::port;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    part(EditorProps {
        dispatch: dispatch.clone(),
        folder: state.folder.clone(),
        readonly: state.options.readonly,
        verdict: state.verdict.clone(),
        offers: state.desk.offers.clone(),
        told: state.told(),
        aloud: state.desk.aloud,
        points: state.desk.pointed.is_some(),
        diff: state.desk.diff,
    })
}

#[derive(PartialEq)]
#[allow(clippy::struct_excessive_bools)]
struct EditorProps {
    dispatch: Dispatch,
    folder: Folder,
    readonly: bool,
    verdict: Rc<Verdict>,
    offers: Option<Offers>,
    told: Option<FieldTold>,
    aloud: bool,
    points: bool,
    diff: bool,
}

type Area = web_sys::HtmlTextAreaElement;

fn area(event: &Event) -> Option<Area> {
    event.target_dyn_into::<Area>()
}

fn units(place: Result<Option<u32>, wasm_bindgen::JsValue>) -> usize {
    place.ok().flatten().unwrap_or(0) as usize
}

/// The file that a command waits for, and whether something was written in it.
fn pane(folder: &Folder) -> Option<(&OpenFile, bool)> {
    let file = folder.edited()?;
    let (_, opened) = file.edits.as_ref()?;
    Some((opened, file.text != opened.text))
}

/// What the keys do besides where a command waits for the file.
fn key_of_pane(event: &KeyboardEvent) -> Option<PaneAction> {
    match event.key().as_str() {
        "Enter" | "s" if event.ctrl_key() || event.meta_key() => Some(PaneAction::Save),
        "Escape" => Some(PaneAction::Cancel),
        _ => None,
    }
}

/// What stands above the file that a command waits for.
fn pane_bar(file: &OpenFile, readonly: bool, dispatch: &Dispatch) -> Html {
    let press = |action: PaneAction, class, id: &'static str, title: &'static str, text| {
        button(dispatch, Action::Pane(action), class, id, [title.into(), "".into()], false, text)
    };
    html! {
        <div class="bar pane" id="pane" role="group" aria-label={format!("kubectl edits {}", file.title)}>
            <p><span class="mono">{ "kubectl" }</span>{ " waits for this file" }</p>
            if !readonly {
                { press(PaneAction::Save, "main small", "pane-save", "Save and close (Ctrl-Enter)", "Save") }
                { press(PaneAction::Cancel, "small", "pane-cancel", "Close and change nothing (Escape)", "Cancel") }
            }
        </div>
    }
}

/// What the keys do in the editor. Tab is never taken.
fn action_of(event: &KeyboardEvent, open: bool, readonly: bool) -> Option<DeskAction> {
    if event.is_composing() || readonly {
        return None;
    }
    Some(match event.key().as_str() {
        "ArrowDown" if open => DeskAction::Choose(1),
        "ArrowUp" if open => DeskAction::Choose(-1),
        "Enter" if open => DeskAction::Take(None),
        "Escape" if open => DeskAction::Dismiss,
        " " if event.ctrl_key() => DeskAction::Offer,
        "F1" => DeskAction::Tell,
        "Enter" if !event.ctrl_key() && !event.shift_key() => {
            let area = area(event)?;
            DeskAction::Enter(units(area.selection_start()), units(area.selection_end()))
        }
        _ => return None,
    })
}

impl Draw for EditorProps {
    fn draw(&self) -> Html {
        let emit = |make: fn(&Area) -> DeskAction| {
            let dispatch = self.dispatch.clone();
            move |event: &Event| {
                if let Some(area) = area(event) {
                    dispatch.emit(Action::Desk(make(&area)));
                }
            }
        };
        let typed = emit(|area| DeskAction::Typed(area.value(), units(area.selection_start())));
        let oninput = Callback::from(move |event: InputEvent| typed(&event));
        let moved = emit(|area| DeskAction::Caret(units(area.selection_start())));
        let onkeyup = Callback::from({
            let moved = moved.clone();
            move |event: KeyboardEvent| moved(&event)
        });
        let onclick = Callback::from(move |event: MouseEvent| moved(&event));
        let (dispatch, open, readonly) = (self.dispatch.clone(), self.offers.is_some(), self.readonly);
        let edits = pane(&self.folder).map(|(_, changed)| changed).filter(|_| !readonly);
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            let of_pane = edits.and_then(|_| key_of_pane(&event));
            let desk = action_of(&event, open, readonly).filter(|_| of_pane != Some(PaneAction::Save));
            let Some(action) = desk.map(Action::Desk).or(of_pane.map(Action::Pane)) else { return };
            event.prevent_default();
            match action {
                // Who has written something is asked once more.
                Action::Pane(PaneAction::Cancel) if edits == Some(true) => port::focus("pane-cancel"),
                action => dispatch.emit(action),
            }
        });
        let onblur = always::<FocusEvent>(&self.dispatch, Action::Desk(DeskAction::Dismiss));
        let dispatch = self.dispatch.clone();
        let on_example = Callback::from(move |event: Event| dispatch.emit(Action::Example(chosen(&event))));
        let (text, name) = (self.folder.text(), self.folder.name());
        let label = if self.folder.edited().is_some() {
            format!("{name}, to be edited for kubectl; Control and Enter saves, Escape cancels")
        } else {
            format!("Manifest {name}")
        };
        let own = !EXAMPLES.iter().any(|example| example.text == text.as_str());
        let problems = &self.verdict.problems;
        let row = |(nth, line): (usize, &str)| {
            let bad = problems.iter().any(|p| p.line == Some(nth + 1));
            html! { <span class="row" data-problem={bad.then_some("true")}>{ for pieces(line).into_iter().map(piece) }</span> }
        };
        let invalid = if problems.is_empty() { "false" } else { "true" };
        let headings = outline(&text);
        html! {
            <section class="editor" aria-label="Manifest">
                <h2 class="unseen">{ "Manifest" }</h2>
                <div class="bar files">{ files::tabs(&self.folder, self.readonly, &self.dispatch) }</div>
                if let Some((file, _)) = pane(&self.folder) {
                    { pane_bar(file, self.readonly, &self.dispatch) }
                } else {
                    <div class="bar">
                        <select id="example" aria-label="Manifests to begin with" onchange={on_example}>
                            if own || self.folder.has_own() { <option selected={own}>{ "your own" }</option> }
                            { for EXAMPLES.iter().map(|example| html! { <option value={example.title} selected={example.text == text.as_str()}>{ example.title }</option> }) }
                        </select>
                        if headings.len() > 1 {
                            <ul class="outline" aria-label="Documents of this file">{ for headings.iter().enumerate().map(|(nth, heading)| html! {
                                <li><button id={format!("document-{}", nth + 1)} class="quiet small" title={format!("Go to line {}", heading.line + 1)} onclick={always::<MouseEvent>(&self.dispatch, Action::Desk(DeskAction::Jump(heading.line)))}>{ &heading.title }</button></li>
                            }) }</ul>
                        }
                    </div>
                }
                <div class="sheet" id="sheet"><div class="text">
                    <div class="under" aria-hidden="true">{ for text.split('\n').enumerate().map(row) }</div>
                    <textarea id="manifest" aria-label={label} aria-describedby="problems editor-keys" aria-invalid={invalid} aria-autocomplete="list" aria-controls={self.offers.is_some().then_some("offers")} aria-activedescendant={self.offers.as_ref().map(|offers| format!("offer-{}", offers.chosen))} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" readonly={self.readonly} value={text.to_string()} {oninput} {onkeyup} {onkeydown} {onclick} {onblur} />
                    if let Some(offers) = &self.offers { { offers::list(offers, &text, &self.dispatch) } }
                </div></div>
                { offers::field(self.told.as_ref(), self.points, self.aloud) }
                { verdict(&self.verdict, self.diff, &self.dispatch) }
                <p class="unseen" id="editor-keys">{ "Control and Space offers what can stand here: arrows choose, Enter takes, Escape closes. F1 says what the field is for. Tab leaves." }</p>
            </section>
        }
    }
}

fn piece((ink, text): (Ink, &str)) -> Html {
    match ink {
        Ink::Plain => text.into(),
        ink => html! { <i class={ink.class()}>{ text }</i> },
    }
}

fn verdict(verdict: &Verdict, open: bool, dispatch: &Dispatch) -> Html {
    if verdict.problems.is_empty() {
        let would = verdict.would.join(", ");
        if would.is_empty() {
            return html! { <div class="problems" id="problems"><p>{ "Nothing here yet. Choose a manifest to begin with, drop a file here, or type: Ctrl-Space offers what can stand here." }</p></div> };
        }
        let toggle = always::<MouseEvent>(dispatch, Action::Desk(DeskAction::Diff(!open)));
        return html! {
            <div class="problems" id="problems">
                <div class="outlook"><p class="good" id="outlook" title={would}>{ "✓ " }{ verdict.sentence() }</p><button id="diff" class="quiet small" aria-expanded={open.to_string()} aria-controls="diff-text" onclick={toggle}>{ "Diff" }</button></div>
                { for verdict.warnings.iter().map(|warning| html! { <p class="warns" title={warning.clone()}>{ "kubectl will warn: " }{ warning }</p> }) }
                if open { <pre id="diff-text" tabindex="0" aria-label="What kubectl diff shows">{ for verdict.diff.split_inclusive('\n').map(line) }if verdict.diff.is_empty() { { "Nothing differs from the live objects." } }</pre> }
            </div>
        };
    }
    let item = |problem: &Problem| {
        let place = problem.line.map(|line| html! { <button class="quiet small" onclick={always::<MouseEvent>(dispatch, Action::Desk(DeskAction::Jump(line - 1)))}>{ format!("line {line}") }</button> });
        html! { <li class="bad" data-line={problem.line.map(|l| l.to_string())}>{ place }<span>{ &problem.text }</span></li> }
    };
    html! { <ul class="problems" id="problems">{ for verdict.problems.iter().map(item) }</ul> }
}

/// A line of a diff.
fn line(line: &str) -> Html {
    let class = match line.get(..1) {
        _ if line.starts_with("+++") || line.starts_with("---") || line.starts_with("diff ") => "hunk",
        Some("+") => "more",
        Some("-") => "less",
        Some("@") => "hunk",
        _ => return line.into(),
    };
    html! { <span {class}>{ line }</span> }
}
