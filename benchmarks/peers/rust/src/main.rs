//! Crawls with hyper on tokio, a task for each job.

mod conversation;
mod crawl;

use conversation::{converse, Abilities, Setting};
use std::env;

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
            let session = runtime.block_on(crawl::open(order))?;
            let runtime = &runtime;
            Ok(Box::new(move || runtime.block_on(session.run())))
        },
    );
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
