# Questions about an incident, and their options.

fact-yes = Yes
fact-no = No
fact-known = Known
fact-unknown = Not known yet
fact-unknown-until = Not known yet (ask again on { $day })
fact-not-asked = Not answered
fact-people = { $one ->
    [1] { $number } person
   *[other] { $number } people
}
fact-people-at-most = at most { $one ->
    [1] { $number } person
   *[other] { $number } people
}
fact-exactly = Exact number
fact-at-most = Highest possible number
fact-until = Ask again on
fact-country = Country
fact-country-count = People (if known)
fact-known-since = Known since

fact-field-required = Give an answer. If you do not know, choose “Not known yet”.
fact-field-choice = Choose one of the options.
fact-field-none-alone = The option “none” cannot be chosen together with others.
fact-field-number = Enter the number of people as a whole number, 0 or more.
fact-field-day = Enter the day in the form 2026-11-25.
fact-field-country = Enter the country as two letters (JP for Japan).
fact-field-too-long = Enter at most { $longest } characters.
fact-field-nul = The text contains a character that cannot be used (NUL). Remove it.

fact-overview = What happened? Write what is known in a few lines.
fact-overview-why = This becomes the overview at the head of the report and the notice (Rules art. 8(1)(1)). Please name no affected person.
fact-overview-short = Overview

fact-discovered-by = Who found it?
fact-discovered-by-why = Goes into the “found by” field of the report form.
fact-discovered-by-short = Found by
fact-discovered-by-own-staff = Our own staff
fact-discovered-by-delegatee = A business to which we entrusted the data
fact-discovered-by-business-partner = A business partner
fact-discovered-by-card-company = A card company or payment service
fact-discovered-by-principal = A person whose data they are
fact-discovered-by-other = Somebody else

fact-personal-data-involved = Are personal data concerned?
fact-personal-data-involved-why = Without personal data there is, as a rule, no duty to report or to notify (Act art. 26(1)). A customer list or a member database holds personal data.
fact-personal-data-involved-short = Personal data

fact-breach-nature = What happened, or may have happened?
fact-breach-nature-why = A leak, a loss or a damage is reportable, and so is the mere possibility (Rules art. 7).
fact-breach-nature-short = Nature of the breach
fact-breach-nature-leak = Leak (data went outside)
fact-breach-nature-leak-suspected = Possible leak
fact-breach-nature-loss = Loss (the content is gone)
fact-breach-nature-loss-suspected = Possible loss
fact-breach-nature-damage = Damage (changed, or no longer usable)
fact-breach-nature-damage-suspected = Possible damage
fact-breach-nature-none = None of these

fact-data-items = Which data items are concerned?
fact-data-items-why = The report and the notice must name them (Rules art. 8(1)(2)). With special-care-required information, or items whose misuse may cost people money, one person is enough to make it reportable.
fact-data-items-short = Data items

fact-special-care-data = Is special-care-required information included (medical history, disability, creed, criminal record and the like)?
fact-special-care-data-why = If so, one person is enough to make it reportable (Rules art. 7(1)).
fact-special-care-data-short = Special-care-required information

fact-property-damage-risk = Could misuse of the data cause damage to property?
fact-property-damage-risk-why = If so, one person is enough to make it reportable (Rules art. 7(2)). Examples: card numbers; ID with password of a service that can send or pay money.
fact-property-damage-risk-short = Risk of property damage

fact-improper-purpose = May it have been done with an improper purpose?
fact-improper-purpose-why = Intrusion, ransomware, data taken away by staff and the like. The possibility makes it reportable from one person, and the final report is due in 60 days (Rules arts. 7(3), 8(2)).
fact-improper-purpose-short = Improper purpose

fact-act-against-business = Was the act directed at our business (or at our delegatee, or a service that we use)?
fact-act-against-business-why = Rules art. 7(3) speaks of acts against the business; a person who was deceived by a stranger elsewhere is another matter.
fact-act-against-business-short = Act against the business

fact-data-planned-as-personal-data = Is it information that we acquired, or were about to acquire, and planned to handle as personal data?
fact-data-planned-as-personal-data-why = Information stolen before it reached us, as by a tampered input form, counts under Rules art. 7(3) only.
fact-data-planned-as-personal-data-short = Information about to be acquired

fact-people-affected = How many people are concerned? If the number is not fixed, give the highest possible one.
fact-people-affected-why = More than 1,000 makes it reportable (Rules art. 7(4)); as long as the number is open, the highest possible one counts.
fact-people-affected-short = Number of people

fact-minors-affected = Are minors among them?
fact-minors-affected-why = Their guardians may have to be told, and the words must fit.
fact-minors-affected-short = Minors

fact-residence = In which countries do the people live?
fact-residence-why = People outside Japan may bring duties under the law of their country.
fact-residence-short = Countries of residence

fact-protection = How were the data protected?
fact-protection-why = Data under advanced encryption with a safe key are not reportable (Rules art. 7(1), brackets). An unknown state of the key does not exempt.
fact-protection-short = Protection
fact-protection-encrypted-key-safe = Strongly encrypted, and the means of reading are safe
fact-protection-encrypted-key-at-risk = Encrypted, but the key may be out as well
fact-protection-partly-protected = Only partly protected
fact-protection-not-protected = Not protected

fact-our-role = Are the data ours, or were they entrusted to us?
fact-our-role-why = A delegatee that tells its delegator need not report itself (Act art. 26(1), proviso). Under GDPR this decides between controller and processor.
fact-our-role-short = Our role
fact-our-role-own-data = We handle our own data
fact-our-role-delegator = Ours, entrusted to another business
fact-our-role-delegatee = Entrusted to us by another

fact-delegator-notified = Was the delegator told?
fact-delegator-notified-why = The notice frees from our own report and from the notice to principals (Act art. 26(1), proviso, and (2)).
fact-delegator-notified-short = Delegator told

fact-recipients = Into whose hands may the data have come?
fact-recipients-why = It bears on secondary damage and on what people must be told.
fact-recipients-short = Possible recipients
fact-recipients-trusted-recipient = A trusted recipient who confirms deletion
fact-recipients-known-recipient = A known recipient
fact-recipients-unknown-recipients = Unknown recipients
fact-recipients-public-internet = Anybody on the internet
fact-recipients-none = Nobody

fact-sector = Which industry are we in?
fact-sector-why = It decides whether the PPC or the competent minister receives the report (Act art. 150).
fact-sector-short = Industry (recipient)
fact-sector-not-delegated = No delegated authority (report to the PPC)
fact-sector-telecommunications = Telecommunications
fact-sector-finance = Finance
fact-sector-credit-purchase = Credit purchase intermediary (directly to the PPC)
fact-sector-credit-information = Designated credit bureau or certified instalment sales association
fact-sector-other-delegated = Another industry with delegated authority

fact-my-number-involved = Is My Number (the individual number) included?
fact-my-number-involved-why = Then the report follows the My Number Act with a form of its own. Unknown is treated as “yes”.
fact-my-number-involved-short = My Number

fact-gdpr-applies = Does the EU’s GDPR apply?
fact-gdpr-applies-why = It may, with an establishment in the EU or offers to people there. Then a notification within 72 hours may be due (art. 33).
fact-gdpr-applies-short = GDPR applies

fact-gdpr-risk = How high is the risk to the rights and freedoms of the people?
fact-gdpr-risk-why = If it is unlikely, the authority need not be told; if it is high, the people must be told too (arts. 33, 34). While it is being assessed, the duty stands.
fact-gdpr-risk-short = Risk (GDPR)
fact-gdpr-risk-unlikely = Unlikely
fact-gdpr-risk-risk = A risk
fact-gdpr-risk-high-risk = A high risk

fact-cause = What was the cause?
fact-cause-why = The report and the notice must say it (Rules art. 8(1)(4)).
fact-cause-short = Cause

fact-secondary-damage = Is there secondary damage, or the possibility? Say of what kind.
fact-secondary-damage-why = The report and the notice must say it (Rules art. 8(1)(5)). Impersonation and fraud are examples.
fact-secondary-damage-short = Secondary damage

fact-containment = What was done to stop it?
fact-containment-why = It becomes part of the account and explains the prevention.
fact-containment-short = Containment

fact-response-to-people = What was done, or will be done, for the people concerned?
fact-response-to-people-why = Item “measures toward the principals” of the report (Rules art. 8(1)(6)).
fact-response-to-people-short = Measures for the people

fact-publication = Was it made public, or will it be? Say how.
fact-publication-why = Item “public announcement” of the report (Rules art. 8(1)(7)).
fact-publication-short = Publication

fact-prevention = What was done, or will be done by when, so that it does not happen again?
fact-prevention-why = Item “measures that prevent recurrence” of the report (Rules art. 8(1)(8)).
fact-prevention-short = Prevention

fact-other-reference = Is there anything else that helps (police, reports to other authorities)?
fact-other-reference-why = Item “other helpful matters” of the report (Rules art. 8(1)(9)).
fact-other-reference-short = Other matters

fact-advice-to-people = What can the people do themselves (change passwords, beware of strange messages)?
fact-advice-to-people-why = In the notice it helps people to protect themselves (Rules art. 10).
fact-advice-to-people-short = Advice to the people

fact-contact-difficult = Is it difficult to tell the people?
fact-contact-difficult-why = Without contact data, or with outdated ones, substitute measures take the place of the notice: publication, a contact desk (Act art. 26(2), proviso).
fact-contact-difficult-short = Notice difficult

fact-places-none = Nowhere else

fact-established-in = In which countries do we have an establishment (company, branch, office)?
fact-established-in-why = The law of a country reaches whoever is established there, whoever is affected. Name the state for the United States and the province for Canada.
fact-established-in-short = Our establishments

fact-serves = In which countries do we offer goods or services to people, or watch their behaviour?
fact-serves-why = Many laws, GDPR first (art. 3(2)), reach a business abroad that serves people of the country. That a website can be read there is not enough.
fact-serves-short = Countries served

fact-regulated-as = Under which of these licences and roles do we act?
fact-regulated-as-why = Laws of single sectors hang on them, some with limits of a few hours.
fact-regulated-as-short = Licences and roles
fact-regulated-as-p-mark-holder = PrivacyMark holder (Japan)
fact-regulated-as-listed-company-jp = Company listed in Japan
fact-regulated-as-card-merchant = Merchant or payment service that takes cards (Japan)
fact-regulated-as-jp-child-safety-operator = Operator that checks sexual-offence records (Japan’s child protection law)
fact-regulated-as-jp-critical-infrastructure = Designated critical infrastructure (Japan)
fact-regulated-as-my-number-public-system = Systems of public bodies that use My Number, or their delegatee (Japan)
fact-regulated-as-jp-designated-telecom = Carrier designated for “specified user information” (Japan)
fact-regulated-as-eu-telecom-provider = Provider of public electronic communications (EU)
fact-regulated-as-eu-institution = Institution or body of the EU
fact-regulated-as-nis2-entity = Essential or important entity under NIS2 (EU)
fact-regulated-as-trust-service-provider = Trust service provider, eIDAS (EU)
fact-regulated-as-dora-financial-entity = Financial entity under DORA (EU)
fact-regulated-as-dora-noon-excluded = Credit institution, central counterparty, trading venue, or essential, important or significant entity (DORA)
fact-regulated-as-digital-product-manufacturer = Manufacturer of products with digital elements (EU)
fact-regulated-as-ch-critical-infrastructure = Operator of critical infrastructure (Switzerland)
fact-regulated-as-il-medium-security-database = Database of medium security level (Israel)
fact-regulated-as-il-high-security-database = Database of high security level (Israel)
fact-regulated-as-hipaa-covered-entity = HIPAA covered entity (USA)
fact-regulated-as-hipaa-business-associate = HIPAA business associate (USA)
fact-regulated-as-health-record-vendor = Vendor of personal health records outside HIPAA (USA)
fact-regulated-as-glba-financial-institution = Financial institution under the FTC Safeguards Rule (USA)
fact-regulated-as-sec-registrant = Company that files with the SEC (USA)
fact-regulated-as-reg-sp-institution = Broker, dealer, investment company or adviser under Regulation S-P (USA)
fact-regulated-as-us-bank = Bank under the OCC, FRB or FDIC (USA)
fact-regulated-as-us-credit-union = Federally insured credit union (USA)
fact-regulated-as-nydfs-covered-entity = Entity licensed by the New York Department of Financial Services
fact-regulated-as-us-telecom-carrier = Telecommunications carrier under the FCC (USA)
fact-regulated-as-ca-clinic = Licensed clinic or health facility (California)
fact-regulated-as-us-critical-infrastructure = Covered entity of critical infrastructure, CIRCIA (USA)
fact-regulated-as-br-small-agent = Small-scale processing agent (Brazil)
fact-regulated-as-cl-essential-service = Essential service or operator of vital importance (Chile)
fact-regulated-as-kr-ict-provider = Provider of information and communications services (Korea)
fact-regulated-as-tw-regulated-sector = Sector with reporting rules of its own, such as finance (Taiwan)
fact-regulated-as-hk-critical-infrastructure = Operator of critical infrastructure (Hong Kong)
fact-regulated-as-cn-network-operator = Network operator (China)
fact-regulated-as-cn-critical-infrastructure = Operator of critical information infrastructure (China)
fact-regulated-as-au-ransom-reporting-entity = Entity that reports ransomware payments (Australia)
fact-regulated-as-none = None of these

fact-retrieved = Were the data got back or deleted, surely, before anybody saw or could misuse them?
fact-retrieved-why = Data got back before a third party saw them are, as a rule, no leak; other laws ask for less then.
fact-retrieved-short = Got back or deleted

fact-misuse-ruled-out = Has an investigation shown that the data were not misused and are not likely to be?
fact-misuse-ruled-out-why = Several laws, most of them of states of the USA, ask for no notice then. The investigation must be on record.
fact-misuse-ruled-out-short = Misuse ruled out

fact-availability = Could the data be used all the time?
fact-availability-why = Data that nobody can use are a breach as well; how long it lasts decides how much harm it does.
fact-availability-short = Outage
fact-availability-not-affected = Yes, without interruption
fact-availability-restored-within-a-day = Restored within a day
fact-availability-restored-within-days = Restored after some days
fact-availability-not-restored = Not restored

fact-vital-services-affected = Was care, safety or supply of people disrupted (treatment put off, for example)?
fact-vital-services-affected-why = An outage alone can be a high risk then.
fact-vital-services-affected-short = Vital services disrupted

fact-serious-harm = Is serious harm to anyone likely: to money, body, mind or reputation?
fact-serious-harm-why = Australia, Canada, Singapore and others ask for notification where significant harm is likely.
fact-serious-harm-short = Serious harm

fact-communications-secrecy = Did contents or circumstances of communications leak (who talked to whom, when)?
fact-communications-secrecy-why = The secrecy of communications has a report of its own (Telecommunications Business Act art. 28).
fact-communications-secrecy-short = Secrecy of communications

fact-incident-significant = Were services seriously disrupted, or is there considerable damage?
fact-incident-significant-why = Laws on security of networks (NIS2, DORA and others) ask for early warnings then.
fact-incident-significant-short = Significant incident

fact-incident-material = Would a reasonable investor find the incident important?
fact-incident-material-why = Listed companies disclose it then (timely disclosure; Form 8-K, item 1.05).
fact-incident-material-short = Material to investors

fact-ransom-paid = Was a ransom paid?
fact-ransom-paid-why = Some laws ask for a report of the payment within 24 or 72 hours.
fact-ransom-paid-short = Ransom paid

fact-vulnerability-exploited = Is a vulnerability of a product that we make being exploited?
fact-vulnerability-exploited-why = The EU’s Cyber Resilience Act asks for an early warning within 24 hours.
fact-vulnerability-exploited-short = Exploited vulnerability

fact-recipients-own-staff = Only people of our own organisation
