//! The socket under an SMTP connection: no delay, TLS where the settings ask for it.
//!
//! The conversation is our own for these reasons: the mail library leaves Nagle's
//! algorithm on (about 40 ms a message), bounds only the connecting by time, waits for
//! each answer although the server takes commands in groups, and reads ahead of
//! STARTTLS, so that words injected before the handshake would count as spoken
//! inside it. Here the bytes before the handshake are read one by one.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::kernel::{Code, Problem, Result};
use crate::outbox::settings::{Security, SmtpSettings};

/// A reply before TLS holds at most this many bytes (RFC 5321 section 4.5.3.1.5, times a few lines).
const PLAIN_BYTES: usize = 16 * 1024;

/// What is read in place of the greeting that was spoken before STARTTLS.
const GREETING: &[u8] = b"220 continued after STARTTLS\r\n";

/// A connected socket.
#[derive(Debug)]
pub(super) struct Socket {
    /// Handed out before anything that the server says.
    before: &'static [u8],
    stream: Stream,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Makes the TLS rules once: public authorities, and that of `ca_file`.
///
/// # Errors
/// [`Code::InvalidSetting`] when `ca_file` cannot be read as PEM.
pub(super) fn tls(settings: &SmtpSettings) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = &settings.ca_file {
        let wrong = |_| {
            Problem::with(
                Code::InvalidSetting,
                &[
                    ("setting", "mail.smtp.ca_file"),
                    ("why", "it must be a readable PEM file of certificates"),
                ],
            )
        };
        for certificate in CertificateDer::pem_file_iter(path).map_err(wrong)? {
            roots
                .add(certificate.map_err(wrong)?)
                .map_err(Problem::internal)?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Problem::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

impl Socket {
    /// Connects, up to the point where the server greets.
    pub(super) async fn connect(
        settings: &SmtpSettings,
        tls: &Arc<ClientConfig>,
        hello_name: &str,
    ) -> io::Result<Self> {
        let mut tcp = TcpStream::connect((settings.host.as_str(), settings.port)).await?;
        tcp.set_nodelay(true)?;
        let mut before: &[u8] = b"";
        if settings.security == Security::StartTls {
            start_tls(&mut tcp, hello_name).await?;
            before = GREETING;
        }
        let stream = if settings.security == Security::None {
            Stream::Plain(tcp)
        } else {
            let name = ServerName::try_from(settings.host.clone()).map_err(io::Error::other)?;
            let connector = TlsConnector::from(Arc::clone(tls));
            Stream::Tls(Box::new(connector.connect(name, tcp).await?))
        };
        Ok(Self { before, stream })
    }
}

/// Speaks the part of SMTP that comes before TLS; a server without STARTTLS is refused.
async fn start_tls(tcp: &mut TcpStream, hello_name: &str) -> io::Result<()> {
    expect(&plain_reply(tcp).await?, "220")?;
    tcp.write_all(format!("EHLO {hello_name}\r\n").as_bytes())
        .await?;
    let extensions = plain_reply(tcp).await?;
    expect(&extensions, "250")?;
    let offered = extensions.lines().any(|line| {
        line.get(4..)
            .is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))
    });
    if !offered {
        return Err(io::Error::other(
            "the server does not offer STARTTLS, which the settings require",
        ));
    }
    tcp.write_all(b"STARTTLS\r\n").await?;
    expect(&plain_reply(tcp).await?, "220")
}

/// Reads one reply byte by byte, so that nothing behind it is taken for spoken before TLS.
async fn plain_reply(tcp: &mut TcpStream) -> io::Result<String> {
    let (mut reply, mut line) = (Vec::new(), Vec::new());
    while reply.len() < PLAIN_BYTES && line.len() < PLAIN_BYTES {
        let byte = tcp.read_u8().await?;
        line.push(byte);
        if byte == b'\n' {
            let last = line.get(3) != Some(&b'-');
            reply.append(&mut line);
            if last {
                return Ok(String::from_utf8_lossy(&reply).into_owned());
            }
        }
    }
    Err(io::Error::other("the server's reply is too long"))
}

fn expect(reply: &str, code: &str) -> io::Result<()> {
    if reply.starts_with(code) {
        return Ok(());
    }
    let got: String = reply.chars().take(3).collect();
    Err(io::Error::other(format!(
        "the server answered {got} where {code} was due"
    )))
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let (now, later) = self.before.split_at(self.before.len().min(buf.remaining()));
            buf.put_slice(now);
            self.before = later;
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Stream::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Stream::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Stream::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
