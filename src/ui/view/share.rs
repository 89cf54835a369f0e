//! Keep and share: the link, the file, texts and pictures, in a layer of its own.

use yew::prelude::*;

use super::Dispatch;
use super::branches::intents;
use super::words::{PLAIN, always, button};
use crate::ui::model::{Action, Piece, State, TravelAction, Way};

/// The button among the transport's: it is there inside a frame, too.
pub(super) fn opener(dispatch: &Dispatch) -> Html {
    html! { <button id="share" popovertarget="share-layer" onclick={always::<MouseEvent>(dispatch, Action::Travel(TravelAction::Link))}>{ "Share" }</button> }
}

/// What can be had as text.
const TEXTS: [(&str, &str, Piece); 4] = [
    ("What was done, as a shell script", "script", Piece::Script),
    ("What the terminals said", "transcript", Piece::Transcript),
    ("What stands here now, in words", "words", Piece::Words),
    ("A frame with it, for another page", "frame", Piece::Frame),
];

/// What can be had as a picture.
const PICTURES: [(&str, &str, Piece, Piece); 2] = [
    ("The stage", "stage", Piece::StageSvg, Piece::StagePng),
    ("The timeline", "timeline", Piece::TimelineSvg, Piece::TimelinePng),
];

pub(super) fn layer(state: &State, dispatch: &Dispatch) -> Html {
    let gets = |piece: Piece, way: Way| Action::Travel(TravelAction::Export(piece, way));
    let get = |piece: Piece, way: Way| always::<MouseEvent>(dispatch, gets(piece, way));
    let small = |action: Action, id: String, label: String, text| {
        button(dispatch, action, "small", id, ["".into(), label.into()], false, text)
    };
    let (link, complaint) = match &state.travel.link {
        Some(Ok(fragment)) => (format!("{}{fragment}", state.options.base), None),
        Some(Err(complaint)) => (String::new(), Some(complaint.clone())),
        None => (String::new(), None),
    };
    let acts = state.time.branches().iter().map(|branch| branch.entries().len()).max().unwrap_or(0);
    html! {
        <div id="share-layer" popover="auto" class="layer" role="dialog" aria-labelledby="share-title">
            <div class="row"><h2 id="share-title">{ "Keep and share" }</h2><button class="small" id="share-close" popovertarget="share-layer" popovertargetaction="hide">{ "Close" }</button></div>
            <p class="hint">{ format!("The link holds what was done ({}) and every branch, not what came of it: whoever opens it sees the same happen again. Nothing is sent anywhere.", intents(acts)) }</p>
            if let Some(complaint) = complaint {
                <p class="hint bad" id="link-complaint">{ complaint }</p>
            } else {
                <div class="row link"><input id="link" class="mono" readonly=true aria-label="Link to this session" value={link} />{ button(dispatch, gets(Piece::Link, Way::Copy), "main", "copy-link", PLAIN, false, "Copy link") }</div>
            }
            if let Some(notice) = state.travel.notice.as_ref().filter(|notice| notice.shared) { <p class="hint" id="share-said">{ notice.text.clone() }</p> }
            <h3>{ "As a file" }</h3>
            <div class="row">{ button(dispatch, gets(Piece::Session, Way::Save), "", "export", PLAIN, false, "Export session") }<label class="file">{ "Import session" }<input id="import" type="file" accept=".txt,.statefulset,text/plain" /></label></div>
            <h3>{ "As text" }</h3>
            { for TEXTS.iter().map(|(title, id, piece)| html! {
                <div class="row piece"><span>{ *title }</span>{ small(gets(*piece, Way::Copy), format!("{id}-copy"), format!("Copy: {title}"), "Copy") }{ small(gets(*piece, Way::Save), format!("{id}-save"), format!("Save: {title}"), "Save") }</div>
            }) }
            <h3>{ "As a picture or a recording" }</h3>
            { for PICTURES.iter().map(|(title, id, svg, png)| html! {
                <div class="row piece"><span>{ *title }</span>{ small(gets(*svg, Way::Save), format!("{id}-svg"), format!("{title} as SVG"), "SVG") }{ small(gets(*png, Way::Save), format!("{id}-png"), format!("{title} as PNG"), "PNG") }</div>
            }) }
            <div class="row piece"><span>{ "A terminal, as asciinema plays it" }</span>
                { for state.dock.open().iter().map(|nth| html! { <button class="small" id={format!("cast-{}", nth + 1)} onclick={get(Piece::Cast(*nth), Way::Save)} aria-label={format!("Terminal {} as an asciicast", nth + 1)}>{ format!("Terminal {}", nth + 1) }</button> }) }</div>
        </div>
    }
}
