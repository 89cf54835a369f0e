//! The editor's files: tabs, and a layer with what can be done to them.

use yew::prelude::*;

use super::Dispatch;
use super::words::{PLAIN, always, button};
use crate::ui::model::{Action, FileAction, Folder, State};
use crate::ui::port;

/// The tabs, a button for one more, and the button of the layer.
pub(super) fn tabs(folder: &Folder, readonly: bool, dispatch: &Dispatch) -> Html {
    let press = |action: FileAction| always::<MouseEvent>(dispatch, Action::File(action));
    let (place, count) = (folder.place(), folder.files().len());
    let tab = |(nth, file): (usize, &crate::ui::model::File)| {
        let on = nth == place;
        html! { <button key={nth} id={format!("file-{}", nth + 1)} role="tab" aria-selected={on.to_string()} aria-controls="sheet" tabindex={if on { "0" } else { "-1" }} data-edits={file.edits.is_some().then_some("true")} onclick={press(FileAction::Open(nth))}>if file.edits.is_some() { <span aria-hidden="true">{ "✎ " }</span><span class="unseen">{ "kubectl edits " }</span> }{ &*file.name }</button> }
    };
    let turn = dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" => (place + 1) % count,
            "ArrowLeft" => (place + count - 1) % count,
            _ => return,
        };
        event.prevent_default();
        turn.emit(Action::File(FileAction::Open(to)));
        port::focus(&format!("file-{}", to + 1));
    });
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="Files" {onkeydown}>{ for folder.files().iter().enumerate().map(tab) }</div>
            if !readonly {
                if count > 1 && folder.edited().is_none() {
                    <button id="file-close" class="quiet small" aria-label={format!("Close {}", folder.name())} title="Close this file" onclick={press(FileAction::Close(place))}>{ "×" }</button>
                }
                <button id="file-new" class="quiet small" aria-label="New file" title="New file" onclick={press(FileAction::New)}>{ "+" }</button>
                if folder.edited().is_none() { <button id="file-menu" class="quiet small" popovertarget="file-layer">{ "File" }</button> }
            }
        </>
    }
}

/// What can be done to the open file.
pub(super) fn layer(state: &State, dispatch: &Dispatch) -> Html {
    let folder = &state.folder;
    let press = |action: FileAction| always::<MouseEvent>(dispatch, Action::File(action));
    let rename = dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
            rename.emit(Action::File(FileAction::Rename(input.value())));
        }
    });
    html! {
        <div id="file-layer" popover="auto" class="layer" role="dialog" aria-labelledby="file-title">
            <div class="row"><h2 id="file-title">{ "This file" }</h2><button class="small" popovertarget="file-layer" popovertargetaction="hide">{ "Close" }</button></div>
            <div class="row piece"><label class="in">{ "Name " }<input id="file-name" class="mono grow" maxlength="60" spellcheck="false" autocomplete="off" value={folder.name().to_string()} {onchange} /></label></div>
            <div class="row piece">{ button(dispatch, Action::File(FileAction::Save), "", "file-save", PLAIN, false, "Save to disk") }<label class="file">{ "Open from disk" }<input id="file-open" type="file" multiple=true accept=".yaml,.yml,.json,.txt" /></label>
                if let Some(file) = folder.closed() { <button id="file-reopen" popovertarget="file-layer" popovertargetaction="hide" onclick={press(FileAction::Reopen)}>{ format!("Reopen {}", file.name) }</button> }
            </div>
            <p class="hint">{ "Files can also be dropped on the editor. They are kept in this browser and in the link you share; nothing is sent anywhere. Each is applied alone, by its name; kubectl apply -f . takes all." }</p>
        </div>
    }
}
