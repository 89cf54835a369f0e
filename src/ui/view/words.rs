//! The head of the page, and the small parts that others are made of.

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use crate::api::Key;
use crate::apiserver::Store;
use crate::ui::model::{Action, Named, names};
use crate::ui::port;
use crate::value::Text;

/// Refers to a shape of index.html.
pub(super) fn shape(class: &'static str, name: &'static str) -> Html {
    html! { <svg class={class} aria-hidden="true"><use href={name} /></svg> }
}

/// Text of an input's event.
pub(super) fn input_text(event: &InputEvent) -> String {
    event.target_dyn_into::<web_sys::HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// Chosen value of a select's event.
pub(super) fn chosen(event: &Event) -> String {
    event.target_dyn_into::<web_sys::HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
}

/// A callback that always does the same.
pub(super) fn always<E: 'static>(dispatch: &Dispatch, action: Action) -> Callback<E> {
    let dispatch = dispatch.clone();
    Callback::from(move |_: E| dispatch.emit(action.clone()))
}

/// A button: what it does, its class and id (none where empty), its title and its name for those who do not see it (the
/// text where empty), whether it can be pressed. One function for all of them weighs less than each by itself.
#[inline(never)]
pub(super) fn button(
    dispatch: &Dispatch,
    action: Action,
    class: &'static str,
    id: impl Into<AttrValue>,
    [title, label]: [AttrValue; 2],
    disabled: bool,
    text: &'static str,
) -> Html {
    drawn(always(dispatch, action), class, [id.into(), title, label], disabled, text)
}

#[inline(never)]
fn drawn(
    onclick: Callback<MouseEvent>,
    class: &'static str,
    attributes: [AttrValue; 3],
    disabled: bool,
    text: &'static str,
) -> Html {
    let [id, title, label] = attributes.map(|attribute| Some(attribute).filter(|attribute| !attribute.is_empty()));
    let class = Some(class).filter(|class| !class.is_empty());
    html! { <button {id} {title} aria-label={label} {disabled} {class} {onclick}>{ text }</button> }
}

/// A button has neither a title nor another name than its text.
pub(super) const PLAIN: [AttrValue; 2] = [AttrValue::Static(""), AttrValue::Static("")];

/// A name that leads to its object.
pub(super) fn to(key: &Key, text: &str, dispatch: &Dispatch) -> Html {
    html! { <button class="to" onclick={always(dispatch, Action::Select(Some(key.clone())))}>{ text.to_owned() }</button> }
}

/// A text in which every name of an object leads to it.
pub(super) fn linked(store: &Store, namespace: &Text, text: &str, dispatch: &Dispatch) -> Html {
    let piece = |(text, key): Named| match key {
        Some(key) => to(&key, text, dispatch),
        None => text.to_owned().into(),
    };
    html! { <>{ for names(store, namespace, text).into_iter().map(piece) }</> }
}

#[derive(PartialEq)]
struct CommandProps {
    id: AttrValue,
    line: AttrValue,
}

/// A kubectl line, ready to be copied.
pub(super) fn command(id: impl Into<AttrValue>, line: impl Into<AttrValue>) -> Html {
    part(CommandProps { id: id.into(), line: line.into() })
}

impl Draw for CommandProps {
    fn draw(&self) -> Html {
        let line = self.line.clone();
        let copy = Callback::from(move |_: MouseEvent| port::tell("lab:copy", &line));
        html! {
            <div class="command">
                <code id={self.id.clone()} tabindex="0">{ &self.line }</code>
                <button class="quiet small" onclick={copy} title="Copy" aria-label={format!("Copy {}", self.line)}>{ shape("icon", "#s-copy") }</button>
            </div>
        }
    }
}

#[derive(PartialEq)]
pub(super) struct HeadProps {
    pub dispatch: Dispatch,
    pub theme: String,
    pub as_table: bool,
}

/// Name, table, theme.
impl Draw for HeadProps {
    fn draw(&self) -> Html {
        let dark = self.theme == "dark" || (self.theme.is_empty() && port::system_is_dark());
        let other = if dark { "light" } else { "dark" };
        let turn = always(&self.dispatch, Action::Theme(other.into()));
        html! {
            <header class="head">
                <h1>{ shape("mark", "#s-mark") }{ "StatefulSet Playground" }</h1>
                <p>{ "Lab 18: pods come and go, their seats stay" }</p>
                <button id="as-table" class="quiet small" aria-pressed={self.as_table.to_string()} onclick={always(&self.dispatch, Action::AsTable(!self.as_table))}>{ "Table" }</button>
                <button id="commands" class="quiet small" popovertarget="palette" title="Everything that can be done, by typing (Ctrl-K or ?)" aria-keyshortcuts="Control+K Meta+K ?">{ "Commands" }<kbd>{ "Ctrl K" }</kbd></button>
                <button id="settings-open" class="quiet small" popovertarget="settings">{ "Settings" }</button>
                <button id="modelled-open" class="quiet small" popovertarget="modelled">{ "What is modelled" }</button>
                <button id="theme" class="quiet small" onclick={turn}>{ if dark { "Light theme" } else { "Dark theme" } }</button>
            </header>
        }
    }
}
