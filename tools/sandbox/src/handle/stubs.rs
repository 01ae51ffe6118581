//! Responses that a test gives.

use std::{fmt, sync::Arc, time::Duration};

use http::Method;
use serde_json::Value;

use super::Sandbox;
use crate::{
    gateway::stubs::{Definition, Entry, Responder, StubError, StubRequest, StubResponse, Template},
    handle::engine::Engine,
};

/// # Stubs
impl Sandbox {
    /// Starts a stub for requests of this method and path, from `/v3/` on.
    ///
    /// A `{placeholder}` in the path stands for one segment; any query matches.
    ///
    /// The oldest matching stub responds, even if the sandbox emulates the endpoint; after [`times`](StubBuilder::times) the
    /// next one. Signature and headers of the request are checked first, and the response is signed. Faults apply. A
    /// [reset](Self::reset) removes all stubs; a [snapshot](Self::snapshot) contains none, and a restore keeps them.
    ///
    /// ```
    /// # use http::Method;
    /// # use serde_json::json;
    /// # use wechatpay_sandbox::{Sandbox, StubResponse};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// let reverse = sandbox
    ///     .stub(Method::POST, "/v3/new-tax-control-fapiao/fapiao-applications/{fapiao_apply_id}/reverse")
    ///     .respond(202)?;
    /// let transfer = sandbox
    ///     .stub(Method::POST, "/v3/fund-app/mch-transfer/transfer-bills")
    ///     .sensitive("user_name") // refused unless it opens with the key of Wechatpay-Serial
    ///     .respond_with(|request| {
    ///         StubResponse::json(200, json!({
    ///             "out_bill_no": request.json()["out_bill_no"],
    ///             "transfer_bill_no": "1330000071100999991182020050700019480001",
    ///             "create_time": "2025-01-01T10:00:00+08:00",
    ///             "state": "ACCEPTED",
    ///         }))
    ///     })?;
    ///
    /// // … the code under test …
    ///
    /// assert!(reverse.requests().is_empty());
    /// for request in transfer.requests() {
    ///     assert_eq!(request.decrypted("user_name").as_deref(), Some("张三"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stub(&self, method: Method, path: impl Into<String>) -> StubBuilder {
        StubBuilder {
            engine: Arc::clone(&self.engine),
            method,
            path: path.into(),
            times: None,
            delay: Duration::ZERO,
            sensitive: Vec::new(),
        }
    }

    /// The stubs, the oldest first, those that will not respond any more included.
    #[must_use]
    pub fn stubs(&self) -> Vec<Stub> {
        let handle = |entry: Entry| Stub {
            engine: Arc::clone(&self.engine),
            id: entry.id,
            template: entry.definition.template,
        };
        self.engine.gateway.stubs.all().into_iter().map(handle).collect()
    }

    /// Removes all stubs.
    pub fn clear_stubs(&self) {
        self.engine.gateway.stubs.clear();
    }
}

/// A stub without a response yet, from [`Sandbox::stub`].
#[must_use = "a stub responds once it has a response"]
pub struct StubBuilder {
    engine: Arc<Engine>,
    method: Method,
    path: String,
    times: Option<u64>,
    delay: Duration,
    sensitive: Vec<String>,
}

impl StubBuilder {
    /// Limits the number of responses; then the next stub that fits responds. Default: no limit.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Waits before each response, in real time.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Requires a field of the request, if present, to be encrypted.
    ///
    /// `user_name`, or `payers/*/phone` in each entry of a list. Otherwise the request is refused as the platform
    /// refuses it, and does not reach the stub.
    pub fn sensitive(mut self, field: impl Into<String>) -> Self {
        self.sensitive.push(field.into());
        self
    }

    /// Responds with a status and no body, or with a [`StubResponse`].
    ///
    /// # Errors
    /// [`StubError`], and nothing has changed.
    pub fn respond(self, response: impl Into<StubResponse>) -> Result<Stub, StubError> {
        self.add(Responder::Fixed(response.into()))
    }

    /// Responds with JSON.
    ///
    /// # Errors
    /// [`StubError`], and nothing has changed.
    pub fn respond_json(self, status: u16, body: Value) -> Result<Stub, StubError> {
        self.respond(StubResponse::json(status, body))
    }

    /// Responds with the result of a function for each request.
    ///
    /// The function may use the handle; it should be quick. If it panics, or returns a response that cannot be sent,
    /// the request gets 501 `SANDBOX_STUB_BROKEN`.
    ///
    /// # Errors
    /// [`StubError`], and nothing has changed.
    pub fn respond_with(
        self,
        function: impl Fn(&StubRequest) -> StubResponse + Send + Sync + 'static,
    ) -> Result<Stub, StubError> {
        self.add(Responder::Function(Arc::new(function)))
    }

    fn add(self, responder: Responder) -> Result<Stub, StubError> {
        let definition = Definition::new(
            self.method,
            &self.path,
            self.times,
            self.delay,
            &self.sensitive,
            responder,
        )?;
        let template = definition.template.clone();
        let id = self.engine.gateway.stubs.add(definition)?;
        Ok(Stub {
            engine: self.engine,
            id,
            template,
        })
    }
}

impl fmt::Debug for StubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StubBuilder")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

/// A stub in force. Cheap to clone; dropping it leaves the stub in force.
#[derive(Clone)]
pub struct Stub {
    engine: Arc<Engine>,
    id: u64,
    template: Template,
}

impl Stub {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The requests it responded to, the oldest first, as far as [`Sandbox::requests`] keeps them.
    #[must_use]
    pub fn requests(&self) -> Vec<StubRequest> {
        let recorded = self.engine.gateway.requests.of_stub(self.id);
        recorded
            .iter()
            .map(|request| StubRequest::recorded(&self.engine.platform, request, &self.template))
            .collect()
    }

    /// Removes it. Returns false if it was removed before.
    pub fn remove(&self) -> bool {
        self.engine.gateway.stubs.remove(self.id)
    }
}

impl fmt::Debug for Stub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stub")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
