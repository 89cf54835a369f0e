//! The guided story: offered, told at the real things, rewound, and left; once by mouse and once by keyboard.

use serde_json::json;

use super::access::barriers;
use super::page::{DESKTOP, ENTER, Page};

async fn press(page: &Page, by_keyboard: bool, css: &str) {
    if by_keyboard { page.keys(css, ENTER).await } else { page.click(css).await }
}

/// Whether what is pointed at is framed and in sight.
const POINTED: &str = "const id = document.querySelector('.page').dataset.points; \
    const e = document.getElementById(id) ?? document.querySelector('.' + id); if (!e && id === 'timeline') return true; \
    const r = e.getBoundingClientRect(); \
    return getComputedStyle(id === 'timeline' ? e.closest('.history') : e).outlineStyle === 'solid' && r.bottom > 0 && r.top < innerHeight;";

#[tokio::test]
async fn a_newcomer_is_shown_around_and_then_left_alone_with_the_simulator() {
    for by_keyboard in [false, true] {
        let page = Page::open("", DESKTOP).await;
        page.until_ready().await;
        assert_eq!(page.count("#guide").await, 0, "it is offered, not imposed");
        press(&page, by_keyboard, "#guide-begin").await;
        page.until_text("#guide", "1 of 10").await;
        for chapter in 2..=10 {
            press(&page, by_keyboard, "#guide-next").await;
            page.until_text("#guide", &format!("{chapter} of 10")).await;
            page.until_attribute("#guide", "data-done", "true").await;
            if chapter == 2 {
                page.until_attribute("#seat-0", "data-state", "Running").await;
                barriers(&page, "the guided story").await;
            }
            page.until("it points at something that can be seen", POINTED).await;
        }
        assert_eq!(page.seats().await, "Ready Ready Empty Empty");
        let said = page.text("#terminal-1-screen").await;
        assert!(said.contains("$ kubectl scale sts mehdb --replicas=2 -n lab-18"), "{said}");

        // Back is a real seek: the claim chapter of two pods again, with nothing new done.
        for _ in 0..4 {
            press(&page, by_keyboard, "#guide-back").await;
        }
        page.until_text("#guide", "6 of 10").await;
        assert_eq!(page.seats().await, "Ready Ready");
        press(&page, by_keyboard, "#guide-leave").await;
        page.until("the card is gone", "return !document.querySelector('#guide');").await;
        assert_eq!(page.attribute(".page", "data-points").await, "");
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

#[tokio::test]
async fn inside_another_page_it_is_told_only_when_asked_for() {
    let mut page = Page::open("?embed=1", (1000, 700)).await;
    page.until_ready().await;
    let offered = "return document.querySelector('#guide-begin')?.checkVisibility() ?? false;";
    assert_eq!(page.script(offered, &[]).await, json!(false));
    page.goto(&format!("{}/?embed=1&lesson=seats", super::page::origin())).await;
    page.until_text("#guide", "1 of 10").await;
    page.close().await;
}

#[tokio::test]
async fn a_lesson_from_the_list_is_gone_through_by_keyboard_and_leads_to_the_next() {
    let mut page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    barriers(&page, "the list of lessons").await;
    page.keys("#lesson-rollout", ENTER).await;
    for chapter in 1..=8 {
        page.until_text("#guide", &format!("{chapter} of 8")).await;
        page.until_attribute("#guide", "data-done", "true").await;
        page.until("it points at something that can be seen", POINTED).await;
        match chapter {
            6 => assert_eq!(page.attribute("#seat-2", "data-look").await, "error"),
            7 => assert_eq!(page.attribute("#controller", "data-waits").await, "true"),
            _ => {}
        }
        if chapter < 8 {
            page.keys("#guide-next", ENTER).await;
        }
    }
    assert_eq!(page.seats().await, "Ready Ready Ready");
    page.keys("#guide-follows", ENTER).await;
    page.until_text("#guide", "Two pods, two nodes").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());

    page.goto(&format!("{}/?lesson=deployments", super::page::origin())).await;
    page.until_text("#notice", "There is no lesson “deployments” here. There are: seats, identity,").await;
    page.close().await;
}

#[tokio::test]
async fn somebodys_own_lesson_is_told_when_the_page_around_brings_it() {
    let mut page = Page::blank((1280, 1000)).await;
    let host = format!(
        "<!doctype html><title>A course page</title><script>window.told = []; addEventListener('message', e => told.push(e.data));</script>\
         <iframe title=\"lab\" width=\"1200\" height=\"700\" src=\"{}/?embed=1\"></iframe>",
        super::page::origin()
    );
    page.goto(&super::server::serve(super::server::Content::Page(host))).await;
    let lesson = "# Mine\n\n## Hello\nA first pod.\n```sh\n$ kubectl create ns lab-18\n$ kubectl apply -f stateful.yaml -n lab-18\n```\n\
                  <!-- look seat-0; until 0 running -->\n";
    page.script(
        "frames[0].postMessage({ns: 'statefulset-lab', v: 1, type: 'load', lesson: arguments[0]}, '*');",
        &[json!(lesson)],
    )
    .await;
    let complete = "return window.told.some(m => m.type === 'complete' && m.score === 1);";
    page.until("the page around is told that it was told", complete).await;
    page.enter_frame().await;
    page.until_text("#guide", "Hello").await;
    page.close().await;
}
