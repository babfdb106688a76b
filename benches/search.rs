//! Measures the search: words of two, three and six letters among 100,000 made-up entries.
//!
//! `cargo bench --bench search`. `BENCH_ENTRIES` (100,000) documents of made-up Japanese over 50
//! incidents are put into the index; then each question is asked `BENCH_ROUNDS` (200) times, its first
//! page and the next one, of 20 hits, with snippets. SQLite, or the database of `BENCH_POSTGRES_URL`
//! in a schema that must be empty. `BENCH_DIR` is the folder on whose disk it is measured.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::time::Instant as Stopwatch;

use shodo::kernel::{Instant, LocaleText};
use shodo::search::{self, Document, Question, Room};
use shodo::store::{DatabaseUrl, Store};

const LIMIT_MS: f64 = 50.0;
const INCIDENTS: usize = 50;
const BATCH: usize = 1_000;
const PAGE: usize = 20;
/// Thirty seconds between two entries.
const APART: i64 = 30_000_000;

/// Pieces of sentences; each entry is made of one of each row.
const WHO: [&str; 8] = [
    "委託先の担当者が",
    "会員サイトの運用班が",
    "法務部と相談のうえ",
    "コールセンターで",
    "夜間の当番が",
    "本社の情報システム部が",
    "監視サービスの通知により",
    "調査会社の技術者が",
];
const WHAT: [&str; 10] = [
    "アクセスログを確認し",
    "管理者アカウントを停止し",
    "バックアップの保存先を調べ",
    "通知文の案を見直し",
    "対象期間の記録を突き合わせ",
    "名簿の件数を数え直し",
    "脆弱性の修正を適用し",
    "問い合わせの内容を整理し",
    "外部との通信を遮断し",
    "設定の変更履歴をたどり",
];
const THEN: [&str; 9] = [
    "不審な操作がないことを確かめた。",
    "次の手順に進むこととした。",
    "監督官庁への報告に反映した。",
    "取得された項目が一部に限られると分かった。",
    "翌朝までに結果をまとめる。",
    "原因はまだ確認中である。",
    "関係者に電話で伝えた。",
    "再発を防ぐ措置を検討する。",
    "証拠として封印した。",
];

/// (what it stands for, words): every entry, one in nine, one in thousands, none.
const QUESTIONS: [(&str, &str); 9] = [
    ("2, common", "した"),
    ("2, one in ten", "名簿"),
    ("2, rare", "鰯雲"),
    ("3, common", "確認し"),
    ("3, rare", "鰯雲作"),
    ("6, common", "アクセスログ"),
    ("6, rare", "鰯雲作戦の件"),
    ("6, none", "存在しない話"),
    ("2+3, two words", "法務 ログを"),
];

fn main() {
    let entries = number("BENCH_ENTRIES", 100_000);
    let rounds = number("BENCH_ROUNDS", 200);
    let folder = tempfile::tempdir_in(std::env::var("BENCH_DIR").unwrap_or_else(|_| ".".into()))
        .expect("a folder for the measurement");
    let postgres = std::env::var("BENCH_POSTGRES_URL").ok();
    let url = postgres.unwrap_or(format!(
        "sqlite:{}",
        folder.path().join("search.db").display()
    ));
    let store =
        Store::open(DatabaseUrl::parse(&url, true).expect("an address")).expect("a database");
    store.migrate().expect("the schema");
    let watch = Stopwatch::now();
    laid_out(&store, entries);
    let seconds = watch.elapsed().as_secs_f64();
    println!("{entries} entries put in, in {seconds:.1} s");
    let mut worst = 0.0_f64;
    for (about, words) in QUESTIONS {
        let first = asked(&store, words, None, rounds);
        let next = first
            .next
            .map(|before| asked(&store, words, Some(before), rounds));
        worst = worst.max(first.p99);
        let second = next.map_or("no second page".to_owned(), |page| {
            worst = worst.max(page.p99);
            format!("next page p50 {:.2} ms, p99 {:.2} ms", page.p50, page.p99)
        });
        println!(
            "{about} 「{words}」: {} hits, p50 {:.2} ms, p99 {:.2} ms; {second}",
            first.hits, first.p50, first.p99
        );
    }
    println!("slowest p99 {worst:.2} ms (limit {LIMIT_MS} ms)");
}

struct Measured {
    hits: usize,
    next: Option<i64>,
    p50: f64,
    p99: f64,
}

/// Asks one page so many times.
fn asked(store: &Store, words: &str, before: Option<i64>, rounds: usize) -> Measured {
    let question = Question {
        words: words.to_owned(),
        before,
        limit: PAGE,
        ..Question::default()
    };
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..rounds {
        let watch = Stopwatch::now();
        let found = store.read_blocking(|conn| search::find(conn, &question));
        times.push(watch.elapsed().as_secs_f64() * 1_000.0);
        last = Some(found.expect("an answer"));
    }
    times.sort_by(f64::total_cmp);
    let last = last.expect("a round");
    Measured {
        hits: last.hits.len(),
        next: last.next,
        p50: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
    }
}

fn laid_out(store: &Store, entries: usize) {
    for first in (0..entries).step_by(BATCH) {
        let laid = store.write_blocking(|tx| {
            (first..entries.min(first + BATCH))
                .try_for_each(|number| search::put(tx, &entry(number)))
        });
        laid.expect("entries");
    }
}

fn entry(number: usize) -> Document {
    // Large odd steps, so that neighbours differ in every part.
    let piece = |row: &[&str], step: usize| row[(number * step / 7) % row.len()].to_owned();
    let mut text = piece(&WHO, 11) + &piece(&WHAT, 13) + "、" + &piece(&THEN, 17);
    text += &format!("（第{number}号）");
    if number % 5_000 == 1 {
        text += "鰯雲作戦の件として扱う。";
    }
    let at = i64::try_from(number).expect("a small number") * APART;
    Document {
        incident_id: format!("incident-{}", number % INCIDENTS),
        room: Room::Entry,
        reference: number.to_string(),
        title: LocaleText::default(),
        text: LocaleText {
            en: text.clone(),
            ja: text,
        },
        recorded_at: Instant::from_micros(1_790_000_000_000_000 + at),
    }
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}
