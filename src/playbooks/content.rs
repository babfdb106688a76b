//! The handbook: playbooks and common steps from `content/playbooks`.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::rules;
use super::{Phase, PhaseContent, Playbook, StepContent};
use crate::kernel::LocaleText;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/content/playbooks");

/// The playbook for an incident whose pattern is not known yet.
pub const GENERAL: &str = "general";

/// All playbooks by their id.
#[derive(Debug)]
pub struct Library {
    playbooks: BTreeMap<String, Playbook>,
    general: Playbook,
}

impl Library {
    /// Reads the embedded playbooks.
    ///
    /// # Errors
    /// Every problem of every file, with its path; a release cannot have any, because a test reads them.
    pub fn embedded() -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let common: BTreeMap<String, StepContent> = files(FILES.get_dir("common"), &mut problems);
        let sources: BTreeMap<String, Source> = files(Some(&FILES), &mut problems);
        let mut playbooks = BTreeMap::new();
        for (stem, source) in sources {
            let playbook = resolve(source, &common, &mut problems);
            if playbook.id != stem {
                problems.push(format!("{stem}.toml: its id is {}", playbook.id));
            }
            problems.extend(rules::problems_of(&playbook));
            playbooks.insert(stem, playbook);
        }
        let Some(general) = playbooks.get(GENERAL).cloned() else {
            problems.push(format!("{GENERAL}.toml is missing"));
            return Err(problems);
        };
        if problems.is_empty() {
            Ok(Self { playbooks, general })
        } else {
            Err(problems)
        }
    }

    /// One playbook; the general one when there is none of this id.
    pub fn get(&self, id: &str) -> &Playbook {
        self.playbooks.get(id).unwrap_or(&self.general)
    }

    /// All playbooks, ordered by id.
    pub fn all(&self) -> impl Iterator<Item = &Playbook> {
        self.playbooks.values()
    }
}

impl Playbook {
    /// The content of a step.
    pub fn step(&self, key: &str) -> Option<&StepContent> {
        self.steps()
            .map(|(_, step)| step)
            .find(|step| step.key == key)
    }

    /// All steps with their phases, in order.
    pub fn steps(&self) -> impl Iterator<Item = (Phase, &StepContent)> {
        self.phases
            .iter()
            .flat_map(|phase| phase.steps.iter().map(|step| (phase.key, step)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: String,
    #[serde(default)]
    kind: Option<crate::incidents::Kind>,
    #[serde(default)]
    pattern: Option<crate::incidents::Pattern>,
    version: u32,
    title: LocaleText,
    summary: LocaleText,
    phases: Vec<PhaseSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseSource {
    key: Phase,
    goal: LocaleText,
    steps: Vec<StepSource>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StepSource {
    Common {
        r#use: String,
        #[serde(default)]
        extra: LocaleText,
    },
    Own(Box<StepContent>),
}

fn resolve(
    source: Source,
    common: &BTreeMap<String, StepContent>,
    problems: &mut Vec<String>,
) -> Playbook {
    if source.pattern.is_some_and(|pattern| {
        Some(pattern.kind()) != source.kind || pattern.playbook_id() != source.id
    }) {
        problems.push(format!(
            "{}: kind, pattern and id do not belong together",
            source.id
        ));
    }
    let mut phases = Vec::new();
    for phase in source.phases {
        let mut steps = Vec::new();
        for step in phase.steps {
            match step {
                StepSource::Own(step) => steps.push(*step),
                StepSource::Common { r#use, extra } => match common.get(&r#use) {
                    Some(step) => steps.push(StepContent {
                        extra,
                        ..step.clone()
                    }),
                    None => problems
                        .push(format!("{}: there is no common step {use}", source.id, use = r#use)),
                },
            }
        }
        phases.push(PhaseContent {
            key: phase.key,
            goal: phase.goal,
            steps,
        });
    }
    Playbook {
        id: source.id,
        version: source.version,
        title: source.title,
        summary: source.summary,
        phases,
    }
}

fn files<T: DeserializeOwned>(
    folder: Option<&Dir<'_>>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, T> {
    let mut parsed = BTreeMap::new();
    for file in folder.into_iter().flat_map(Dir::files) {
        let path = file.path();
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        match toml::from_str(file.contents_utf8().unwrap_or_default()) {
            Ok(value) => drop(parsed.insert(stem, value)),
            Err(error) => problems.push(format!("{}: {error}", path.display())),
        }
    }
    parsed
}
