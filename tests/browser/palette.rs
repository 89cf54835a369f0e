//! Commands, settings, what is modelled, the inspector, and what a lecture, paper and many seats need.

use serde_json::json;

use super::access::barriers;
use super::page::{CONTROL, DESKTOP, DOWN, ENTER, ESCAPE, Page, RELEASE, RIGHT};

async fn opened(address: &str) -> Page {
    let page = Page::open(address, DESKTOP).await;
    page.until_ready().await;
    page
}

async fn shows(page: &Page, id: &str) -> bool {
    page.script(&format!("return document.getElementById('{id}').matches(':popover-open');"), &[]).await == json!(true)
}

#[tokio::test]
async fn everything_can_be_done_by_typing_into_the_palette() {
    let page = opened("").await;
    page.choose("#speed", "60").await;
    // By keyboard: Ctrl-K, words, Enter.
    page.keys("body", &format!("{CONTROL}k{RELEASE}")).await;
    page.keys("#palette-input", "apply").await;
    page.until_text("#palette-0", "Apply the manifest").await;
    barriers(&page, "the commands").await;
    page.keys("#palette-input", ENTER).await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    assert!(!shows(&page, "palette").await, "it closes");
    // By mouse: the button, an entry.
    page.click("#commands").await;
    page.keys("#palette-input", "scale mehdb 3").await;
    page.until_text("#palette-0", "Scale mehdb to 3").await;
    page.click("#palette-0").await;
    page.until_attribute("#seat-2", "data-state", "Ready").await;
    // Arrows choose, Escape leaves everything as it is.
    page.keys("body", "?").await;
    page.keys("#palette-input", &format!("theme{DOWN}")).await;
    page.until_attribute("#palette-input", "aria-activedescendant", "palette-1").await;
    page.keys("#palette-input", ESCAPE).await;
    page.until("it is closed", "return !document.getElementById('palette').matches(':popover-open');").await;
    assert_eq!(page.script("return document.documentElement.dataset.theme ?? '';", &[]).await, json!(""));
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn settings_are_kept_and_change_the_next_session() {
    let mut page = opened("").await;
    page.click("#settings-open").await;
    barriers(&page, "the settings").await;
    page.choose("#settings [name=theme]", "dark").await;
    page.until("it is dark", "return document.documentElement.dataset.theme === 'dark';").await;
    page.fill("#settings [name=pull]", "61000").await;
    page.click("#settings [name=lecture]").await;
    page.until("the type is large", "return parseFloat(getComputedStyle(document.documentElement).fontSize) >= 24;")
        .await;
    page.goto(&format!("{}/", super::page::origin())).await;
    page.until_ready().await;
    page.until("it is still dark and large", "return document.documentElement.dataset.theme === 'dark' && document.documentElement.hasAttribute('data-lecture');").await;
    page.click("#tab-faults").await;
    page.until(
        "a pull takes a minute and a second",
        "return document.querySelector('#takes-pull')?.value === '61000';",
    )
    .await;
    page.click("#settings-open").await;
    page.click("#settings-reset").await;
    page.until("all is forgotten", "return !document.documentElement.hasAttribute('data-lecture');").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn what_is_modelled_and_what_is_not_can_be_read() {
    let page = opened("").await;
    page.click("#modelled-open").await;
    page.until_text("#modelled", "v1.36.2").await;
    page.until_text("#modelled", "Deployments").await;
    barriers(&page, "what is modelled").await;
    page.close().await;
}

#[tokio::test]
async fn a_thing_is_inspected_by_mouse_and_by_keyboard_and_every_name_leads_on() {
    for by_keyboard in [false, true] {
        let page = opened("").await;
        let press = async |css: &str| if by_keyboard { page.keys(css, ENTER).await } else { page.click(css).await };
        page.choose("#speed", "120").await;
        page.click("#apply").await;
        page.until_attribute("#seat-1", "data-state", "Ready").await;
        press("#seat-0 .place").await;
        page.until_text("#inspected", "pod/mehdb-0").await;
        page.until_text("#conditions", "ContainersReady").await;
        for (sight, words) in
            [("describe", "Controlled By:"), ("yaml", "resourceVersion:"), ("changes", "since the last act")]
        {
            press(&format!("#sight-{sight}")).await;
            page.until_text("#panel", words).await;
            barriers(&page, sight).await;
        }
        press("#sight-facts").await;
        press("#relations li:first-child .to").await;
        page.until_text("#inspected", "statefulset/mehdb").await;
        press("#sight-describe").await;
        page.until_text("#printed", "Pods Status:").await;
        // A pod in the box of its node is a link, too.
        press(".node:has(li) li button").await;
        page.until_text("#inspected", "pod/mehdb-").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

#[tokio::test]
async fn paper_has_the_table_the_files_the_terminals_and_the_story() {
    let page = opened("").await;
    page.choose("#speed", "120").await;
    page.click("#apply").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    page.script("dispatchEvent(new Event('beforeprint'));", &[]).await;
    page.until_text("#paper", "mehdb-1").await;
    page.until_text("#paper", "statefulset-controller").await;
    page.until_text("#paper", "volumeClaimTemplates:").await;
    page.until_text("#paper", "statefulset.apps/mehdb created").await;
    page.script("dispatchEvent(new Event('afterprint'));", &[]).await;
    page.until("it is away again", "return !document.getElementById('paper');").await;
    page.close().await;
}

#[tokio::test]
async fn arrows_go_from_seat_to_seat_among_two_hundred() {
    let page = opened("").await;
    let manifest =
        page.text("#manifest").await.replace("  replicas: 2", "  replicas: 200\n  podManagementPolicy: Parallel");
    page.fill("#manifest", &manifest).await;
    page.click("#apply").await;
    page.until("there are two hundred", "return document.querySelectorAll('.seats .seat').length === 200;").await;
    page.until_attribute("#seat-0", "data-look", "creating").await;
    page.click("#play").await;
    page.until_attribute("#play", "aria-pressed", "false").await;
    page.keys("#seat-0 .place", &RIGHT.repeat(3)).await;
    assert_eq!(page.script("return document.activeElement.closest('.seat').id;", &[]).await, json!("seat-3"));
    barriers(&page, "two hundred seats").await;
    page.close().await;
}
