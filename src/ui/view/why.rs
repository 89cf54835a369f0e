//! "Why?": the tree of reasons, each with its rule, object, field and moment, what would unblock it, and how it came to
//! this.

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::{always, command};
use crate::api::Key;
use crate::explain::{Act, Help, Link, Reason, rule, sentence};
use crate::time::Time;
use crate::ui::model::{Action, Answer, State, clock};

#[derive(PartialEq)]
struct WhyProps {
    dispatch: Dispatch,
    answer: Answer,
    /// In whole seconds: what is left of a wait is told to the second.
    now_s: i64,
    /// Whether the reader may only look.
    readonly: bool,
}

/// What a button among the answers needs.
#[derive(Clone, Copy)]
pub(super) struct Hand<'a> {
    pub dispatch: &'a Dispatch,
    pub now_s: i64,
    pub readonly: bool,
}

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let (answer, now_s, readonly) = (state.answer(), state.time.now().0 / 1000, state.options.readonly);
    part(WhyProps { dispatch: dispatch.clone(), answer, now_s, readonly })
}

impl Draw for WhyProps {
    fn draw(&self) -> Html {
        let WhyProps { dispatch, answer, now_s, readonly } = self;
        let hand = Hand { dispatch, now_s: *now_s, readonly: *readonly };
        let Some(subject) = &answer.subject else {
            return html! { <p class="none">{ "Nothing is there yet that could wait for anything. Apply a manifest, then ask again." }</p> };
        };
        let first = answer.tree.first_blocker();
        html! {
            <div class="why">
                <h3>{ format!("Why is {} as it is?", told(subject)) }</h3>
                if let Some(first) = first {
                    <div class="first" id="why-first">
                        <p class="text">{ first.sentence_beside(subject) }</p>
                        <p class="what-helps">{ if first.passes_at().is_some() { "What comes next" } else { "What would unblock it" } }</p>
                        { ways(&first.helps, "why-first", hand) }
                    </div>
                }
                <ul id="why-tree" data-held={first.is_some().to_string()}>{ reason(&answer.tree, first, "why", hand) }</ul>
                if !answer.chain.is_empty() {
                    <h3>{ "How it came to this, backwards" }</h3>
                    <ol class="chain" id="why-chain">{ for answer.chain.iter().map(|one| link(one, dispatch)) }</ol>
                }
            </div>
        }
    }
}

fn told(key: &Key) -> String {
    format!("{}/{}", key.kind.info().singular, key.name)
}

/// One reason and those below it. `place` tells its ways out from others.
fn reason(reason: &Reason, first: Option<&Reason>, place: &str, hand: Hand<'_>) -> Html {
    let dispatch = hand.dispatch;
    let is_first = first.is_some_and(|first| std::ptr::eq(first, reason));
    let below = reason.because.iter().enumerate();
    html! {
        <li class={if reason.is_note { "note" } else { "reason" }} data-first={is_first.then_some("true")} data-rule={(reason.rule.0 > 0).then(|| reason.rule.0.to_string())}>
            <p class="text">{ reason.sentence() }</p>
            <p class="facts-of">
                if let Some(key) = &reason.about {
                    <button class="quiet small" title="Ask why of this" onclick={always(dispatch, Action::Why(key.clone()))}>{ told(key) }</button>
                }
                if !reason.field.is_empty() { <code>{ reason.field }</code> }
                if let Some((_, at)) = reason.since { { moment(at, dispatch) } }
                if reason.rule.0 > 0 { <details><summary>{ format!("rule R{}", reason.rule.0) }</summary><span>{ rule(reason.rule.0) }</span></details> }
            </p>
            // The ways out of the first blocker stand at the top.
            if is_first { <p class="see">{ "see above" }</p> } else { { ways(&reason.helps, place, hand) } }
            if !reason.because.is_empty() {
                <ul>{ for below.map(|(nth, below)| self::reason(below, first, &format!("{place}-{nth}"), hand)) }</ul>
            }
        </li>
    }
}

fn moment(at: Time, dispatch: &Dispatch) -> Html {
    let text = clock(at);
    html! { <button class="quiet small moment" title="Go to that moment" aria-label={format!("Go to {text}")} onclick={always(dispatch, Action::Seek(at))}>{ text }</button> }
}

/// What would unblock something: a button and its kubectl line for each way, the best one first.
pub(super) fn ways(helps: &[Help], place: &str, hand: Hand<'_>) -> Html {
    html! { { for helps.iter().enumerate().map(|(nth, help)| way(help, &format!("{place}-way-{nth}"), hand)) } }
}

/// One way out, or one thing to break.
pub(super) fn way(help: &Help, id: &str, Hand { dispatch, now_s, readonly }: Hand<'_>) -> Html {
    let button = |action: Action, more: Html| {
        html! {
            <div class="way">
                <button class="small" id={id.to_owned()} onclick={always(dispatch, action)} disabled={readonly}>{ help.text.as_str() }</button>
                if !help.danger.is_empty() { <span class="danger">{ format!("⚠ {}", help.danger) }</span> }
                { more }
            </div>
        }
    };
    match &help.act {
        Act::Run(line) => button(Action::Run(line.to_string()), command(format!("{id}-command"), line.to_string())),
        Act::Fault(fault) => {
            let line = fault.write();
            let no_line = html! { <span class="no-line" id={format!("{id}-fault")} data-fault={line}>{ "no kubectl line does this" }</span> };
            button(Action::Fault(fault.clone()), no_line)
        }
        Act::Passes(at) => {
            let left = at.map(|at| (at.0 / 1000 - now_s).max(0));
            let (action, how) = match (at, left) {
                (Some(at), Some(left)) => (Action::Until(*at), format!("Nothing to do. Wait {left} s")),
                _ => (Action::Next, "Nothing to do. On to the next change".to_owned()),
            };
            html! { <div class="way passes"><span>{ sentence(&help.text) }</span><button class="small" id={id.to_owned()} onclick={always(dispatch, action)}>{ how }</button></div> }
        }
        Act::Hand => html! { <div class="way passes"><span>{ sentence(&help.text) }</span></div> },
    }
}

fn link(link: &Link, dispatch: &Dispatch) -> Html {
    html! { <li>{ moment(link.at, dispatch) }<span><b>{ link.by }</b>{ " " }{ link.text.as_str() }</span></li> }
}
