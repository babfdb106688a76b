//! The real binary as a child process, in a folder of its own and an empty environment.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server in a debug build may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command of the binary that sees nothing of this machine's settings.
pub fn shodo<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shodo"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Output {
    command.output().expect("the binary starts")
}

/// Runs a command that must succeed, and gives what it printed.
pub fn printed(command: &mut Command) -> String {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?} ended with {}: {}",
        output.status,
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// Runs a command with something to read.
pub fn run_with_input(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_owned();
    // Beside the reading: a full pipe in both directions would stop both sides for good.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer
        .join()
        .expect("no panic")
        .expect("it reads its input");
    output
}

/// What a process wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// An address of this machine where nobody listens.
pub fn free_address() -> String {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .to_string()
}

/// A running server; it is killed with the value.
pub struct Server {
    process: Child,
    lines: Receiver<String>,
    /// Where it listens, `http://127.0.0.1:…`.
    pub address: String,
}

impl Server {
    /// Starts `serve` with what the command says, and waits until it says that it is ready.
    pub fn start(mut command: Command) -> Self {
        let address = free_address();
        let mut process = command
            .args(["--listen", &address])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = lines_of(process.stdout.take().expect("its output is piped"));
        let errors = lines_of(process.stderr.take().expect("its output is piped"));
        let ready = lines.recv_timeout(PATIENCE).unwrap_or_default();
        if !ready.contains("is ready at") {
            drop(process.kill());
            drop(process.wait());
            panic!(
                "the server did not become ready: {ready}\n{}",
                errors.iter().collect::<Vec<_>>().join("\n")
            );
        }
        Self {
            process,
            lines,
            address: format!("http://{address}"),
        }
    }

    /// The next line that it prints.
    pub fn line(&self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the server printed nothing for a minute"),
        }
    }

    /// Whether it has printed nothing more so far.
    pub fn is_silent(&self) -> bool {
        self.lines.recv_timeout(Duration::from_millis(200)).is_err()
    }

    /// Asks it to stop as an operator or a service manager does; gives how it ended, and how long that took.
    pub fn terminate(mut self) -> (ExitStatus, Duration) {
        let asked = Instant::now();
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -TERM {}", self.process.id())])
            .status()
            .expect("a shell");
        assert!(sent.success());
        while asked.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().expect("our own child") {
                return (status, asked.elapsed());
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop within a minute");
    }

    /// Ends it as a crash does, with nothing finished (SIGKILL).
    pub fn kill(mut self) {
        self.process.kill().expect("our own child");
        self.process.wait().expect("our own child");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Reads to the end in a thread, so that the process never waits for a reader.
fn lines_of(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            // Nobody may be listening any more; the pipe is emptied all the same.
            drop(sender.send(line));
        }
    });
    receiver
}
