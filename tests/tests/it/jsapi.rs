//! The example `jsapi` in Chromium: from the authorisation page to paid.

use wechatpay_tests::{
    shops::{ShopProcess, binary},
    tools::{browser, chromium, scratch},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jsapi_order_is_paid_in_chromium_from_the_authorisation_page_on() {
    let shop = ShopProcess::launch(&binary("jsapi"), &[]).await.unwrap();
    let folder = scratch("jsapi");
    let output = browser(
        "jsapi.mjs",
        &[shop.url().as_ref(), chromium().as_os_str(), folder.as_os_str()],
    )
    .await;
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let lines = shop.lines();
    assert!(output.status.success(), "{text}\n{errors}\n{lines:#?}");
    // The shop learned of each payment by its verified notification.
    let paid = lines.iter().filter(|line| line.starts_with("paid ")).count();
    assert_eq!(paid, 4, "{lines:#?}");
    println!("{text}pictures in {}", folder.display());
}
