//! From the start of the navigation to the first pod on the stage, with Apply pressed by script at first paint. A figure to
//! be printed, not a bound to be kept: machines differ.

use super::page::Page;

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
        let mut page = Page::blank((1440, 900)).await;
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
