#![doc = include_str!("../README.md")]

mod endpoint;
mod face;
mod fields;
mod open_enum;
mod part;
mod resource;
mod sensitive;
mod template;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// Makes a struct an endpoint of API v3: method, path, query, body and response.
///
/// ```
/// use wechatpay_core::api::{Endpoint, Response};
///
/// /// Queries a transfer (商户单号查询转账单).
/// #[derive(Clone, Endpoint)]
/// #[endpoint(
///     GET, "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
///     response = Transfer,
///     echo(out_bill_no)
/// )]
/// struct QueryTransfer { out_bill_no: String }
///
/// #[derive(Response)]
/// struct Transfer { out_bill_no: String, state: Option<String> }
/// ```
///
/// `#[endpoint(METHOD, "/template/{field}", …)]` accepts, after method and template:
///
/// | Argument | Meaning | Default |
/// |---|---|---|
/// | `response = Type` | type of a 2xx response | `()`, for 204 |
/// | `idempotency = ByNumber` | variant of `Idempotency`: effect of sending it twice | `Safe` for GET, else `No` |
/// | `echo(a, b)` | fields that the response must repeat under the same names | none |
/// | `echo_if_present(c)` | fields that the response must not contradict | none |
/// | `accepted` | a signed 202 is a success with a body, as some endpoints document | error with unknown outcome |
/// | `check = function` | `fn(&Self, &Response) -> Result<(), EchoMismatch>` for other repeated values | none |
///
/// A field named in the template fills its placeholder. The other fields are the query of a GET or DELETE and the JSON
/// body of any other method; `#[request(query)]` moves one into the query of a POST. `None` is omitted. The wire name
/// is the field name or `#[serde(rename = "…")]`; `#[serde(flatten)]` is supported.
///
/// The derive also implements `Serialize` (the body), `new` with the required fields in order, and a setter for each
/// `Option`. With `#[request(into)]` on a field, `new` takes `impl Into` of its type. On the struct,
/// `#[request(new = "…")]` sets the documentation of `new`, and `#[request(no_new)]` omits it.
///
/// Encrypted fields are found through their types: [`SensitiveFields`](macro@SensitiveFields).
#[proc_macro_derive(Endpoint, attributes(endpoint, request, serde))]
pub fn endpoint(input: TokenStream) -> TokenStream {
    output(endpoint::derive(parse_macro_input!(input as DeriveInput)))
}

/// Makes a struct part of a request: `Serialize`, `SensitiveFields`, `new` and setters.
///
/// Unset optional fields are not serialised.
///
/// ```
/// use wechatpay_core::{api::RequestPart, types::{Fen, Sensitive}};
///
/// #[derive(Clone, RequestPart)]
/// struct Receiver {
///     openid: String,
///     amount: Fen,
///     /// Name; sent encrypted.
///     #[request(into)]
///     user_name: Option<Sensitive>,
/// }
///
/// let receiver = Receiver::new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".to_owned(), Fen::new(100)?).user_name("张三");
/// # Ok::<(), wechatpay_core::types::InvalidFen>(())
/// ```
#[proc_macro_derive(RequestPart, attributes(request, serde))]
pub fn request_part(input: TokenStream) -> TokenStream {
    output(part::request(parse_macro_input!(input as DeriveInput)))
}

/// Makes a struct a response or part of one, deserialised leniently.
///
/// The platform omits a member in three ways: missing, `null` and `""`. An `Option` is then `None`, a `Vec` empty, an
/// open enum absent; any other type is required. `#[response(required)]` makes an open enum or a list required.
///
/// ```
/// use wechatpay_core::{api::Response, types::Fen};
///
/// #[derive(Response)]
/// struct Transfer { out_bill_no: String, amount: Option<Fen>, reasons: Vec<String> }
///
/// let transfer: Transfer = serde_json::from_str(r#"{"out_bill_no":"T-1","amount":null}"#)?;
/// assert_eq!((transfer.amount, transfer.reasons.len()), (None, 0));
/// assert!(serde_json::from_str::<Transfer>("{}").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[proc_macro_derive(Response, attributes(response, serde))]
pub fn response(input: TokenStream) -> TokenStream {
    output(part::response(parse_macro_input!(input as DeriveInput)))
}

/// Makes a type the resource of a notification.
///
/// ```
/// use wechatpay_core::{api::Response, notify::Resource, types::Fen};
///
/// /// A finished transfer (商家转账回调通知).
/// #[derive(Response, Resource)]
/// #[resource(event("MCHTRANSFER.BILL.FINISHED"), decides("mch_id", "out_bill_no", "state", "transfer_amount"))]
/// struct FinishedTransfer { mch_id: String, out_bill_no: String, state: String, transfer_amount: Fen }
/// ```
///
/// | Argument | Meaning |
/// |---|---|
/// | `event("A.B", …)` | event types that contain the resource |
/// | `original_type = "…"` | its `original_type`; a notification without one is accepted too |
/// | `accepts = function` | further condition: `fn(&VerifiedNotification) -> bool` |
/// | `decides("a", "b.c", "d[].e")` | deciding members; an unreadable or repeated one rejects the notification |
/// | `check = function` | `fn(&Self) -> Result<(), Shape>` for conditions beyond the JSON types |
#[proc_macro_derive(Resource, attributes(resource, serde))]
pub fn resource(input: TokenStream) -> TokenStream {
    output(resource::derive(&parse_macro_input!(input as DeriveInput)))
}

/// Finds the encrypted fields of a type through the types of its fields.
///
/// Every field type must state whether it contains sensitive data: numbers, texts and ids do not, `Sensitive` does,
/// your own types do by this derive. `#[request(plain)]` on a field states that nothing in it is encrypted.
///
/// ```
/// use wechatpay_core::types::{Sensitive, SensitiveFields};
///
/// #[derive(SensitiveFields)]
/// struct Card { bank: String, number: Sensitive }
///
/// let mut card = Card { bank: "ICBC".into(), number: "6222".into() };
/// card.visit_sensitive(&mut |field| Ok(*field = Sensitive::cipher("QUJD")))?;
/// assert_eq!((card.bank.as_str(), card.number.as_cipher()), ("ICBC", Some("QUJD")));
/// # Ok::<(), wechatpay_core::types::EncryptError>(())
/// ```
#[proc_macro_derive(SensitiveFields, attributes(request))]
pub fn sensitive_fields(input: TokenStream) -> TokenStream {
    output(sensitive::derive(&parse_macro_input!(input as DeriveInput)))
}

/// Makes an enum an open set of values: unknown values are kept as `Other`.
///
/// ```
/// use wechatpay_core::api::open_enum;
///
/// /// State of a transfer (转账单状态).
/// #[open_enum]
/// pub enum TransferState {
///     /// Paid.
///     Success = "SUCCESS",
///     /// Failed.
///     Fail = "FAIL",
/// }
///
/// assert_eq!(TransferState::from("SUCCESS"), TransferState::Success);
/// assert_eq!(TransferState::from("NEW").as_str(), "NEW");
/// ```
#[proc_macro_attribute]
pub fn open_enum(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(argument) = arguments.into_iter().next() {
        return Error::new(argument.span().into(), "open_enum takes no arguments")
            .into_compile_error()
            .into();
    }
    output(open_enum::expand(parse_macro_input!(item as DeriveInput)))
}

fn output(expanded: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    expanded
        .map_or_else(Error::into_compile_error, face::resolved)
        .into()
}
