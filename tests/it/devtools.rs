//! A headless Chromium and the few words of its DevTools protocol that tests need
//! (<https://chromedevtools.github.io/devtools-protocol/>). Every wait has an end, and the browser
//! ends with its [`Browser`].

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long a browser may take to start, and a page to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The names a browser goes by.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The browser of this machine: `TRADEOFF_CHROMIUM`, else the first of its usual names that starts.
pub(crate) fn installed() -> Option<String> {
    let given = std::env::var("TRADEOFF_CHROMIUM").ok();
    let candidates = given.map_or_else(|| NAMES.map(str::to_owned).to_vec(), |path| vec![path]);
    candidates.into_iter().find(|name| {
        let mut asked = Command::new(name);
        asked
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    })
}

/// A running browser with one page.
pub(crate) struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    asked: u64,
    /// What the page reported unasked: method and parameters.
    pub(crate) events: Vec<(String, Value)>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser without a window and opens an empty page in it.
    pub(crate) fn start(program: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ])
            .args([
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
            ])
            .args([
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .args(["--remote-debugging-port=0", "--window-size=1280,900"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .env("TMPDIR", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let socket =
            address(process.stderr.take().unwrap()).and_then(|address| connected(&address));
        let Some(socket) = socket else {
            let _ = process.kill();
            let _ = process.wait();
            panic!("`{program}` did not open its DevTools");
        };
        let mut browser = Self {
            process,
            socket,
            session: String::new(),
            asked: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let page = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", attach);
        attached["sessionId"]
            .as_str()
            .unwrap()
            .clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Asks the browser, or its page once there is one, and waits for the answer.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(message.to_string()))
            .unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            let mut answer = self.next(until, method);
            if answer["id"] == self.asked {
                assert!(
                    answer.get("error").is_none(),
                    "{method}: {}",
                    answer["error"]
                );
                return answer["result"].take();
            }
        }
    }

    /// Opens a file and waits until it is shown.
    pub(crate) fn open(&mut self, file: &Path) {
        self.events.clear();
        let address = format!("file://{}", file.display());
        self.call("Page.navigate", json!({"url": address}));
        let until = Instant::now() + PATIENCE;
        while !self
            .events
            .iter()
            .any(|(method, _)| method == "Page.loadEventFired")
        {
            self.next(until, "the page");
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", asked);
        assert!(
            answer.get("exceptionDetails").is_none(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].take()
    }

    /// The page as PNG.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let mut answer = self.call("Page.captureScreenshot", json!({"format": "png"}));
        decoded(&answer["data"].take())
    }

    /// Moves the pointer to a place of the window.
    pub(crate) fn point_at(&mut self, x: f64, y: f64) {
        self.call(
            "Input.dispatchMouseEvent",
            json!({"type": "mouseMoved", "x": x, "y": y}),
        );
    }

    /// Clicks at a place of the window.
    pub(crate) fn click(&mut self, x: f64, y: f64) {
        self.point_at(x, y);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key by its name.
    pub(crate) fn press(&mut self, key: &str) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "text": if kind == "keyDown" { text } else { "" }});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// The next message; what is no answer joins the events.
    fn next(&mut self, until: Instant, what: &str) -> Value {
        loop {
            assert!(Instant::now() < until, "no answer about {what}");
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if let Some(method) = message["method"].as_str() {
                        self.events
                            .push((method.to_owned(), message["params"].clone()));
                    }
                    return message;
                }
                Ok(_) => {}
                // The socket wakes every second so that the end of patience is noticed.
                Err(tungstenite::Error::Io(error)) if is_pause(&error) => {}
                Err(error) => panic!("{what}: {error}"),
            }
        }
    }
}

impl Drop for Browser {
    /// Lets the browser end by itself, which takes its own children and files along; if it does not, ends it.
    fn drop(&mut self) {
        let close = json!({"id": self.asked + 1, "method": "Browser.close"});
        let _ = self.socket.send(Message::text(close.to_string()));
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_pause(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    matches!(error.kind(), TimedOut | WouldBlock)
}

/// The address the browser announces; the rest of what it prints is read and forgotten, so that it never blocks.
fn address(stderr: impl Read + Send + 'static) -> Option<String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("DevTools listening on ") {
                let _ = tell.send(address.to_owned());
            }
        }
    });
    told.recv_timeout(PATIENCE).ok()
}

fn connected(address: &str) -> Option<WebSocket<TcpStream>> {
    let host = address.strip_prefix("ws://")?.split('/').next()?;
    let stream = TcpStream::connect(host).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let (socket, _) = tungstenite::client(address, stream).ok()?;
    let pause = Some(Duration::from_secs(1));
    socket.get_ref().set_read_timeout(pause).ok()?;
    Some(socket)
}

/// Bytes that the protocol gives as text.
pub(crate) fn decoded(text: &Value) -> Vec<u8> {
    use base64::Engine as _;
    let text = text.as_str().unwrap();
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}
