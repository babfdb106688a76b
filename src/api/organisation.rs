//! The organisation that notices and filings name.

use actix_web::{get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::Json;
use super::caller::Caller;
use super::problem::Answer;
use super::room;
use crate::accounts::{Organisation, can, organisation};
use crate::kernel::Code;
use crate::kernel::Problem;

room!(show, change);

/// The organisation; what is left out becomes empty.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct OrganisationBody {
    /// The name in Japanese; required.
    name_ja: String,
    /// The name in English.
    name_en: String,
    /// フリガナ of the name.
    name_kana: String,
    /// 法人番号: 13 digits, or nothing.
    corporate_number: String,
    /// The address.
    address: String,
    /// The representative's name.
    representative: String,
    /// 業種.
    industry: String,
    /// The desk's name in Japanese; required.
    desk_name_ja: String,
    /// The desk's name in English.
    desk_name_en: String,
    /// The desk's telephone number; this or the e-mail address is required.
    desk_phone: String,
    /// The desk's e-mail address.
    desk_email: String,
    /// When the desk answers, in Japanese.
    desk_hours_ja: String,
    /// When the desk answers, in English.
    desk_hours_en: String,
    /// The address of the website, with `https://`.
    website: String,
    /// The domains that links in notices may lead to, separated by commas.
    web_domains: String,
    /// The data protection officer's name (GDPR art. 37).
    dpo_name: String,
    /// How the data protection officer is reached.
    dpo_contact: String,
    /// Whether this is an organisation for practice (訓練).
    practice: bool,
}

/// The organisation.
#[utoipa::path(tag = "organisation", responses((status = 200, body = OrganisationBody)))]
#[get("/organisation")]
async fn show(caller: Caller) -> Answer<OrganisationBody> {
    caller.grant::<can::ViewIncidents>()?;
    let found = caller
        .house()
        .store
        .read(organisation::current)
        .await?
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(web::Json(found.into()))
}

/// Sets up or changes the organisation.
#[utoipa::path(tag = "organisation", responses((status = 200, body = OrganisationBody)))]
#[put("/organisation")]
async fn change(caller: Caller, Json(body): Json<OrganisationBody>) -> Answer<OrganisationBody> {
    let by = caller.grant::<can::ManageSettings>()?;
    let now = caller.now;
    let saved = caller
        .house()
        .store
        .write(move |tx| {
            organisation::save(tx, &by, now, body.into_organisation(now))?;
            organisation::current(tx)
        })
        .await?
        .ok_or_else(|| Problem::internal("the organisation was not kept"))?;
    Ok(web::Json(saved.into()))
}

impl From<Organisation> for OrganisationBody {
    fn from(found: Organisation) -> Self {
        Self {
            name_ja: found.name_ja,
            name_en: found.name_en,
            name_kana: found.name_kana,
            corporate_number: found.corporate_number,
            address: found.address,
            representative: found.representative,
            industry: found.industry,
            desk_name_ja: found.desk_name_ja,
            desk_name_en: found.desk_name_en,
            desk_phone: found.desk_phone,
            desk_email: found.desk_email,
            desk_hours_ja: found.desk_hours_ja,
            desk_hours_en: found.desk_hours_en,
            website: found.website,
            web_domains: found.web_domains,
            dpo_name: found.dpo_name,
            dpo_contact: found.dpo_contact,
            practice: found.practice,
        }
    }
}

impl OrganisationBody {
    fn into_organisation(self, now: crate::kernel::Instant) -> Organisation {
        Organisation {
            name_ja: self.name_ja,
            name_en: self.name_en,
            name_kana: self.name_kana,
            corporate_number: self.corporate_number,
            address: self.address,
            representative: self.representative,
            industry: self.industry,
            desk_name_ja: self.desk_name_ja,
            desk_name_en: self.desk_name_en,
            desk_phone: self.desk_phone,
            desk_email: self.desk_email,
            desk_hours_ja: self.desk_hours_ja,
            desk_hours_en: self.desk_hours_en,
            website: self.website,
            web_domains: self.web_domains,
            dpo_name: self.dpo_name,
            dpo_contact: self.dpo_contact,
            practice: self.practice,
            ..Organisation::blank(now)
        }
    }
}
