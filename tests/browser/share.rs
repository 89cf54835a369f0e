//! Keep and share: by mouse and by keyboard, over a reload, on another machine, and when a link is broken.

use serde_json::{Value, json};

use playground::history::pack;

use super::page::{By, DESKTOP, ENTER, Page, origin};
use super::server::{Content, serve};
use super::travel::{OPENED, clock, forked, press};

/// The text that was saved last, caught on its way to a file.
const CATCH: &str = "window.__saved = []; const made = URL.createObjectURL; \
    URL.createObjectURL = blob => { blob.arrayBuffer().then(b => { const u = new Uint8Array(b); \
    window.__saved.push({ kind: blob.type, size: u.length, text: new TextDecoder().decode(u), head: [...u.slice(0, 4)] }); }); return made.call(URL, blob); }; \
    HTMLAnchorElement.prototype.click = function () { window.__name = this.download; };";

async fn saved(page: &Page, by: By, button: &str) -> Value {
    let before = page.script("return window.__saved.length;", &[]).await;
    by.press(page, button).await;
    page.until(&format!("{button} saves"), &format!("return window.__saved.length > {before};")).await;
    page.script("return window.__saved.at(-1);", &[]).await
}

/// The session as a file has it.
async fn exported(page: &Page) -> String {
    page.script("setTimeout(() => document.querySelector('#export').click());", &[]).await;
    page.until("it is saved", "return window.__saved.length > 0;").await;
    page.script("return window.__saved.at(-1).text;", &[]).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_address_holds_the_session_over_a_reload_and_on_another_machine() {
    let page = forked(By::Mouse).await;
    page.until("the address holds it", "return location.hash.startsWith('#v=1&s=');").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let link = page.script("return location.href;", &[]).await.as_str().unwrap_or("").to_owned();
    let screen = page.text("#terminal-1-screen").await;
    let (time, seats) = (clock(&page).await, page.seats().await);
    page.script("location.reload();", &[]).await;
    page.until_ready().await;
    page.until_text("#branch", "branch 2").await;
    page.until_text("#clock", &time).await;
    assert_eq!((page.seats().await, page.text("#terminal-1-screen").await), (seats.clone(), screen.clone()));
    let mut other = Page::blank((1024, 768)).await;
    other.goto(&link).await;
    other.until_ready().await;
    other.until_text("#clock", &time).await;
    assert_eq!((other.seats().await, other.text("#terminal-1-screen").await), (seats, screen));
    assert_eq!(other.text("#notice").await, "", "the digest is the same");
    other.close().await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn a_link_that_is_hostile_cut_newer_or_of_an_older_engine_says_so() {
    let mut page = forked(By::Mouse).await;
    page.script(CATCH, &[]).await;
    let session = exported(&page).await;
    let good = pack(&session);
    let half: String = good.chars().take(good.len() / 2).collect();
    let cases = [
        ("v=1&s=%3Cscript%3Ealert(1)".to_owned(), "damaged"),
        (format!("v=1&s={half}"), "damaged"),
        (format!("v=9&s={good}"), "newer engine"),
        (format!("v=1&s={}", pack("kind: Pod")), "not a session"),
    ];
    for (fragment, part) in cases {
        page.goto("about:blank").await;
        page.goto(&format!("{}/#{fragment}", origin())).await;
        page.until_text("#notice", part).await;
        assert!(page.text("#notice").await.contains("fresh sandbox"));
        page.until_text("#clock", "00:00:00").await;
        press(&page, "#dismiss", ENTER).await;
        page.until("it is put away", "return !document.querySelector('#notice');").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
    }
    // Another engine that comes to the same says nothing; one that did not, what differs.
    let other = |digest: bool| {
        let lines = session.lines().map(|line| match line.split_once(' ') {
            Some(("engine", _)) => "engine 0.0.7".to_owned(),
            Some(("digest", _)) if digest => "digest 0123456789abcdef".to_owned(),
            Some(("summary", _)) => "summary lab-18/mehdb 7 of 9 Ready, 9 claims".to_owned(),
            _ => line.to_owned(),
        });
        pack(&lines.map(|line| line + "\n").collect::<String>())
    };
    for (digest, says) in [(false, false), (true, true)] {
        page.goto("about:blank").await;
        page.goto(&format!("{}/#v=1&s={}", origin(), other(digest))).await;
        page.until_text("#branch", "branch 2").await;
        page.until("it is open", OPENED).await;
        let notice = page.text("#notice").await;
        assert_eq!(notice.contains("engine 0.0.7") && notice.contains("7 of 9 Ready"), says, "{notice}");
    }
    page.close().await;
}

#[tokio::test]
async fn a_session_leaves_as_file_script_words_pictures_and_recording_and_comes_back() {
    for by in By::BOTH {
        let page = forked(by).await;
        page.script(CATCH, &[]).await;
        by.press(&page, "#share").await;
        let script = saved(&page, by, "#script-save").await;
        assert!(
            script["text"].as_str().is_some_and(|text| text.contains("kubectl apply -f stateful.yaml -n lab-18")),
            "{script}"
        );
        for (button, part) in
            [("#transcript-save", "namespace/lab-18 created"), ("#words-save", "statefulset/mehdb in lab-18")]
        {
            let piece = saved(&page, by, button).await;
            assert!(piece["text"].as_str().is_some_and(|text| text.contains(part)), "{piece}");
        }
        for button in ["#stage-svg", "#timeline-svg"] {
            let svg = saved(&page, by, button).await;
            let parses = "return new DOMParser().parseFromString(arguments[0], 'image/svg+xml').querySelector('parsererror') === null;";
            assert_eq!(page.script(parses, &[svg["text"].clone()]).await, json!(true), "{button}");
        }
        for button in ["#stage-png", "#timeline-png"] {
            let png = saved(&page, by, button).await;
            assert_eq!(png["head"], json!([0x89, 0x50, 0x4e, 0x47]), "{button}");
            assert!(png["size"].as_u64().unwrap_or(0) > 5000, "{button} is not empty");
        }
        let cast = saved(&page, by, "#cast-1").await;
        assert!(
            cast["text"].as_str().is_some_and(|text| text.starts_with('{') && text.contains("\"version\":2")),
            "{cast}"
        );
        // What is copied.
        let copied = "window.__copied = ''; navigator.clipboard.writeText = text => { window.__copied = text; return Promise.resolve(); };";
        page.script(copied, &[]).await;
        for (button, part) in [
            ("#copy-link", "#v=1&s="),
            ("#script-copy", "kubectl scale sts mehdb --replicas=1"),
            ("#transcript-copy", "namespace/lab-18 created"),
            ("#words-copy", "statefulset/mehdb in lab-18"),
            ("#frame-copy", "<iframe"),
        ] {
            by.press(&page, button).await;
            page.until(&format!("{button} copies"), &format!("return window.__copied.includes({});", json!(part)))
                .await;
            page.until_text("#share-said", "Copied").await;
        }
        let session = saved(&page, by, "#export").await;
        let name = page.script("return window.__name;", &[]).await;
        assert_eq!(name, json!("mehdb.statefulset.txt"));
        // Another page takes the file in.
        let other = Page::open("", DESKTOP).await;
        other.until_ready().await;
        by.press(&other, "#share").await;
        let import = "const data = new DataTransfer(); data.items.add(new File([arguments[0]], 'session.txt', { type: 'text/plain' })); \
                  const field = document.querySelector('#import'); field.files = data.files; field.dispatchEvent(new Event('change', { bubbles: true }));";
        match by {
            By::Mouse => _ = other.script(import, &[session["text"].clone()]).await,
            By::Keyboard => {
                assert_eq!(other.script("return document.querySelector('#import').tabIndex;", &[]).await, json!(0));
                let file = std::env::temp_dir().join(format!("playground-import-{}.txt", std::process::id()));
                std::fs::write(&file, session["text"].as_str().unwrap_or("")).expect("a file can be written");
                other.keys("#import", &file.display().to_string()).await;
            }
        }
        other.until_text("#branch", "branch 2").await;
        other.until("it is open", OPENED).await;
        assert_eq!(other.seats().await, page.seats().await);
        other.close().await;
        page.close().await;
    }
}

#[tokio::test]
async fn share_inside_a_frame_copies_a_link_to_the_page_itself() {
    let host = serve(Content::Page(format!(
        "<!doctype html><title>A course page</title><iframe sandbox=\"allow-scripts\" src=\"{}/?embed=1&theme=dark\" width=\"1200\" height=\"800\" title=\"StatefulSet Playground\"></iframe>",
        origin()
    )));
    let mut page = Page::blank((1280, 900)).await;
    page.goto(&host).await;
    page.enter_frame().await;
    page.until_ready().await;
    page.click("#apply-first").await;
    page.click("#play").await;
    page.until_attribute("#play", "aria-pressed", "false").await;
    page.click("#share").await;
    page.until_attribute("#share-layer", "popover", "auto").await;
    let link = page.text("#link").await;
    assert!(link.starts_with(&format!("{}/?theme=dark#v=1&s=", origin())), "{link}");
    page.script("window.__copied = ''; document.execCommand = () => { window.__copied = [...document.querySelectorAll('body > textarea')].at(-1)?.value; return true; };", &[]).await;
    page.click("#copy-link").await;
    page.until("the link was copied", &format!("return window.__copied === {};", json!(link))).await;
    page.until_text("#share-said", "Copied").await;
    page.close().await;
}
