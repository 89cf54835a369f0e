//! The same journal gives the same bytes natively and in WebAssembly.

use playground::apiserver::Gates;
use playground::profile::Profile;
use playground::random::Seed;
use playground::sim::{Digest, Setup};
use playground::trial::Trial;
use serde_json::json;

use super::page::Page;

#[tokio::test]
async fn random_journals_have_the_same_digest_natively_and_in_the_page() {
    let page = Page::open("", (1024, 768)).await;
    page.until("the engine has taken over", "return document.documentElement.dataset.engine === 'ready';").await;
    let setup = Setup {
        profile: Profile::named("life").expect("the life profile is built in"),
        gates: Gates::default(),
        seed: Seed(0),
    };
    for seed in 0..6_u64 {
        let mut digest = Digest::default();
        Trial { seed: Seed(seed) }.run(&setup, |_, step| digest.step(step));
        let ask = "const [seed, done] = arguments; \
                   import(document.getElementById('engine').href).then(m => done(m.trial_digest(seed)), e => done(String(e)));";
        let answer = page.script_async(ask, &[json!(seed)]).await;
        assert_eq!(answer, json!(digest.text()), "seed {seed}");
    }
    page.close().await;
}
