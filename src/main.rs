//! Mounts the page.

use playground::ui::{port, view};

fn main() {
    std::panic::set_hook(Box::new(|info| port::tell("lab:panic", &info.to_string())));
    view::mount();
}

/// The digest of a random journal, for the test that holds it against the native one.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn trial_digest(seed: u32) -> String {
    use playground::{apiserver::Gates, profile::Profile, random::Seed, sim, trial::Trial};
    let mut digest = sim::Digest::default();
    if let Some(profile) = Profile::named("life") {
        let seed = Seed(seed.into());
        let setup = sim::Setup { profile, gates: Gates::default(), seed };
        Trial { seed }.run(&setup, |_, step| digest.step(step));
    }
    digest.text()
}
