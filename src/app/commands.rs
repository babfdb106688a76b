//! Each command of the command line.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::cli::{Cli, Command, RegulationsCommand, SettingsArgs, TokenCommand};
use super::lock::{self, Claim};
use super::server;
use super::settings::{Raw, Settings};
use super::{bundles, demo, law, logging, verify};
use crate::accounts::{self, NewAccount, Passwords, Role};
use crate::incidents::{self, Incident};
use crate::kernel::{Clock, Code, Locale, Problem, Redacted, Result, random};
use crate::regulations::Library;
use crate::reports;
use crate::store::Store;
use crate::vault;
use crate::workflow::{BundleChoice, House, Make, assess};

/// Does what the command line says.
///
/// # Errors
/// Told by the caller on standard error.
pub fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Assess { schema: true, .. } => {
            print_json(&assess::input_schema()).map(|()| ExitCode::SUCCESS)
        }
        Command::Assess { file, jsonl, .. } => {
            server::read_law(&settings(&cli.settings)?.data_dir)?;
            assess_file(&file.unwrap_or_else(|| PathBuf::from("-")), jsonl)
        }
        Command::Regulations { command } => regulations(&cli.settings, &command),
        Command::CheckConfig => check_config(&cli.settings),
        Command::Serve { demo } => {
            let settings = if demo {
                demo::settings(&cli.settings)?
            } else {
                settings(&cli.settings)?
            };
            logging::start(&settings);
            server::serve(settings, demo).map(|()| ExitCode::SUCCESS)
        }
        Command::Migrate => {
            let (_claim, house) = open(&cli.settings)?;
            let ran = house.store.migrate()?;
            say(&format!("{ran} migrations ran; the database is up to date"))
        }
        Command::CreateAdmin { email, name } => create_admin(&cli.settings, email, name),
        Command::Token {
            command: TokenCommand::Create { email, name },
        } => create_token(&cli.settings, &email, &name),
        Command::Export { schema: true, .. } => {
            print_json(reports::json::schema()).map(|()| ExitCode::SUCCESS)
        }
        Command::Export {
            number,
            schema: _,
            genre,
            format,
            level,
            locale,
            output,
        } => {
            let make = Make {
                genre,
                format,
                level,
                locale,
            };
            export(&cli.settings, &number.unwrap_or_default(), make, output)
        }
        Command::Bundle {
            number,
            locale,
            files,
            no_payloads,
            output,
        } => {
            let choice = BundleChoice {
                locale,
                payloads: !no_payloads,
                files,
            };
            bundles::write(&cli.settings, &number, choice, output)
        }
        Command::Verify {
            bundle: Some(bundle),
            key,
            note,
            files: _,
        } => bundles::verify(&bundle, key.as_deref(), &note),
        Command::Verify {
            bundle: None,
            key,
            note,
            files,
        } => verify::run(&cli.settings, key.as_deref(), &note, files),
        Command::Checkpoint => checkpoint(&cli.settings),
        Command::Reindex => reindex(&cli.settings),
        Command::RotateMasterKey => rotate_master_key(&cli.settings),
    }
}

/// Reads the settings of this run.
///
/// # Errors
/// [`Code::InvalidSetting`], with the origin.
pub fn settings(arguments: &SettingsArgs) -> Result<Settings> {
    raw(arguments)?.parse()
}

fn raw(arguments: &SettingsArgs) -> Result<Raw> {
    let beside = Path::new("shodo.toml");
    let file = arguments
        .config
        .as_deref()
        .or_else(|| beside.exists().then_some(beside));
    let flags = arguments.flags().map_err(|name| {
        Problem::with(
            Code::InvalidSetting,
            &[
                ("setting", &format!("{name} (flag)")),
                ("why", "there is no setting of this name"),
            ],
        )
    })?;
    Raw::gather(file, |name| std::env::var(name).ok(), &flags)
}

/// Opens the house for one command; the claim keeps the keys from being changed meanwhile.
pub(super) fn open(arguments: &SettingsArgs) -> Result<(Claim, House)> {
    let settings = settings(arguments)?;
    logging::start(&settings);
    server::make_folder(&settings.data_dir)?;
    let claim = lock::share(&settings.data_dir)?;
    let house = server::open(&settings, Clock::default())?;
    Ok((claim, house))
}

fn check_config(arguments: &SettingsArgs) -> Result<ExitCode> {
    let raw = raw(arguments)?;
    let mut text = String::new();
    for (definition, value) in raw.all() {
        let shown = match value.text.reveal().as_str() {
            "" => "(empty)",
            _ if definition.secret => "(secret, not shown)",
            shown => shown,
        };
        text.push_str(&format!(
            "{} = {shown}\n    from: {}\n    {}\n",
            definition.name, value.origin, definition.about
        ));
    }
    say(text.trim_end())?;
    if let Some((name, text)) = raw.parse()?.mail.dkim_record()? {
        say(&format!(
            "To publish for signed mail, as a DNS TXT record:\n{name}\n    {text}"
        ))?;
    }
    say("All settings are in order.")
}

fn assess_file(path: &Path, jsonl: bool) -> Result<ExitCode> {
    let mut reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let unreadable = |error: io::Error| {
            let name = path.display().to_string();
            Problem::with(
                Code::UnreadableFile,
                &[("reason", "other"), ("row", ""), ("file", &name)],
            )
            .caused_by(error)
        };
        Box::new(File::open(path).map_err(unreadable)?)
    };
    if jsonl {
        let count = assess::run_lines(BufReader::new(reader), io::stdout().lock())?;
        return Ok(if count.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    match assess::Input::parse(&text) {
        Ok(input) => print_json(&json!(assess::run(&input))).map(|()| ExitCode::SUCCESS),
        Err(problems) => {
            for problem in problems {
                eprintln!("{}: {problem}", path.display());
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

fn regulations(arguments: &SettingsArgs, command: &RegulationsCommand) -> Result<ExitCode> {
    let data_dir = settings(arguments)?.data_dir;
    match command {
        RegulationsCommand::List { locale } => {
            say(law::list(in_use(&data_dir)?, *locale).trim_end())
        }
        RegulationsCommand::Show { id, locale } => {
            say(law::show(in_use(&data_dir)?, id, *locale)?.trim_end())
        }
        RegulationsCommand::Lint { files } => {
            let faults = law::check(&data_dir, files)?;
            for fault in &faults {
                println!("{fault}");
            }
            eprintln!("{} faults", faults.len());
            Ok(if faults.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

/// The law in use: the product's own files and those of the data folder.
fn in_use(data_dir: &Path) -> Result<&'static Library> {
    server::read_law(data_dir)
}

fn create_admin(arguments: &SettingsArgs, email: String, name: String) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    house.store.migrate()?;
    let password = Redacted::new(random::token());
    let new = NewAccount {
        email,
        name,
        role: Role::Administrator,
        locale: Locale::Ja,
    };
    let hash = Passwords::default().hash_blocking(&password, &[])?;
    let now = house.clock.now();
    house
        .store
        .write_blocking(|tx| accounts::create(tx, now, new, hash))?;
    say(&format!(
        "The administrator can sign in with this password, shown once:\n{}",
        password.reveal()
    ))
}

fn create_token(arguments: &SettingsArgs, email: &str, name: &str) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    let now = house.clock.now();
    let token = house.store.write_blocking(|tx| {
        let account = accounts::by_email(tx, email)?;
        accounts::create_token(tx, &account.actor(), now, name, None).map(|(_, token)| token)
    })?;
    // Alone on its line, so that a script can take it.
    say(token.reveal())
}

fn export(
    arguments: &SettingsArgs,
    number: &str,
    make: Make,
    output: Option<PathBuf>,
) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    let incident = incident(&house, number)?;
    let runtime = runtime()?;
    let file = runtime.block_on(house.export_report_as_system(&incident.id, make))?;
    let path = output.unwrap_or_else(|| PathBuf::from(&file.name));
    std::fs::write(&path, &file.bytes)?;
    say(&format!("{} ({} bytes)", path.display(), file.bytes.len()))
}

/// What waits for one verb of a command.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// The incident of a number.
pub(super) fn incident(house: &House, number: &str) -> Result<Incident> {
    house
        .store
        .read_blocking(incidents::list)?
        .into_iter()
        .find(|incident| incident.number == number)
        .ok_or_else(|| Problem::with(Code::NotFound, &[("what", number)]))
}

/// Alone on standard output, so that a script can keep it.
fn checkpoint(arguments: &SettingsArgs) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    match house.make_checkpoint_as_system()? {
        Some(checkpoint) => say(checkpoint.note.trim_end()),
        None => Err(Problem::with(
            Code::NotFound,
            &[("what", "an entry to make a checkpoint of")],
        )),
    }
}

fn reindex(arguments: &SettingsArgs) -> Result<ExitCode> {
    let (_claim, house) = open(arguments)?;
    let runtime = runtime()?;
    let incidents = runtime.block_on(house.reindex())?;
    say(&format!("{incidents} incidents can be searched"))
}

fn rotate_master_key(arguments: &SettingsArgs) -> Result<ExitCode> {
    let settings = settings(arguments)?;
    logging::start(&settings);
    let key = settings.data_dir.join("master.key");
    if !key.exists() {
        let why = format!("{} is not there; nothing was changed", key.display());
        return Err(Problem::with(
            Code::InvalidSetting,
            &[("setting", "data_dir"), ("why", &why)],
        ));
    }
    let _claim = lock::alone(&settings.data_dir)?;
    let store = Store::open(settings.database_url.clone())?;
    let rotated = vault::rotate_master_key(&settings.data_dir, &store)?;
    say(&format!(
        "{} data keys are wrapped under a new master key. Back up {} now: older copies open nothing that is written from here on.",
        rotated.keys,
        key.display()
    ))
}

fn print_json(value: &serde_json::Value) -> Result<()> {
    say(&serde_json::to_string_pretty(value)?).map(drop)
}

pub(super) fn say(text: &str) -> Result<ExitCode> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
