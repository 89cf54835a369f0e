//! The only impure module: time as the browser tells it, the address, events between the page and static/boot.js.
//!
//! Storage is never touched: inside a sandboxed frame even looking at it throws.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::JsValue;
use web_sys::{CustomEvent, CustomEventInit, Document, Element, Window, window};

use super::model::Options;

/// A frame that was asked for. Dropped, it never comes.
pub enum Frame {
    /// With the screen's next picture.
    Animation(Window, i32, #[allow(dead_code)] Closure<dyn FnMut()>),
    /// After a pause in which nothing can be seen to happen.
    Later(#[allow(dead_code)] Timeout),
}

impl Drop for Frame {
    fn drop(&mut self) {
        if let Self::Animation(window, id, _) = self {
            let _ = window.cancel_animation_frame(*id);
        }
    }
}

/// Pauses shorter than this are left to the screen's own rhythm, ms.
const SHORT: u32 = 20;

/// Asks for a frame after so many milliseconds.
pub fn frame(ms: u32, then: impl FnOnce() + 'static) -> Option<Frame> {
    if ms > SHORT {
        return Some(Frame::Later(Timeout::new(ms, then)));
    }
    let window = window()?;
    let closure = Closure::once(then);
    let id = window.request_animation_frame(closure.as_ref().unchecked_ref()).ok()?;
    Some(Frame::Animation(window, id, closure))
}

/// Does something in a task of its own, as soon as the browser has had its turn.
pub fn later(then: impl FnOnce() + 'static) {
    Timeout::new(0, then).forget();
}

/// Real time, µs since the page was opened.
pub fn now_us() -> i64 {
    let ms = window().and_then(|w| w.performance()).map_or(0.0, |p| p.now());
    #[allow(clippy::cast_possible_truncation, reason = "microseconds of a page's life fit easily")]
    let us = (ms * 1000.0) as i64;
    us
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Says something to static/boot.js, by an event named `lab:…` on the element the page is drawn in.
pub fn tell(name: &str, detail: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(detail));
    if let Some(root) = root()
        && let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init)
    {
        let _ = root.dispatch_event(&event);
    }
}

/// Hears what static/boot.js says. The ear is open as long as the element is there.
pub fn hear(name: &str, then: impl Fn(String) + 'static) {
    let closure = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
        then(event.detail().as_string().unwrap_or_default());
    });
    if let Some(root) = root() {
        let _ = root.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Where the page is drawn.
pub fn root() -> Option<Element> {
    document()?.get_element_by_id("app")
}

/// Sets the theme: `light`, `dark`, or the system's where empty.
pub fn theme(name: &str) {
    if let Some(html) = document().and_then(|d| d.document_element()) {
        let _ =
            if name.is_empty() { html.remove_attribute("data-theme") } else { html.set_attribute("data-theme", name) };
    }
}

/// Whether the system's theme is dark.
pub fn system_is_dark() -> bool {
    window()
        .and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten())
        .is_some_and(|query| query.matches())
}

/// What the address asks for, and what was typed before the engine was there.
pub fn options() -> Options {
    let search = window().and_then(|w| w.location().search().ok()).unwrap_or_default();
    let mut options = Options { base: base(), ..Options::default() };
    for pair in search.trim_start_matches('?').split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (key, value) {
            ("embed", value) => options.embed = value != "0",
            ("theme", "light" | "dark" | "contrast") => value.clone_into(&mut options.theme),
            ("speed", value) => options.speed = value.parse().ok(),
            ("panes", value) => options.panes = value.replace("%2C", ","),
            ("readonly", value) => options.readonly = value != "0",
            _ => {}
        }
    }
    options
}

/// The page's own address: without a fragment, and without what only a frame asks for.
fn base() -> String {
    let href = window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    let Some((path, query)) = page.split_once('?') else { return page.to_owned() };
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !matches!(pair.split('=').next(), Some("embed" | "poster"))).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Gives an element the focus, which brings it into sight.
pub fn focus(id: &str) {
    let found =
        document().and_then(|d| d.get_element_by_id(id)).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = found {
        let _ = element.focus();
    }
}

/// Whether something of this element can be seen in the box that it is scrolled in. Asked before anything of a picture is
/// written, it costs no layout.
pub fn is_in_sight(id: &str) -> bool {
    let Some(element) = document().and_then(|d| d.get_element_by_id(id)) else { return true };
    let Ok(Some(frame)) = element.closest(".stage") else { return true };
    let (place, frame) = (element.get_bounding_client_rect(), frame.get_bounding_client_rect());
    let height = window().and_then(|w| w.inner_height().ok()?.as_f64()).unwrap_or(f64::MAX);
    place.bottom() > frame.top().max(0.0) && place.top() < frame.bottom().min(height)
}

/// Whether some text is marked, so that Ctrl-C means copying.
pub fn text_is_selected() -> bool {
    window().and_then(|w| w.get_selection().ok().flatten()).is_some_and(|selection| !selection.is_collapsed())
}
