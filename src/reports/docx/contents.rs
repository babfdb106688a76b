//! The contents of the report for Word: a field with its entries, which Word can make anew.
//!
//! Each part of a field is a run of its own. The library would write them into one run, and
//! LibreOffice would show the instruction instead of what it gives.

use docx_rs::{
    FieldCharType, Hyperlink, HyperlinkType, InstrPAGEREF, InstrText, InstrToC, Paragraph, Run,
    Tab, TabLeaderType, TabValueType,
};

use super::{Section, WIDTH, apart, text};

/// The name under which the contents know a section.
pub fn mark(section: &Section) -> String {
    format!("_Toc{:08}", section.number)
}

/// A section's heading with its number.
pub fn title(section: &Section) -> String {
    format!("{}. {}", section.number, section.heading)
}

/// A paragraph a section, and one that ends the field.
pub fn entries(sections: &[Section]) -> Vec<Paragraph> {
    let mut entries: Vec<_> = sections.iter().map(entry).collect();
    if let Some(first) = entries.first_mut() {
        let instruction = InstrToC::new().heading_styles_range(1, 1).hyperlink();
        let mut opened = tabbed();
        for run in field(InstrText::TOC(instruction)) {
            opened = opened.add_run(run);
        }
        opened.children.append(&mut first.children);
        *first = opened;
        entries.push(Paragraph::new().add_run(part(FieldCharType::End)));
    }
    entries
}

fn entry(section: &Section) -> Paragraph {
    let page = InstrText::PAGEREF(InstrPAGEREF::new(mark(section)).hyperlink());
    let link = Hyperlink::new(mark(section), HyperlinkType::Anchor)
        .add_run(text(&title(section)))
        .add_run(Run::new().add_tab());
    let link = field(page).into_iter().fold(link, Hyperlink::add_run);
    // The page is for Word to tell: only it knows where its lines break.
    let link = link.add_run(text("–")).add_run(part(FieldCharType::End));
    tabbed().add_hyperlink(link)
}

fn tabbed() -> Paragraph {
    apart().add_tab(
        Tab::new()
            .val(TabValueType::Right)
            .leader(TabLeaderType::Dot)
            .pos(WIDTH),
    )
}

/// A field up to what it gives.
fn field(instruction: InstrText) -> [Run; 3] {
    [
        // Word makes it anew when it opens the file.
        Run::new().add_field_char(FieldCharType::Begin, true),
        Run::new().add_instr_text(instruction),
        part(FieldCharType::Separate),
    ]
}

fn part(kind: FieldCharType) -> Run {
    Run::new().add_field_char(kind, false)
}
