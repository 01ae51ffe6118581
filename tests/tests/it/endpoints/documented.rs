//! Endpoints that the pages document.

use std::collections::BTreeSet;

use serde::Deserialize;
use wechatpay_tests::tools::workspace;

#[derive(Deserialize)]
struct Operation {
    method: String,
    path: String,
}

/// Method and path of every endpoint in the tables of the pages.
pub(super) fn documented() -> BTreeSet<(String, String)> {
    let tables = workspace().join("wechatpay-core/tests/data/pages");
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(tables).unwrap() {
        let path = entry.unwrap().path();
        let is_table = path.extension().is_some_and(|extension| extension == "json");
        if is_table && path.file_name().unwrap() != "events.json" {
            let text = std::fs::read_to_string(path).unwrap();
            let operations: Vec<Operation> = serde_json::from_str(&text).unwrap();
            for operation in operations {
                let endpoint = (operation.method, operation.path);
                assert!(all.insert(endpoint.clone()), "two pages have {endpoint:?}");
            }
        }
    }
    all
}
