//! What leaves the page: a piece of the session, copied or saved.

use super::share;
use super::state::State;
use super::{export, picture};

/// What of the session is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Piece {
    Link,
    Session,
    Script,
    Transcript,
    Words,
    /// The session in a frame, for the text of another page.
    Frame,
    StageSvg,
    StagePng,
    TimelineSvg,
    TimelinePng,
    /// A terminal, by its place.
    Cast(usize),
}

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Way {
    Copy,
    Save,
}

/// Something for the browser to do; the port takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// Goes to the clipboard.
    Copy(String),
    /// Is written into the editor's field in the place of a part of it; 16-bit units.
    #[allow(missing_docs)]
    Put { from: usize, to: usize, text: String },
    /// The caret of the editor goes there: so many 16-bit units, in this line, from 0.
    #[allow(missing_docs)]
    Caret { at: usize, line: usize },
    /// The keyboard's focus goes to this id.
    Focus(String),
    /// The lesson of this name is to be fetched, and begun when it is there.
    Lesson(String),
    /// Is saved as a file.
    Save {
        /// The file's name.
        name: String,
        /// Its media type; `image/png` of a text that is SVG is drawn first.
        kind: &'static str,
        /// What is in it.
        text: String,
    },
}

/// The parcel of a piece, and what to say about it; the complaint where there is none.
pub(super) fn parcel(state: &State, piece: Piece, way: Way) -> Result<(Parcel, String), String> {
    let (end, kind, text) = match piece {
        Piece::Link => ("", "", format!("{}{}", state.options.base, share::fragment(state)?)),
        Piece::Session => (".statefulset.txt", "text/plain", share::session(state, true).write()),
        Piece::Script => (".sh", "text/x-shellscript", export::script(state)),
        Piece::Transcript => ("-transcript.txt", "text/plain", export::transcript(state)),
        Piece::Words => ("-state.txt", "text/plain", export::words(state)),
        Piece::Frame => (".html", "text/html", share::frame(&state.options.base, &share::fragment(state)?)),
        Piece::StageSvg => ("-stage.svg", "image/svg+xml", picture::stage(state)),
        Piece::StagePng => ("-stage.png", "image/png", picture::stage(state)),
        Piece::TimelineSvg => ("-timeline.svg", "image/svg+xml", picture::timeline(state)),
        Piece::TimelinePng => ("-timeline.png", "image/png", picture::timeline(state)),
        Piece::Cast(terminal) => {
            let nothing = || format!("Nothing was typed in terminal {} yet.", terminal + 1);
            (".cast", "application/x-asciicast", export::asciicast(state.lab(), terminal).ok_or_else(nothing)?)
        }
    };
    if way == Way::Copy {
        let said = format!("Copied: {} letters.", text.chars().count());
        return Ok((Parcel::Copy(text), said));
    }
    let name = format!("{}{end}", state.set_name());
    let said = format!("Saved as {name}.");
    Ok((Parcel::Save { name, kind, text }, said))
}
