//! The messages between this peer and the process that measures it; docs/peer-protocol.md describes them.

use serde_json::{json, Map, Value};
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::process::exit;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const EXIT_FAILED: i32 = 1;
const PARENT_POLL: Duration = Duration::from_millis(500);

pub type Failure = Box<dyn Error + Send + Sync>;

/// The fields of an open command.
pub struct Order {
    pub strategy: String,
    pub origin: String,
    /// As it stands in a URL.
    pub run: String,
    pub jobs: usize,
    pub limit: usize,
    /// In ms, as it stands in a URL.
    pub delay: String,
    pub connections: usize,
}

/// A setting of the client, with its default and a reason where the value is another.
pub struct Setting {
    pub name: &'static str,
    pub value: String,
    pub default: Option<&'static str>,
    pub why: Option<&'static str>,
}

/// What this peer says of itself.
pub struct Abilities {
    pub versions: Vec<(&'static str, &'static str)>,
    pub strategies: &'static [(&'static str, &'static [&'static str])],
    pub client: &'static str,
    pub settings: Vec<Setting>,
}

/// Does the batch that was ordered. Dropping it closes the connections.
pub type Session<'a> = Box<dyn Fn() -> Result<Vec<String>, Failure> + 'a>;

/// Reports the abilities of this peer, then follows commands until stdin ends.
pub fn converse<'a>(abilities: Abilities, open: impl Fn(Order) -> Result<Session<'a>, Failure>) {
    // Ctrl-C reaches the whole process group; the parent decides what it means.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) };
    thread::spawn(end_with_parent);
    say(&ready(&abilities));
    let mut session = None;
    for line in lines() {
        session = follow(&line, session, &abilities, &open).unwrap_or_else(|error| fail(error));
    }
    exit(0);
}

/// The lines of stdin. Where it ends, this process ends, also in the middle of a batch, whose results have no reader.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
        exit(0);
    });
    receiver
}

fn end_with_parent() {
    let parent = unsafe { libc::getppid() };
    while unsafe { libc::getppid() } == parent {
        thread::sleep(PARENT_POLL);
    }
    exit(EXIT_FAILED);
}

/// Answers one command, and returns the session that is open afterwards.
fn follow<'a>(
    line: &str,
    session: Option<Session<'a>>,
    abilities: &Abilities,
    open: &impl Fn(Order) -> Result<Session<'a>, Failure>,
) -> Result<Option<Session<'a>>, Failure> {
    let command: Value = serde_json::from_str(line)?;
    let what = command["do"].as_str().unwrap_or("a line without do");
    match (what, session) {
        ("open", None) => {
            let opened = open(read_order(&command, abilities)?)?;
            say(&json!({ "opened": true }));
            Ok(Some(opened))
        }
        ("run", Some(current)) => {
            say(&measure(&current)?);
            Ok(Some(current))
        }
        ("close", Some(current)) => {
            drop(current);
            say(&json!({ "closed": true }));
            Ok(None)
        }
        _ => Err(format!("{what} is no command, or comes at the wrong time").into()),
    }
}

fn read_order(command: &Value, abilities: &Abilities) -> Result<Order, Failure> {
    let text = |name: &str| {
        command[name]
            .as_str()
            .map(str::to_owned)
            .ok_or(format!("open has no {name}"))
    };
    let count = |name: &str| {
        command[name]
            .as_u64()
            .map(|it| it as usize)
            .ok_or(format!("open has no {name}"))
    };
    let (workload, strategy) = (text("workload")?, text("strategy")?);
    let offered = abilities
        .strategies
        .iter()
        .any(|(name, able)| *name == workload && able.contains(&&*strategy));
    if !offered {
        return Err(format!("{workload} by {strategy} is not what this peer can do").into());
    }
    Ok(Order {
        strategy,
        origin: text("origin")?,
        run: percent_encoded(&text("run")?),
        jobs: count("jobs")?,
        limit: count("limit")?,
        delay: command["delayMs"].to_string(),
        connections: count("connections")?,
    })
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => (byte as char).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn measure(session: &Session) -> Result<Value, Failure> {
    let cpu_before = cpu_time();
    let start = Instant::now();
    let results = session();
    let wall = start.elapsed();
    let cpu = cpu_time() - cpu_before;
    Ok(json!({
        "wallMs": wall.as_secs_f64() * 1e3,
        "cpuMs": cpu.as_secs_f64() * 1e3,
        "computeMs": 0,
        "checksum": checksum(&results?),
    }))
}

/// The user and system time of all threads of this process.
fn cpu_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn checksum(results: &[String]) -> String {
    let mut hasher = crc32fast::Hasher::new();
    for result in results {
        hasher.update(result.as_bytes());
    }
    format!("{:08x}", hasher.finalize())
}

fn ready(abilities: &Abilities) -> Value {
    let versions: Map<String, Value> = abilities
        .versions
        .iter()
        .map(|(name, version)| (name.to_string(), json!(version)))
        .collect();
    let strategies: Map<String, Value> = abilities
        .strategies
        .iter()
        .map(|(workload, names)| (workload.to_string(), json!(names)))
        .collect();
    let settings: Vec<Value> = abilities.settings.iter().map(described).collect();
    json!({
        "ready": true,
        "versions": versions,
        "strategies": strategies,
        "client": abilities.client,
        "settings": settings,
    })
}

fn described(setting: &Setting) -> Value {
    let mut all = Map::from_iter([
        ("name".to_owned(), json!(setting.name)),
        ("value".to_owned(), json!(setting.value)),
    ]);
    if let (Some(default), Some(why)) = (setting.default, setting.why) {
        all.insert("default".to_owned(), json!(default));
        all.insert("why".to_owned(), json!(why));
    }
    Value::Object(all)
}

fn say(message: &Value) {
    let mut output = io::stdout().lock();
    if writeln!(output, "{message}")
        .and_then(|()| output.flush())
        .is_err()
    {
        exit(EXIT_FAILED);
    }
}

fn fail(error: Failure) -> ! {
    let mut text = error.to_string();
    if let Some(cause) = error.source() {
        text = format!("{text} ({cause})");
    }
    eprintln!("{}", text.split_whitespace().collect::<Vec<_>>().join(" "));
    exit(EXIT_FAILED);
}
