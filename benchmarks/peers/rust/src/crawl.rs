//! The batches of this peer, and the client that sends them.

use crate::conversation::{Failure, Order};
use hyper::client::HttpConnector;
use hyper::{body, Body, Client, Response, StatusCode, Uri};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

pub const STRATEGIES: &[(&str, &[&str])] = &[("crawl", &["serial", "semaphore", "promise-all"])];

/// Longer than any pause between batches.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// A client with its connections, and its order.
pub struct Crawl {
    client: Client<HttpConnector>,
    order: Order,
}

/// Opens the connections: an answer that is not read keeps its own, so no two requests share one.
pub async fn open(order: Order) -> Result<Crawl, Failure> {
    let client = Client::builder().pool_idle_timeout(IDLE_TIMEOUT).build_http();
    // Held until all are sent, since an early answer would lend its connection to a later request.
    let hold_ms = (order.connections / 5).max(50);
    let address: Uri = format!("{}/delay/{hold_ms}", order.origin).parse()?;
    let sent: Vec<_> = (0..order.connections)
        .map(|_| tokio::spawn(send(client.clone(), address.clone())))
        .collect();
    let mut answers = Vec::new();
    for one in sent {
        answers.push(one.await??);
    }
    for answer in answers {
        body::to_bytes(answer.into_body()).await?;
    }
    Ok(Crawl { client, order })
}

impl Crawl {
    /// The results in the order of the jobs.
    pub async fn run(&self) -> Result<Vec<String>, Failure> {
        match self.order.strategy.as_str() {
            "serial" => self.serially().await,
            "semaphore" => self.together(Some(self.order.limit)).await,
            _ => self.together(None).await,
        }
    }

    /// Closes the connections. Each ends in a task of its own, and with one thread those run only while this waits.
    pub async fn close(self) {
        let turns = self.order.connections + 100;
        drop(self.client);
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    }

    async fn serially(&self) -> Result<Vec<String>, Failure> {
        let mut results = Vec::with_capacity(self.order.jobs);
        for job in 0..self.order.jobs {
            results.push(get(self.client.clone(), self.address(job)?).await?);
        }
        Ok(results)
    }

    /// A task for each job, of which `limit` may send at once.
    async fn together(&self, limit: Option<usize>) -> Result<Vec<String>, Failure> {
        let places = limit.map(|most| Arc::new(Semaphore::new(most)));
        let mut tasks = Vec::with_capacity(self.order.jobs);
        for job in 0..self.order.jobs {
            let (client, address, places) = (self.client.clone(), self.address(job)?, places.clone());
            tasks.push(tokio::spawn(async move {
                let _place = match &places {
                    Some(semaphore) => Some(semaphore.acquire().await?),
                    None => None,
                };
                get(client, address).await
            }));
        }
        let mut results = Vec::with_capacity(tasks.len());
        for task in tasks {
            results.push(task.await??);
        }
        Ok(results)
    }

    fn address(&self, job: usize) -> Result<Uri, Failure> {
        let Order {
            origin, delay, run, ..
        } = &self.order;
        Ok(format!("{origin}/delay/{delay}?job={job}&run={run}").parse()?)
    }
}

fn get(client: Client<HttpConnector>, address: Uri) -> impl Future<Output = Result<String, Failure>> + Send {
    async move {
        let answer = send(client, address).await?;
        let bytes = body::to_bytes(answer.into_body()).await?;
        Ok(String::from_utf8(bytes.to_vec())?)
    }
}

/// An answer whose body is not read yet.
async fn send(client: Client<HttpConnector>, address: Uri) -> Result<Response<Body>, Failure> {
    let answer = client.get(address.clone()).await?;
    match answer.status() {
        StatusCode::OK => Ok(answer),
        status => Err(format!("the target answered {} to {address}", status.as_u16()).into()),
    }
}
