//! The reference shops as processes.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command as AsyncCommand},
    sync::watch,
};

use crate::tools::workspace;

/// Which of the three shops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// `examples/axum-shop`.
    Axum,
    /// `examples/actix-shop`.
    Actix,
    /// `examples/rocket-shop`.
    Rocket,
}

impl Framework {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Axum, Self::Actix, Self::Rocket];

    /// Name of the binary.
    #[must_use]
    pub fn binary(self) -> &'static str {
        match self {
            Self::Axum => "axum-shop",
            Self::Actix => "actix-shop",
            Self::Rocket => "rocket-shop",
        }
    }
}

/// A running shop. Ends when it is dropped.
#[derive(Debug)]
pub struct ShopProcess {
    child: Child,
    url: String,
    lines: watch::Receiver<Vec<String>>,
}

impl ShopProcess {
    /// Starts a shop with the credentials of a sandbox: its `env_lines`, and `more` besides.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn start_at(framework: Framework, env_lines: &[String], more: &[(String, String)]) -> Self {
        let mut variables: Vec<(String, String)> = env_lines
            .iter()
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| *name != "WECHATPAY_NOTIFY_URL")
            .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
            .collect();
        variables.extend_from_slice(more);
        Self::start(framework, &variables).await
    }

    /// Starts a shop on a free port and waits for its address.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn start(framework: Framework, variables: &[(String, String)]) -> Self {
        let shop = Self::launch(&binary(framework.binary()), variables).await;
        let shop = shop.unwrap_or_else(|error| panic!("{framework:?} did not start: {error}"));
        shop.wait_ready().await;
        shop
    }

    /// The same for this program, and not until it is ready.
    ///
    /// # Errors
    /// It ends, or says nothing for half a minute.
    pub async fn launch(program: &Path, variables: &[(String, String)]) -> io::Result<Self> {
        let mut command = AsyncCommand::new(program);
        command
            .env("SHOP_LISTEN", "127.0.0.1:0")
            .envs(variables.iter().cloned());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, mut lines) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Ok(Some(line)) = output.next_line().await {
                sender.send_modify(|lines: &mut Vec<String>| lines.push(line));
            }
        });
        let found = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let url = lines.borrow_and_update().iter().find_map(|line| {
                    let rest = line.trim().strip_prefix("shop")?.trim();
                    rest.starts_with("http")
                        .then(|| rest.split_whitespace().next().unwrap().to_owned())
                });
                if let Some(url) = url {
                    return Ok(url);
                }
                if lines.changed().await.is_err() {
                    return Err(io::Error::other("it ended"));
                }
            }
        });
        let url = found.await.map_err(|_| io::Error::other("it says nothing"))??;
        Ok(Self { child, url, lines })
    }

    /// Address of the shop.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Printed lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Everything it prints, until it has ended.
    pub async fn into_lines(mut self) -> Vec<String> {
        while self.lines.changed().await.is_ok() {}
        let _ = self.child.wait().await;
        self.lines.borrow().clone()
    }

    /// Waits until `/readyz` responds 200.
    ///
    /// # Panics
    /// When it does not within ten seconds.
    pub async fn wait_ready(&self) {
        for _ in 0..200 {
            if self.get("/readyz").await.0 == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} is not ready", self.url);
    }

    /// GET; status and body, 0 when there is no response.
    pub async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        http("GET", &format!("{}{path}", self.url), None).await
    }

    /// POST of JSON; status and body, 0 when there is no response.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> (u16, serde_json::Value) {
        http("POST", &format!("{}{path}", self.url), Some(body.to_string())).await
    }

    /// The process id.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Sends a signal by its name, `TERM` for instance.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([format!("-{name}"), self.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success(), "kill -{name}");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it cannot be waited for.
    pub async fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().await.unwrap()
    }
}

/// Path of a binary of this workspace.
///
/// It is built with the features of the whole workspace, so that nothing is built twice.
///
/// # Panics
/// When it does not build.
pub fn binary(name: &str) -> PathBuf {
    built().join(name)
}

/// Path of an example of this workspace.
///
/// # Panics
/// When it does not build.
pub fn example(name: &str) -> PathBuf {
    built().join("examples").join(name)
}

/// Builds the workspace once; returns the folder of its programs.
fn built() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let features = Command::new(workspace().join("scripts/features"))
            .output()
            .unwrap()
            .stdout;
        let status = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--workspace",
                "--bins",
                "--examples",
                "--features",
            ])
            .arg(String::from_utf8(features).unwrap().trim())
            .current_dir(workspace())
            .status()
            .unwrap();
        assert!(status.success(), "the shops do not build");
    });
    // This test runs in target/debug/deps.
    let deps = std::env::current_exe().unwrap();
    deps.parent().and_then(|deps| deps.parent()).unwrap().to_owned()
}

/// Sends one request over a connection of its own, without our client.
pub(crate) async fn http(method: &str, url: &str, body: Option<String>) -> (u16, serde_json::Value) {
    let (status, body) = text(method, url, body).await;
    (
        status,
        serde_json::from_str(&body).unwrap_or(serde_json::Value::Null),
    )
}

/// The same with the body as it is.
pub(crate) async fn text(method: &str, url: &str, body: Option<String>) -> (u16, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let exchange = async {
        let mut stream = tokio::net::TcpStream::connect(authority).await?;
        let body = body.unwrap_or_default();
        let length = body.len();
        let request = format!(
            "{method} /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&response).into_owned())
    };
    let Ok(response) = exchange.await else {
        return (0, String::new());
    };
    let status = response
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    let body = response.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}
