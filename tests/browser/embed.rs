//! The page inside other people's pages: the element, the messages, and every kind of sandbox.

use std::path::PathBuf;

use serde_json::json;

use super::page::{Page, origin};
use super::server::{Content, serve};

fn dist() -> PathBuf {
    let dist = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"));
    assert!(dist.join("single.html").exists(), "put the built page into one file first: cargo single");
    dist
}

fn host(body: &str) -> Content {
    Content::Page(format!("<!doctype html><meta charset=\"utf-8\"><title>A course page</title>{body}"))
}

/// Applies the manifest by a click in the frame the page is in, and waits for both pods.
async fn runs_the_lab(page: &Page) {
    page.until_ready().await;
    page.choose("#speed", "120").await;
    page.click("#apply-first").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
}

#[tokio::test]
async fn a_course_page_writes_an_element_below_its_commands_and_talks_with_it() {
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&serve(host(&format!(
        "<script src=\"{origin}/statefulset-lab.js\"></script>\
         <script>window.heard = [];\
           addEventListener('lab:state', e => heard.push(e.detail.summary), true);\
           addEventListener('lab:error', e => heard.push('error: ' + e.detail.message), true);</script>\
         <pre><code>$ kubectl create ns lab-18\n$ kubectl apply -f stateful.yaml -n lab-18\n</code></pre>\
         <statefulset-lab speed=\"120\" height=\"700\"></statefulset-lab>",
        origin = origin()
    ))))
    .await;
    let last = "const said = window.heard.filter(text => text).at(-1) ?? '';";
    page.until("the commands before it have run", &format!("{last} return said.includes('mehdb: 2 of 2 Ready');"))
        .await;

    page.script("document.querySelector('statefulset-lab').send('run', {cmd: 'kubectl scale sts mehdb --replicas=1 -n lab-18'});", &[])
        .await;
    page.until("the set was scaled from outside", &format!("{last} return said.includes('mehdb: 1 of 1 Ready');"))
        .await;
    page.script("document.querySelector('statefulset-lab').send('dance');", &[]).await;
    let refused = "return window.heard.some(text => text?.startsWith('error: cannot do \"dance\"'));";
    page.until("what it cannot do is said", refused).await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn an_element_takes_the_manifest_before_it_and_shows_only_the_panes_asked_for() {
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&serve(host(&format!(
        "<script src=\"{}/statefulset-lab.js\"></script>\
         <pre>apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: tiny}}\nspec:\n  replicas: 1\n</pre>\
         <statefulset-lab panes=\"manifest,stage\" readonly theme=\"dark\"></statefulset-lab>",
        origin()
    ))))
    .await;
    page.enter_frame().await;
    page.until("the manifest is ours", "return document.querySelector('#manifest')?.value.includes('name: tiny');")
        .await;
    let seen = "const seen = css => { const e = document.querySelector(css); return !!e && e.getBoundingClientRect().height > 2; }; \
                return [seen('#manifest'), seen('#stage'), seen('#terminal-1'), seen('#apply'), document.documentElement.dataset.theme];";
    assert_eq!(page.script(seen, &[]).await, json!([true, true, false, false, "dark"]));
    page.close().await;
}

#[tokio::test]
async fn a_frame_obeys_nobody_but_the_page_around_it() {
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&serve(host(&format!(
        "<iframe id=\"lab\" title=\"lab\" width=\"1200\" height=\"700\" src=\"{}/?embed=1&autoplay=0\"></iframe>\
         <iframe id=\"other\" title=\"other\" srcdoc=\"&lt;script&gt;parent.frames[0].postMessage({{ns:'statefulset-lab',v:1,type:'theme',theme:'dark'}},'*')&lt;/script&gt;\"></iframe>",
        origin()
    ))))
    .await;
    let send = "document.getElementById('lab').contentWindow.postMessage({ns: 'statefulset-lab', v: 1, ...arguments[0]}, '*');";
    page.enter_frame().await;
    page.until_ready().await;
    page.leave_frame().await;
    page.script("for (let n = 0; n < 3; n++) document.getElementById('other').srcdoc += ' ';", &[]).await;
    page.script(send, &[json!({"type": "speed", "speed": 60})]).await;
    page.enter_frame().await;
    page.until("its own page is obeyed", "return document.querySelector('#speed').value === '60';").await;
    assert_eq!(
        page.script("return document.documentElement.dataset.theme ?? ''", &[]).await,
        json!(""),
        "a stranger is not"
    );
    assert_eq!(page.attribute("#play", "aria-pressed").await, "false", "autoplay=0 waits");
    page.close().await;
}

#[tokio::test]
async fn the_page_in_one_file_runs_in_a_sandbox_whose_server_lets_nobody_read() {
    let server = serve(Content::Closed(dist()));
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&serve(host(&format!(
        "<iframe sandbox=\"allow-scripts\" title=\"lab\" width=\"1200\" height=\"800\" src=\"{server}/single.html?embed=1\"></iframe>"
    ))))
    .await;
    page.enter_frame().await;
    runs_the_lab(&page).await;
    page.close().await;
}

#[tokio::test]
async fn the_page_in_one_file_runs_from_a_disk() {
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&format!("file://{}", dist().join("single.html").display())).await;
    runs_the_lab(&page).await;
    page.close().await;
}

#[tokio::test]
async fn where_no_script_runs_the_picture_and_the_commands_are_still_there() {
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&serve(host(&format!(
        "<iframe sandbox title=\"lab\" width=\"1200\" height=\"800\" src=\"{}/?embed=1\"></iframe>",
        origin()
    ))))
    .await;
    let shown = page.frame_text().await;
    for words in ["mehdb-0", "no claim yet", "kubectl apply -f stateful.yaml -n lab-18", "needs JavaScript"] {
        assert!(shown.contains(words), "{words} is missing in: {shown}");
    }
    page.close().await;
}
