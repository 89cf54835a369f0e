//! The manifest: a plain text area over its own line numbers, and what kubectl says to it.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::chosen;
use crate::ui::model::{Action, EXAMPLES, FILE, Ink, State, Verdict, pieces};
use crate::value::Text;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    part(EditorProps {
        dispatch: dispatch.clone(),
        text: state.manifest.clone(),
        has_own: state.own.is_some(),
        readonly: state.options.readonly,
        verdict: state.verdict.clone(),
    })
}

#[derive(PartialEq)]
struct EditorProps {
    dispatch: Dispatch,
    text: Text,
    has_own: bool,
    readonly: bool,
    verdict: Rc<Verdict>,
}

impl Draw for EditorProps {
    fn draw(&self) -> Html {
        let dispatch = self.dispatch.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<web_sys::HtmlTextAreaElement>() {
                dispatch.emit(Action::Edit(area.value()));
            }
        });
        let dispatch = self.dispatch.clone();
        let on_example = Callback::from(move |event: Event| dispatch.emit(Action::Example(chosen(&event))));
        let own = !EXAMPLES.iter().any(|example| example.text == self.text.as_str());
        let problems = &self.verdict.problems;
        let row = |(nth, text): (usize, &str)| {
            let bad = problems.iter().any(|p| p.line == Some(nth + 1));
            html! { <span class="row" data-problem={bad.then_some("true")}>{ for pieces(text).into_iter().map(piece) }</span> }
        };
        let invalid = if problems.is_empty() { "false" } else { "true" };
        html! {
            <section class="editor" aria-label="Manifest">
                <div class="bar">
                    <h2>{ "Manifest" }</h2><span class="mono">{ FILE }</span>
                    <select id="example" aria-label="Manifests to begin with" onchange={on_example}>
                        if own || self.has_own { <option selected={own}>{ "your own" }</option> }
                        { for EXAMPLES.iter().map(|example| html! { <option value={example.title} selected={example.text == self.text.as_str()}>{ example.title }</option> }) }
                    </select>
                </div>
                <div class="sheet"><div class="text">
                    <div class="under" aria-hidden="true">{ for self.text.split('\n').enumerate().map(row) }</div>
                    <textarea id="manifest" aria-label={format!("Manifest {FILE}")} aria-describedby="problems" aria-invalid={invalid} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" readonly={self.readonly} value={self.text.to_string()} {oninput} />
                </div></div>
                { verdict(&self.verdict) }
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

fn verdict(verdict: &Verdict) -> Html {
    if verdict.problems.is_empty() {
        let would = verdict.would.join(", ");
        let outlook = if verdict.outlook.is_empty() { would.clone() } else { verdict.outlook.join("; ") };
        return html! { <div class="problems" id="problems">if !would.is_empty() { <p class="good" title={would}>{ "✓ " }{ outlook }</p> }</div> };
    }
    let item = |problem: &super::super::model::Problem| {
        let place = problem.line.map(|line| format!("line {line}"));
        html! { <li class="bad" data-line={problem.line.map(|l| l.to_string())}>if let Some(place) = place { <b>{ place }</b> }<span>{ &problem.text }</span></li> }
    };
    html! { <ul class="problems" id="problems">{ for verdict.problems.iter().map(item) }</ul> }
}
