//! The page's components: small, without state of their own, redrawn only when their properties differ.
//!
//! What tests and other pages may hold on to (ids unless said otherwise):
//!
//! | id | what |
//! |---|---|
//! | `example` | the list of manifests to begin with |
//! | `manifest` | the editor's text area; its problems are `#problems li` with `data-line` |
//! | `offers`, `offer-0` … | what could stand at the caret; `field` says what the field there is for |
//! | `pane`, `pane-save`, `pane-cancel` | above the open file where kubectl waits for it to be edited; its tab has `data-edits` |
//! | `outlook`, `diff`, `diff-text` | what Apply will do; the fold with the diff against the live objects |
//! | `file-1` …, `file-new`, `file-close`, `file-menu` | the editor's files; `file-layer`: `file-name`, `file-save`, `file-open`, `file-reopen` |
//! | `document-1` … | the documents of the open file |
//! | `namespace` | the namespace the buttons act in |
//! | `apply`, `apply-command` | the button and its kubectl lines |
//! | `scale-minus`, `scale-number`, `scale-plus`, `scale`, `scale-command` | the scale row |
//! | `patch-choice`, `patch-text`, `patch`, `patch-command` | the patch row |
//! | `delete-choice`, `delete`, `delete-command` | the delete row |
//! | `terminal-1`, `terminal-1-screen`, `terminal-1-input`, `terminal-1-stop`, `terminal-1-clear`, `terminal-1-tab` | and the same for each that is open; `…-close`, `terminal-new`, `terminal-layout`, `terminal-tab-1` …; `terminal-1` has `data-busy` while a command has it |
//! | `play`, `last-change`, `next-change`, `speed`, `clock`, `rest` | the transport; `play` has `aria-pressed` while time passes |
//! | `timeline` | the slider of moments, simulated seconds |
//! | `step-event`, `step-event-back`, and with `decision`, `intent` | step by step |
//! | `skip-idle`, `zoom-in`, `zoom-out`, `undo` | what they say |
//! | `branch`, `branches`, `branch-list` | which branch is shown; the list: `branch-name-2`, `branch-show-2`, `branch-compare-2`, `branch-delete-2` |
//! | `left`, `right`, `differences` | two branches side by side; `left-mehdb-0` has `data-differs` |
//! | `notice`, `dismiss`, `opening`, `enough` | what the page says about itself; how far the opening of a session has come |
//! | `share`, `share-layer`, `link`, `copy-link`, `export`, `import`, `script-copy`, `stage-svg`, `cast-1`, … | keep and share |
//! | `narration` | the live line |
//! | `controller` | the controller's line of the first set, `data-waits`, `data-rule` |
//! | `seat-0` … | the seats of the first set: `data-state` (`Ready`, `Pending`, `Empty`, `Next`, …), `data-look`, `data-revision` |
//! | `seat-NAMESPACE-NAME-0` … | the seats of further sets |
//! | `claim-data-mehdb-0` … | the claims: `data-phase` |
//! | `dns-mehdb-0` … | the DNS plates: `data-lit` |
//! | `node-node-1` … | the nodes: `data-ready` |
//! | `tab-steps`, `tab-story`, `tab-events`, `tab-inspector` | the side panel's tabs; `panel` is the panel |
//! | `step-0` … | the buttons that do a step of the lab |
//! | `guide-begin`, `lesson-seats` … | the offer of the guided story, the list of lessons; `guide`, `guide-text`, `guide-next`, `guide-back`, `guide-leave`, `guide-follows` while one is told; the page's `data-points` is the id of what it points at |
//! | `as-table`, `twin` | the switch to the table, and the table |
//! | `inspected`, `sight-facts`, `sight-describe`, `sight-yaml`, `sight-changes` | the thing looked at, and how; `relations`, `conditions`, `printed`, `changes` |
//! | `commands`, `palette`, `palette-input`, `palette-0` … | the button of the command palette (Ctrl-K, ?), the palette, its line, its entries |
//! | `settings-open`, `settings`, `modelled-open`, `modelled` | the settings (static/settings.js), and what is modelled: both in index.html |
//! | `theme` | the theme's switch |
//! | `tab-why`, `tab-promises`, `tab-faults` | the tabs of "Why?", of the promises, of what can be broken |
//! | `why` | the button beside the controller's line: why is the set as it is? |
//! | `why-tree`, `why-chain` | the tree of reasons (`data-held`; the first blocker has `data-first`), and the chain of causes |
//! | `why-…-way-0` | what would unblock a reason; `…-command` is its kubectl line |
//! | `promise-at-most-one` … | a promise: `data-holds` |
//! | `describe`, `remove`, `force`, `crash`, `freeze` or `thaw`, `unready`, `ready`, `node-stops`, `node-starts`, `cordon`, … | what can be done to the thing looked at, in the inspector; `…-command` is the kubectl line, `…-fault` says that there is none |
//! | `fault-node-joins`, `fault-provisioner-stops`, … , `takes-pull` … | what can be broken in the cluster, and how long things take |

mod actions;
mod branches;
mod dock;
mod editor;
mod faults;
mod files;
mod gantt;
#[cfg(test)]
mod goldens;
mod guide;
mod inspect;
mod offers;
mod palette;
mod part;
mod promises;
mod seat;
mod share;
mod side;
mod stage;
mod table;
mod time;
mod why;
mod words;

use std::cell::RefCell;

use yew::prelude::*;

use super::model::{Action, Folder, Guide, Lab, Parcel, State, TravelAction, asked, press, report, session, update};
use super::port;
use crate::value::Text;
use part::part;

/// What every component needs to do something.
pub type Dispatch = Callback<Action>;

/// Draws the page into the element `app`. The world is made in one task, the state in another, and a third one draws it,
/// so that the browser has its turn in between, on a slow telephone too. None of them is the one in which the engine
/// starts: static/boot.js has to have it in hand before anything asks for another part of it.
pub fn mount() {
    port::later(|| {
        let options = port::options();
        let lab = Lab::of(&options.world);
        port::later(|| {
            FIRST.set(lab.map(|lab| State::with(lab, options)));
            port::later(|| {
                if let Some(root) = port::root() {
                    yew::Renderer::<Page>::with_root(root).render();
                }
            });
        });
    });
}

thread_local! {
    /// The state that the page begins with, until it is drawn.
    static FIRST: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// So long may the engine work in one frame, µs; the rest is left for drawing. Where it cannot keep up, few frames are
/// drawn, and it gets more of the others.
const WORK_US: i64 = 3000;
const WORK_BEHIND_US: i64 = 7000;

/// The whole page: holds the state, asks for frames while something is due.
struct Page {
    state: Option<State>,
    dispatch: Dispatch,
    frame: Option<port::Frame>,
    /// When time was last passed on to the model, real µs.
    seen_us: i64,
    shown_theme: String,
    /// What the page around ours was told last; `None` while nobody listens.
    told: Option<String>,
    /// What of the history was passed on already: what must not be lost, and what the link shows.
    kept: (u64, u64),
    /// The files as they were kept last.
    files: Folder,
    /// The link is written a moment after the last change.
    link_timer: Option<port::Frame>,
    /// The inside of the side panel as it was made last: while time passes it need not follow every frame.
    panel: RefCell<Option<(u64, Html)>>,
    /// The place chosen in the open palette.
    chosen: Option<usize>,
    /// What the guided story pointed at last.
    pointed: Text,
    /// The pod that the first set's controller waited for last, and whether it had a row in the timeline.
    followed: (Text, bool),
    /// The id of what takes the focus now: the answer to "why?", which has to come into sight where the page is long; or
    /// what stands nearest, where the button that was pressed goes. Or a place in the editor's text, and its line.
    takes_focus: Text,
}

/// The link is written so many ms after the last change.
const LINK_AFTER_MS: u32 = 350;

impl Page {
    /// The inside of the side panel.
    fn panel(&self, state: &State) -> Html {
        let mut kept = self.panel.borrow_mut();
        match &*kept {
            Some((slow, html)) if *slow == state.slow => html.clone(),
            _ => kept.insert((state.slow, side::panel(state, &self.dispatch))).1.clone(),
        }
    }
}

/// The id of what the guided story points at.
fn points(state: &State) -> Text {
    state.guide.as_ref().map(Guide::points).unwrap_or_default()
}

/// What reaches the page.
enum Message {
    Act(Action),
    /// The page around ours asks for something.
    Asked(String),
    Frame,
    Link,
}

impl Component for Page {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        port::hear("lab:run", move |text| link.send_message(Message::Act(Action::Resume(text))));
        let link = ctx.link().clone();
        port::hear("lab:do", move |text| link.send_message(Message::Asked(text)));
        Self {
            state: FIRST.take(),
            dispatch: ctx.link().callback(Message::Act),
            frame: None,
            seen_us: port::now_us(),
            shown_theme: String::new(),
            told: None,
            kept: (0, 0),
            takes_focus: Text::default(),
            files: Folder::default(),
            panel: RefCell::default(),
            chosen: None,
            pointed: Text::default(),
            followed: (Text::default(), false),
            link_timer: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let Some(state) = &mut self.state else { return false };
        let now_us = port::now_us();
        let mut changed = !matches!(message, Message::Frame);
        if changed {
            self.panel.take();
        }
        if self.frame.take().is_some() {
            let work_us = if state.is_behind() { WORK_BEHIND_US } else { WORK_US };
            changed |= state.frame(now_us - self.seen_us, &mut || port::now_us() - now_us < work_us);
        }
        self.seen_us = now_us;
        let edits = match &message {
            Message::Act(action) => {
                matches!(action, Action::Edit(_) | Action::Desk(_) | Action::File(_) | Action::Example(_))
            }
            Message::Asked(line) => line.starts_with("file "),
            _ => false,
        };
        match message {
            Message::Act(action) => {
                if matches!(action, Action::Travel(TravelAction::Switch(_) | TravelAction::Compare(_))) {
                    port::tell("lab:shut", "branch-list");
                }
                port::tell("lab:acting", "");
                let nearest = match &action {
                    Action::Why(_) => "panel",
                    Action::Travel(TravelAction::Forget(_)) => "branch-close",
                    Action::Travel(TravelAction::Compare(Some(_))) => "compare-end",
                    Action::Travel(TravelAction::Compare(None)) => "branches",
                    Action::Travel(TravelAction::Dismiss | TravelAction::Enough) => "play",
                    _ => "",
                };
                // What was asked for and not drawn yet stays.
                if !nearest.is_empty() {
                    self.takes_focus = nearest.into();
                }
                press(state, action);
                port::tell("lab:acted", "");
            }
            Message::Link => {
                self.link_timer = None;
                update(state, Action::Travel(TravelAction::Link));
                let link = state.travel.link.clone().and_then(Result::ok).unwrap_or_default();
                port::tell("lab:link", &link);
            }
            Message::Asked(line) if line == "tell" => self.told = Some(String::new()),
            Message::Asked(line) => {
                if let Some(action) = asked(state, &line) {
                    update(state, action);
                }
            }
            Message::Frame => {}
        }
        if let Some(told) = &mut self.told {
            let now = report(state);
            if now != *told {
                port::tell("lab:state", &now);
                *told = now;
            }
        }
        if state.folder != self.files {
            self.files = state.folder.clone();
            // What came with somebody's link does not take the place of what is kept here, until it is worked on.
            if edits {
                port::tell("lab:files", &self.files.write_all());
            }
        }
        let lived = (state.travel.lived, state.travel.touched);
        if lived.0 != self.kept.0 && !state.travel.opens() {
            port::tell("lab:keep", &session(state, false).write());
        }
        if lived != self.kept && !state.travel.opens() {
            self.kept = lived;
            let link = ctx.link().clone();
            if state.time.branches().len() > 1 || !state.time.branch().entries().is_empty() {
                self.link_timer = port::frame(LINK_AFTER_MS, move || link.send_message(Message::Link));
            }
        }
        for parcel in state.travel.outbox.drain(..) {
            match parcel {
                Parcel::Put { from, to, text } => port::tell("lab:put", &format!("{from} {to}\n{text}")),
                // When the text is there.
                Parcel::Caret { at, line } => self.takes_focus = format!("{at} {line}").into(),
                Parcel::Focus(id) => self.takes_focus = id.into(),
                Parcel::Lesson(name) => port::tell("lab:lesson", &name),
                Parcel::Copy(text) => port::tell("lab:copy", &text),
                Parcel::Save { name, kind, text } => port::tell("lab:save", &format!("{name}\n{kind}\n{text}")),
            }
        }
        if self.shown_theme != state.options.theme {
            self.shown_theme.clone_from(&state.options.theme);
            port::theme(&self.shown_theme);
        }
        let link = ctx.link().clone();
        self.frame = state.sleep().and_then(|ms| port::frame(ms, move || link.send_message(Message::Frame)));
        changed
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if first {
            if let Some(state) = &self.state
                && !state.options.theme.is_empty()
            {
                port::theme(&state.options.theme);
                self.shown_theme.clone_from(&state.options.theme);
            }
            port::tell("lab:drawn", "");
        }
        let chosen = self.state.as_ref().and_then(|state| Some(state.desk.offers.as_ref()?.chosen));
        if let Some(chosen) = chosen {
            port::tell("lab:see", &format!("offer-{chosen}"));
        }
        let takes_focus = std::mem::take(&mut self.takes_focus);
        if takes_focus.contains(' ') {
            port::tell("lab:caret", &takes_focus);
        } else if !takes_focus.is_empty() {
            port::focus(&takes_focus);
        }
        let points = self.state.as_ref().map(points).unwrap_or_default();
        // The palette goes when something was done by it; what is chosen in it stays in sight.
        let chosen = self.state.as_ref().and_then(|state| state.palette.as_ref()).map(|palette| palette.at);
        if self.chosen != chosen {
            self.chosen = chosen;
            match chosen {
                None => port::tell("lab:shut", "palette"),
                Some(at) => port::tell("lab:point", &format!("palette-{at}")),
            }
        }
        if let Some(state) = &self.state {
            let waits_on = state.scene.sets.first().map(|set| set.controller.on.clone()).unwrap_or_default();
            // A new pod has its seat at once and its row somewhat later: then it is followed there.
            let has_row = state.travel.gantt.rows.iter().any(|row| *row.name == *waits_on);
            let follows = (waits_on, has_row);
            if self.followed != follows {
                port::tell("lab:follow", &follows.0);
                self.followed = follows;
            }
        }
        if self.pointed != points {
            port::tell("lab:point", &points);
            self.pointed = points;
        }
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let Some(state) = &self.state else {
            return html! { <p class="words">{ "The laboratory's own settings cannot be read. Reload the page." }</p> };
        };
        let dispatch = &self.dispatch;
        let options = &state.options;
        let left = options.shows("manifest") || state.folder.edited().is_some();
        let dock = options.shows("terminals");
        let fast = (state.transport.speed > 20 && state.transport.playing) || state.travel.scrubbing;
        html! {
            <div class="page" data-embed={options.embed.then_some("true")} data-left={left.then_some("true")} data-readonly={options.readonly.then_some("true")} data-dock={dock.then_some("true")} data-fast={fast.then_some("true")} data-points={Some(points(state).to_string()).filter(|id| !id.is_empty())}>
                if !options.embed {
                    { part(words::HeadProps { dispatch: dispatch.clone(), theme: options.theme.clone(), as_table: state.as_table }) }
                }
                { time::view(state, dispatch) }
                if left {
                    <div class="left">
                        { editor::view(state, dispatch) }
                        if !options.readonly { { actions::view(state, dispatch) } }
                    </div>
                }
                if let Some(beside) = &state.travel.beside {
                    { branches::compare(state, beside, dispatch) }
                } else if options.shows("stage") {
                    { stage::view(state, self.panel(state), dispatch) }
                }
                if dock { { dock::view(state, dispatch) } }
                <div class="words"><p id="narration" role="status" aria-live={if state.travel.scrubbing || state.guide.is_some() { "off" } else { "polite" }}>{ state.narration() }</p></div>
                if state.paper { { table::paper(state) } }
                { branches::list(state, dispatch) }
                if left { { files::layer(state, dispatch) } }
                { share::layer(state, dispatch) }
                { gantt::legend() }
                if !options.embed { { palette::view(state, dispatch) } }
            </div>
        }
    }
}
