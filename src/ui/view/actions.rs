//! Apply, Scale, Patch, Delete: each a button, and the kubectl line that does the same.

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::{PLAIN, button, chosen, command, input_text};
use crate::ui::model::{Action, Choice, State, patches};

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let deletions = state.deletions();
    let deletion = state.chosen_deletion(&deletions).cloned();
    html! {
        { part(ActionsProps { dispatch: dispatch.clone(), namespace: state.namespace.to_string(), apply: state.apply_lines().join("\n"), can_scale: state.set().is_some(), wanted: state.wanted(), scale: state.scale_line(), choices: state.plan.as_ref().map(patches).unwrap_or_default(), patch_text: state.patch.to_string(), patch: state.patch_line(), deletions: deletions.into_iter().map(|d| d.label).collect::<Vec<_>>(), chosen: deletion.as_ref().map(|d| d.label.clone()).unwrap_or_default(), delete: deletion.map(|d| d.line).unwrap_or_default() }) }
    }
}

#[derive(PartialEq)]
struct ActionsProps {
    dispatch: Dispatch,
    namespace: String,
    apply: String,
    can_scale: bool,
    wanted: i64,
    scale: String,
    choices: Vec<Choice>,
    patch_text: String,
    patch: String,
    deletions: Vec<String>,
    chosen: String,
    delete: String,
}

impl Draw for ActionsProps {
    fn draw(&self) -> Html {
        let emit = |make: fn(String) -> Action| {
            let dispatch = self.dispatch.clone();
            move |text: String| dispatch.emit(make(text))
        };
        let on_text = |make: fn(String) -> Action| {
            let emit = emit(make);
            Callback::from(move |event: InputEvent| emit(input_text(&event)))
        };
        let on_choice = |make: fn(String) -> Action| {
            let emit = emit(make);
            Callback::from(move |event: Event| emit(chosen(&event)))
        };
        let number: fn(String) -> Action = |text| Action::Replicas(text.trim().parse().unwrap_or(0));
        let press = |action: Action, class, id: &'static str, said, disabled, text| {
            button(&self.dispatch, action, class, id, said, disabled, text)
        };
        let known = self.choices.iter().any(|choice| choice.patch.as_str() == self.patch_text);
        html! {
            <section class="actions" aria-label="Actions">
                <div class="action">
                    <div class="row">
                        { press(Action::Apply, "main", "apply", PLAIN, false, "Apply") }
                        <label class="in">{ "in namespace " }<input id="namespace" class="grow" size="10" value={self.namespace.clone()} oninput={on_text(Action::Namespace)} /></label>
                    </div>
                    { command("apply-command", self.apply.clone()) }
                </div>
                <div class="action">
                    <div class="row">
                        { press(Action::Scale, "", "scale", PLAIN, !self.can_scale, "Scale") }
                        <span class="stepper">
                            { press(Action::Replicas(self.wanted - 1), "", "scale-minus", ["".into(), "One replica less".into()], self.wanted <= 0, "−") }
                            <input id="scale-number" type="number" min="0" max="1000" aria-label="Replicas" value={self.wanted.to_string()} oninput={on_text(number)} />
                            { press(Action::Replicas(self.wanted + 1), "", "scale-plus", ["".into(), "One replica more".into()], false, "+") }
                        </span>
                    </div>
                    { command("scale-command", self.scale.clone()) }
                </div>
                <div class="action">
                    <div class="row">
                        { press(Action::Patch, "", "patch", PLAIN, false, "Patch") }
                        <select id="patch-choice" class="grow" aria-label="Ready-made patches" onchange={on_choice(Action::PatchText)}>
                            if !known { <option value={self.patch_text.clone()} selected=true>{ "your own patch" }</option> }
                            { for self.choices.iter().map(|choice| html! {
                                <option value={choice.patch.to_string()} selected={choice.patch.as_str() == self.patch_text}>{ choice.label.as_str() }</option>
                            }) }
                        </select>
                    </div>
                    <input id="patch-text" class="mono" aria-label="Patch" spellcheck="false" value={self.patch_text.clone()} oninput={on_text(Action::PatchText)} />
                    { command("patch-command", self.patch.clone()) }
                </div>
                <div class="action">
                    <div class="row">
                        { press(Action::Delete, "", "delete", PLAIN, self.deletions.is_empty(), "Delete") }
                        <select id="delete-choice" class="grow" aria-label="What to delete" onchange={on_choice(Action::Deletion)} disabled={self.deletions.is_empty()}>
                            { for self.deletions.iter().map(|label| html! {
                                <option key={label.clone()} value={label.clone()} selected={*label == self.chosen}>{ label }</option>
                            }) }
                            if self.deletions.is_empty() { <option>{ "nothing there yet" }</option> }
                        </select>
                    </div>
                    if !self.delete.is_empty() { { command("delete-command", self.delete.clone()) } }
                </div>
            </section>
        }
    }
}
