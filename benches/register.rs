//! Measures the register of affected people against what the databases themselves need.
//!
//! `cargo bench --bench register` makes one file of a million made-up people,
//! then, three times in one run: `sqlite3 .import` of it into a plain table with
//! three indexes, and our import of the same file (each in a process of its own,
//! whose peak of resident memory is read from the kernel). With
//! `BENCH_POSTGRES_URL` the same against `psql \copy`. Then pages and look-ups at
//! a thousand and a million people, the export of all of them as a workbook, and
//! the import of a workbook with every text among its shared strings, as Excel
//! writes it. `BENCH_ROWS` and `BENCH_ROUNDS` make it shorter.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops"
)]

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant as Stopwatch};

use shodo::affected::export::{self, ExportContent, ExportFormat, NewExport};
use shodo::affected::intake::{self, Outcome};
use shodo::affected::{self, Channel, Filter, NewRoster, register, rosters};
use shodo::evidence::{self, Files, Upload};
use shodo::kernel::{Clock, Locale, Redacted};
use shodo::store::{DatabaseUrl, Store};
use shodo::timeline::Actor;
use shodo::vault::{Scope, Vault};

const INCIDENT: &str = "0199aaaa-0000-7000-8000-000000000001";
const HEADER: &str = "会員番号,氏名,フリガナ,メールアドレス,電話番号,国,生年月日,住所";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--child") {
        return child(&arguments[at + 1..]);
    }
    let rows: usize = number("BENCH_ROWS", 1_000_000);
    let rounds: usize = number("BENCH_ROUNDS", 3);
    let folder = tempfile::tempdir_in(std::env::var("BENCH_DIR").unwrap_or_else(|_| ".".into()))
        .expect("a folder for the measurement");
    let csv = folder.path().join("roster.csv");
    write_csv(&csv, rows);
    let size = fs::metadata(&csv).expect("the file").len();
    println!("{rows} rows, 8 columns, {:.0} MB", size as f64 / 1e6);

    let mut plain = Vec::new();
    let mut ours = Vec::new();
    let mut memory = Vec::new();
    for round in 0..rounds {
        let database = folder.path().join(format!("plain-{round}.db"));
        let seconds = sqlite_import(&database, &csv);
        fs::remove_file(&database).ok();
        let data = folder.path().join(format!("ours-{round}"));
        let url = format!("sqlite:{}", data.join("shodo.db").display());
        let run = import_child(&data, &url, &csv);
        println!(
            "round {round}: sqlite3 .import {seconds:.2} s, shodo {:.2} s ({:.2} s of it looking the file through), ratio {:.2}, peak {:.0} MB",
            run.seconds,
            run.survey,
            run.seconds / seconds,
            run.peak
        );
        plain.push(seconds);
        ours.push(run.seconds);
        memory.push(run.peak);
        if round + 1 < rounds {
            fs::remove_dir_all(&data).ok();
        }
    }
    let (a, b) = (median(&mut plain), median(&mut ours));
    println!(
        "SQLite medians: {a:.2} s, {b:.2} s, ratio {:.2} (limit 1.5); peak {:.0} MB (limit 150)",
        b / a,
        median(&mut memory)
    );

    if let Ok(url) = std::env::var("BENCH_POSTGRES_URL") {
        let (mut plain, mut ours, mut memory) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            let seconds = postgres_copy(&url, &csv);
            let schema = format!("bench_{}_{round}", std::process::id());
            psql(&url, &format!("CREATE SCHEMA {schema}"));
            let data = folder.path().join(format!("pg-{round}"));
            let ours_url = format!("{url}?options=-csearch_path%3D{schema}");
            let run = import_child(&data, &ours_url, &csv);
            println!(
                "round {round}: \\copy {seconds:.2} s, shodo {:.2} s, ratio {:.2}, peak {:.0} MB",
                run.seconds,
                run.seconds / seconds,
                run.peak
            );
            plain.push(seconds);
            ours.push(run.seconds);
            memory.push(run.peak);
            psql(&url, &format!("DROP SCHEMA {schema} CASCADE"));
        }
        let (a, b) = (median(&mut plain), median(&mut ours));
        println!(
            "PostgreSQL medians: {a:.2} s, {b:.2} s, ratio {:.2} (limit 1.6); peak {:.0} MB",
            b / a,
            median(&mut memory)
        );
    }

    let large = folder.path().join(format!("ours-{}", rounds - 1));
    let small = folder.path().join("small");
    let thousand = folder.path().join("thousand.csv");
    write_csv(&thousand, 1_000);
    import_child(
        &small,
        &format!("sqlite:{}", small.join("shodo.db").display()),
        &thousand,
    );
    let few = queries(&small);
    let many = queries(&large);
    for ((what, few), (_, many)) in few.iter().zip(&many) {
        println!(
            "{what}: p99 {:.2} ms at 1,000, {:.2} ms at {rows}, ratio {:.2} (limit 1.5)",
            few.as_secs_f64() * 1e3,
            many.as_secs_f64() * 1e3,
            many.as_secs_f64() / few.as_secs_f64()
        );
    }

    let run = export_child(&large);
    println!(
        "export of {rows} people to XLSX: {:.2} s, {:.0} MB, peak {:.0} MB (limit 100)",
        run.seconds, run.size, run.peak
    );
    fs::remove_dir_all(&large).ok();
    let workbook = folder.path().join("roster.xlsx");
    write_workbook(&workbook, &csv);
    let data = folder.path().join("workbook");
    let url = format!("sqlite:{}", data.join("shodo.db").display());
    let run = import_child(&data, &url, &workbook);
    println!(
        "import of a workbook of {rows} rows ({:.0} MB): {:.2} s ({:.2} s of it looking it through), peak {:.0} MB (limit 200)",
        fs::metadata(&workbook).expect("the file").len() as f64 / 1e6,
        run.seconds,
        run.survey,
        run.peak
    );
}

struct Run {
    seconds: f64,
    survey: f64,
    peak: f64,
}

/// What runs in a process of its own: `import DATA_DIR DATABASE_URL FILE`, or `export DATA_DIR`.
fn child(arguments: &[String]) {
    let [_, data, url, csv] = arguments else {
        return export_all(Path::new(&arguments[1]));
    };
    let data = PathBuf::from(data);
    fs::create_dir_all(&data).expect("the data folder");
    let (store, vault, files) = open(&data, url);
    store.migrate().expect("migrations");
    let clock = Clock::default();
    let actor = Actor::account("0199aaaa-0000-7000-8000-0000000000aa");
    let now = clock.now();
    let scope = Scope::people(INCIDENT);
    let key = store
        .write_blocking(|tx| vault.key(tx, &scope, now))
        .expect("a key");
    let upload = Upload {
        incident_id: INCIDENT,
        scope: &scope,
        name: "roster.csv",
        media_type: "text/csv",
        note: "",
        limit: u64::MAX,
    };
    let file = File::open(csv).expect("the file");
    let prepared = evidence::prepare(&files, &key, now, upload, file).expect("sealed");
    let sealed = store
        .write_blocking(|tx| evidence::record(tx, &actor, now, prepared))
        .expect("recorded")
        .evidence;
    // From here on, as when the upload has come in: looked through, confirmed, imported.
    let watch = Stopwatch::now();
    let (_, file) = store
        .read_blocking(|conn| evidence::reader(conn, &vault, &files, now, &sealed.id))
        .expect("readable");
    let inspection = rosters::inspect(file, None).expect("a roster");
    let survey = watch.elapsed().as_secs_f64();
    let roster = store
        .write_blocking(|tx| {
            let new = NewRoster {
                data_items: vec!["full_name".into()],
                ..NewRoster::default()
            };
            let roster =
                rosters::receive(tx, &actor, now, INCIDENT, &sealed.id, &new, &inspection)?;
            let columns = inspection.layout.columns.clone();
            rosters::confirm(
                tx,
                &actor,
                now,
                &roster.id,
                &columns,
                &inspection.header_digest,
            )
        })
        .expect("confirmed");
    let outcome = intake::import(&store, &vault, &files, &clock, &roster.id, |_, _, _| Ok(()))
        .expect("imported");
    let seconds = watch.elapsed().as_secs_f64();
    assert_eq!(outcome, Outcome::Finished);
    let done = store
        .read_blocking(|conn| rosters::roster(conn, &roster.id))
        .expect("the roster");
    assert_eq!(done.people_added + done.duplicates, done.rows);
    println!("{seconds} {survey} {}", peak());
}

/// Writes everybody into a workbook, as the exporter of the server does.
fn export_all(data: &Path) {
    let (store, vault, files) = open(data, &format!("sqlite:{}", data.join("shodo.db").display()));
    let clock = Clock::default();
    let actor = Actor::account("0199aaaa-0000-7000-8000-0000000000aa");
    let new = NewExport {
        content: ExportContent::Register,
        format: ExportFormat::Xlsx,
        filter: Filter::default(),
        roster: None,
        reason: "measurement".into(),
        locale: Locale::Ja,
        notice: None,
    };
    let watch = Stopwatch::now();
    let ordered = store
        .write_blocking(|tx| export::request(tx, &actor, clock.now(), INCIDENT, new))
        .expect("ordered");
    let outcome =
        export::run(&store, &vault, &files, &clock, &NoPress, &ordered.id).expect("written");
    let seconds = watch.elapsed().as_secs_f64();
    assert_eq!(outcome, export::Outcome::Finished);
    let done = store
        .read_blocking(|conn| export::find(conn, &ordered.id))
        .expect("the export");
    println!("{seconds} {} {}", done.size as f64 / 1e6, peak());
}

struct Exported {
    seconds: f64,
    size: f64,
    peak: f64,
}

fn export_child(data: &Path) -> Exported {
    let [seconds, size, peak] = figures(Command::new(this_program()).args([
        "--child".as_ref(),
        "export".as_ref(),
        data.as_os_str(),
    ]));
    Exported {
        seconds,
        size,
        peak,
    }
}

fn import_child(data: &Path, url: &str, csv: &Path) -> Run {
    let [seconds, survey, peak] = figures(
        Command::new(this_program())
            .args(["--child", "import"])
            .args([data.as_os_str(), url.as_ref(), csv.as_os_str()]),
    );
    Run {
        seconds,
        survey,
        peak,
    }
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("this program")
}

/// The three numbers that a child says.
fn figures(child: &mut Command) -> [f64; 3] {
    let output = child
        .stderr(Stdio::inherit())
        .output()
        .expect("the child runs");
    let text = String::from_utf8(output.stdout).expect("figures");
    let figures: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    figures
        .try_into()
        .unwrap_or_else(|_| panic!("the child said {text:?}"))
}

/// The same people as a workbook with every text once among the shared strings.
fn write_workbook(path: &Path, csv: &Path) {
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(path).expect("the file")));
    let options = zip::write::SimpleFileOptions::default()
        .large_file(true)
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, text) in [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="会員" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
    ] {
        zip.start_file(name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    let lines = || BufReader::new(File::open(csv).expect("the file")).lines();
    let mut numbers = HashMap::<String, usize>::new();
    let mut order = Vec::new();
    zip.start_file("xl/worksheets/sheet1.xml", options)
        .expect("a part");
    write!(zip, r#"<worksheet xmlns="{MAIN}"><sheetData>"#).expect("written");
    for line in lines() {
        zip.write_all(b"<row>").expect("written");
        for cell in line.expect("a line").split(',') {
            let number = *numbers.entry(cell.to_owned()).or_insert_with(|| {
                order.push(cell.to_owned());
                order.len() - 1
            });
            write!(zip, r#"<c t="s"><v>{number}</v></c>"#).expect("written");
        }
        zip.write_all(b"</row>").expect("written");
    }
    write!(zip, "</sheetData></worksheet>").expect("written");
    zip.start_file("xl/sharedStrings.xml", options)
        .expect("a part");
    write!(zip, r#"<sst xmlns="{MAIN}">"#).expect("written");
    for text in order {
        write!(zip, "<si><t>{text}</t></si>").expect("written");
    }
    write!(zip, "</sst>").expect("written");
    zip.finish().expect("the workbook");
}

/// The slowest of a hundred of each question that a page asks, after a warm-up.
fn queries(data: &Path) -> Vec<(&'static str, Duration)> {
    let (store, vault, _) = open(data, &format!("sqlite:{}", data.join("shodo.db").display()));
    let now = Clock::default().now();
    let page = |filter: Filter, limit: usize, deep: bool| {
        store
            .read_blocking(|conn| {
                let first = register::page(conn, &vault, now, INCIDENT, &filter, None, limit)?;
                affected::counts(conn, INCIDENT)?;
                if deep && let Some(next) = first.next {
                    register::page(conn, &vault, now, INCIDENT, &filter, Some(next), limit)?;
                }
                Ok(first.people.len())
            })
            .expect("a page")
    };
    // Five of a thousand live there, so five are shown of a million, too: the pages are equal.
    let rare = || Filter {
        country: Some("IE".into()),
        ..Filter::default()
    };
    let common = || Filter {
        channel: Some(Channel::Phone),
        ..Filter::default()
    };
    let look_up = |number: usize| {
        let contact = Redacted::new(format!("u{}@example.jp", number * 7 % 1_000));
        store
            .read_blocking(|conn| affected::look_up(conn, &vault, now, INCIDENT, &contact))
            .expect("an answer")
            .people
            .len()
    };
    vec![
        (
            "register page",
            slowest(|_| page(Filter::default(), 50, true)),
        ),
        ("filter, common", slowest(|_| page(common(), 50, true))),
        ("filter, rare", slowest(|_| page(rare(), 5, false))),
        ("look-up by e-mail", slowest(look_up)),
    ]
}

fn slowest(mut ask: impl FnMut(usize) -> usize) -> Duration {
    for number in 0..20 {
        ask(number);
    }
    let mut times: Vec<_> = (0..300)
        .map(|number| {
            let watch = Stopwatch::now();
            ask(number);
            watch.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() * 99 / 100]
}

fn open(data: &Path, url: &str) -> (Store, Vault, Files) {
    let url = DatabaseUrl::parse(url, false).expect("an address");
    (
        Store::open(url).expect("a database"),
        Vault::open_or_create(data).expect("keys"),
        Files::in_data_dir(data),
    )
}

fn sqlite_import(database: &Path, csv: &Path) -> f64 {
    let columns = "number TEXT, name TEXT, kana TEXT, email TEXT, phone TEXT, country TEXT, born TEXT, address TEXT";
    let script = format!(
        "CREATE TABLE roster ({columns});\n\
         CREATE INDEX roster_number ON roster (number);\n\
         CREATE INDEX roster_email ON roster (email);\n\
         CREATE INDEX roster_phone ON roster (phone);\n\
         .import --csv --skip 1 {} roster\n",
        csv.display()
    );
    timed(Command::new("sqlite3").arg(database), &script)
}

fn postgres_copy(url: &str, csv: &Path) -> f64 {
    psql(
        url,
        "DROP TABLE IF EXISTS plain_roster; \
         CREATE TABLE plain_roster (number TEXT, name TEXT, kana TEXT, email TEXT, phone TEXT, country TEXT, born TEXT, address TEXT); \
         CREATE INDEX ON plain_roster (number); CREATE INDEX ON plain_roster (email); CREATE INDEX ON plain_roster (phone)",
    );
    let script = format!("\\copy plain_roster FROM '{}' CSV HEADER\n", csv.display());
    timed(Command::new("psql").args(["-q", url]), &script)
}

fn psql(url: &str, statement: &str) {
    let done = Command::new("psql")
        .args(["-q", url, "-c", statement])
        .status();
    assert!(done.expect("psql runs").success(), "{statement}");
}

fn timed(command: &mut Command, script: &str) -> f64 {
    let watch = Stopwatch::now();
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(script.as_bytes())
        .expect("the script");
    assert!(child.wait().expect("its end").success());
    watch.elapsed().as_secs_f64()
}

/// Made-up people: names and places of common words, mail at example.jp, telephones that nobody has.
fn write_csv(path: &Path, rows: usize) {
    const FAMILY: [(&str, &str); 8] = [
        ("山田", "ヤマダ"),
        ("髙橋", "タカハシ"),
        ("佐藤", "サトウ"),
        ("鈴木", "スズキ"),
        ("渡邊", "ワタナベ"),
        ("中野", "ナカノ"),
        ("藤原", "フジワラ"),
        ("森", "モリ"),
    ];
    const GIVEN: [(&str, &str); 7] = [
        ("花子", "ハナコ"),
        ("太郎", "タロウ"),
        ("﨑子", "サキコ"),
        ("一郎", "イチロウ"),
        ("美咲", "ミサキ"),
        ("翔", "ショウ"),
        ("結衣", "ユイ"),
    ];
    const TOWNS: [&str; 6] = [
        "東京都千代田区丸の内",
        "大阪府大阪市北区梅田",
        "北海道札幌市中央区大通西",
        "福岡県福岡市博多区博多駅前",
        "愛知県名古屋市中村区名駅",
        "神奈川県横浜市西区みなとみらい",
    ];
    let mut out = BufWriter::new(File::create(path).expect("the file"));
    writeln!(out, "{HEADER}").expect("written");
    for n in 0..rows {
        // A walk through all numbers in another order, as no roster is sorted by every column.
        let shuffled = (n as u64).wrapping_mul(7_919).wrapping_add(13) % 1_000_003;
        let (family, family_kana) = FAMILY[n % 8];
        let (given, given_kana) = GIVEN[n / 8 % 7];
        let country = match n % 200 {
            17 => "US",
            99 => "DE",
            151 => "IE",
            _ => "JP",
        };
        let year = 1940 + (n * 31) % 80;
        writeln!(
            out,
            "A-{shuffled:07},{family} {given},{family_kana} {given_kana},u{n}@example.jp,090-{:04}-{:04},{country},{year}-{:02}-{:02},{}{}-{}-{}",
            shuffled / 10_000, shuffled % 10_000, n % 12 + 1, n % 28 + 1,
            TOWNS[n % 6], n % 9 + 1, n % 30 + 1, n % 17 + 1,
        )
        .expect("written");
    }
    out.flush().expect("written");
}

/// The most that this process had resident, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .expect("VmHWM");
    let kilobytes: f64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("a number");
    kilobytes / 1_000.0
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// The export that is measured holds neither letters nor deliveries.
struct NoPress;

impl export::Press for NoPress {
    fn letters(
        &self,
        _: &mut shodo::store::Conn,
        _: &str,
        _: &[export::Letter],
    ) -> shodo::kernel::Result<Vec<u8>> {
        Err(shodo::kernel::Problem::internal("no letters are measured"))
    }

    fn sendings(
        &self,
        _: &mut shodo::store::Conn,
        _: &str,
        _: shodo::kernel::Locale,
    ) -> shodo::kernel::Result<Vec<export::Sending>> {
        Ok(Vec::new())
    }
}
