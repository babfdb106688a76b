//! Measures the account: a post-mortem of 500 entries on some sixty pages, as PDF, DOCX and the rest.
//!
//! `cargo bench --bench report`. The first PDF of the process is cold. A warm one is of another
//! incident, so that nothing but the fonts, the template and what both share was met before;
//! the same one again is told apart. With `TYPST_BIN` the same template and data are set by
//! that program, and with `TYPST_PYTHON` by the Python package `typst` of that interpreter
//! (`benches/peers/typst_report.py`), each with our two fonts and nothing else.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark that cannot go on stops"
)]

#[path = "../tests/it/reports/example.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod example;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant as Stopwatch};

use example::{at, both, entry, example};
use shodo::kernel::{Instant, Locale};
use shodo::reports::{Format, PostMortem, document, pdf, render};

const ENTRIES: u64 = 500;
const PDF_WARM: Duration = Duration::from_millis(300);
const DOCX: Duration = Duration::from_millis(300);

fn main() {
    let first = report(0);
    let watch = Stopwatch::now();
    let set = pdf::render(&document(&first, Locale::Ja)).expect("a PDF");
    let cold = watch.elapsed();
    println!(
        "{ENTRIES} entries on {} pages, {} bytes",
        set.pages.len(),
        set.bytes.len()
    );
    println!("PDF, cold: {cold:.1?}");
    let warm = median((1..8).map(|n| {
        let report = report(n);
        timed(|| {
            black_box(render(&report, Format::Pdf, Locale::Ja).expect("a PDF"));
        })
    }));
    say("PDF, warm, another incident", warm, PDF_WARM);
    let report = report(8);
    render(&report, Format::Pdf, Locale::Ja).expect("a PDF");
    let again = median((0..5).map(|_| {
        timed(|| {
            black_box(render(&report, Format::Pdf, Locale::Ja).expect("a PDF"));
        })
    }));
    println!("PDF, the same one again: {again:.1?}");
    for format in [Format::Docx, Format::Html, Format::Markdown, Format::Json] {
        let took = median((0..7).map(|_| {
            timed(|| {
                black_box(render(&report, format, Locale::Ja).expect("a file"));
            })
        }));
        say(&format!("{format}"), took, DOCX);
    }
    peers(&report, warm);
}

/// The same by the compiler's own programs.
fn peers(report: &PostMortem, ours: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, data) = pdf::sources(&document(report, Locale::Ja)).expect("data");
    std::fs::write(folder.path().join("report.typ"), source).expect("a file");
    std::fs::write(folder.path().join("report.json"), data.to_string()).expect("a file");
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts");
    if let Ok(program) = std::env::var("TYPST_BIN") {
        let one = || {
            timed(|| {
                let done = Command::new(&program)
                    .args(["compile", "--ignore-system-fonts", "--font-path"])
                    .arg(&fonts)
                    .args(["report.typ", "report.pdf"])
                    .current_dir(folder.path())
                    .status()
                    .expect("the program runs");
                assert!(done.success());
            })
        };
        one();
        compare(&program, median((0..5).map(|_| one())), ours);
    }
    if let Ok(python) = std::env::var("TYPST_PYTHON") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/typst_report.py");
        let done = Command::new(&python)
            .arg(script)
            .arg(&fonts)
            .current_dir(folder.path())
            .output()
            .expect("the program runs");
        let told = String::from_utf8_lossy(&done.stdout);
        let took = told.trim().parse().expect("seconds of one PDF");
        compare("typst of Python", Duration::from_secs_f64(took), ours);
    }
}

/// The example, its timeline grown; `n` tells one incident from another.
fn report(n: u64) -> PostMortem {
    let mut report = example();
    report.cover.number = format!("INC-2026-{n:04}");
    report.timeline = (1..=ENTRIES)
        .map(|seq| {
            let minute = (n * 7 + seq) % 60;
            let hour = (seq / 60 + n) % 24;
            let when = format!("2026-11-20T{hour:02}:{minute:02}:00+09:00");
            let recorded: Instant = at("2026-11-21T08:00:00+09:00");
            let words = both(
                &format!(
                    "{n}-{seq}件目。管理画面の操作記録を確認し、会員{seq}0人分の氏名とメールアドレスが\
                     閲覧された可能性があると判断した。担当部署に共有し、次の確認を{hour}時に行うことにした。\
                     記録の写しは証拠として保管した。"
                ),
                &format!(
                    "Number {n}-{seq}. The log of the console was read; names and addresses of \
                     {seq}0 members may have been seen. Shared with those in charge."
                ),
            );
            entry(seq, &when, &recorded.to_string(), both("記録", "Note"), words)
        })
        .collect();
    let decision = report.decisions.first().cloned().expect("a decision");
    report.decisions = (0..60)
        .map(|seq| {
            let mut decision = decision.clone();
            decision.text.ja = format!("{n}-{seq}：{}", decision.text.ja);
            decision
        })
        .collect();
    report
}

fn timed(work: impl FnOnce()) -> Duration {
    let watch = Stopwatch::now();
    work();
    watch.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn say(what: &str, took: Duration, limit: Duration) {
    let verdict = if took <= limit { "within" } else { "ABOVE" };
    println!("{what}: {took:.1?} ({verdict} {limit:?})");
}

fn compare(what: &str, theirs: Duration, ours: Duration) {
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{what}: {theirs:.1?}; ours is {ratio:.2} of it (limit 1.5)");
}
