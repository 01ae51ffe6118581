#![doc = include_str!("../README.md")]

mod endpoint;
mod fields;
mod open_enum;
mod part;
mod resource;
mod sensitive;
mod template;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// Makes a struct an endpoint of API v3: a request with its method, path, query, body and response.
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
/// `#[endpoint(METHOD, "/template/{field}", …)]` takes, after method and template:
///
/// | Fact | Means | Default |
/// |---|---|---|
/// | `response = Type` | what a 2xx response is read as | `()`, for 204 |
/// | `idempotency = ByNumber` | a variant of `Idempotency`: what happens when it is sent twice | `Safe` for GET, else `No` |
/// | `echo(a, b)` | fields that the response must repeat, under the same names | none |
/// | `echo_if_present(c)` | fields that the response must not contradict | none |
/// | `accepted` | a signed 202 is a success with a body, as some endpoints document | an error, outcome unknown |
/// | `check = function` | `fn(&Self, &Response) -> Result<(), EchoMismatch>` for whatever else it repeats | none |
///
/// A field whose name stands in the template fills it. Of the others, those of a GET or DELETE are its query, those of
/// any other method its JSON body; `#[request(query)]` puts one into the query of a POST. Options that are `None` are left
/// out. A field is called on the wire as in the struct, or as `#[serde(rename = "…")]` says; `#[serde(flatten)]` works too.
///
/// The derive also brings `Serialize` (the body), `new` with the required fields in their order, and a setter for each
/// `Option`. `#[request(into)]` on a field lets `new` take whatever converts into it; `#[request(new = "…")]` on the struct
/// is the documentation of `new`; `#[request(no_new)]` leaves it out.
///
/// Fields that travel encrypted are found through their types: [`SensitiveFields`](macro@SensitiveFields).
#[proc_macro_derive(Endpoint, attributes(endpoint, request, serde))]
pub fn endpoint(input: TokenStream) -> TokenStream {
    output(endpoint::derive(parse_macro_input!(input as DeriveInput)))
}

/// Makes a struct an object inside a request: `Serialize` without what is not set, `SensitiveFields`, `new` and setters.
///
/// ```
/// use wechatpay_core::{api::RequestPart, types::{Fen, Sensitive}};
///
/// #[derive(Clone, RequestPart)]
/// struct Receiver {
///     openid: String,
///     amount: Fen,
///     /// The name, encrypted on its way.
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

/// Makes a struct a response, or an object inside one: `Deserialize` as the platform writes.
///
/// The platform leaves a member out in three ways: missing, `null` and `""`. An `Option` is `None` then, a `Vec` is
/// empty, an open enum is absent; anything else is required. `#[response(required)]` makes an open enum or a list required.
#[proc_macro_derive(Response, attributes(response, serde))]
pub fn response(input: TokenStream) -> TokenStream {
    output(part::response(parse_macro_input!(input as DeriveInput)))
}

/// Makes a type the resource of a notification.
///
/// ```
/// use wechatpay_core::{api::Response, notify::Resource, types::Fen};
///
/// /// A transfer that ended (商家转账回调通知).
/// #[derive(Response, Resource)]
/// #[resource(event("MCHTRANSFER.BILL.FINISHED"), decides("mch_id", "out_bill_no", "state", "transfer_amount"))]
/// struct FinishedTransfer { mch_id: String, out_bill_no: String, state: String, transfer_amount: Fen }
/// ```
///
/// | Fact | Means |
/// |---|---|
/// | `event("A.B", …)` | the event types that hold it |
/// | `original_type = "…"` | its `original_type`; a notification without one is taken too |
/// | `accepts = function` | a further condition: `fn(&VerifiedNotification) -> bool` |
/// | `decides("a", "b.c", "d[].e")` | members that decide: one that cannot be read, or stands twice, refuses the notification |
/// | `check = function` | `fn(&Self) -> Result<(), Shape>` for what the JSON types cannot say |
#[proc_macro_derive(Resource, attributes(resource, serde))]
pub fn resource(input: TokenStream) -> TokenStream {
    output(resource::derive(&parse_macro_input!(input as DeriveInput)))
}

/// Finds the fields of a type that travel encrypted, through the types of its fields.
///
/// Every field must say whether it holds something sensitive: numbers, texts and ids do not, `Sensitive` does, your own
/// types do by this derive. `#[request(plain)]` on a field says that nothing in it is encrypted.
#[proc_macro_derive(SensitiveFields, attributes(request))]
pub fn sensitive_fields(input: TokenStream) -> TokenStream {
    output(sensitive::derive(&parse_macro_input!(input as DeriveInput)))
}

/// Makes an enum a set of values that may grow: a value that is not known is kept as `Other`.
///
/// ```
/// use wechatpay_core::api::open_enum;
///
/// /// State of a transfer (转账单状态).
/// #[open_enum]
/// pub enum TransferState {
///     /// The payer has the money.
///     Success = "SUCCESS",
///     /// It failed.
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
    expanded.unwrap_or_else(Error::into_compile_error).into()
}
