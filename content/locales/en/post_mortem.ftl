# The review: sections, factors, texts drawn from the case

section-what-happened = What happened
section-what-happened-hint = From the beginning to the end, by time. Keep what is known apart from what is assumed
section-timeline = Remarks on the timeline
section-timeline-hint = The record itself does not change. Add what it does not tell by itself
section-impact = Impact
section-impact-hint = On people; penalties, litigation, compensation, loss of trust
section-whys = Five whys
section-whys-hint = Ask “why” of each answer again. Fewer than five may be enough
section-factors = Contributing factors
section-factors-hint = What made it likelier or worse, one a row
section-obligations = Legal duties
section-obligations-hint = Why they were kept, why they were late, what to change
section-communication = Communication
section-communication-hint = What people, authorities, partners and the press were told, when and how
section-measures = The five measures
section-measures-hint = How they stood when it happened. “Not reviewed” does not mean that a measure is missing

why-default = Why?
factor-people = People
factor-process = Process
factor-technology = Technology
factor-organisation = Organisation
factor-supplier = Supplier
factor-outside = Outside
field-too-many-rows = Too many rows: at most five whys and twenty factors, and each measure once.

## Texts drawn from the case
told-detected = It was detected on { $when }.
told-people = { $count } people are affected.
told-people-at-most = At most { $count } people are affected.
told-people-unknown = How many people are affected is still being established.
told-data = The data concerned: { $items }.
told-damage = Secondary damage: { $damage }
told-entries = { $count ->
    [one] The timeline holds one entry.
   *[other] The timeline holds { $count } entries.
 }
told-actions = { $count ->
    [0] No action has been added yet.
    [one] One action has been added.
   *[other] { $count } actions have been added.
 }
told-consequences =
    {"**"}Penalties**: (Are guidance, orders or penalties of an authority to be expected?)

    {"**"}Litigation**: (Are there claims or complaints?)

    {"**"}Compensation**: (What is offered, and what may it cost?)

    {"**"}Loss of trust**: (Cancellations, inquiries, effect of news)
told-minimisation =
    {"**"}Scope**: (Is there an item that need not have been collected at all?)

    {"**"}Purpose**: (Is it still needed for its purpose? Was the purpose explained to people?)

    {"**"}Use**: (Was it used for anything else?)

    {"**"}Management**: (Was it deleted when its time was over? Was access limited?)
