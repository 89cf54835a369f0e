//! The page for everybody: axe finds no barrier in any view, the keyboard reaches everything, nothing moves for those
//! who asked for stillness, and 320 px are wide enough.

use serde_json::json;

use super::page::{DESKTOP, Page, TAB};

/// What axe finds, each as its rule and the first place. Its script is installed by `.ci/run`.
pub async fn barriers(page: &Page, view: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/.cache/axe-core/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(path).expect("axe is installed: npm install --prefix .cache/axe-core axe-core");
    page.script(&format!("if (!window.axe) {{ {axe} }}"), &[]).await;
    // What is just appearing is not looked at half transparent.
    let ask = "const done = arguments[0]; \
               const brief = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 2000); \
               Promise.allSettled(brief.map(one => one.finished)).then(() => axe.run()).then(found => done(found.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200))), e => done([String(e)]));";
    assert_eq!(page.script_async(ask, &[]).await, json!([]), "barriers in the view: {view}");
}

#[tokio::test]
async fn axe_finds_no_barrier_in_any_view() {
    for theme in ["light", "dark"] {
        let page = Page::open(&format!("?theme={theme}"), DESKTOP).await;
        page.until_ready().await;
        barriers(&page, &format!("{theme}, before anything was applied")).await;
        page.choose("#speed", "60").await;
        page.click("#apply").await;
        page.until_attribute("#seat-0", "data-state", "Ready").await;
        barriers(&page, &format!("{theme}, one pod Ready, one to come")).await;
        page.until_attribute("#seat-1", "data-state", "Ready").await;
        page.click("#seat-1 .place").await;
        let tabs =
            page.script("return [...document.querySelectorAll('[role=tab]')].map(tab => '#' + tab.id);", &[]).await;
        for tab in tabs.as_array().into_iter().flatten().filter_map(|tab| tab.as_str()) {
            page.click(tab).await;
            barriers(&page, &format!("{theme}, {tab}")).await;
        }
        page.fill("#manifest", "kind: StatefulSet\nspec: [\n").await;
        page.until("it is complained about", "return document.querySelectorAll('#problems li').length > 0;").await;
        barriers(&page, &format!("{theme}, a mistake in the manifest")).await;
        page.click("#as-table").await;
        page.until("the table is there", "return !!document.querySelector('#twin');").await;
        barriers(&page, &format!("{theme}, the table")).await;
        page.resize(360, 740).await;
        barriers(&page, &format!("{theme}, a small screen")).await;
        page.close().await;
    }
}

#[tokio::test]
async fn the_first_thing_a_keyboard_reaches_after_the_head_is_pause_and_the_editor_lets_it_go() {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    let order = page
        .script(
            "return [...document.querySelectorAll('button, input, select, textarea, [tabindex=\"0\"]')] \
             .filter(e => !e.disabled && e.checkVisibility() && !e.closest('header.head')).map(e => e.id).slice(0, 1);",
            &[],
        )
        .await;
    assert_eq!(order, json!(["play"]));
    page.script("document.getElementById('manifest').focus();", &[]).await;
    page.keys("#manifest", TAB).await;
    let left = page.script("return document.activeElement.id !== 'manifest';", &[]).await;
    assert_eq!(left, json!(true), "Tab leaves the editor");
    page.close().await;
}

#[tokio::test]
async fn who_asked_for_stillness_sees_the_same_facts_without_motion() {
    let page = Page::blank(DESKTOP).await;
    page.prefer("prefers-reduced-motion", "reduce").await;
    let mut page = page;
    page.goto(&format!("{}/", super::page::origin())).await;
    page.until_ready().await;
    page.choose("#speed", "60").await;
    page.click("#apply").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    let longest = "return Math.max(...[...document.querySelectorAll('*')].flatMap(e => { const s = getComputedStyle(e); \
                   return (s.animationDuration + ',' + s.transitionDuration).split(',').map(t => parseFloat(t) * (t.trim().endsWith('ms') ? 1 : 1000)); }));";
    let longest = page.script(longest, &[]).await.as_f64().expect("a number of ms");
    assert!(longest <= 10.0, "something moves for {longest} ms");
    page.close().await;
}

#[tokio::test]
async fn three_hundred_and_twenty_pixels_are_wide_enough() {
    let page = Page::open("", (1024, 768)).await;
    page.until_ready().await;
    page.resize(320, 640).await;
    let focus = "const e = document.getElementById('delete-choice') ?? document.getElementById('apply'); scrollTo(0, 0); e.focus(); \
                 const r = e.getBoundingClientRect(); const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); \
                 return e.contains(top) || top.contains(e);";
    page.click("#apply-first").await;
    assert_eq!(page.script(focus, &[]).await, json!(true), "what has the focus is not hidden by the clock");
    page.until("the first pod sits", "return document.querySelector('#seat-0')?.dataset.look !== 'empty';").await;
    let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth;";
    assert_eq!(page.script(wide, &[]).await, json!(true), "nothing has to be scrolled sideways");
    let small = "return [...document.querySelectorAll('button, select, input')].filter(e => e.checkVisibility() && e.type !== 'range') \
                 .map(e => [e.id || e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.height < 24 || r.width < 24).map(([name, r]) => name + ' ' + r.width + '×' + r.height);";
    assert_eq!(page.script(small, &[]).await, json!([]), "targets are 24 px at least");
    page.close().await;
}

#[tokio::test]
async fn fingers_find_room() {
    let page = Page::open("", (768, 1024)).await;
    page.until_ready().await;
    page.touch().await;
    page.until("fingers are known", "return matchMedia('(pointer: coarse)').matches;").await;
    page.click("#apply-first").await;
    page.until_attribute("#seat-0", "data-look", "running").await;
    let small = "return [...document.querySelectorAll('button, select, input')].filter(e => e.checkVisibility() && e.type !== 'range' && !e.closest('.sheet, .screen')) \
                 .map(e => [e.id || e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.height > 2 && r.height < 28).map(([name, r]) => name + ' ' + r.height);";
    assert_eq!(page.script(small, &[]).await, json!([]), "everything can be hit");
    let large = "return ['apply', 'play', 'lesson-seats'].every(id => document.getElementById(id).getBoundingClientRect().height >= 40);";
    assert_eq!(page.script(large, &[]).await, json!(true), "what is pressed most is large");
    page.close().await;
}

#[tokio::test]
async fn in_forced_colours_what_is_chosen_is_seen() {
    let page = Page::open("", DESKTOP).await;
    page.prefer("forced-colors", "active").await;
    page.until_ready().await;
    page.click("#commands").await;
    page.until("an entry is chosen", "return !!document.querySelector('#palette-0[aria-selected=true]');").await;
    let colours = "const of = id => getComputedStyle(document.getElementById(id)).backgroundColor; return of('palette-0') !== of('palette-1');";
    assert_eq!(page.script(colours, &[]).await, json!(true));
    let lines = "const of = id => getComputedStyle(document.getElementById(id)).borderBottomColor; return of('tab-steps') !== of('tab-why');";
    assert_eq!(page.script(lines, &[]).await, json!(true), "the open tab, too");
    page.close().await;
}

#[tokio::test]
async fn in_a_low_frame_the_stage_keeps_the_room() {
    let page = Page::open("?embed=1&cmd=kubectl%20apply%20-f%20stateful.yaml", (768, 520)).await;
    page.resize(768, 520).await;
    page.until_attribute("#seat-0", "data-look", "running").await;
    let room = "const h = css => document.querySelector(css).getBoundingClientRect(); \
                return h('.scene').height > h('.dock').height && h('#seat-0 .plate').bottom <= h('.scene').bottom;";
    assert_eq!(page.script(room, &[]).await, json!(true), "a seat is seen down to its name");
    page.close().await;
}
