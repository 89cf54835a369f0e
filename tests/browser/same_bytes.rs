//! The same journal gives the same bytes natively and in WebAssembly.

use std::path::Path;
use std::process::Command;

use playground::apiserver::Gates;
use playground::profile::Profile;
use playground::random::Seed;
use playground::sim::{Digest, Setup};
use playground::trial::Trial;

/// How many random journals are compared.
const JOURNALS: u64 = 20;

#[test]
fn random_journals_have_the_same_digest_natively_and_in_webassembly() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/engine/engine.js");
    assert!(engine.exists(), "build the engine for WebAssembly first: .ci/bench idle");
    let ask = format!(
        "const engine = require({engine:?}); for (let seed = 0; seed < {JOURNALS}; seed++) console.log(engine.trial_digest(seed));"
    );
    let answer = Command::new("node").arg("-e").arg(ask).output().expect("node can be started");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let there = String::from_utf8_lossy(&answer.stdout).into_owned();

    let setup = Setup {
        profile: Profile::named("life").expect("the life profile is built in"),
        gates: Gates::default(),
        seed: Seed(0),
    };
    let digest_of = |seed| {
        let mut digest = Digest::default();
        Trial { seed: Seed(seed) }.run(&setup, |_, step| digest.step(step));
        digest.text()
    };
    let here: Vec<String> = (0..JOURNALS).map(digest_of).collect();
    assert_eq!(there.lines().collect::<Vec<_>>(), here);
}
