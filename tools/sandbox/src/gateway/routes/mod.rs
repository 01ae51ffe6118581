//! Which endpoint a request is for.

mod applyments;
pub(crate) mod bills;
pub(crate) mod certificates;
mod combine;
pub(crate) mod echo;
mod funds;
pub(crate) mod media;
pub(crate) mod orders;
pub(crate) mod prepay;
mod refunds;
mod settlement;
mod sharing;
mod subsidies;

use http::Method;
use percent_encoding::percent_decode_str;

use orders::Number;

use crate::gateway::{Refusal, call::Call, received, response::Answer};
use crate::world::{
    media::state::MediaKind,
    orders::scene::{Family, Scene},
};

/// An endpoint, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Certificates,
    Prepay(Family, Scene),
    QueryById(Family, String),
    QueryByNumber(Family, String),
    Close(Family, String),
    Bill(bills::Route),
    Combine(combine::Route),
    Refund(refunds::Route),
    Sharing(sharing::Route),
    Subsidy(subsidies::Route),
    Applyment(applyments::Route),
    Settlement(settlement::Route),
    Funds(funds::Route),
    Upload(MediaKind),
    Echo,
}

/// Returns true if an endpoint of this method and path is emulated.
pub fn knows(method: &Method, path: &str) -> bool {
    Route::find(method, path).is_some()
}

impl Route {
    /// The endpoint of a method and path, if it is emulated.
    pub(super) fn find(method: &Method, path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        if received::is_upload(method, path) {
            let is_video = path == media::VIDEO_PATH;
            return Some(Self::Upload(if is_video {
                MediaKind::Video
            } else {
                MediaKind::Picture
            }));
        }
        if let Some(route) = bills::Route::find(method, &segments) {
            return Some(Self::Bill(route));
        }
        if let Some(route) = funds::Route::find(method, &segments) {
            return Some(Self::Funds(route));
        }
        let (family, rest) = match segments.as_slice() {
            ["v3", "certificates"] => return (method == Method::GET).then_some(Self::Certificates),
            ["v3", "security", "echo"] => return (method == Method::POST).then_some(Self::Echo),
            ["v3", "combine-transactions", rest @ ..] => {
                return combine::Route::find(method, rest).map(Self::Combine);
            }
            ["v3", "refund", "domestic", "refunds", rest @ ..] => {
                return refunds::Route::ordinary(method, rest).map(Self::Refund);
            }
            ["v3", "ecommerce", "refunds", rest @ ..] => {
                return refunds::Route::ecommerce(method, rest).map(Self::Refund);
            }
            ["v3", "ecommerce", "profitsharing", rest @ ..] => {
                return sharing::Route::ecommerce(method, rest).map(Self::Sharing);
            }
            ["v3", "ecommerce", "subsidies", rest @ ..] => {
                return subsidies::Route::find(method, rest).map(Self::Subsidy);
            }
            ["v3", "ecommerce", "applyments", rest @ ..] => {
                return applyments::Route::find(method, rest).map(Self::Applyment);
            }
            ["v3", "apply4sub", "sub_merchants", rest @ ..] => {
                return settlement::Route::find(method, rest).map(Self::Settlement);
            }
            ["v3", "profitsharing", rest @ ..] => {
                return sharing::Route::ordinary(method, rest).map(Self::Sharing);
            }
            ["v3", "pay", "partner", "transactions", rest @ ..] => (Family::Partner, rest),
            ["v3", "pay", "transactions", rest @ ..] => (Family::Direct, rest),
            _ => return None,
        };
        match (method, rest) {
            (&Method::POST, [scene]) => Some(Self::Prepay(family, Scene::from_segment(scene)?)),
            (&Method::GET, ["id", id]) => Some(Self::QueryById(family, decode(id)?)),
            (&Method::GET, ["out-trade-no", number]) => Some(Self::QueryByNumber(family, decode(number)?)),
            (&Method::POST, ["out-trade-no", number, "close"]) => Some(Self::Close(family, decode(number)?)),
            _ => None,
        }
    }

    /// Asks the endpoint.
    pub(super) fn answer(self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        match self {
            Self::Certificates => certificates::list(call),
            Self::Prepay(family, scene) => prepay::prepay(call, family, scene),
            Self::QueryById(family, id) => orders::query(call, family, &Number::TransactionId(&id)),
            Self::QueryByNumber(family, number) => orders::query(call, family, &Number::OutTradeNo(&number)),
            Self::Close(family, number) => orders::close(call, family, &number),
            Self::Bill(route) => route.answer(call),
            Self::Combine(route) => route.answer(call),
            Self::Refund(route) => route.answer(call),
            Self::Sharing(route) => route.answer(call),
            Self::Subsidy(route) => route.answer(call),
            Self::Applyment(route) => route.answer(call),
            Self::Settlement(route) => route.answer(call),
            Self::Funds(route) => route.answer(call),
            Self::Upload(kind) => media::upload(call, kind),
            Self::Echo => echo::echo(call),
        }
    }
}

pub(super) fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_segment_by_segment() {
        let find = |method, path| Route::find(&method, path);
        assert_eq!(find(Method::GET, "/v3/certificates"), Some(Route::Certificates));
        assert_eq!(
            find(Method::POST, "/v3/pay/partner/transactions/h5"),
            Some(Route::Prepay(Family::Partner, Scene::H5))
        );
        assert_eq!(
            find(Method::GET, "/v3/pay/transactions/out-trade-no/a%7Cb*c"),
            Some(Route::QueryByNumber(Family::Direct, "a|b*c".into()))
        );
        assert_eq!(
            find(Method::POST, "/v3/pay/transactions/out-trade-no/abcdef/close"),
            Some(Route::Close(Family::Direct, "abcdef".into()))
        );
        assert_eq!(
            find(Method::POST, "/v3/ecommerce/refunds/5030/return-advance"),
            Some(Route::Refund(refunds::Route::ReturnAdvance("5030".into())))
        );
        // The slash behind it belongs to the path.
        assert_eq!(
            find(Method::POST, "/v3/ecommerce/applyments/"),
            Some(Route::Applyment(applyments::Route::Submit))
        );
        for (method, path) in [
            (Method::POST, "/v3/ecommerce/applyments"),
            (Method::POST, "/v3/certificates"),
            (Method::GET, "/v3/pay/transactions/jsapi"),
            (Method::POST, "/v3/pay/transactions/miniprogram"),
            (Method::GET, "/v3/pay/transactions/id/"),
            (Method::GET, "/v3/pay/transactions/id/1/2"),
            (Method::PUT, "/v3/refund/domestic/refunds"),
            (Method::GET, "/v3"),
        ] {
            assert_eq!(find(method, path), None, "{path}");
        }
    }
}
