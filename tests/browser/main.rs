//! The built page in real Chromium: the lab by clicks, the lab by typing, the page in a sandboxed frame, and how soon the
//! first pod is on the stage.

mod page;
mod server;

use page::Page;

#[tokio::test]
async fn the_page_opens() {
    let page = Page::open("", (1440, 900)).await;
    page.until_text("h1", "StatefulSet Playground").await;
    page.close().await;
}
