//! Which sheets a workbook has, where their parts are, and what its cells refer to.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::model::{Refusal, Sheet};
use super::numbers::{Kind, Style};
use super::package::Package;
use super::strings::SharedStrings;
use super::xml::{BROKEN, attribute};

const MOST_SHEETS: usize = 1000;
const MOST_RELATIONS: usize = 4000;
/// Excel itself stops at 65,490.
const MOST_STYLES: usize = 1 << 17;

/// What the workbook part says.
pub(super) struct Workbook {
    sheets: Vec<Listed>,
    from_1904: bool,
    styles: Option<String>,
    strings: Option<String>,
}

struct Listed {
    sheet: Sheet,
    part: String,
}

/// What cells need to become text.
#[derive(Default)]
pub(super) struct Context {
    pub(super) strings: SharedStrings,
    pub(super) styles: Vec<Kind>,
    pub(super) from_1904: bool,
}

struct Relation {
    kind: String,
    target: String,
}

impl Workbook {
    pub(super) fn read<R: Read + Seek>(package: &mut Package<R>) -> Result<Self, Refusal> {
        const ROOT: &str = "_rels/.rels";
        if !package.has(ROOT) {
            // An archive of other files; OpenDocument has its own list of parts.
            let is_office = package.has("mimetype");
            return Err(if is_office {
                Refusal::NotAWorkbook
            } else {
                Refusal::Binary
            });
        }
        let main = relations(package, ROOT, "")?
            .into_values()
            .find(|relation| relation.kind == "officeDocument")
            .map(|relation| relation.target)
            .filter(|target| target.to_ascii_lowercase().ends_with(".xml"))
            .ok_or(Refusal::NotAWorkbook)?;
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations_part = if folder.is_empty() {
            format!("_rels/{name}.rels")
        } else {
            format!("{folder}/_rels/{name}.rels")
        };
        let (listed, from_1904) = listed(package, &main)?;
        let mut relations = relations(package, &relations_part, folder)?;
        let of_kind = |kind: &str| {
            relations
                .values()
                .find(|relation| relation.kind == kind)
                .map(|relation| relation.target.clone())
        };
        let (styles, strings) = (of_kind("styles"), of_kind("sharedStrings"));
        let mut sheets = Vec::new();
        for (sheet, id) in listed {
            let relation = relations.remove(&id).ok_or(Refusal::Broken {
                detail: "a part of the workbook is missing",
            })?;
            // Chart sheets and the like have no rows.
            if relation.kind == "worksheet" {
                sheets.push(Listed {
                    sheet,
                    part: relation.target,
                });
            }
        }
        Ok(Self {
            sheets,
            from_1904,
            styles,
            strings,
        })
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        self.sheets.iter().map(|it| it.sheet.clone()).collect()
    }

    /// The name and part of each sheet that Excel shows.
    pub(super) fn visible_parts(&self) -> Vec<(String, String)> {
        self.sheets
            .iter()
            .filter(|it| !it.sheet.hidden)
            .map(|it| (it.sheet.name.clone(), it.part.clone()))
            .collect()
    }

    pub(super) fn sheet_part(&self, name: &str) -> Result<&str, Refusal> {
        self.sheets
            .iter()
            .find(|it| it.sheet.name == name)
            .map(|it| it.part.as_str())
            .ok_or(Refusal::NoSuchSheet)
    }

    /// Loads what cells refer to.
    pub(super) fn into_context<R: Read + Seek>(
        self,
        package: &mut Package<R>,
    ) -> Result<Context, Refusal> {
        Ok(Context {
            strings: match self.strings {
                Some(part) if package.has(&part) => {
                    SharedStrings::read(package.shared_strings(&part)?)?
                }
                _ => SharedStrings::default(),
            },
            styles: match self.styles {
                Some(part) if package.has(&part) => styles(package, &part)?,
                _ => Vec::new(),
            },
            from_1904: self.from_1904,
        })
    }
}

/// The sheets with the ids of their relations, and whether days count from 1904.
fn listed<R: Read + Seek>(
    package: &mut Package<R>,
    part: &str,
) -> Result<(Vec<(Sheet, String)>, bool), Refusal> {
    let mut xml = package.definitions(part)?;
    let (mut sheets, mut from_1904, mut is_workbook) = (Vec::new(), false, false);
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbook" => is_workbook = true,
                _ if !is_workbook => return Err(Refusal::NotAWorkbook),
                "sheet" => {
                    if sheets.len() >= MOST_SHEETS {
                        return Err(Refusal::TooLargeInside {
                            part: "list of sheets",
                        });
                    }
                    // The id is looked for last, for `sheetId` is another attribute.
                    let name = attribute(&element, "name")?.ok_or(BROKEN)?;
                    let hidden = attribute(&element, "state")?.is_some_and(|it| it != "visible");
                    let id = attribute(&element, "id")?.ok_or(BROKEN)?;
                    sheets.push((Sheet { name, hidden }, id));
                }
                "workbookPr" => {
                    if let Some(value) = attribute(&element, "date1904")? {
                        from_1904 = value == "1" || value == "true";
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

fn relations<R: Read + Seek>(
    package: &mut Package<R>,
    part: &str,
    folder: &str,
) -> Result<HashMap<String, Relation>, Refusal> {
    let mut xml = package.definitions(part)?;
    let mut relations = HashMap::new();
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let (Some(id), Some(kind), Some(target)) = (
                    attribute(&element, "Id")?,
                    attribute(&element, "Type")?,
                    attribute(&element, "Target")?,
                ) else {
                    continue;
                };
                // Strict and transitional workbooks differ in all but the last word.
                let kind = kind.rsplit('/').next().unwrap_or_default();
                if !matches!(
                    kind,
                    "officeDocument"
                        | "worksheet"
                        | "chartsheet"
                        | "dialogsheet"
                        | "styles"
                        | "sharedStrings"
                ) && !kind.ends_with("acrosheet")
                {
                    continue;
                }
                if relations.len() >= MOST_RELATIONS {
                    return Err(Refusal::TooLargeInside {
                        part: "list of parts",
                    });
                }
                let relation = Relation {
                    kind: kind.to_owned(),
                    target: resolve(folder, &target),
                };
                relations.insert(id, relation);
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// A target is meant from the folder of the part that names it, or from the top.
fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = Vec::new();
    let from = if target.starts_with('/') { "" } else { folder };
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// For each cell format, whether its numbers are dates.
fn styles<R: Read + Seek>(package: &mut Package<R>, part: &str) -> Result<Vec<Kind>, Refusal> {
    let mut xml = package.definitions(part)?;
    let mut custom: HashMap<u32, Kind> = HashMap::new();
    let mut styles = Vec::new();
    let mut in_cell_formats = false;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId")?.and_then(|it| it.parse().ok());
                    let code = attribute(&element, "formatCode")?;
                    if let (Some(id), Some(code)) = (id, code) {
                        custom.insert(id, Style::of_code(&code));
                    }
                }
                "cellXfs" => in_cell_formats = true,
                "xf" if in_cell_formats => {
                    let id: u32 = attribute(&element, "numFmtId")?
                        .and_then(|it| it.parse().ok())
                        .unwrap_or(0);
                    let kind = custom.get(&id).copied();
                    styles.push(kind.unwrap_or_else(|| Style::built_in(id)));
                    if styles.len() > MOST_STYLES || custom.len() > MOST_STYLES {
                        return Err(Refusal::TooLargeInside { part: "styles" });
                    }
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => {
                in_cell_formats = false;
            }
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}
