//! The description of the interface (OpenAPI 3.1), gathered from the rooms.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, OpenApi as Document, Ref, Required, ResponseBuilder,
};
use utoipa::{Modify, OpenApi};

use super::problem::{MEDIA_TYPE, ProblemBody};
use super::{
    assessments, bounces, bundles, checkpoints, checks, custody, evidence, exports, facts, figures,
    incidents, keeping, notices, organisation, people, reports, review, risk, search, sendings,
    severity, steps, team, templates, timeline, veris,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Shodo 初動",
        description = "Leads a team through a personal-data breach. 個人データの漏えい等への対応を最初の一手から導きます。",
    ),
    servers((url = "/api/v1")),
    security(("bearer" = [])),
    components(schemas(ProblemBody)),
    tags(
        (name = "incidents", description = "インシデント / Incidents"),
        (name = "clocks", description = "起算点 / Clock starts"),
        (name = "steps", description = "対応手順 / Steps"),
        (name = "facts", description = "事実関係 / Facts"),
        (name = "evidence", description = "証拠 / Evidence"),
        (name = "people", description = "影響を受けた人 / Affected people"),
        (name = "severity", description = "重大度の評価 / Severity"),
        (name = "risk", description = "リスクの判断の補助（GDPR） / Risk aid (GDPR)"),
        (name = "duties", description = "義務と期限 / Duties and dues"),
        (name = "notices", description = "通知 / Notices"),
        (name = "templates", description = "文例 / Templates"),
        (name = "filings", description = "当局への報告 / Filings"),
        (name = "timeline", description = "タイムライン / Timeline"),
        (name = "review", description = "振り返り / Review"),
        (name = "report", description = "事後報告書 / Report"),
        (name = "figures", description = "経営向け集計 / Figures"),
        (name = "organisation", description = "組織 / Organisation"),
        (name = "team", description = "チーム / Team"),
    ),
)]
struct Whole;

/// What holds for every operation: the bearer token, the ids of its address, the form of its problems.
struct Common;

/// The whole description.
pub(super) fn document() -> Document {
    let mut document = Whole::openapi();
    for room in [
        incidents::Description::openapi(),
        steps::Description::openapi(),
        facts::Description::openapi(),
        custody::Description::openapi(),
        evidence::Description::openapi(),
        people::Description::openapi(),
        severity::Description::openapi(),
        risk::Description::openapi(),
        exports::Description::openapi(),
        keeping::Description::openapi(),
        assessments::Description::openapi(),
        notices::Description::openapi(),
        checkpoints::Description::openapi(),
        checks::Description::openapi(),
        sendings::Description::openapi(),
        templates::Description::openapi(),
        bounces::Description::openapi(),
        timeline::Description::openapi(),
        search::Description::openapi(),
        review::Description::openapi(),
        reports::Description::openapi(),
        bundles::Description::openapi(),
        veris::Description::openapi(),
        figures::Description::openapi(),
        organisation::Description::openapi(),
        team::Description::openapi(),
    ] {
        document.merge(room);
    }
    Common.modify(&mut document);
    document
}

/// The operations of one address, with their methods.
pub(super) fn operations(
    item: &mut PathItem,
) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_with(Components::new);
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token from `shodo token create`, or from the account page",
            ))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        for (path, item) in &mut document.paths.paths {
            let ids: Vec<&str> = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            for (method, operation) in operations(item) {
                describe(operation, &ids);
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
}

fn describe(operation: &mut Operation, ids: &[&str]) {
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    for (place, id) in ids.iter().enumerate() {
        let parameter = ParameterBuilder::new()
            .name(*id)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .build();
        parameters.insert(place, parameter.into());
    }
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let response = ResponseBuilder::new()
        .description("What went wrong, and what to do next (RFC 9457)")
        .content(MEDIA_TYPE, problem)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), response.into());
}

/// A name that is unique across rooms, such as `put-incidents-incident-state`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.replace(['{', '}'], "").replace('/', "-");
    format!("{}{words}", method.to_lowercase())
}
