//! The page opens in a real browser, shows the query of its address, runs it and shows the answer.

use crate::devtools::Page;
use crate::programs::demo;

#[test]
#[ignore = "starts the programs: cargo xtask test"]
fn the_page_runs_a_query_in_a_browser() {
    let (_services, router) = demo();
    let query = "%7B%20user(id%3A%201)%20%7B%20followerCount%20%7D%20%7D";
    let mut page = Page::open(&format!("http://{}/?query={query}", router.address));
    page.wait_for(RUN_UNTIL_ANSWERED);
    let scripts = "[...document.querySelectorAll('[src],link[href]')].every(one => \
                   new URL(one.src || one.href).origin === location.origin)";
    assert_eq!(page.wait_for(scripts), true, "everything comes from the router");
}

/// Presses the button until the answer is shown; a query that runs is left alone.
const RUN_UNTIL_ANSWERED: &str = "(() => {
    const shown = document.querySelector('.result-window');
    if (shown && shown.innerText.includes('followerCount')) return true;
    const button = document.querySelector('button.graphiql-execute-button');
    if (button && button.getAttribute('aria-label').startsWith('Execute')) button.click();
    return false;
})()";
