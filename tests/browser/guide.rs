//! The guided story: offered, told at the real things, rewound, and left; once by mouse and once by keyboard.

use serde_json::json;

use super::access::barriers;
use super::page::Page;

const READY: &str = "return document.documentElement.dataset.engine === 'ready';";

/// Enter, as WebDriver names it.
const ENTER: &str = "\u{e007}";

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
        let page = Page::open("", (1440, 900)).await;
        page.until("the engine has taken over", READY).await;
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
    page.until("the engine has taken over", READY).await;
    let offered = "return document.querySelector('#guide-begin')?.checkVisibility() ?? false;";
    assert_eq!(page.script(offered, &[]).await, json!(false));
    page.goto(&format!("{}/?embed=1&lesson=seats", super::page::origin())).await;
    page.until_text("#guide", "1 of 10").await;
    page.close().await;
}
