//! The endpoints, a folder for each family.
//!
//! Paths and fields stand there as data, with the functions beside them.

mod abnormal_funds;
mod addresses;
mod applyment4sub;
mod applyments;
pub(crate) mod bills;
mod capital;
mod certificates;
mod closings;
mod combine;
mod complaints;
mod coupons;
mod deductions;
mod deposits;
mod echo;
mod ecommerce_transfers;
mod endpoint;
mod funds;
mod limitations;
mod media;
mod orders;
mod payscore;
mod personal_receivers;
mod recharges;
mod records;
mod refunds;
mod settlement;
mod sharing;
mod sub_merchants;
mod subsidies;
mod transfers;
mod violations;

use http::Method;
use wechatpay_doctor::Text;

pub(crate) use endpoint::Found;

use endpoint::Family;

/// All that is emulated.
static FAMILIES: &[&Family] = &[
    &certificates::FAMILY,
    &echo::FAMILY,
    &media::FAMILY,
    &orders::FAMILY,
    &combine::FAMILY,
    &refunds::FAMILY,
    &sharing::ECOMMERCE,
    &sharing::ORDINARY,
    &subsidies::FAMILY,
    &bills::FAMILY,
    &funds::FAMILY,
    &applyments::FAMILY,
    &applyment4sub::FAMILY,
    &capital::FAMILY,
    &settlement::FAMILY,
    &transfers::FAMILY,
    &ecommerce_transfers::FAMILY,
    &sub_merchants::FAMILY,
    &abnormal_funds::FAMILY,
    &personal_receivers::FAMILY,
    &deposits::FAMILY,
    &recharges::FAMILY,
    &complaints::FAMILY,
    &complaints::OLDER,
    &violations::FAMILY,
    &limitations::FAMILY,
    &payscore::FAMILY,
    &closings::FAMILY,
    &coupons::FAMILY,
    &deductions::FAMILY,
];

/// The endpoint of a method and path, if it is emulated.
pub(crate) fn find(method: &Method, path: &str) -> Option<Found> {
    FAMILIES
        .iter()
        .find_map(|family| Found::new(family, method, path))
}

/// Returns true if the body of such a request is a form with a file.
pub(super) fn is_upload(method: &Method, path: &str) -> bool {
    find(method, path).is_some_and(|found| found.endpoint.is_upload)
}

/// Purpose of a request, for people; `None` if its path is not emulated.
pub fn title(method: &Method, path: &str) -> Option<Text> {
    find(method, path).map(|found| found.endpoint.title)
}

#[cfg(test)]
mod tests {
    use super::{endpoint::Endpoint, *};
    use crate::gateway::validate::rows;

    fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
        FAMILIES.iter().flat_map(|family| family.endpoints)
    }

    #[test]
    fn paths_are_read_segment_by_segment() {
        for (method, path, name, value) in [
            (Method::GET, "/v3/certificates", "", ""),
            (Method::POST, "/v3/pay/partner/transactions/h5", "", ""),
            (
                Method::GET,
                "/v3/pay/transactions/out-trade-no/a%7Cb*c",
                "out_trade_no",
                "a|b*c",
            ),
            (
                Method::POST,
                "/v3/pay/transactions/out-trade-no/abcdef/close",
                "out_trade_no",
                "abcdef",
            ),
            (
                Method::POST,
                "/v3/ecommerce/refunds/5030/return-advance",
                "refund_id",
                "5030",
            ),
            (Method::POST, "/v3/ecommerce/applyments/", "", ""),
        ] {
            let found = find(&method, path).unwrap_or_else(|| panic!("{method} {path}"));
            assert_eq!(found.value(name), value, "{path}");
        }
        for (method, path) in [
            (Method::POST, "/v3/certificates"),
            (Method::POST, "/v3/pay/transactions/native/"),
            (Method::POST, "/v3/pay/transactions/facepay"),
            (Method::GET, "/v3/pay/transactions/id/"),
            (Method::GET, "/v3/pay/transactions/id/%FF"),
            (Method::POST, "/v3/ecommerce/applyments"),
            (Method::GET, "/v3"),
        ] {
            assert!(find(&method, path).is_none(), "{method} {path}");
        }
    }

    #[test]
    fn no_endpoint_hides_another() {
        for endpoint in endpoints() {
            let found = find(&endpoint.verb.method(), endpoint.path).unwrap();
            assert_eq!(found.endpoint.path, endpoint.path);
        }
    }

    #[test]
    fn every_field_has_a_row_for_the_object_that_holds_it() {
        for endpoint in endpoints() {
            let paths: Vec<&str> = rows(endpoint.fields.body).collect();
            for path in &paths {
                let count = paths.iter().filter(|other| *other == path).count();
                assert_eq!(count, 1, "{}: {path}", endpoint.path);
                if let Some((parent, _)) = path.rsplit_once('/') {
                    let parent = parent.strip_suffix("/*").unwrap_or(parent);
                    assert!(paths.contains(&parent), "{}: {path}", endpoint.path);
                }
            }
        }
    }
}
