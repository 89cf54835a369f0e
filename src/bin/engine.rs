//! The workloads of `replay --bench` for WebAssembly: `.ci/bench.mjs` runs them under node and reads the clock.

use playground::replay::Workload;
use playground::sim::World;
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

fn main() {}
