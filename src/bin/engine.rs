//! The engine alone in WebAssembly, for node: the workloads of `replay --bench` (`.ci/bench.mjs` reads the clock), and the
//! digest of random journals, which has to be the native one (`tests/browser/same_bytes.rs`).

use playground::apiserver::Gates;
use playground::profile::Profile;
use playground::random::Seed;
use playground::replay::Workload;
use playground::sim::{Digest, Setup, World};
use playground::trial::Trial;
use wasm_bindgen::prelude::wasm_bindgen;

/// One case with everything before its measured part done.
#[wasm_bindgen]
pub struct Case {
    workload: Workload,
    world: World,
}

/// The names of the cases of a family, separated by blanks; none for a name that is no family.
#[wasm_bindgen]
pub fn cases(family: &str) -> String {
    let cases = Workload::family(family).unwrap_or_default();
    cases.into_iter().map(|workload| workload.case).collect::<Vec<_>>().join(" ")
}

#[wasm_bindgen]
impl Case {
    /// Prepares a case of a family.
    ///
    /// # Errors
    /// There is no such case.
    #[wasm_bindgen(constructor)]
    pub fn new(family: &str, case: &str) -> Result<Case, String> {
        let workload = Workload::family(family)
            .and_then(|cases| cases.into_iter().find(|workload| workload.case == case))
            .ok_or("no such case")?;
        let world = workload.prepare()?;
        Ok(Case { workload, world })
    }

    /// The measured part. Answers how many pods, how many versions were committed, how much time was simulated (ms).
    ///
    /// # Errors
    /// The set did not arrive where it should.
    pub fn run(&mut self) -> Result<Vec<f64>, String> {
        let measured = self.workload.run(&mut self.world);
        if !measured.arrived {
            return Err(format!("{} did not arrive", self.workload.case));
        }
        Ok(vec![self.workload.pods as f64, measured.events as f64, measured.sim_ms as f64])
    }
}

/// The digest of every step of a random journal.
#[wasm_bindgen]
pub fn trial_digest(seed: u32) -> String {
    let mut digest = Digest::default();
    if let Some(profile) = Profile::named("life") {
        let seed = Seed(seed.into());
        let setup = Setup { profile, gates: Gates::default(), seed };
        Trial { seed }.run(&setup, |_, step| digest.step(step));
    }
    digest.text()
}

fn main() {}
