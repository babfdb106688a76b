//! An SMTP server in this process that does what a test tells it at each step, and is quick.
//!
//! It writes down every message before it answers the final dot, so that what it knows
//! is what a mail server would deliver.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use shodo::outbox::MailSettings;

use super::smtp::settings_for_port;

/// A step of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    Connect,
    Hello,
    Mail,
    Rcpt,
    Data,
    Dot,
}

impl At {
    pub const ALL: [Self; 6] = [
        Self::Connect,
        Self::Hello,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Dot,
    ];
}

/// What the server does at a step.
#[derive(Clone, Debug)]
pub enum Act {
    /// It agrees.
    Agree,
    /// It answers this; after 421 it closes.
    Say(&'static str),
    /// It never answers.
    Hang,
    /// It closes in the middle of an answer.
    CloseMidLine,
    /// It answers one byte a second.
    Drip,
}

/// Where a conversation stands when the script is asked.
pub struct Now<'a> {
    pub at: At,
    /// The recipient, once it was said.
    pub to: &'a str,
    /// How often this step was reached before, on all connections.
    pub before: usize,
    /// How many messages were taken on this connection.
    pub here: usize,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Told {
    pub message_id: String,
    pub to: String,
    /// The client's port: tells connections apart.
    pub peer: u16,
    /// How many commands had come in one piece when the first of them was read.
    pub pipelined: bool,
}

type Script = dyn Fn(&Now<'_>) -> Act + Send + Sync;

struct Inner {
    script: Box<Script>,
    pipelining: bool,
    reached: Mutex<HashMap<At, usize>>,
    told: Mutex<Vec<Told>>,
    over: AtomicBool,
    /// Whether DATA is answered 354 even when nobody was accepted (RFC 2920 section 3.1).
    eager: bool,
}

/// A running server; it ends with the value.
pub struct ScriptedSmtp {
    inner: Arc<Inner>,
    /// The port it listens on, at 127.0.0.1.
    pub port: u16,
}

impl ScriptedSmtp {
    /// A server that offers PIPELINING and follows a script.
    pub fn start(script: impl Fn(&Now<'_>) -> Act + Send + Sync + 'static) -> Self {
        Self::start_as(true, false, script)
    }

    /// A server with or without PIPELINING, eager or not.
    pub fn start_as(
        pipelining: bool,
        eager: bool,
        script: impl Fn(&Now<'_>) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let inner = Arc::new(Inner {
            script: Box::new(script),
            pipelining,
            reached: Mutex::default(),
            told: Mutex::default(),
            over: AtomicBool::new(false),
            eager,
        });
        let shared = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A client that goes away ends its conversation, and nothing else.
                thread::spawn(move || drop(shared.converse(&stream)));
            }
        });
        Self { inner, port }
    }

    /// What it took so far.
    pub fn told(&self) -> Vec<Told> {
        self.inner.told.lock().expect("no panic").clone()
    }

    /// How many messages it took so far.
    pub fn number(&self) -> usize {
        self.inner.told.lock().expect("no panic").len()
    }

    /// How often a step was reached.
    pub fn reached(&self, at: At) -> usize {
        let reached = self.inner.reached.lock().expect("no panic");
        reached.get(&at).copied().unwrap_or(0)
    }

    /// Settings that send to this server without TLS, with short waits.
    pub fn settings(&self) -> MailSettings {
        settings_for_port(self.port)
    }
}

impl Drop for ScriptedSmtp {
    fn drop(&mut self) {
        self.inner.over.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Agreed,
    Refused,
    /// The conversation is over.
    Closed,
}

impl Inner {
    /// What the script wants at a step.
    fn act(&self, at: At, to: &str, here: usize) -> Act {
        let before = {
            let mut reached = self.reached.lock().expect("no panic");
            let count = reached.entry(at).or_default();
            *count += 1;
            *count - 1
        };
        (self.script)(&Now {
            at,
            to,
            before,
            here,
        })
    }

    fn answer(&self, mut stream: &TcpStream, act: &Act, agreed: &str) -> std::io::Result<Ended> {
        match act {
            Act::Agree => stream.write_all(agreed.as_bytes())?,
            Act::Say(words) => {
                stream.write_all(format!("{words}\r\n").as_bytes())?;
                return Ok(match words.as_bytes() {
                    [b'4', b'2', b'1', ..] => Ended::Closed,
                    [b'2' | b'3', ..] => Ended::Agreed,
                    _ => Ended::Refused,
                });
            }
            Act::Hang => {
                while !self.over.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(50));
                }
                return Ok(Ended::Closed);
            }
            Act::CloseMidLine => {
                stream.write_all(b"25")?;
                return Ok(Ended::Closed);
            }
            Act::Drip => {
                for byte in agreed.bytes() {
                    stream.write_all(&[byte])?;
                    thread::sleep(Duration::from_secs(1));
                }
            }
        }
        Ok(Ended::Agreed)
    }

    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let ended = self.conversation(stream);
        drop(stream.shutdown(Shutdown::Both));
        ended
    }

    fn conversation(&self, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::with_capacity(64 * 1024, stream);
        let mut out = stream;
        let greeting = self.act(At::Connect, "", 0);
        if self.answer(stream, &greeting, "220 script.example.com\r\n")? != Ended::Agreed {
            return Ok(());
        }
        let mut told = Told {
            message_id: String::new(),
            to: String::new(),
            peer: stream.peer_addr()?.port(),
            pipelined: false,
        };
        let (mut sender, mut accepted, mut here) = (false, false, 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let (at, agreed) = match line.get(..4).unwrap_or_default() {
                "EHLO" if self.pipelining => (
                    At::Hello,
                    "250-script\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                ),
                "EHLO" => (At::Hello, "250-script\r\n250 8BITMIME\r\n"),
                "MAIL" => {
                    told.pipelined = !reader.buffer().is_empty();
                    (At::Mail, "250 2.1.0 OK\r\n")
                }
                "RCPT" => {
                    let inside = line.split(['<', '>']).nth(1);
                    told.to = inside.unwrap_or_default().to_owned();
                    (At::Rcpt, "250 2.1.5 OK\r\n")
                }
                "DATA" => (At::Data, "354 go on\r\n"),
                "RSET" => {
                    (sender, accepted) = (false, false);
                    out.write_all(b"250 2.0.0 OK\r\n")?;
                    continue;
                }
                "QUIT" => return out.write_all(b"221 2.0.0 bye\r\n"),
                _ => {
                    out.write_all(b"500 5.5.1 what?\r\n")?;
                    continue;
                }
            };
            // As a real server does: nothing follows what was refused, unless it is an eager one.
            let opened = accepted || (self.eager && sender);
            if (at == At::Rcpt && !sender) || (at == At::Data && !opened) {
                out.write_all(b"503 5.5.1 out of order\r\n")?;
                continue;
            }
            let act = self.act(at, &told.to, here);
            let agreed = match self.answer(stream, &act, agreed)? {
                Ended::Agreed => true,
                Ended::Refused => false,
                Ended::Closed => return Ok(()),
            };
            match at {
                At::Mail => (sender, accepted) = (agreed, false),
                At::Rcpt => accepted = agreed,
                At::Data if agreed => {
                    told.message_id = read_content(&mut reader)?;
                    if !accepted {
                        out.write_all(b"554 5.5.1 no valid recipients\r\n")?;
                    } else if self.dot(stream, &told, here)? == Ended::Closed {
                        return Ok(());
                    }
                    (sender, accepted) = (false, false);
                    here += 1;
                }
                _ => {}
            }
        }
    }

    /// The final dot: the message is taken before that is said, and also where it is never said.
    fn dot(&self, stream: &TcpStream, told: &Told, here: usize) -> std::io::Result<Ended> {
        let act = self.act(At::Dot, &told.to, here);
        let refuses = matches!(act, Act::Say(words) if !words.starts_with('2'));
        if !refuses {
            self.told.lock().expect("no panic").push(told.clone());
        }
        self.answer(stream, &act, "250 2.0.0 taken\r\n")
    }
}

/// Reads up to the final dot; gives the Message-ID.
fn read_content(reader: &mut impl BufRead) -> std::io::Result<String> {
    let (mut message_id, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(message_id);
        }
        if let Some(id) = line.strip_prefix("Message-ID: ") {
            id.trim_end().clone_into(&mut message_id);
        }
    }
}
