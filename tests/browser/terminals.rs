//! The terminals by mouse and by keyboard: completion, history, tabs; and a watch that keeps up with a thousandfold speed.

use serde_json::json;

use super::page::{CONTROL, DESKTOP, ENTER, ESCAPE, Page, RELEASE, RIGHT, TAB};

async fn page() -> Page {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    page
}

#[tokio::test]
async fn tab_completes_what_was_begun_and_escape_then_tab_leaves() {
    let page = page().await;
    let input = "#terminal-1-input";
    for (typed, offered, line) in [
        ("kub", "kubectl", "kubectl "),
        ("desc", "describe", "kubectl describe "),
        ("node n", "node-1", "kubectl describe node node-"),
    ] {
        page.keys(input, typed).await;
        page.until_text("#terminal-1-tab", offered).await;
        page.keys(input, TAB).await;
        page.until_text(input, line).await;
    }
    page.until_text("#terminal-1-tab", "node-2").await;
    page.keys(input, &format!("{TAB}{TAB}")).await;
    page.until_text(input, "kubectl describe node node-2").await;
    page.keys(input, ENTER).await;
    page.until_text("#terminal-1-screen", "Name:               node-2").await;
    let copied = "window.__copied = ''; document.addEventListener('lab:copy', e => { window.__copied = e.detail; }, true); \
                  document.getElementById('terminal-1-copy').click(); return window.__copied;";
    let copied = page.script(copied, &[]).await;
    assert!(copied.as_str().is_some_and(|text| text.starts_with("$ kubectl describe node node-2\nName:")), "{copied}");
    page.keys(input, "kubectl get pods -n kube-s").await;
    page.until_text("#terminal-1-tab", "kube-system").await;
    page.keys(input, ESCAPE).await;
    page.until("nothing is offered", "return document.querySelector('#terminal-1-tab').innerText === '';").await;
    page.keys(input, TAB).await;
    let left = page.script("return document.activeElement.id !== 'terminal-1-input';", &[]).await;
    assert_eq!(left, json!(true), "Tab leaves");
    assert_eq!(page.text(input).await, "kubectl get pods -n kube-s");
    page.close().await;
}

#[tokio::test]
async fn a_line_typed_before_is_found_again() {
    let page = page().await;
    let input = "#terminal-1-input";
    page.keys(input, &format!("kubectl get nodes{ENTER}")).await;
    page.until_text("#terminal-1-screen", "node-3").await;
    page.keys(input, &format!("kubectl get ns{ENTER}")).await;
    page.until_text("#terminal-1-screen", "kube-system").await;
    page.keys(input, &format!("{CONTROL}r{RELEASE}nod")).await;
    page.until_text("#terminal-1-tab", "kubectl get nodes").await;
    page.keys(input, &format!("{CONTROL}l{RELEASE}{ENTER}")).await;
    page.until_text("#terminal-1-screen", "$ kubectl get nodes").await;
    assert!(!page.text("#terminal-1-screen").await.contains("kubectl get ns"), "Ctrl-L had emptied the screen");
    page.close().await;
}

#[tokio::test]
async fn terminals_open_side_by_side_and_as_tabs_and_close() {
    let page = page().await;
    page.click("#terminal-new").await;
    page.until("three are open", "return document.querySelectorAll('.terminal').length === 3;").await;
    page.enter("#terminal-3-input", "kubectl get pods -A -w").await;
    page.until_attribute("#terminal-3", "data-busy", "true").await;
    page.click("#terminal-layout").await;
    page.until("one is shown", "return document.querySelectorAll('.terminal').length === 1;").await;
    page.until_attribute("#terminal-tab-3", "aria-selected", "true").await;
    page.keys("#terminal-tab-3", RIGHT).await;
    page.until_attribute("#terminal-tab-1", "aria-selected", "true").await;
    assert_eq!(
        page.script("return document.activeElement.id;", &[]).await,
        json!("terminal-tab-1"),
        "the focus goes along"
    );
    page.click("#terminal-tab-3").await;
    page.click("#terminal-3-close").await;
    page.until("two are left", "return document.querySelectorAll('[id^=terminal-tab-]').length === 2;").await;
    page.click("#terminal-layout").await;
    page.until("both are shown", "return document.querySelectorAll('.terminal').length === 2;").await;
    // The lab needs its second terminal, and opens it again where it was closed.
    page.click("#terminal-2-close").await;
    page.until("one is left", "return document.querySelectorAll('.terminal').length === 1;").await;
    page.click("#step-0").await;
    page.click("#step-1").await;
    page.click("#step-3").await;
    page.until_attribute("#terminal-2", "data-busy", "true").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn a_watch_keeps_up_with_a_thousandfold_speed() {
    let page = page().await;
    page.choose_text("#example", "Parallel").await;
    page.fill("#namespace", "default").await;
    page.enter("#terminal-2-input", "kubectl get pods -w -o wide").await;
    page.enter("#terminal-1-input", "kubectl get events -w").await;
    let text = page.text("#manifest").await.replace("pause:3.10", "crash:1").replace("replicas: 6", "replicas: 9");
    page.fill("#manifest", &text).await;
    page.until_text("#outlook", "crowd-0 … crowd-8 at once").await;
    page.script(
        "window.__gaps = []; let last = performance.now(); const look = (now) => { window.__gaps.push(now - last); last = now; requestAnimationFrame(look); }; requestAnimationFrame(look); \
         window.__first = null;",
        &[],
    )
    .await;
    page.choose("#speed", "1000").await;
    page.click("#apply").await;
    page.until(
        "it has written a lot",
        "return document.querySelectorAll('#terminal-2-screen .lines > div').length > 60;",
    )
    .await;
    page.script(
        "window.__first = document.querySelector('#terminal-2-screen .lines > div'); window.__gaps.length = 0;",
        &[],
    )
    .await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let figures = page
        .script(
            "const g = [...window.__gaps].sort((a, b) => a - b); const rows = (n) => document.querySelectorAll('#terminal-' + n + '-screen .lines > div').length; \
             const s = document.querySelector('#terminal-2-screen'); \
             return {frames: g.length, median: g[g.length >> 1], p95: g[Math.floor(g.length * .95)], longest: g.at(-1), rows: rows(2), events: rows(1), \
             same: window.__first === document.querySelector('#terminal-2-screen .lines > div'), clock: document.getElementById('clock').innerText, \
             atEnd: Math.abs(s.scrollTop) < 2};",
            &[],
        )
        .await;
    println!("a watch at 1000×, frames in ms: {figures}");
    assert_eq!(figures["same"], json!(true), "rows are appended, not drawn anew");
    assert_eq!(figures["atEnd"], json!(true), "the newest row is in sight");
    assert!(figures["rows"].as_u64().is_some_and(|rows| rows <= 2000), "{figures}");
    assert!(figures["longest"].as_f64().is_some_and(|ms| ms < 1500.0), "it froze: {figures}");
    // Who scrolls up is left in peace.
    page.script("document.querySelector('#terminal-2-screen').scrollTop = -400;", &[]).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let up = page.script("return document.querySelector('#terminal-2-screen').scrollTop;", &[]).await;
    assert!(up.as_f64().is_some_and(|top| top < -300.0), "scrolled to {up}");
    page.close().await;
}
