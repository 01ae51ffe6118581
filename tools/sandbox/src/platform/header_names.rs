//! Header names as they stand on the wire.
//!
//! The platform writes title case, with one exception: `Request-ID`. Clients that keep headers in a case-sensitive map, as the
//! official Java SDK does, find nothing under other spellings. A proxy may write lower case.
//!
//! `http` knows names in lower case only. hyper writes title case if told so, and forwards the spelling of a request whose
//! extensions a message carries. So a request with the right names is read once, and its extensions are what these functions
//! return. They work on any hyper connection of HTTP/1.1, also where [`Sandbox::router`](crate::Sandbox::router) is served by
//! somebody else; for title case that connection needs `title_case_headers`.

use std::{
    convert::Infallible,
    fmt::Write as _,
    future::ready,
    pin::pin,
    sync::{LazyLock, Mutex},
    task::{Context, Waker},
};

use http::{
    Extensions, HeaderMap, HeaderName, Request, Response,
    header::{CONTENT_LENGTH, DATE, HOST, TRANSFER_ENCODING},
};
use http_body_util::Empty;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;

use crate::world::lock;

/// The one name that is not in title case.
const REQUEST_ID: &str = "Request-ID";

/// The platform's spelling.
pub(crate) fn platform() -> Extensions {
    static NAMES: LazyLock<Extensions> = LazyLock::new(|| learn([REQUEST_ID]));
    NAMES.clone()
}

/// Lower case, for a message with these headers.
pub(crate) fn lower_case(headers: &HeaderMap) -> Extensions {
    let known = headers.keys().filter(|name| **name != TRANSFER_ENCODING);
    // The connection adds these.
    let added = [&DATE, &HOST, &CONTENT_LENGTH];
    let added = added.into_iter().filter(|name| !headers.contains_key(*name));
    learn(known.chain(added).map(HeaderName::as_str))
}

/// A name in the platform's spelling, for messages that are written without hyper.
pub(crate) fn written(name: &HeaderName) -> String {
    if name.as_str().eq_ignore_ascii_case(REQUEST_ID) {
        return REQUEST_ID.to_owned();
    }
    let mut at_start = true;
    let title = name.as_str().chars().map(|letter| {
        let written = if at_start {
            letter.to_ascii_uppercase()
        } else {
            letter
        };
        at_start = letter == '-';
        written
    });
    title.collect()
}

/// The extensions of a request with these names.
fn learn<'a>(names: impl IntoIterator<Item = &'a str>) -> Extensions {
    let mut head = "GET / HTTP/1.1\r\n".to_owned();
    for name in names {
        // Writing to a string does not fail. A length must be a number, the other values are free.
        let _ = write!(head, "{name}: 0\r\n");
    }
    head.push_str("\r\n");
    let learnt = Mutex::new(Extensions::new());
    let service = service_fn(|mut request: Request<Incoming>| {
        *lock(&learnt) = std::mem::take(request.extensions_mut());
        ready(Ok::<_, Infallible>(Response::new(Empty::<&[u8]>::new())))
    });
    {
        let io = TokioIo::new(tokio::io::join(head.as_bytes(), tokio::io::sink()));
        let connection = http1::Builder::new()
            .preserve_header_case(true)
            .serve_connection(io, service);
        // All of it is in memory: the first poll reads the request and responds.
        let _ = pin!(connection).poll(&mut Context::from_waker(Waker::noop()));
    }
    std::mem::take(&mut *lock(&learnt))
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_TYPE, ETAG};

    use super::*;

    /// The head of a response with these extensions, as hyper writes it.
    fn head(extensions: &Extensions) -> String {
        let ours = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".as_slice();
        let service = service_fn(|_: Request<Incoming>| {
            let mut response = Response::new(Empty::<&[u8]>::new());
            let headers = response.headers_mut();
            headers.insert(HeaderName::from_static("request-id"), "08-0".parse().unwrap());
            headers.insert(HeaderName::from_static("wechatpay-nonce"), "n".parse().unwrap());
            *response.extensions_mut() = extensions.clone();
            ready(Ok::<_, Infallible>(response))
        });
        let mut written = Vec::new();
        {
            let io = TokioIo::new(tokio::io::join(ours, &mut written));
            let connection = http1::Builder::new()
                .title_case_headers(true)
                // The request is all that comes.
                .half_close(true)
                .serve_connection(io, service);
            let _ = pin!(connection).poll(&mut Context::from_waker(Waker::noop()));
        }
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn the_platform_writes_title_case_but_for_one_name() {
        let head = head(&platform());
        assert!(head.contains("\r\nRequest-ID: 08-0\r\n"), "{head}");
        assert!(head.contains("\r\nWechatpay-Nonce: n\r\n"), "{head}");
        assert!(head.contains("\r\nDate: "), "{head}");
    }

    #[test]
    fn a_proxy_writes_lower_case() {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("request-id"), "x".parse().unwrap());
        headers.insert(HeaderName::from_static("wechatpay-nonce"), "x".parse().unwrap());
        let head = head(&lower_case(&headers));
        assert!(head.contains("\r\nrequest-id: 08-0\r\n"), "{head}");
        assert!(head.contains("\r\nwechatpay-nonce: n\r\n"), "{head}");
        assert!(head.contains("\r\ndate: "), "{head}");
    }

    #[test]
    fn names_are_written_without_hyper_as_with_it() {
        for (name, spelling) in [
            (HeaderName::from_static("request-id"), "Request-ID"),
            (
                HeaderName::from_static("wechatpay-signature-type"),
                "Wechatpay-Signature-Type",
            ),
            (CONTENT_TYPE, "Content-Type"),
            (ETAG, "Etag"),
        ] {
            assert_eq!(written(&name), spelling);
        }
    }
}
