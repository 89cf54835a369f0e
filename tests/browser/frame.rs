//! The page in somebody else's page: a sandboxed frame from another origin, with the chrome left away.

use super::page::{Page, origin};
use super::server::{Content, serve};

#[tokio::test]
async fn the_lab_starts_in_a_sandboxed_frame_of_another_origin() {
    let host = serve(Content::Page(format!(
        "<!doctype html><title>A course page</title><iframe sandbox=\"allow-scripts\" src=\"{}/?embed=1\" \
         width=\"1200\" height=\"800\" title=\"StatefulSet Playground\"></iframe>",
        origin()
    )));
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&host).await;
    page.enter_frame().await;
    page.until_ready().await;
    let throws = page.script("try { localStorage.getItem('x'); return false } catch { return true }", &[]).await;
    assert_eq!(throws, serde_json::json!(true), "storage throws here, so nothing may depend on it");
    let shown = "const h = document.querySelector('header.head'); return !!h && h.getBoundingClientRect().height > 2;";
    assert_eq!(page.script(shown, &[]).await, serde_json::json!(false), "the chrome is left away");
    page.choose("#speed", "120").await;
    page.click("#apply-first").await;
    page.until_attribute("#seat-0", "data-state", "Ready").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}
