//! Mounts the page.

use playground::ui::{port, view};
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    std::panic::set_hook(Box::new(|info| port::tell("lab:panic", &info.to_string())));
    view::mount();
}

/// Has static/boot.js fetch a part of the engine at once. Only the stubs call it that stand for functions of a part that
/// has not come yet (src/bin/parts); when it is back, the part is there.
#[wasm_bindgen]
pub fn fetch_part(number: u32) {
    port::tell("lab:part", if number == 1 { "1" } else { "2" });
}
