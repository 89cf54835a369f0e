//! Mistakes and crashes: a complaint stands at its line, and nothing that was typed is lost.

use super::page::{DESKTOP, Page, origin};
use super::server::{Content, serve};

#[tokio::test]
async fn a_mistake_in_the_manifest_stands_at_its_line_and_the_text_stays() {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    let good = page.text("#manifest").await;
    let bad = good.replace("  replicas: 2", "  replica: 2");
    assert_ne!(good, bad);
    page.fill("#manifest", &bad).await;
    page.until_text("#problems", "replica").await;
    let line = good.lines().position(|line| line == "  replicas: 2").expect("the lab asks for two") + 1;
    page.until_attribute("#problems li", "data-line", &line.to_string()).await;
    assert_eq!(page.text("#manifest").await, bad, "what was typed is still there");
    page.close().await;
}

#[tokio::test]
async fn a_crash_says_so_and_leads_back() {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    page.choose("#speed", "120").await;
    page.click("#apply").await;
    page.until_attribute("#seat-0", "data-state", "Ready").await;
    // Also where the panel has a button that crashes a pod.
    page.click("#tab-faults").await;
    let crash = "document.querySelector('#app').dispatchEvent(new CustomEvent('lab:panic', { detail: 'for the test' })); \
                 return document.querySelector('#stopped').open;";
    assert_eq!(page.script(crash, &[]).await, serde_json::json!(true), "the message stands in plain HTML");
    page.click("#crash-undo").await;
    page.until(
        "a fresh engine listens",
        "return !document.querySelector('#stopped').open && document.documentElement.dataset.engine === 'ready'",
    )
    .await;
    // It stands still at the moment before the last act, so that nothing happens unseen.
    page.until_attribute("#play", "aria-pressed", "false").await;
    page.click("#apply").await;
    page.choose("#speed", "120").await;
    page.click("#play").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.close().await;
}

#[tokio::test]
async fn nothing_overflows_from_320_pixels_to_a_projector() {
    for width in [320, 360, 768, 1024, 1440, 1920] {
        // A headless window has a least width, so every page is looked at in a frame of the wanted one.
        let host = serve(Content::Page(format!(
            "<!doctype html><title>A frame</title><iframe src=\"{}\" title=\"page\" style=\"width:{width}px;height:740px;border:0\"></iframe>",
            origin()
        )));
        let mut page = Page::blank((2000, 800)).await;
        page.goto(&host).await;
        page.enter_frame().await;
        page.until_ready().await;
        let over = page
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth;", &[])
            .await;
        assert!(over.as_i64().unwrap_or(99) <= 0, "{over} px too wide at {width}");
        page.close().await;
    }
}
