//! The sandbox binary as a process, controlled by flags, files and admin API.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::watch,
};

use crate::{
    shops::{binary, http, text},
    tools::scratch,
};

/// A running `wechatpay sandbox`. Ends when it is dropped.
#[derive(Debug)]
pub struct SandboxProcess {
    url: String,
    folder: PathBuf,
    settings: BTreeMap<String, String>,
    lines: watch::Receiver<Vec<String>>,
    _child: Child,
}

impl SandboxProcess {
    /// Starts a sandbox on a free port with these flags.
    ///
    /// Its credentials go into a scratch folder of this name.
    ///
    /// # Panics
    /// When it does not come up within half a minute.
    pub async fn start(name: &str, flags: &[&str]) -> Self {
        let folder = scratch(name);
        let mut child = Command::new(binary("wechatpay"))
            .arg("sandbox")
            .args(["--port", "0", "--write-env"])
            .arg(&folder)
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, mut lines) = watch::channel(Vec::new());
        // Read to the end, or the process waits for somebody who does.
        tokio::spawn(async move {
            while let Ok(Some(line)) = output.next_line().await {
                sender.send_modify(|lines: &mut Vec<String>| lines.push(line));
            }
        });
        let ready =
            lines.wait_for(|lines: &Vec<String>| lines.iter().any(|line| line.starts_with("waiting")));
        tokio::time::timeout(Duration::from_secs(30), ready)
            .await
            .unwrap_or_else(|_| panic!("the sandbox says nothing"))
            .unwrap_or_else(|_| panic!("the sandbox ended"));
        let text = std::fs::read_to_string(folder.join(".env.sandbox")).unwrap();
        let settings: BTreeMap<String, String> = text
            .lines()
            .filter_map(|line| line.strip_prefix("WECHATPAY_")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
            .collect();
        Self {
            url: settings["BASE_URL"].clone(),
            folder,
            settings,
            lines,
            _child: child,
        }
    }

    /// Address of the sandbox.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Folder of the credentials.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Value of `WECHATPAY_<name>` in `.env.sandbox`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    /// Printed lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Asks the admin API.
    ///
    /// # Panics
    /// When the response is not 200.
    pub async fn get(&self, path: &str) -> Value {
        let (status, response) = http("GET", &self.api(path), None).await;
        assert_eq!(status, 200, "GET {path}: {response}");
        response
    }

    /// Sends a command to the admin API and waits for its completion.
    ///
    /// # Panics
    /// When the response is not 200.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, response) = http("POST", &self.api(path), Some(body.to_string())).await;
        assert_eq!(status, 200, "POST {path} {body}: {response}");
        response
    }

    /// HTML of a page of the dashboard.
    ///
    /// # Panics
    /// When the response is not 200.
    pub async fn page(&self, path: &str) -> String {
        let (status, page) = text("GET", &format!("{}/_sandbox{path}", self.url), None).await;
        assert_eq!(status, 200, "GET {path}: {page}");
        page
    }

    fn api(&self, path: &str) -> String {
        format!("{}/_sandbox/api{path}", self.url)
    }

    /// Passes credentials to a program of another language.
    ///
    /// The variables are `SANDBOX`, `MCHID`, `SUB_MCHID`, `APPID`, `SERIAL_NO`, `API_V3_KEY`, and the names of the key
    /// files.
    pub fn introduce(&self, command: &mut Command) {
        command.env("SANDBOX", &self.url).env("NO_PROXY", "*");
        for name in [
            "MCHID",
            "SUB_MCHID",
            "APPID",
            "SERIAL_NO",
            "API_V3_KEY",
            "PRIVATE_KEY_FILE",
            "PUBLIC_KEY_ID",
            "PUBLIC_KEY_FILE",
        ] {
            if let Some(value) = self.setting(name) {
                command.env(name, value);
            }
        }
    }
}
