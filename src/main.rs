//! Mounts the page.

use playground::ui::{port, view};

fn main() {
    std::panic::set_hook(Box::new(|info| port::tell("lab:panic", &info.to_string())));
    view::mount();
}
