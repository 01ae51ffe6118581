//! `wechatpay sandbox`: it says where it is, writes the keys, serves, and stops when told.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::wechatpay;

/// Takes the server along when a test fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_greets_serves_and_stops_when_told() {
    let directory = std::env::temp_dir().join(format!("wechatpay-sandbox-binary-{}", std::process::id()));
    let sandbox = wechatpay("sandbox")
        .args([
            "--port",
            "0",
            "--retry",
            "fast",
            "--clock",
            "manual",
            "--fault",
            "delay=1ms",
        ])
        .env("WECHATPAY_SANDBOX_KEYS", "mixed")
        .env("WECHATPAY_SANDBOX_WRITE_ENV", &directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut sandbox = Server(sandbox);
    let mut lines = BufReader::new(sandbox.0.stdout.take().unwrap()).lines();
    let mut greeting = Vec::new();
    while greeting
        .last()
        .is_none_or(|line: &String| !line.starts_with("waiting"))
    {
        greeting.push(lines.next().unwrap().unwrap());
    }
    assert!(greeting.len() <= 14, "{greeting:#?}");
    let text = greeting.join("\n");
    for words in [
        "1900000001",
        "public key and platform certificates",
        "15 within 24 min",
        "/_sandbox",
        ".env.sandbox",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let gateway = greeting.iter().find(|line| line.contains("gateway")).unwrap();
    let (_, address) = gateway.split_once("http://").unwrap();
    let env = std::fs::read_to_string(directory.join(".env.sandbox")).unwrap();
    assert!(
        env.contains(&format!("WECHATPAY_BASE_URL=http://{address}\n")),
        "{env}"
    );

    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /v3/certificates HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    let event = lines.next().unwrap().unwrap();
    assert!(
        event.contains("-->  GET  /v3/certificates   401  SIGN_ERROR: "),
        "{event}"
    );

    let pid = sandbox.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(sandbox.0.wait().unwrap().success());
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn help_is_short_and_a_fault_that_is_none_is_named() {
    let run = |arguments: &[&str]| wechatpay("sandbox").args(arguments).output().unwrap();
    let help = String::from_utf8(run(&["-h"]).stdout).unwrap();
    for flag in [
        "--port",
        "--keys",
        "--retry",
        "--seed",
        "--clock",
        "--strict",
        "--fault",
        "--log",
        "--write-env",
        "--state",
    ] {
        assert!(help.contains(flag), "{flag}: {help}");
    }
    for (flag, value, words) in [
        ("--fault", "nonsense", "nonsense"),
        ("--clock", "x0.5", "x60 for instance"),
        ("--clock", "60", "x60 for instance"),
        ("--clock", "xNaN", "x60 for instance"),
    ] {
        let bad = run(&[flag, value]);
        assert_eq!(bad.status.code(), Some(2));
        let text = String::from_utf8(bad.stderr).unwrap();
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn what_cannot_be_is_said_in_one_line() {
    for (flags, said) in [
        (
            &["--bind", "192.0.2.1", "--port", "1"][..],
            "error: cannot listen on 192.0.2.1:1: ",
        ),
        (
            &["--state", "never-written.json", "--fresh-keys"],
            "error: --state and --fresh-keys do not go together: ",
        ),
    ] {
        let output = wechatpay("sandbox").args(flags).output().unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.starts_with(said), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
    assert!(!std::path::Path::new("never-written.json").exists());
}

/// Responds 200 to everything, like many receivers at first.
fn yes_to_everything() -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            });
        }
    });
    address
}

#[test]
fn check_tries_a_receiver_and_says_by_its_status_whether_it_is_safe() {
    let sandbox = wechatpay("sandbox")
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut sandbox = Server(sandbox);
    let mut lines = BufReader::new(sandbox.0.stdout.take().unwrap()).lines();
    let gateway = lines.find_map(|line| {
        let line = line.unwrap();
        let (_, address) = line.split_once("http://").filter(|_| line.contains("gateway"))?;
        Some(format!("http://{}", address.split_whitespace().next()?))
    });
    let gateway = gateway.unwrap();
    let check = |url: &str, format: &str| {
        wechatpay("check")
            .args([url, "--sandbox", &gateway, "--format", format])
            .output()
            .unwrap()
    };
    let receiver = format!("http://{}/notify", yes_to_everything());
    for (format, words) in [
        ("text", "A4  the platform's signature probe"),
        ("json", r#""fatal":true"#),
        ("junit", "<failure type=\"fatal\" message=\"200\">"),
    ] {
        let output = check(&receiver, format);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(words), "{words}: {text}");
    }
    // Nobody there, and no URL at all: said in one line.
    for (url, words) in [
        ("http://127.0.0.1:1/notify", "nobody responds at"),
        ("notify", "this machine"),
        ("https://shop.example/notify", "this machine"),
    ] {
        let output = check(url, "text");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text.contains(words) && text.lines().count() == 1,
            "{words}: {text}"
        );
    }
}

/// A server with a state file, and its address.
fn with_state(file: &std::path::Path, more: &[&str]) -> (Server, String) {
    let sandbox = wechatpay("sandbox")
        .args(["--port", "0", "--state"])
        .arg(file)
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut sandbox = Server(sandbox);
    let mut lines = BufReader::new(sandbox.0.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| {
        let line = line.unwrap();
        let (_, address) = line.split_once("http://").filter(|_| line.contains("gateway"))?;
        Some(address.split_whitespace().next()?.to_owned())
    });
    // Somebody reads on, or the pipe is full some day.
    std::thread::spawn(move || lines.for_each(drop));
    (sandbox, address.unwrap())
}

/// Response of the admin API.
fn api(address: &str, call: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let (method, path) = call.split_once(' ').unwrap();
    write!(
        stream,
        "{method} /_sandbox/api/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    response.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn kill(sandbox: &mut Server, signal: &str) -> std::process::ExitStatus {
    let pid = sandbox.0.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
    assert!(sent.success());
    sandbox.0.wait().unwrap()
}

#[test]
fn the_state_outlives_the_process_whichever_way_it_ends() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = std::env::temp_dir().join(format!("wechatpay-sandbox-state-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("state.json");
    let manual = ["--clock", "manual", "--fault", "lost"];

    // Told to stop, it keeps all, the last moment included.
    let (mut sandbox, address) = with_state(&file, &manual);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    api(&address, "POST clock/advance", r#"{"by":"1d"}"#);
    api(&address, "POST faults", r#"{"do":"hang","times":2}"#);
    let faults = api(&address, "GET faults", "");
    let clock = api(&address, "GET clock", "");
    let taken = api(&address, "POST snapshot", "");
    assert!(kill(&mut sandbox, "-TERM").success());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), taken);

    // The same flags do not add the same fault again.
    let (mut sandbox, address) = with_state(&file, &manual);
    assert_eq!(api(&address, "GET clock", ""), clock);
    assert_eq!(api(&address, "GET faults", ""), faults);
    // Killed, it has what was saved by then: soon after it happened.
    api(&address, "POST clock/advance", r#"{"by":"1h"}"#);
    let (faults, clock) = (api(&address, "DELETE faults", ""), api(&address, "GET clock", ""));
    let taken = api(&address, "POST snapshot", "");
    eventually("it is saved", || {
        (std::fs::read_to_string(&file).unwrap() == taken).then_some(())
    });
    kill(&mut sandbox, "-KILL");
    let (mut sandbox, address) = with_state(&file, &["--clock", "manual"]);
    assert_eq!(api(&address, "GET clock", ""), clock);
    assert_eq!(api(&address, "GET faults", ""), faults);
    kill(&mut sandbox, "-KILL");

    // What is not its state is left as it is.
    let run = |arguments: &[&str]| {
        let output = wechatpay("sandbox")
            .args(["--port", "0", "--state"])
            .arg(&file)
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        text
    };
    // A day and an hour ahead of the system's clock.
    assert!(run(&[]).contains("than the clock of this sandbox shows"));
    assert!(run(&["--clock", "manual", "--keys", "cert"]).contains("with other keys"));
    for (broken, words) in [
        ("{", "state.json: this is no snapshot of a sandbox: "),
        (
            r#"{"version":999}"#,
            "state.json: the snapshot is of version 999;",
        ),
    ] {
        std::fs::write(&file, broken).unwrap();
        let text = run(&["--clock", "manual"]);
        assert!(text.contains(words), "{text}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), broken);
    }
    std::fs::remove_dir_all(&directory).unwrap();
    // Where nothing can be written, it does not start.
    assert!(run(&[]).contains("state.json: "));
}

#[test]
fn what_happens_before_the_greeting_is_over_is_saved_too() {
    let directory = std::env::temp_dir().join(format!("wechatpay-sandbox-early-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let (file, env) = (directory.join("state.json"), directory.join(".env.sandbox"));
    // More than a pipe holds, and nobody reads: the greeting waits.
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let stdout = writer.try_clone().unwrap();
    std::thread::spawn(move || writer.write_all(&[b'\n'; 1 << 20]));
    let sandbox = wechatpay("sandbox")
        .args(["--port", "0", "--state"])
        .arg(&file)
        .arg("--write-env")
        .arg(&directory)
        .stdout(stdout)
        .spawn()
        .unwrap();
    let mut sandbox = Server(sandbox);
    let address = eventually("it says where it is", || {
        let text = std::fs::read_to_string(&env).ok()?;
        let (_, address) = text.split_once("WECHATPAY_BASE_URL=http://")?;
        let (address, _) = address.split_once('\n')?;
        Some(address.to_owned())
    });
    api(&address, "POST faults", r#"{"do":"hang","times":2}"#);
    let taken = api(&address, "POST snapshot", "");
    std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    eventually("it is saved", || is_in(&file, &taken));
    kill(&mut sandbox, "-KILL");
    std::fs::remove_dir_all(&directory).unwrap();
}

/// Returns `Some` if the file has the expected state, whenever it was saved.
fn is_in(file: &std::path::Path, taken: &str) -> Option<()> {
    let world = |text: &str| text.split_once("\"world\"").map(|(_, world)| world.to_owned());
    (world(&std::fs::read_to_string(file).ok()?)? == world(taken)?).then_some(())
}

/// Polls `look` until it returns something, a minute at most.
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for tries in 0.. {
        if let Some(found) = look() {
            return found;
        }
        assert!(tries < 3000, "it did not come about that {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    unreachable!()
}

#[test]
fn two_processes_do_not_share_a_state_file() {
    let directory = std::env::temp_dir().join(format!("wechatpay-sandbox-lock-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("state.json");
    let refused = || {
        let output = wechatpay("sandbox")
            .args(["--port", "0", "--state"])
            .arg(&file)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let said = format!("error: {}: another sandbox that runs", file.display());
        assert!(
            text.starts_with(&said) && text.contains("stop that one"),
            "{text}"
        );
    };

    // The first one goes on, and has what it had.
    let (mut first, address) = with_state(&file, &["--clock", "manual"]);
    refused();
    api(&address, "POST faults", r#"{"do":"hang","times":2}"#);
    let taken = api(&address, "POST snapshot", "");
    // Saving replaces the file, and not what is locked.
    eventually("it is saved", || is_in(&file, &taken));
    refused();
    // Another file is another sandbox's.
    let (mut other, _) = with_state(&directory.join("other.json"), &[]);
    kill(&mut other, "-KILL");

    // Whichever way it ends, the next one may have the file at once.
    let faults = api(&address, "GET faults", "");
    kill(&mut first, "-KILL");
    let (mut second, address) = with_state(&file, &["--clock", "manual"]);
    assert_eq!(api(&address, "GET faults", ""), faults);
    refused();
    assert!(kill(&mut second, "-TERM").success());
    let (mut third, _) = with_state(&file, &["--clock", "manual"]);
    kill(&mut third, "-KILL");
    std::fs::remove_dir_all(&directory).unwrap();
}
