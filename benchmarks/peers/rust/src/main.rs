//! Crawls with hyper on tokio, a task for each job.

mod conversation;
mod crawl;

use conversation::{converse, Abilities, Failure, Setting};
use std::env;
use tokio::runtime::Runtime;

fn main() {
    // An argument asks for one core: tokio's scheduler for one thread.
    let one_core = env::args().nth(1).as_deref() == Some("one-core");
    let mut builder = if one_core {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let runtime = builder.enable_all().build().expect("tokio did not start");
    converse(
        Abilities {
            versions: vec![
                ("rustc", env!("PEER_RUSTC")),
                ("tokio", env!("PEER_TOKIO")),
                ("hyper", env!("PEER_HYPER")),
            ],
            strategies: crawl::STRATEGIES,
            client: "hyper",
            settings: settings(one_core),
        },
        |order| {
            let session = Session {
                runtime: &runtime,
                crawl: Some(runtime.block_on(crawl::open(order))?),
            };
            Ok(Box::new(move || session.run()))
        },
    );
}

/// A client that closes its connections when it is dropped.
struct Session<'a> {
    runtime: &'a Runtime,
    crawl: Option<crawl::Crawl>,
}

impl Session<'_> {
    fn run(&self) -> Result<Vec<String>, Failure> {
        let crawl = self.crawl.as_ref().ok_or("the client is closed")?;
        self.runtime.block_on(crawl.run())
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if let Some(crawl) = self.crawl.take() {
            self.runtime.block_on(crawl.close());
        }
    }
}

fn settings(one_core: bool) -> Vec<Setting> {
    let mut all = vec![
        Setting {
            name: "pool_max_idle_per_host",
            value: "no limit".into(),
            default: None,
            why: None,
        },
        Setting {
            name: "pool_idle_timeout",
            value: "600 s".into(),
            default: Some("90 s"),
            why: Some("No connection should close between batches."),
        },
    ];
    all.push(if one_core {
        Setting {
            name: "scheduler",
            value: "current_thread".into(),
            default: Some("multi_thread"),
            why: Some("This row shows what one core can do."),
        }
    } else {
        Setting {
            name: "scheduler",
            value: "multi_thread".into(),
            default: None,
            why: None,
        }
    });
    all
}
