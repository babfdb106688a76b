//! The words of the command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::kernel::Locale;
use crate::reports::{Format, Genre, Level};

/// Shodo 初動: leads a team through a personal-data breach.
#[derive(Debug, Parser)]
#[command(name = "shodo", version, about)]
pub struct Cli {
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// Where settings come from, besides `SHODO_*` in the environment.
#[derive(Debug, Args)]
pub struct SettingsArgs {
    /// Settings file (TOML); `shodo.toml` in this folder is taken when it is there
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One setting, e.g. --set listen=127.0.0.1:9000; may be repeated
    #[arg(long = "set", global = true, value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Folder for the database, keys, evidence and mail
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// Address and port to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Where the database is
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts the server
    Serve {
        /// Starts with a practice organisation and a practice incident instead
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database up to date
    Migrate,
    /// Explains each setting: its value, where it came from, what is allowed
    CheckConfig,
    /// Makes an administrator and prints a password, for when nobody can sign in
    CreateAdmin {
        /// The address that signs in
        #[arg(long)]
        email: String,
        /// The person's name
        #[arg(long)]
        name: String,
    },
    /// Makes API tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Assesses facts by the law, without a database
    Assess {
        /// A JSON file with facts and clock starts; `-` is standard input
        #[arg(required_unless_present = "schema")]
        file: Option<PathBuf>,
        /// The file holds many, one JSON object a line; so does the answer
        #[arg(long)]
        jsonl: bool,
        /// Prints the JSON Schema of the input
        #[arg(long)]
        schema: bool,
    },
    /// Looks at the law as data: regimes, duties, clocks, citations
    Regulations {
        #[command(subcommand)]
        command: RegulationsCommand,
    },
    /// Writes the post-mortem of an incident
    Export {
        /// The incident's number, e.g. INC-2026-0001
        #[arg(required_unless_present = "schema")]
        number: Option<String>,
        /// Prints the JSON Schema of the form json
        #[arg(long)]
        schema: bool,
        /// post-mortem, or status: where the incident stands, on one page
        #[arg(long, default_value = "post-mortem")]
        genre: Genre,
        /// md, html, pdf, docx or json
        #[arg(long, default_value = "pdf")]
        format: Format,
        /// For whom: internal, regulator or public
        #[arg(long, default_value = "internal")]
        level: Level,
        /// ja or en
        #[arg(long, default_value = "ja")]
        locale: Locale,
        /// Where to write it; the report's own name in this folder by default
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Writes the evidence bundle of an incident: a ZIP file that anybody can check offline
    Bundle {
        /// The incident's number, e.g. INC-2026-0001
        number: String,
        /// The language of the report in it: ja or en
        #[arg(long, default_value = "ja")]
        locale: Locale,
        /// Adds the bytes of the incident's evidence, in plain; lists of affected people never come along
        #[arg(long)]
        files: bool,
        /// Leaves out what entries tell; hashes and commitments stay, and the report is that for an authority
        #[arg(long)]
        no_payloads: bool,
        /// Where to write it; a name of its own in this folder by default
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Checks the timeline of every incident, or an evidence bundle, and names what does not hold
    ///
    /// A bundle is checked offline: neither a database nor a server's key is opened.
    Verify {
        /// An evidence bundle; without it, the database of this server
        bundle: Option<PathBuf>,
        /// The key that signs, as it was written down elsewhere: its fingerprint, or its PEM file
        #[arg(long, value_name = "FINGERPRINT")]
        key: Option<String>,
        /// A checkpoint that was kept elsewhere; may be given more than once
        #[arg(long, value_name = "FILE")]
        note: Vec<PathBuf>,
        /// Also reads every sealed file of this server, and compares it with what the timeline tells
        #[arg(long, conflicts_with = "bundle")]
        files: bool,
    },
    /// Signs how far every chain has come, and prints the signed note: keep it elsewhere
    Checkpoint,
    /// Makes a new master key and wraps every data key under it; stop every server first
    ///
    /// Sealed data stay as they are. What a crash interrupts is finished by running the command
    /// again. When several servers share a PostgreSQL database: stop all of them, run this on one,
    /// copy its master.key to the others, then start them. Make a new backup of master.key.
    RotateMasterKey,
}

/// What to do with the law.
#[derive(Debug, Subcommand)]
pub enum RegulationsCommand {
    /// Names every regime and version in use
    List {
        /// ja or en
        #[arg(long, default_value = "en")]
        locale: Locale,
    },
    /// Prints one regime in every version
    Show {
        /// Its id, e.g. jp-appi
        id: String,
        /// ja or en
        #[arg(long, default_value = "en")]
        locale: Locale,
    },
    /// Checks files, or all in use with those of the data folder, and names each fault with its line
    Lint {
        /// Files of regimes
        files: Vec<PathBuf>,
    },
}

/// What to do with API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Makes a token for an account and prints it, once
    Create {
        /// The account's address
        #[arg(long)]
        email: String,
        /// What the token is for
        #[arg(long)]
        name: String,
    },
}

impl SettingsArgs {
    /// The settings that were said on the command line.
    pub fn flags(&self) -> Result<BTreeMap<&'static str, String>, String> {
        let mut flags = BTreeMap::new();
        for (name, value) in &self.set {
            let definition = super::settings::DEFINITIONS
                .iter()
                .find(|definition| definition.name == name)
                .ok_or_else(|| name.clone())?;
            flags.insert(definition.name, value.clone());
        }
        for (name, value) in [
            ("data_dir", &self.data_dir),
            ("listen", &self.listen),
            ("database_url", &self.database_url),
        ] {
            if let Some(value) = value {
                flags.insert(name, value.clone());
            }
        }
        Ok(flags)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it must read NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
