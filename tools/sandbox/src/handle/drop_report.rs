//! End of an embedded sandbox: reports unexpected requests, and may wait for an inspection.

use std::{
    fmt::{self, Write as _},
    io::Write as _,
    thread,
};

use tokio::runtime::{Handle, Runtime};

use crate::{
    gateway::traffic::{RecordedRequest, Verdict},
    handle::{engine::Engine, error::StartError},
    world::clock::rfc3339,
};

/// Says that the sandbox of a test that failed is to stay.
const KEEP: &str = "SANDBOX_KEEP";
/// Maximum number of refusals that are reported in full; further ones are alike.
const TOLD: usize = 3;

/// Returns true if a sandbox whose test failed stays until Ctrl-C.
pub(crate) fn is_kept() -> bool {
    std::env::var_os(KEEP).is_some_and(|value| !value.is_empty() && value != "0")
}

/// A runtime independent of the test's, which may block or end earlier.
#[derive(Debug)]
pub(crate) struct OwnRuntime {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl OwnRuntime {
    pub(crate) fn new() -> Result<Self, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("wechatpay-sandbox")
            .enable_all()
            .build()
            .map_err(StartError::Runtime)?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        // Anything else would wait, which is not allowed where the last handle may be dropped.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The unexpected findings so far.
pub(crate) struct Trouble<'a> {
    engine: &'a Engine,
    refused: Vec<RecordedRequest>,
    fatal: Vec<String>,
}

impl<'a> Trouble<'a> {
    /// `None` if all went as it should.
    pub(crate) fn of(engine: &'a Engine) -> Option<Self> {
        let refused = engine.gateway.requests.refused();
        let lints = engine.world.lints.untaken();
        let fatal = lints.iter().filter(|lint| lint.kind().is_fatal());
        let fatal: Vec<String> = fatal.map(ToString::to_string).collect();
        (!refused.is_empty() || !fatal.is_empty()).then_some(Self {
            engine,
            refused,
            fatal,
        })
    }
}

impl fmt::Display for Trouble<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sandbox at ")?;
        f.write_str(&self.engine.base_url)?;
        f.write_str(" saw what no test asked for\n")?;
        for request in self.refused.iter().take(TOLD) {
            writeln!(
                f,
                "\nrequest {}: {} {} got {} {}",
                request.number,
                request.method,
                request.target,
                request.status.as_u16(),
                request.code.as_deref().unwrap_or_default(),
            )?;
            let hint = request.hint.as_ref().map(ToString::to_string);
            let text = request.report.as_ref().or(hint.as_ref());
            for line in text.map(String::as_str).unwrap_or_default().lines() {
                writeln!(f, "  {line}")?;
            }
        }
        if self.refused.len() > TOLD {
            writeln!(f, "\nand {} more refused requests", self.refused.len() - TOLD)?;
        }
        let is_off = |request: &RecordedRequest| request.verdict == Verdict::TimestampOff;
        if self.refused.iter().any(is_off) {
            writeln!(
                f,
                "\nThe reason is the clock: signatures go by {} here. Give the client Sandbox::core_clock(), or the sandbox no wire_clock() \
                 and no clock() of its own.",
                rfc3339(self.engine.platform.wire_clock.now()),
            )?;
        }
        for lint in &self.fatal {
            writeln!(f, "\nfatal: {lint}")?;
        }
        f.write_str("\nWas that on purpose? Sandbox::take_refusals and take_lints take note of it, SandboxBuilder::lenient allows it.\n\
            An error that the test returned is not shown beside this panic; unwrap it in the test to see both.\n")
    }
}

/// Fails the test that dropped the last handle if there are unexpected findings.
///
/// Does nothing if the thread is panicking already.
#[expect(
    clippy::panic,
    reason = "an embedded sandbox tells a test by a panic, as a mock server tells of calls that did not come"
)]
pub(crate) fn end(engine: &Engine) {
    let trouble = Trouble::of(engine).filter(|_| !engine.lenient);
    let has_failed = thread::panicking();
    if (has_failed || trouble.is_some()) && is_kept() {
        stay(engine, trouble.as_ref());
    }
    match trouble {
        Some(trouble) if has_failed => eprintln!("{trouble}"),
        Some(trouble) => panic!("{trouble}"),
        None => {}
    }
}

/// Keeps the sandbox up until somebody ends the process.
fn stay(engine: &Engine, trouble: Option<&Trouble<'_>>) -> ! {
    let mut text = String::new();
    // Writing to a string does not fail.
    if let Some(trouble) = trouble {
        let _ = writeln!(text, "{trouble}");
    }
    let look = if engine.gateway.settings.has_pages {
        format!("{}/_sandbox", engine.base_url)
    } else {
        format!(
            "{} (no pages: start it with .pages(wechatpay_dashboard::pages))",
            engine.base_url
        )
    };
    let _ = writeln!(
        text,
        "the test failed; its sandbox stays until Ctrl-C ({KEEP}): {look}"
    );
    // Not by `eprintln!`, which a test harness keeps to itself.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    loop {
        thread::park();
    }
}
