//! The page in the pages that courses are made of (tests/hosts), behind a poster, and without a network.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::page::{PAGE_DOWN, Page, origin};
use super::server::{Content, serve};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a host page, with the place of the playground put in.
fn host(path: &str) -> String {
    let text = std::fs::read_to_string(here("tests/hosts").join(path)).expect("the host page is there");
    text.replace("PLAYGROUND", origin())
}

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("playground-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

#[tokio::test]
async fn on_a_page_of_plain_html_nothing_is_loaded_before_start_is_pressed_and_then_the_page_hears_how_it_goes() {
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&serve(Content::Page(host("plain.html")))).await;
    page.until_text("statefulset-lab button", "Start the lab").await;
    assert_eq!(page.count("iframe").await, 0, "a poster loads nothing");

    page.click("statefulset-lab button").await;
    let told = "const told = (type, test) => window.told.some(m => m.type === type && test(m));";
    page.until("both first steps are done", &format!("{told} return told('goal', g => g.id === 1 && g.ok);")).await;
    page.until("a wait is told", &format!("{told} return told('blocked', b => b.reason.startsWith('mehdb-'));")).await;
    page.until(
        "decisions are told",
        &format!("{told} return told('marker', m => m.t > 0 && m.text.includes('mehdb-1'));"),
    )
    .await;
    page.until("its height follows", "return Number(document.querySelector('iframe').height) > 700;").await;
    page.enter_frame().await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    let still = "return getComputedStyle(document.querySelector('.pod')).transitionDuration;";
    assert_eq!(page.script(still, &[]).await, json!("0s"), "motion=reduce");
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn a_poster_in_a_plain_frame_fetches_the_engine_when_it_is_pressed() {
    let page = Page::open("?embed=1&poster=1&theme=contrast", (1024, 768)).await;
    let fetched = "return performance.getEntriesByType('resource').some(e => e.name.endsWith('.wasm'));";
    page.until_text("#start", "Start the lab").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(page.script(fetched, &[]).await, json!(false));
    page.click("#start").await;
    page.until_ready().await;
    assert_eq!(page.script(fetched, &[]).await, json!(true));
    assert_eq!(page.count("#start").await, 0);
    assert_eq!(page.attribute("html", "data-theme").await, "contrast");
    page.close().await;
}

#[tokio::test]
async fn in_a_lecture_with_reveal_the_lab_starts_on_its_slide_and_page_down_leaves_it() {
    let reveal = here(".cache/reveal.js/node_modules/reveal.js");
    assert!(reveal.exists(), "Reveal.js is missing: npm install --prefix .cache/reveal.js reveal.js");
    let root = folder("reveal");
    std::fs::write(root.join("index.html"), host("reveal/index.html")).expect("the host page can be written");
    std::os::unix::fs::symlink(reveal, root.join("reveal.js")).expect("a link can be made");
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&serve(Content::Folder(root.clone()))).await;
    page.until("the slides are there", "return window.Reveal?.isReady() === true;").await;
    page.script("Reveal.next();", &[]).await;
    page.enter_frame().await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.keys("#play", PAGE_DOWN).await;
    page.leave_frame().await;
    page.until("the next slide is shown", "return Reveal.getIndices().h === 2;").await;
    let _ = std::fs::remove_dir_all(root);
    page.close().await;
}

#[tokio::test]
async fn in_a_book_of_mdbook_the_lab_takes_the_commands_before_it() {
    let root = folder("mdbook");
    let write = |path: &str, text: String| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    for path in ["book.toml", "src/SUMMARY.md", "src/statefulsets.md"] {
        write(path, host(&format!("mdbook/{path}")));
    }
    write("statefulset-lab.js", std::fs::read_to_string(here("dist/statefulset-lab.js")).expect("the page is built"));
    let built = Command::new("mdbook").arg("build").arg(&root).status();
    assert!(built.is_ok_and(|status| status.success()), "mdbook builds the book (cargo install mdbook)");
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&format!("{}/statefulsets.html", serve(Content::Folder(root.join("book"))))).await;
    page.enter_frame().await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    let _ = std::fs::remove_dir_all(&root);
    page.close().await;
}

/// A course page around a frame or an element.
fn around(body: &str) -> String {
    serve(Content::Page(format!("<!doctype html><meta charset=\"utf-8\"><title>A course page</title>{body}")))
}

#[tokio::test]
async fn docusaurus_colours_its_code_line_by_line_and_loads_the_element_last() {
    let source = host("docusaurus/statefulsets.mdx");
    let (_, rest) = source.split_once("```sh\n").expect("a block of code");
    let (code, rest) = rest.split_once("```").expect("its end");
    let lines = code
        .lines()
        .map(|line| format!("<span class=\"token-line\"><span class=\"token plain\">{line}</span><br></span>"));
    let element = rest.trim();
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&around(&format!(
        "<div class=\"codeBlockContainer\"><div><pre><code>{}</code></pre></div></div>{element}\
         <script async src=\"{}/statefulset-lab.js\"></script>",
        lines.collect::<String>(),
        origin()
    )))
    .await;
    page.enter_frame().await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.close().await;
}

#[tokio::test]
async fn hugo_makes_the_element_from_a_shortcode() {
    let template = host("hugo/layouts/shortcodes/statefulset-lab.html");
    let script = template.lines().find(|line| line.starts_with("<script")).expect("it brings its script");
    let element = template.lines().last().expect("it ends with the element");
    let (before, rest) = element.split_once("{{ range").expect("it takes any option");
    let (_, after) = rest.split_once("{{ end }}").expect("its end");
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&around(&format!("{script}{before} lesson=\"order\" height=\"600\"{after}"))).await;
    page.enter_frame().await;
    page.until_text("#guide", "Two ways to fill seats").await;
    page.close().await;
}

#[tokio::test]
async fn a_notebook_of_jupyter_shows_it_in_a_frame() {
    let cell = host("jupyter/statefulsets.py");
    let (_, rest) = cell.split_once("IFrame(\"").expect("the cell makes a frame");
    let address = rest.split('"').next().expect("its address");
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&around(&format!(
        "<iframe width=\"100%\" height=\"640\" src=\"{address}\" frameborder=\"0\" allowfullscreen sandbox=\"allow-scripts\"></iframe>"
    )))
    .await;
    page.enter_frame().await;
    page.until_text("#guide", "A claim for each seat").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.close().await;
}

#[tokio::test]
async fn where_a_course_page_may_have_frames_but_no_scripts_a_lesson_is_told_all_the_same() {
    let mut page = Page::blank((1280, 1000)).await;
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">";
    page.goto(&around(&format!("{policy}{}", host("moodle/page.html")))).await;
    page.enter_frame().await;
    page.until_text("#guide", "Three pods of revision A").await;
    page.until_attribute("#guide", "data-done", "true").await;
    page.click("#guide-next").await;
    page.until_text("#guide", "A canary").await;
    page.close().await;
}

#[tokio::test]
async fn time_stands_still_at_every_decision_where_the_page_around_wants_that() {
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&around(&format!(
        "<script>window.told = []; addEventListener('message', e => e.data.ns && told.push(e.data));</script>\
         <iframe title=\"lab\" width=\"1200\" height=\"800\" src=\"{}/?embed=1&pauseOnMarkers=1&speed=5&cmd=kubectl%20apply%20-f%20stateful.yaml\"></iframe>",
        origin()
    )))
    .await;
    let markers = "const markers = window.told.filter(m => m.type === 'marker' && m.t > 0);";
    let mut seen = 0;
    for _ in 0..3 {
        let more = format!(
            "{markers} const last = window.told.filter(m => m.type === 'state').at(-1); \
             return markers.length > {seen} && last.playing === false && last.t === markers.at(-1).t;"
        );
        page.until("it stands still at the marker", &more).await;
        seen = page.script(&format!("{markers} return markers.length;"), &[]).await.as_u64().unwrap_or(0);
        page.script("frames[0].postMessage({ns: 'statefulset-lab', v: 1, type: 'play'}, '*');", &[]).await;
    }
    page.close().await;
}

#[tokio::test]
async fn a_loop_shows_it_again_until_somebody_presses_something() {
    let mut page = Page::blank((1280, 1000)).await;
    page.goto(&around(&format!(
        "<script>window.times = []; addEventListener('message', e => e.data.type === 'state' && times.push(e.data.t));</script>\
         <iframe title=\"lab\" width=\"1200\" height=\"800\" src=\"{}/?embed=1&loop=1&speed=1000&cmd=kubectl%20apply%20-f%20stateful.yaml\"></iframe>",
        origin()
    )))
    .await;
    let again = "const last = Math.max(...window.times); const at = window.times.indexOf(last); \
                 return last > 60000 && window.times.slice(at).some(t => t < 30000);";
    page.until("it begins again", again).await;
    page.enter_frame().await;
    page.click("#play").await;
    page.until_attribute("#play", "aria-pressed", "false").await;
    page.close().await;
}

#[tokio::test]
async fn what_was_opened_once_opens_without_a_network() {
    let on = Arc::new(AtomicBool::new(true));
    let origin = serve(Content::Switched(here("dist"), on.clone()));
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&origin).await;
    page.until_ready().await;
    let kept = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => caches.keys()).then(k => done(k.length), e => done(String(e)));";
    assert_eq!(page.script_async(kept, &[]).await, json!(1));
    on.store(false, Ordering::Relaxed);
    page.goto(&format!("{origin}/?theme=dark")).await;
    page.until_ready().await;
    page.click("#apply-first").await;
    page.choose("#speed", "120").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.close().await;
}
