//! Parts of the page that are drawn again only when what they show differs. One Yew component serves them all: each
//! component of its own brings more than a kilobyte of machinery to the page.

use std::any::Any;
use std::rc::Rc;

use yew::prelude::*;

/// What a part shows, and how.
pub(super) trait Draw: PartialEq + 'static {
    /// Draws it.
    fn draw(&self) -> Html;
}

/// The same without its type.
trait Shown {
    fn draw(&self) -> Html;
    fn same(&self, other: &dyn Shown) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<D: Draw> Shown for D {
    fn draw(&self) -> Html {
        Draw::draw(self)
    }

    fn same(&self, other: &dyn Shown) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Properties)]
struct PartProps {
    shown: Rc<dyn Shown>,
    /// Stays as it is drawn, whatever is to be shown.
    held: bool,
}

impl PartialEq for PartProps {
    /// Asked of what is drawn, about what is to be drawn.
    fn eq(&self, other: &Self) -> bool {
        other.held || self.shown.same(&*other.shown)
    }
}

#[component]
fn Part(props: &PartProps) -> Html {
    props.shown.draw()
}

/// A part of the page.
pub(super) fn part(shown: impl Draw) -> Html {
    of(None, false, Rc::new(shown))
}

/// A part of the page that is drawn later, where it is held now.
pub(super) fn held(held: bool, shown: impl Draw) -> Html {
    of(None, held, Rc::new(shown))
}

/// One of several parts side by side, known by its key.
pub(super) fn keyed(key: String, shown: impl Draw) -> Html {
    of(Some(key), false, Rc::new(shown))
}

/// One of several parts side by side, drawn later where it is held now.
pub(super) fn keyed_and_held(key: String, held: bool, shown: impl Draw) -> Html {
    of(Some(key), held, Rc::new(shown))
}

fn of(key: Option<String>, held: bool, shown: Rc<dyn Shown>) -> Html {
    match key {
        Some(key) => html! { <Part {key} {held} {shown} /> },
        None => html! { <Part {held} {shown} /> },
    }
}
