//! `kubectl edit` in the page: its file is in the editor while kubectl waits; by mouse, by keyboard, and back in time.

use serde_json::json;

use super::access::barriers;
use super::page::{CONTROL, ENTER, ESCAPE, Page, RELEASE};

const ADDRESS: &str = "return document.activeElement.id;";

/// A page on which the lab's manifest was applied, and an editor opened by typing.
async fn page(size: (u32, u32)) -> Page {
    let page = Page::open("", size).await;
    page.until_ready().await;
    page.click("#apply").await;
    page.until_text("#seat-0", "mehdb-0").await;
    page.enter("#terminal-1-input", "kubectl edit sts mehdb -n lab-18").await;
    page.until_text("#pane", "kubectl waits for this file").await;
    page.until_text("#file-2", "statefulset/mehdb").await;
    page
}

async fn manifest(page: &Page) -> String {
    page.text("#manifest").await
}

#[tokio::test]
async fn an_object_is_edited_by_mouse_refused_mended_and_saved() {
    let page = page((1280, 800)).await;
    assert!(manifest(&page).await.starts_with("# Please edit the object below."), "{}", manifest(&page).await);
    assert_eq!(page.attribute("#file-2", "aria-selected").await, "true");
    assert_eq!(page.attribute("#terminal-1", "data-busy").await, "true");
    assert!(page.attribute("#terminal-1-input", "placeholder").await.starts_with("waits for the editor"));
    barriers(&page, "the pane is open").await;
    let text = manifest(&page).await;
    page.fill("#manifest", &text.replacen("replicas: 2", "replicas: -2", 1)).await;
    page.until_text("#problems", "spec.replicas: Invalid value: -2").await;
    page.click("#pane-save").await;
    page.until_text("#terminal-1-screen", "error: statefulsets.apps \"mehdb\" is invalid").await;
    page.until(
        "the reason stands above it",
        "return document.querySelector('#manifest').value.includes('# * spec.replicas: Invalid value: -2');",
    )
    .await;
    let text = manifest(&page).await;
    page.fill("#manifest", &text.replacen("replicas: -2\n", "replicas: 3\n", 1)).await;
    page.until_text("#outlook", "mehdb-2").await;
    page.click("#pane-save").await;
    page.until_text("#terminal-1-screen", "statefulset.apps/mehdb edited").await;
    page.until("the pane is gone", "return !document.querySelector('#pane') && !document.querySelector('#file-2');")
        .await;
    page.until_focus("terminal-1-input").await;
    page.until_text("#seat-2", "mehdb-2").await;
    // Back to a moment at which kubectl waited: the file is there, and nobody is interrupted.
    page.click("#step-intent-back").await;
    page.until("its tab is there", "return document.querySelector('#file-2')?.dataset.edits === 'true';").await;
    assert_eq!(page.count("#pane").await, 0);
    page.click("#file-2").await;
    page.click("#pane-cancel").await;
    page.until_text("#notice", "You acted in the past").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn an_object_is_edited_by_keyboard_alone() {
    let page = page((1280, 800)).await;
    page.until_focus("manifest").await;
    let row = "const a = document.getElementById('manifest'); return a.value.slice(a.selectionStart).split('\\n')[0];";
    assert_eq!(page.script(row, &[]).await, json!("apiVersion: apps/v1"), "the caret is below the head");
    // Escape leaves what was not touched at once, and asks where something was written.
    page.keys("#manifest", ESCAPE).await;
    page.until_text("#terminal-1-screen", "Edit cancelled, no changes made.").await;
    page.until_focus("terminal-1-input").await;
    page.keys("#terminal-1-input", &format!("kubectl edit sts mehdb -n lab-18{ENTER}")).await;
    page.until_focus("manifest").await;
    page.keys("#manifest", &format!("# mine{ENTER}")).await;
    page.until("it is written", "return document.getElementById('manifest').value.includes('# mine');").await;
    page.keys("#manifest", ESCAPE).await;
    page.until_focus("pane-cancel").await;
    assert_eq!(page.count("#pane").await, 1);
    let text = manifest(&page).await;
    page.fill("#manifest", &text.replacen("replicas: 2\n", "replicas: 5\n", 1)).await;
    page.until_text("#outlook", "mehdb-2").await;
    page.keys("#manifest", &format!("{CONTROL}{ENTER}{RELEASE}")).await;
    page.until_text("#terminal-1-screen", "statefulset.apps/mehdb edited").await;
    page.until_focus("terminal-1-input").await;
    page.until_text("#seat-4", "mehdb-4").await;
    // Ctrl-C in the terminal closes the editor too.
    page.keys("#terminal-1-input", &format!("kubectl edit svc mehdb -n lab-18{ENTER}")).await;
    page.until_text("#file-2", "service/mehdb").await;
    page.keys("#terminal-1-input", &format!("{CONTROL}c{RELEASE}")).await;
    page.until("the pane is gone", "return !document.querySelector('#pane');").await;
    page.until_attribute("#terminal-1", "data-busy", "false").await;
    assert_ne!(page.script(ADDRESS, &[]).await, json!(""), "the focus is somewhere");
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_reload() {
    let mut page = page((1280, 800)).await;
    let text = manifest(&page).await;
    page.fill("#manifest", &text.replacen("replicas: 2", "replicas: 3", 1)).await;
    page.until("the address holds the editor", "return location.hash.length > 100;").await;
    page.script("window.__before = location.hash;", &[]).await;
    page.click("#pane-save").await;
    page.until_text("#terminal-1-screen", "statefulset.apps/mehdb edited").await;
    let screen = page.text("#terminal-1-screen").await;
    page.until("the address holds it", "return location.hash !== window.__before;").await;
    let address = page.script("return location.href.replace('#', '?again#');", &[]).await;
    page.goto(address.as_str().unwrap_or_default()).await;
    page.until_text("#terminal-1-screen", "statefulset.apps/mehdb edited").await;
    assert_eq!(page.text("#terminal-1-screen").await, screen);
    page.until_text("#seat-2", "mehdb-2").await;
    assert_eq!(page.count("#notice").await, 0, "{}", page.text("#notice").await);
    page.close().await;
}
