//! Tells the program the versions of its compiler and of its libraries, which it says in its first line.

use std::env;
use std::fs;
use std::process::Command;

fn main() {
    let compiler = env::var("RUSTC").expect("cargo sets RUSTC");
    let said = Command::new(compiler)
        .arg("--version")
        .output()
        .expect("the compiler tells its version");
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    tell("RUSTC", text.split_whitespace().nth(1).unwrap_or("unknown"));
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    for library in ["tokio", "hyper"] {
        tell(
            &library.to_uppercase(),
            version_in(&lock, library).unwrap_or("unknown"),
        );
    }
}

fn tell(name: &str, value: &str) {
    println!("cargo:rustc-env=PEER_{name}={value}");
}

fn version_in<'a>(lock: &'a str, library: &str) -> Option<&'a str> {
    let start = lock.find(&format!("name = \"{library}\"\n"))?;
    lock[start..].split("version = \"").nth(1)?.split('"').next()
}
