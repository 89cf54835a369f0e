//! From the start of the navigation to the first pod on the stage, with Apply pressed by script at first paint. A figure to
//! be printed, not a bound to be kept: machines differ.

use super::page::{DESKTOP, Page};

/// Runs before the page's own scripts: presses Apply at the first frame, and notes when the first pod is there.
const SCRIPT: &str = "let pressed = false; const look = () => { \
      const button = document.querySelector('[data-press=apply], #apply'); \
      if (!pressed && button) { pressed = true; button.click(); } \
      const seat = document.querySelector('#seat-0'); \
      if (seat?.dataset.look && seat.dataset.look !== 'empty') window.__first ??= performance.now(); \
      else requestAnimationFrame(look); }; requestAnimationFrame(look);";

#[tokio::test]
async fn the_first_pod_is_on_the_stage_soon_after_apply() {
    let mut figures = Vec::new();
    for _ in 0..5 {
        let mut page = Page::blank(DESKTOP).await;
        page.before_every_page(SCRIPT).await;
        page.goto(super::page::origin()).await;
        page.until("the first pod is there", "return typeof window.__first === 'number';").await;
        let ms = page.script("return window.__first;", &[]).await.as_f64().expect("a number");
        figures.push(ms as i64);
        page.close().await;
    }
    figures.sort_unstable();
    println!("navigation start to first pod on the stage: median {} ms of {figures:?} (aim: < 1000 ms)", figures[2]);
}

/// Runs before the page's own scripts: notes for each frame how long its callbacks, their microtasks, style, layout and paint
/// held the main thread, and the time between frames. A message is posted when the first callback of a frame or a timer
/// begins; it is heard when the thread is free again.
const WATCH: &str = "const frames = requestAnimationFrame.bind(window), timers = setTimeout.bind(window); \
      const free = new MessageChannel(); let begun = 0, last = 0, spent = 0; \
      window.__work = []; window.__gaps = []; \
      free.port1.onmessage = () => { spent += performance.now() - begun; begun = 0; }; \
      const begin = () => { if (!begun) { begun = performance.now(); free.port2.postMessage(0); } }; \
      window.requestAnimationFrame = (then) => frames((at) => { begin(); then(at); }); \
      window.setTimeout = (then, ms, ...rest) => timers(() => { begin(); then(...rest); }, ms); \
      const look = (at) => { if (last) { window.__gaps.push(at - last); window.__work.push(spent); } \
        last = at; spent = 0; begin(); frames(look); }; frames(look);";

/// The share of the sorted `figures` that `percent` names.
fn share_of(figures: &[f64], percent: usize) -> f64 {
    figures.get((figures.len() * percent / 100).min(figures.len() - 1)).copied().expect("some frames")
}

/// What the frames of the last seconds cost, in one line.
async fn frames_of(page: &Page, what: &str, seconds: u64) {
    page.script("window.__work = []; window.__gaps = [];", &[]).await;
    tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    let measured = page.script("return [window.__work, window.__gaps];", &[]).await;
    let list = |nth: usize| -> Vec<f64> {
        let figures = measured[nth].as_array().expect("figures");
        let mut figures: Vec<f64> = figures.iter().filter_map(serde_json::Value::as_f64).collect();
        figures.sort_by(f64::total_cmp);
        figures
    };
    let (work, gaps) = (list(0), list(1));
    let late = gaps.iter().filter(|gap| **gap > 25.0).count();
    println!(
        "  {what}: {} frames, main thread median {:.1} ms, p95 {:.1} ms (aim: 8), most {:.1} ms; {:.1} % over 25 ms apart (aim: 1)",
        work.len(),
        share_of(&work, 50),
        share_of(&work, 95),
        share_of(&work, 100),
        100.0 * late as f64 / gaps.len() as f64
    );
}

#[tokio::test]
async fn a_rolling_update_of_very_many_pods_leaves_the_page_its_time() {
    for pods in [200, 1000] {
        let mut page = Page::blank(DESKTOP).await;
        page.before_every_page(WATCH).await;
        page.goto(super::page::origin()).await;
        page.until_ready().await;
        let ask = async |line: &str| {
            let script =
                "document.getElementById('app').dispatchEvent(new CustomEvent('lab:do', { detail: arguments[0] }));";
            page.script(script, &[line.into()]).await;
        };
        page.click("#tab-faults").await;
        // A node takes 110 pods.
        for _ in 3..pods / 110 + 1 {
            page.click("#fault-node-joins").await;
        }
        page.click("#tab-steps").await;
        let manifest = page.script("return document.getElementById('manifest').value;", &[]).await;
        let manifest = manifest.as_str().expect("a manifest");
        let many = format!("  replicas: {pods}\n  podManagementPolicy: Parallel");
        ask(&format!("load {}", manifest.replace("  replicas: 2", &many))).await;
        ask("speed 1000").await;
        page.click("#apply").await;
        let ready = format!("return document.querySelector('.tally')?.textContent === '{pods} of {pods} Ready';");
        page.until("all pods are Ready", &ready).await;
        let tall = page.script("return document.querySelector('.seats').offsetHeight;", &[]).await.as_i64();
        assert!(tall.is_some_and(|tall| tall < 600), "{pods} seats can be taken in at a glance: {tall:?} px");
        println!("{pods} pods, 1440x900:");
        frames_of(&page, "at rest", 2).await;
        ask("speed 1").await;
        ask("run kubectl set image statefulset/mehdb shard=nginx:1.29 -n lab-18").await;
        for speed in [1, 5, 30] {
            ask(&format!("speed {speed}")).await;
            frames_of(&page, &format!("in a rolling update at {speed}x"), 8).await;
        }
        assert!(page.text(".tags").await.contains("A → B"), "the rolling update goes on");
        page.close().await;
    }
}
