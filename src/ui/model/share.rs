//! Keeping and sharing: a session as a link and as a file, and whether it leads here where it led there.

use super::lab::Lab;
use super::scene::Scene;
use super::state::State;
use crate::api::Kind;
use crate::history::{Branch, Broken, History, NAME, Session, Strand, pack, unpack};
use crate::sim::Digest;
use crate::time::Time;
use crate::value::Text;

/// The engine that is running.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// The worlds that a session of this page can be in: profile and seed.
const WORLDS: [&str; 2] = ["life 1", "recorded 1"];

/// The version of links.
const LINK: &str = "1";

/// A longer link is not made: some programs cut it off.
const LONGEST_LINK: usize = 60_000;

/// A session ends here at the latest, ms: ten years.
const LATEST: i64 = 315_360_000_000;

/// At most so many letters of the few words about a session.
const SUMMARY: usize = 160;

/// What was done, as it is kept; with a digest of what stands at the cursor when it is to be `checked` on arrival.
pub fn session(state: &State, checked: bool) -> Session {
    let branches = state.time.branches();
    let place = |number: u32| branches.iter().position(|branch| branch.number == number);
    let strands = branches.iter().map(|branch| Strand {
        name: branch.name.clone(),
        parent: branch.parent.and_then(|(parent, at)| Some((place(parent)?, at))),
        end: branch.end(),
        entries: branch.entries().to_vec(),
    });
    Session {
        engine: ENGINE.into(),
        world: format!("{} 1", state.lab().world.profile().name).into(),
        namespace: state.namespace.clone(),
        digest: if checked { digest(state.lab()).into() } else { Text::default() },
        summary: if checked { summary(&state.scene).into() } else { Text::default() },
        strands: strands.collect(),
        shown: state.time.shown(),
        cursor: state.time.branch().moment(),
        files: state.folder.all(),
        file: state.folder.own().map(|file| file.name.clone()).unwrap_or_default(),
    }
}

/// The session as the fragment of a link; a sentence where it is too long for one.
pub fn fragment(state: &State) -> Result<String, String> {
    let packed = pack(&session(state, true).write());
    if packed.len() > LONGEST_LINK {
        return Err("So much was done that it does not fit into a link. Export it as a file instead.".into());
    }
    Ok(format!("#v={LINK}&s={packed}"))
}

/// HTML for another page: a frame in which the page at `base` shows the session of a link's fragment.
pub fn frame(base: &str, fragment: &str) -> String {
    let more = if base.contains('?') { '&' } else { '?' };
    let address = format!("{base}{more}embed=1{fragment}").replace('&', "&amp;").replace('"', "%22");
    format!(
        "<iframe title=\"StatefulSet Playground\" src=\"{address}\" width=\"100%\" height=\"640\" loading=\"lazy\" \
         allow=\"fullscreen; clipboard-write\" sandbox=\"allow-scripts allow-popups allow-downloads\"></iframe>\n"
    )
}

/// Reads the fragment of a link or the text of a file; `None` when there is nothing in it.
pub fn read(text: &str) -> Option<Result<Session, Broken>> {
    let Some(fragment) = text.strip_prefix('#') else {
        return (!text.trim().is_empty()).then(|| Session::read(text));
    };
    let part = |wanted: &str| fragment.split('&').find_map(|pair| pair.strip_prefix(wanted));
    let packed = part("s=")?;
    Some(match part("v=") {
        Some(LINK) => unpack(packed).ok_or(Broken::Damaged).and_then(|text| Session::read(&text)),
        Some(other) if other.parse::<u32>().is_ok() => Err(Broken::Newer),
        _ => Err(Broken::Damaged),
    })
}

/// Whether this page can perform a session.
pub fn fits(session: &Session) -> Result<(), String> {
    if WORLDS.contains(&session.world.as_str()) {
        return Ok(());
    }
    Err(format!("This session is of another world ({}) than those here ({}).", session.world, WORLDS.join(", ")))
}

/// A session's branches, of which nothing was performed yet.
pub fn history(session: &Session, lab: &Lab) -> Option<History<Lab>> {
    let number = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
    let branches = session.strands.iter().enumerate().map(|(nth, strand)| {
        let name: String = strand.name.chars().take(NAME).collect();
        let mut branch = Branch::of_entries(number(nth), name.into(), lab.clone(), strand.entries.clone());
        branch.parent = strand.parent.map(|(parent, at)| (number(parent), at));
        branch.until(Time(strand.end.0.min(LATEST)));
        branch
    });
    History::of_branches(branches.collect(), session.shown)
}

/// What is to be said when a session leads elsewhere here than where it was made.
pub fn differs(session: &Session, state: &State) -> Option<String> {
    if session.digest.is_empty() || session.digest == digest(state.lab()).as_str() {
        return None;
    }
    let engine = if session.engine == ENGINE { "this engine".to_owned() } else { format!("engine {}", session.engine) };
    Some(format!(
        "This session was made with {engine} and leads elsewhere with engine {ENGINE}. There it showed: {}. Here it shows: {}.",
        session.summary,
        summary(&state.scene)
    ))
}

/// A digest of everything that can be seen of a laboratory: the clock, every object, every row of its terminals.
pub fn digest(lab: &Lab) -> String {
    let mut digest = Digest::default();
    digest.add(&lab.world.now().0.to_string());
    for object in Kind::ALL.iter().flat_map(|kind| lab.world.store().list(*kind, "")) {
        digest.value(&object.tree);
    }
    for row in lab.terminals.iter().flat_map(|terminal| terminal.rows()) {
        digest.add(&row.text);
    }
    digest.text()
}

/// A few words about a picture: `lab-18/mehdb 2 of 2 Ready, 2 claims`.
pub fn summary(scene: &Scene) -> String {
    let sets = scene.sets.iter().filter(|set| set.standing != super::scene::Standing::Planned).map(|set| {
        let claims: usize = set.seats.iter().map(|seat| seat.claims.len()).sum();
        format!("{}/{} {} of {} Ready, {claims} claims", set.namespace, set.name, set.ready, set.wanted)
    });
    let all = sets.collect::<Vec<_>>().join("; ");
    if all.is_empty() { "no set".into() } else { all.chars().take(SUMMARY).collect() }
}

#[cfg(test)]
mod tests {
    use super::frame;

    #[test]
    fn another_page_takes_the_session_in_a_frame_that_is_shut_off_from_it() {
        let html = frame("https://example.org/lab/?theme=dark", "#v=1&s=abc");
        assert!(html.contains(" src=\"https://example.org/lab/?theme=dark&amp;embed=1#v=1&amp;s=abc\" "), "{html}");
        assert!(html.contains(" sandbox=\"allow-scripts allow-popups allow-downloads\""), "{html}");
        assert!(frame("file:///lab.html", "").contains(" src=\"file:///lab.html?embed=1\" "));
    }
}
