//! Time travel and branches: each by mouse and by keyboard.

use serde_json::json;

use super::access::barriers;
use super::days;
use super::page::{By, DESKTOP, END, ENTER, HOME, LEFT, Page, RIGHT};

/// A session that was to be opened is.
pub const OPENED: &str = "return !document.querySelector('#opening') && !!document.querySelector('#timeline');";

/// The lab with two Ready pods, scaled to three, paused.
pub async fn lived(by: By) -> Page {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    by.choose(&page, "#speed", "120").await;
    by.press(&page, "#apply").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    by.press(&page, "#scale-plus").await;
    by.press(&page, "#scale").await;
    page.until_attribute("#seat-2", "data-state", "Ready").await;
    by.press(&page, "#play").await;
    page
}

/// The same, and a branch on which it was scaled to one instead.
pub async fn forked(by: By) -> Page {
    let page = lived(by).await;
    match by {
        By::Mouse => page.fill("#timeline", "60").await,
        // Back to before the scaling, as the last thing that was done.
        By::Keyboard => press(&page, "#timeline", "I").await,
    }
    page.until_text("#rest", "in the past").await;
    by.fill(&page, "#scale-number", "1").await;
    by.press(&page, "#scale").await;
    page.until_text("#notice", "branch 2").await;
    page
}

pub async fn clock(page: &Page) -> String {
    page.text("#clock").await
}

/// Gives an element the focus and sends a key to it.
pub async fn press(page: &Page, css: &str, keys: &str) {
    page.script("document.querySelector(arguments[0]).focus();", &[json!(css)]).await;
    page.keys(css, keys).await;
}

#[tokio::test]
async fn one_goes_back_and_forth_by_mouse_and_by_keyboard() {
    let page = lived(By::Mouse).await;
    let end = clock(&page).await;
    for (back, forth, key) in [
        ("#last-change", "#next-change", "n"),
        ("#step-event-back", "#step-event", "e"),
        ("#step-decision-back", "#step-decision", "d"),
        ("#step-intent-back", "#step-intent", "i"),
    ] {
        page.fill("#timeline", "60").await;
        let middle = clock(&page).await;
        page.click(back).await;
        let before = clock(&page).await;
        assert!(before < middle, "{back}: {before}");
        press(&page, "#timeline", key).await;
        let after = clock(&page).await;
        assert!(after >= before, "{key}: {after}");
        page.fill("#timeline", "60").await;
        press(&page, "#timeline", &key.to_uppercase()).await;
        assert_eq!(clock(&page).await, before, "{back} and the key {key} with Shift do the same");
        page.click(forth).await;
        assert!(clock(&page).await >= after, "{forth}");
    }
    press(&page, "#timeline", HOME).await;
    page.until_text("#clock", "00:00:00").await;
    assert_eq!(page.text("#terminal-1-screen").await.trim(), "", "nothing was done yet");
    assert_eq!(
        page.attribute("#narration", "aria-live").await,
        "off",
        "nothing is read out while one looks for a moment"
    );
    press(&page, "#timeline", END).await;
    page.until_text("#clock", &end).await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn one_scrubs_by_pointer_by_arrows_and_zooms() {
    let page = lived(By::Mouse).await;
    let end = clock(&page).await;
    // The pointer goes to the middle of the timeline.
    page.click("#timeline").await;
    page.until_text("#rest", "in the past").await;
    let middle = clock(&page).await;
    assert!(middle.as_str() > "00:00:30" && middle < end, "{middle} of {end}");
    assert_eq!(page.attribute("#timeline", "aria-valuetext").await, format!("{middle} of {end}"));
    let off = "const t = document.querySelector('#timeline'), r = t.getBoundingClientRect(); \
               const x = r.x + 6 + (r.width - 12) * (t.value - t.min) / (t.max - t.min); \
               return Math.abs(document.querySelector('.cursor').getBoundingClientRect().x - x) * (t.max - t.min) / r.width;";
    let off = page.script(off, &[]).await.as_f64().expect("a number of seconds");
    assert!(off < 1.5, "the cursor stands {off} s beside the moment");
    press(&page, "#timeline", LEFT).await;
    let before = clock(&page).await;
    assert!(before < middle, "{before}");
    press(&page, "#timeline", RIGHT).await;
    assert_eq!(clock(&page).await, middle);
    let span = "const t = document.getElementById('timeline'); return t.max - t.min;";
    let whole = page.script(span, &[]).await.as_i64();
    page.click("#zoom-in").await;
    let part = page.script(span, &[]).await.as_i64();
    assert!(part < whole, "less of the timeline is shown: {part:?} of {whole:?}");
    press(&page, "#timeline", "-").await;
    let again = format!("{} === {};", span.trim_end_matches(';'), whole.unwrap_or(0));
    page.until("all of it is shown again", &again).await;
    assert_eq!(clock(&page).await, middle, "looking closer is not going elsewhere");
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn what_is_idle_is_skipped_on_demand() {
    for by_keyboard in [false, true] {
        let page = Page::open("", DESKTOP).await;
        page.until_ready().await;
        page.choose("#speed", "2").await;
        if by_keyboard {
            press(&page, "#skip-idle", ENTER).await;
            press(&page, "#apply", ENTER).await;
        } else {
            page.click("#skip-idle").await;
            page.click("#apply").await;
        }
        page.until_attribute("#skip-idle", "aria-pressed", "true").await;
        let begun = std::time::Instant::now();
        page.until_attribute("#seat-1", "data-state", "Ready").await;
        let simulated: u64 = clock(&page).await.split(':').fold(0, |all, n| all * 60 + n.parse::<u64>().unwrap_or(0));
        let real = begun.elapsed().as_secs();
        assert!(simulated > 40 && real < simulated / 2, "{simulated} s in {real} s at 2×");
        page.close().await;
    }
}

#[tokio::test]
async fn the_timeline_keeps_the_claims_lane_and_marks_what_was_lost() {
    let page = lived(By::Mouse).await;
    assert_eq!(page.count(".rows li").await, 3, "a row for each seat");
    assert!(page.count(".lanes .act circle").await >= 2, "what was done is marked");
    page.fill("#scale-number", "2").await;
    page.click("#scale").await;
    page.choose_text("#delete-choice", "claim data-mehdb-0").await;
    page.click("#play").await;
    page.until_attribute("#seat-2", "data-state", "Empty").await;
    page.choose_text("#delete-choice", "claim data-mehdb-2").await;
    // The timeline follows a moment later than the stage.
    // Where the bars of the third row end.
    let ends = |kept: bool| {
        format!(
            "Math.max(...[...document.querySelectorAll('.band path')].filter((path) => path.matches('.kept') === {kept}) \
             .flatMap((path) => [...path.getAttribute('d').matchAll(/M(\\d+) (\\d+)h(\\d+)/g)]) \
             .filter((bar) => Math.floor(bar[2] / 15) === 2).map((bar) => +bar[1] + +bar[3]))"
        )
    };
    let longer = format!("return {} > {};", ends(true), ends(false));
    page.until("the claim goes on", &longer).await;
    page.click("#delete").await;
    page.until_text(".history", "data lost").await;
    page.close().await;
}

#[tokio::test]
async fn branches_are_made_switched_renamed_compared_and_deleted() {
    for by in By::BOTH {
        let page = forked(by).await;
        by.press(&page, "#branches").await;
        by.fill(&page, "#branch-name-2", "only one").await;
        page.until_text("#branch", "only one").await;
        by.press(&page, "#branch-show-1").await;
        page.until_attribute("#branch-list li:first-of-type", "data-shown", "true").await;
        let shut = "return !document.querySelector('#branch-list').matches(':popover-open');";
        page.until("the list makes room for what it shows", shut).await;
        page.until("what was said of the other branch is gone", "return !document.querySelector('#notice');").await;
        by.press(&page, "#branches").await;
        by.press(&page, "#branch-compare-2").await;
        page.until("the list makes room for what it shows", shut).await;
        page.until_focus("compare-end").await;
        press(&page, "#timeline", END).await;
        page.until_attribute("#left-mehdb-2", "data-differs", "true").await;
        page.until_text("#differences", "mehdb-").await;
        page.until_text("#left h2", "what you do happens here").await;
        assert_eq!(page.attribute("#left-mehdb-0", "data-differs").await, "false");
        // On one clock, forwards and backwards: before they parted nothing differs.
        press(&page, "#timeline", HOME).await;
        page.until_text("#differences", "No seat differs").await;
        // Out of the comparison, to the other branch, and away with it.
        by.press(&page, "#compare-end").await;
        page.until("the stage is back", "return !!document.querySelector('#seat-0');").await;
        page.until_focus("branches").await;
        by.choose(&page, "#branch", "only one").await;
        page.until_attribute("#branch-list li:last-of-type", "data-shown", "true").await;
        press(&page, "#timeline", END).await;
        page.until_text("#terminal-1-screen", "--replicas=1").await;
        by.press(&page, "#branches").await;
        by.press(&page, "#branch-delete-2").await;
        page.until("one branch is left", "return !document.querySelector('#branch');").await;
        page.until_focus("branch-close").await;
        page.until(
            "its terminals too",
            "return !document.querySelector('#terminal-1-screen').innerText.includes('--replicas=1');",
        )
        .await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

#[tokio::test]
async fn undo_takes_the_last_act_back_keeps_the_branch_and_offers_to_compare() {
    for by in By::BOTH {
        let page = lived(by).await;
        by.press(&page, "#undo").await;
        page.until_text("#notice", "Undone").await;
        page.until("two seats are left", "return document.querySelectorAll('[id^=seat-][data-state]').length === 2;")
            .await;
        // With and without it, side by side.
        by.press(&page, "#compare-left").await;
        page.until_text("#right h2", "main").await;
        by.press(&page, "#play").await;
        page.until_attribute("#right-mehdb-2", "data-differs", "true").await;
        by.press(&page, "#play").await;
        by.press(&page, "#compare-end").await;
        page.until("the stage is back", "return !!document.querySelector('#seat-0');").await;
        match by {
            By::Mouse => page.click("#undo").await,
            By::Keyboard => press(&page, "#timeline", "u").await,
        }
        page.until_text("#notice", "Undone as well").await;
        by.press(&page, "#dismiss").await;
        page.until_focus("play").await;
        by.choose(&page, "#branch", "main").await;
        press(&page, "#timeline", END).await;
        page.until_attribute("#seat-2", "data-state", "Ready").await;
        page.close().await;
    }
}

/// Tab after Tab, once around the page.
#[tokio::test]
async fn tab_leads_to_all_that_has_to_do_with_time() {
    let page = forked(By::Keyboard).await;
    page.script("document.querySelector('#play').focus();", &[]).await;
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..160 {
        let at = page.script("const e = document.activeElement; return e.id || e.className || e.localName;", &[]).await;
        let at = at.as_str().unwrap_or_default().to_owned();
        if at == "play" && !seen.is_empty() {
            break;
        }
        let stands_out = "const e = document.activeElement, s = getComputedStyle(e.id === 'timeline' ? e.parentElement : e); \
                          return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none' || !!e.closest('label, .editor, .prompt, .terminal');";
        assert_eq!(page.script(stands_out, &[]).await, json!(true), "one sees that the focus is on {at}");
        seen.push(at);
        page.tab().await;
    }
    for id in [
        "play",
        "last-change",
        "next-change",
        "step-event-back",
        "step-decision",
        "step-intent-back",
        "speed",
        "skip-idle",
        "undo",
        "branch",
        "branches",
        "share",
        "compare-left",
        "dismiss",
        "zoom-in",
        "legend-open",
        "timeline",
        "why",
        "tab-why",
        "tab-faults",
        "tab-promises",
        "panel",
    ] {
        assert!(seen.iter().any(|at| at == id), "Tab does not lead to {id}: {seen:?}");
    }
    // What the marks and the keys are is a press away.
    By::Keyboard.press(&page, "#legend-open").await;
    page.until_text("#legend", "an intent: something you did").await;
    // And none of the layers, nor the comparison, is closed to anybody.
    barriers(&page, "the legend").await;
    for (button, view) in
        [("#branches", "the branches"), ("#share", "keep and share"), ("#compare-left", "two branches")]
    {
        page.script("document.querySelector(':popover-open')?.hidePopover();", &[]).await;
        By::Keyboard.press(&page, button).await;
        barriers(&page, view).await;
    }
    page.close().await;
}

#[tokio::test]
async fn where_one_may_only_look_there_is_nothing_to_undo_to_fork_or_to_unblock_with() {
    let page = forked(By::Mouse).await;
    page.until("the address holds it", "return location.hash.startsWith('#v=1&s=');").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let fragment = page.script("return location.hash;", &[]).await.as_str().unwrap_or("").to_owned();
    page.close().await;
    let page = Page::open(&format!("?embed=1&readonly=1&panes=stage,panel,terminals{fragment}"), DESKTOP).await;
    page.until_text("#branch", "branch 2").await;
    for css in ["#undo", "#branches", "#tab-faults", "#apply"] {
        assert_eq!(page.count(css).await, 0, "{css}");
    }
    press(&page, "#timeline", HOME).await;
    page.until_text("#clock", "00:00:00").await;
    press(&page, "#timeline", "i").await;
    press(&page, "#timeline", "u").await;
    assert_eq!(page.script("return document.querySelector('#branch').options.length;", &[]).await, json!(2));
    page.click("#tab-why").await;
    page.until("the answer is there", "return !!document.querySelector('#why-tree');").await;
    let acting = "return [...document.querySelectorAll('#panel .way:has(.command) button[id], #panel .way:has(.no-line) button')].filter(b => !b.disabled).length;";
    assert_eq!(page.script(acting, &[]).await, json!(0), "what would unblock it is told, not done");
    page.choose_text("#branch", "main").await;
    page.until_text("#terminal-1-screen", "namespace/lab-18 created").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

/// The last set and the boxes of the nodes are far below what a screen shows; the first set is in sight.
async fn what_is_out_of_sight_follows_when_the_time_rests(page: &Page) {
    let texts = "const shown = () => ['#set-default-omega', '#nodes', '#controller + .seats'].map(css => document.querySelector(css).textContent);";
    let rested = format!("{texts} const done = arguments[0]; setTimeout(() => done(shown()), 1000);");
    let moved = format!(
        "{texts} const [second, done] = arguments; const field = document.querySelector('#timeline'); field.value = second; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); requestAnimationFrame(() => done(shown()));"
    );
    page.fill("#timeline", "200").await;
    let early = page.script_async(&rested, &[]).await;
    page.fill("#timeline", "80000").await;
    let late = page.script_async(&rested, &[]).await;
    for part in 0..3 {
        assert_ne!(early[part], late[part], "part {part} is not the same at both moments");
    }
    let at_once = page.script_async(&moved, &[json!(200)]).await;
    assert_eq!((&at_once[0], &at_once[1]), (&late[0], &late[1]), "out of sight nothing is drawn yet");
    assert_eq!(at_once[2], early[2], "what is in sight is drawn at once");
    assert_eq!(page.script_async(&rested, &[]).await, early, "and the rest when the time rests");
}

#[tokio::test]
async fn any_instant_of_a_busy_day_is_shown_in_a_frame_and_a_week_has_a_bound() {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    let open = "document.querySelector('#app').dispatchEvent(new CustomEvent('lab:run', { detail: 'open\\n' + arguments[0] }));";
    let memory = "const done = arguments[0]; import(document.getElementById('engine').href).then(m => m.default()).then(w => done(w.memory.buffer.byteLength));";
    page.script(open, &[json!(days::session(1))]).await;
    page.until("the day is there", OPENED).await;
    page.until_text("#clock", "24:00:00").await;
    // From the press on the timeline until the picture of that moment is drawn: laid out, painted, and the next task begins.
    let seek = "const [seconds, done] = arguments; const field = document.querySelector('#timeline'); \
                const begun = performance.now(); field.value = seconds; field.dispatchEvent(new Event('input', { bubbles: true })); \
                const reached = () => document.querySelector('#clock').textContent.split(':').reduce((all, n) => all * 60 + Number(n), 0) === Number(field.value); \
                const drawn = () => { const computed = performance.now() - begun; const there = reached(); \
                  document.body.offsetHeight; const placed = performance.now() - begun; \
                  requestAnimationFrame(() => setTimeout(() => done([there, computed, placed, performance.now() - begun]))); }; \
                const look = hops => reached() ? drawn() : hops > 0 ? Promise.resolve().then(() => look(hops - 1)) : setTimeout(() => look(9)); look(9);";
    page.fill("#timeline", "4000").await;
    page.until_text("#rest", "in the past").await;
    what_is_out_of_sight_follows_when_the_time_rests(&page).await;
    let mut took: [Vec<f64>; 3] = Default::default();
    for nth in 0..200_u64 {
        let second = nth.wrapping_mul(7_919 * 104_729) % 86_400;
        let told = page.script_async(seek, &[json!(second)]).await;
        assert_eq!(told[0], json!(true), "second {second} is shown");
        for (nth, took) in took.iter_mut().enumerate() {
            took.push(told[nth + 1].as_f64().expect("a number"));
        }
    }
    let day = page.script_async(memory, &[]).await.as_u64().unwrap_or(0);
    println!("a busy day of 100 pods, {day} bytes of memory; to a random instant (aim: p95 <= 16 ms):");
    for (what, took) in
        ["computed and written", "laid out", "drawn, waiting for the screen included"].iter().zip(&mut took)
    {
        took.sort_by(f64::total_cmp);
        println!("  until it is {what}: median {:.1} ms, p95 {:.1} ms, most {:.1} ms", took[100], took[189], took[199]);
    }
    page.close().await;
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    page.script(open, &[json!(days::session(7))]).await;
    page.until("the week is there", OPENED).await;
    page.until_text("#clock", "168:00:00").await;
    let week = page.script_async(memory, &[]).await.as_u64().unwrap_or(u64::MAX);
    println!("a busy week of 100 pods: {week} bytes of memory (bound: {})", 64 << 20);
    assert!(week <= 64 << 20, "{week} bytes");
    page.close().await;
}
