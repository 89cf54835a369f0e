//! The engine comes in parts: the first alone draws the page, the second alone performs the lab, and what is called before
//! its part has come is done all the same.
//!
//! `PARTS_UPDATE=1` makes the lists of their functions anew, from what is called while the same is done; build the page
//! again after it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::page::Page;
use super::server::{Content, serve};

/// In which sizes, and with what in the address, the first picture is drawn.
const PICTURES: &[(&str, (u32, u32))] = &[
    ("", (1440, 900)),
    ("?theme=dark", (390, 844)),
    ("?embed=1", (720, 500)),
    ("?embed=1&panes=manifest%2Cstage&readonly=1&speed=10", (720, 500)),
];

/// The last part never comes by itself.
const LAST_IS_LOST: &str = "const compile = WebAssembly.compile; let first = true; \
    WebAssembly.compile = (...a) => first ? ((first = false), compile(...a)) : new Promise(() => {});";

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

/// The file that a part behind the first is in.
fn part(number: usize) -> String {
    let page = std::fs::read_to_string(dist().join("index.html")).expect("the page is built");
    let (_, rest) = page.split_once(&format!("data-part-{number}=\"./")).expect("a release comes in parts");
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn until_engine(page: &Page, is: &str) {
    let script = format!("return document.documentElement.dataset.engine === '{is}';");
    page.until(&format!("the engine is {is}"), &script).await;
}

/// The first minutes of somebody who does the lab by its buttons and a few commands, and looks around on the stage.
async fn do_the_lab(page: &Page) {
    page.click("#apply-first").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.script("document.querySelector('#seat-1').dispatchEvent(new MouseEvent('mouseenter')); document.querySelector('#seat-1 button, #seat-1 a')?.focus();", &[]).await;
    for line in ["kubectl get sts,po,pvc,svc -n lab-18", "kubectl scale sts mehdb --replicas=4 -n lab-18"] {
        page.enter("#terminal-1-input", line).await;
    }
    page.choose("#speed", "20").await;
    page.until_attribute("#seat-3", "data-state", "Ready").await;
    page.enter("#terminal-1-input", "kubectl patch sts mehdb -n lab-18 -p '{\"spec\":{\"replicas\":2}}'").await;
    page.until_attribute("#seat-2", "data-state", "Empty").await;
    page.enter("#terminal-1-input", "kubectl get pvc -n lab-18").await;
    page.until_text("#terminal-1-screen", "data-mehdb-3").await;
    page.enter("#terminal-1-input", "kubectl describe pod mehdb-0 -n lab-18").await;
    page.until_text("#terminal-1-screen", "Controlled By").await;
    page.enter("#terminal-1-input", "kubectl delete ns lab-18").await;
    page.until_text("#terminal-1-screen", "namespace \"lab-18\" deleted").await;
}

/// What else somebody may do then; no two of these take the same way through the engine.
async fn look_around(page: &Page) {
    page.click("#apply-first").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.click("#scale-minus").await;
    page.click("#scale").await;
    page.click("#play").await;
    page.click("#next-change").await;
    page.click("#last-change").await;
    page.click("#play").await;
    page.script("document.querySelector('#manifest').focus()", &[]).await;
    page.keys("#manifest", " \u{8}").await;
}

#[tokio::test]
async fn the_first_part_draws_the_page_and_the_second_performs_the_lab() {
    if std::env::var_os("PARTS_UPDATE").is_some() {
        return write_lists().await;
    }
    let withheld = Arc::new(Mutex::new(vec![part(1)]));
    let origin = serve(Content::Withheld(dist(), withheld.clone()));
    let mut page = Page::blank((1440, 900)).await;
    page.before_every_page(LAST_IS_LOST).await;
    page.goto(&origin).await;
    until_engine(&page, "drawn").await;
    assert_eq!(page.text("#outlook").await, "✓ creates mehdb-0, then mehdb-1");
    // It stands for a while, and asks for nothing more.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let hurried = "return document.documentElement.dataset.hurried ?? '';";
    assert_eq!(
        page.script(hurried, &[]).await,
        json!(""),
        "the first picture calls only what came first; PARTS_UPDATE=1"
    );

    // What is pressed now is kept, and done when it can be.
    page.click("#apply-first").await;
    page.until_attribute("#apply-first", "aria-busy", "true").await;
    page.until_text("#narration", "will be done in a moment").await;
    assert_eq!(page.count("[id^=seat-][data-state=Ready]").await, 0);
    withheld.lock().expect("the list is whole").clear();
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    assert_eq!(page.count("[aria-busy]").await, 0, "what was pressed is done");
    page.until(
        "the narration goes on",
        "return !/Press Play|in a moment/.test(document.querySelector('#narration').textContent);",
    )
    .await;
    page.goto(&format!("{origin}/?again")).await;
    until_engine(&page, "ready").await;
    do_the_lab(&page).await;
    assert_eq!(page.script(hurried, &[]).await, json!(""), "the lab calls only what came by then; PARTS_UPDATE=1");
    page.close().await;
}

#[tokio::test]
async fn what_is_called_before_its_part_has_come_is_done_all_the_same() {
    let mut page = Page::blank((1440, 900)).await;
    page.before_every_page(LAST_IS_LOST).await;
    page.goto(&serve(Content::Folder(dist()))).await;
    until_engine(&page, "ready").await;
    page.enter("#terminal-1-input", "kubectl explain sts.spec.podManagementPolicy").await;
    page.until_text("#terminal-1-screen", "OrderedReady scales one pod").await;
    let hurried = page.script("return document.documentElement.dataset.hurried ?? '';", &[]).await;
    assert_eq!(hurried, json!(format!("./{}", part(2))));
    page.close().await;
}

/// The functions that are called, by the parts they come with.
async fn write_lists() {
    let folder = std::env::temp_dir().join(format!("playground-parts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    for file in std::fs::read_dir(dist()).expect("the page is built").flatten().filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), folder.join(file.file_name())).expect("a file can be copied");
    }
    let place = folder.join("index.html");
    let page = std::fs::read_to_string(&place).expect("the page can be read");
    let (before, rest) = page.split_once("data-wasm=\"").expect("it names its wasm");
    let (_, behind) = rest.split_once('>').expect("the element ends");
    std::fs::write(&place, format!("{before}data-wasm=\"./marked.wasm\">{behind}")).expect("the page can be written");
    let marked = Command::new(env!("CARGO_BIN_EXE_parts")).arg("mark").arg(folder.join("marked.wasm")).status();
    assert!(marked.is_ok_and(|status| status.success()), "the page can be marked");
    let origin = serve(Content::Folder(folder.clone()));

    let mut picture = BTreeSet::new();
    for (query, size) in PICTURES {
        let mut page = Page::blank(*size).await;
        page.goto(&format!("{origin}/{query}")).await;
        until_engine(&page, "ready").await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        picture.extend(called(&page).await);
        page.close().await;
    }
    let mut lab = BTreeSet::new();
    for looks_around in [false, true] {
        let mut page = Page::blank((1440, 900)).await;
        page.goto(&origin).await;
        until_engine(&page, "ready").await;
        if looks_around {
            look_around(&page).await
        } else {
            do_the_lab(&page).await
        }
        lab.extend(called(&page).await.difference(&picture).cloned());
        page.close().await;
    }
    std::fs::remove_dir_all(&folder).expect("the folder can go");

    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/parts");
    for (name, list) in [("picture.txt", picture), ("lab.txt", lab)] {
        let text: String = list.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        std::fs::write(source.join(name), text).expect("the list can be written");
    }
}

async fn called(page: &Page) -> BTreeSet<String> {
    let script = "const done = arguments[0]; (async () => { \
        const wasm = await (await import(document.getElementById('engine').href)).default(); \
        const marks = Object.keys(wasm).filter((name) => name.startsWith('called ') && wasm[name].value); \
        done(marks.map((name) => name.replace(/^called \\d+ /, ''))); })();";
    let names = page.script_async(script, &[]).await;
    let names = names.as_array().expect("a list of names").iter();
    names.filter_map(|name| Some(name.as_str()?.to_owned())).collect()
}
