//! Small screens, low frames, and sets that are larger than what can be seen of them.

use serde_json::json;

use super::page::Page;

/// The share of the window's height that the time bar takes, in percent, and whether the page is wider than the window.
const ROOM: &str = "const bar = document.querySelector('.time').getBoundingClientRect(); \
                    return [Math.round(bar.height * 100 / innerHeight), document.documentElement.scrollWidth > innerWidth];";

#[tokio::test]
async fn on_a_telephone_the_time_takes_little_room_and_covers_nothing_of_itself() {
    let page = Page::open("", (800, 700)).await;
    page.resize(320, 700).await;
    page.until_ready().await;
    page.click("#apply-first").await;
    page.until_attribute("#seat-0", "data-state", "Ready").await;
    let room = page.script(ROOM, &[]).await;
    let window =
        page.script("return [innerWidth, innerHeight, document.querySelector('.time').offsetHeight]", &[]).await;
    assert!(room[0].as_i64().is_some_and(|percent| percent <= 22), "{room} of {window}");
    assert_eq!(room[1], json!(false), "nothing is cut off at the right");
    let apart = "const of = css => document.querySelector(css).getBoundingClientRect(); \
                 const play = of('#play'), hit = document.elementFromPoint(play.left + 9, play.top + 5); \
                 const name = document.querySelector('.rows li'); \
                 return [of('.zoom').bottom <= of('.lanes').top, hit?.closest('#play') !== null, name.scrollWidth <= name.clientWidth];";
    assert_eq!(
        page.script(apart, &[]).await,
        json!([true, true, true]),
        "the zoom covers no lane and no button, the seat's name is whole"
    );
    page.click("#as-table").await;
    page.until("the table is there", "return !!document.querySelector('#twin');").await;
    assert_eq!(page.script(ROOM, &[]).await[1], json!(false), "a wide table scrolls by itself");
    page.close().await;
}

#[tokio::test]
async fn a_low_frame_shows_the_seats_before_all_else() {
    let page = Page::open("?embed=1", (700, 600)).await;
    page.resize(700, 300).await;
    page.until_ready().await;
    page.click("#apply-first").await;
    page.until_attribute("#seat-0", "data-state", "Ready").await;
    let seen = "const bar = document.querySelector('.time').getBoundingClientRect().top; \
                const sign = document.querySelector('#seat-0 .state').getBoundingClientRect(); scrollTo(0, 9999); \
                const dock = document.querySelector('.dock').getBoundingClientRect(); \
                return [sign.bottom <= bar, dock.height > 90 && dock.bottom <= innerHeight];";
    assert_eq!(
        page.script(seen, &[]).await,
        json!([true, true]),
        "the pod's state at once, the terminals by scrolling"
    );
    page.close().await;
}

#[tokio::test]
async fn a_poster_shows_the_stage_alone_and_an_empty_timeline_says_what_it_is_for() {
    let page = Page::open("?embed=1&poster=1", (700, 600)).await;
    page.resize(700, 420).await;
    let shown = "const high = css => document.querySelector(css)?.getBoundingClientRect().height > 2; \
                 return ['.scene', '.head', '.left', '.side'].map(high);";
    assert_eq!(page.script(shown, &[]).await, json!([true, false, false, false]));
    page.close().await;
    let page = Page::open("", (1280, 900)).await;
    page.until_ready().await;
    let there = "return document.querySelector('#timeline') && getComputedStyle(document.querySelector('.bands'), '::after').content;";
    assert!(page.script(there, &[]).await.as_str().is_some_and(|text| text.contains("a row for each seat")));
    page.click("#apply-first").await;
    page.until_attribute("#seat-0", "data-state", "Running").await;
    for _ in 0..2 {
        page.click("#undo").await;
    }
    page.until("nothing was done", "return document.querySelector('#undo').disabled;").await;
    assert_eq!(page.count("#timeline").await, 1, "it stays where it was");
    page.close().await;
}

/// Whether an element is in sight in what scrolls around it.
const SEEN: &str = "const it = document.querySelector(arguments[0]), at = it.getBoundingClientRect(); \
                    const scrolls = box => box?.scrollHeight > box?.clientHeight + 1 && getComputedStyle(box).overflowY === 'auto'; \
                    const box = ['.scene', '.rows', '.history'].map(name => it.closest(name)).find(scrolls).getBoundingClientRect(); \
                    return at.top >= box.top && at.bottom <= box.bottom;";

const LAST_ROW: &str = ".rows li:nth-child(20)";

#[tokio::test]
async fn stage_and_timeline_follow_the_pod_that_is_waited_for() {
    let page = Page::open("", (1280, 800)).await;
    page.until_ready().await;
    page.script(
        "const field = document.querySelector('#manifest'); field.value = field.value.replace('replicas: 2', 'replicas: 20'); \
         field.dispatchEvent(new Event('input', { bubbles: true }));",
        &[],
    )
    .await;
    page.until("twenty seats are planned", "return !!document.querySelector('#seat-19');").await;
    assert_eq!(page.script(SEEN, &[json!("#seat-19")]).await, json!(false), "out of sight at first");
    page.choose("#speed", "120").await;
    page.click("#apply").await;
    page.until_text("#controller", "mehdb-19 is Running but not Ready").await;
    page.click("#play").await;
    for (css, name) in [("#seat-19", "the seat"), (LAST_ROW, "the row")] {
        assert_eq!(page.script(SEEN, &[json!(css)]).await, json!(true), "{name} of the pod that is waited for");
    }
    assert_eq!(page.script(SEEN, &[json!("#seat-0")]).await, json!(false));
    page.click("#play").await;
    page.until_attribute("#seat-19", "data-state", "Ready").await;
    page.enter("#terminal-1-input", "kubectl delete pod mehdb-0 -n lab-18 --wait=false").await;
    page.until_text("#controller", "mehdb-0 is Running but not Ready").await;
    assert_eq!(page.script(SEEN, &[json!("#seat-0")]).await, json!(true), "and back");
    page.close().await;
}
