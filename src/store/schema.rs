//! Every table, by hand: both databases share it, and a test holds them to it.
#![expect(
    missing_docs,
    reason = "the columns are described in the migrations and in columns.toml"
)]

diesel::table! {
    organisation (id) {
        id -> Text,
        name_ja -> Text,
        name_en -> Text,
        name_kana -> Text,
        corporate_number -> Text,
        address -> Text,
        representative -> Text,
        industry -> Text,
        desk_name_ja -> Text,
        desk_name_en -> Text,
        desk_phone -> Text,
        desk_email -> Text,
        desk_hours_ja -> Text,
        desk_hours_en -> Text,
        website -> Text,
        web_domains -> Text,
        dpo_name -> Text,
        dpo_contact -> Text,
        practice -> Bool,
        updated_at -> BigInt,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        role -> Text,
        locale -> Text,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        account_id -> Text,
        csrf_token -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    one_time_links (token_hash) {
        token_hash -> Text,
        purpose -> Text,
        account_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        token_hash -> Text,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    calendar_feeds (account_id) {
        account_id -> Text,
        token_hash -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_failures (subject_hash) {
        subject_hash -> Text,
        failures -> BigInt,
        last_failed_at -> BigInt,
        locked_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    incidents (id) {
        id -> Text,
        number -> Text,
        title -> Text,
        kind -> Nullable<Text>,
        pattern -> Nullable<Text>,
        severity -> Nullable<Text>,
        practice -> Bool,
        state -> Text,
        commander_id -> Nullable<Text>,
        declared_by -> Text,
        declared_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    clock_starts (id) {
        id -> Text,
        incident_id -> Text,
        kind -> Text,
        at -> BigInt,
        zone -> Text,
        said_by -> Text,
        recorded_by -> Text,
        recorded_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    facts (id) {
        id -> Text,
        incident_id -> Text,
        key -> Text,
        value -> Text,
        known_at -> BigInt,
        recorded_by -> Text,
        recorded_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    steps (id) {
        id -> Text,
        incident_id -> Text,
        playbook_id -> Text,
        phase -> Text,
        step_key -> Text,
        position -> BigInt,
        state -> Text,
        assignee_id -> Nullable<Text>,
        started_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    evidence (id) {
        id -> Text,
        incident_id -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        note -> Text,
        recorded_by -> Text,
        recorded_at -> BigInt,
        scope -> Text,
        destroyed_at -> Nullable<BigInt>,
        address -> Text,
        found_type -> Text,
    }
}

diesel::table! {
    evidence_holds (id) {
        id -> Text,
        incident_id -> Text,
        evidence_id -> Nullable<Text>,
        reason -> Text,
        set_by -> Text,
        set_at -> BigInt,
        lifted_by -> Nullable<Text>,
        lifted_at -> Nullable<BigInt>,
        lift_reason -> Text,
    }
}

diesel::table! {
    rosters (id) {
        id -> Text,
        incident_id -> Text,
        evidence_id -> Text,
        number -> BigInt,
        source_system -> Text,
        collection_point -> Text,
        data_items -> Text,
        period_from -> Nullable<Text>,
        period_to -> Nullable<Text>,
        layout -> Text,
        corrects -> Nullable<Text>,
        state -> Text,
        failure -> Nullable<Text>,
        total_rows -> BigInt,
        last_row -> BigInt,
        indexed_through -> BigInt,
        rows -> BigInt,
        people_added -> BigInt,
        duplicates -> BigInt,
        problem_count -> BigInt,
        conflict_count -> BigInt,
        recorded_by -> Text,
        recorded_at -> BigInt,
        resumed_at -> Nullable<BigInt>,
        resumed_rows -> BigInt,
        touched_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    roster_problems (roster_id, position) {
        roster_id -> Text,
        position -> BigInt,
        row -> BigInt,
        column -> Text,
        masked -> Text,
        reason -> Text,
    }
}

diesel::table! {
    person_groups (id) {
        id -> BigInt,
        incident_id -> Text,
        digest -> Text,
        rosters -> Text,
        data_items -> Text,
        locale -> Text,
        country -> Nullable<Text>,
        region -> Nullable<Text>,
        minor -> Nullable<Text>,
        has_email -> Bool,
        has_phone -> Bool,
        has_line -> Bool,
        has_number -> Bool,
        has_post -> Bool,
        notice_state -> Text,
        people -> BigInt,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        group_id -> BigInt,
        sealed -> Binary,
        blind_indexes -> Binary,
    }
}

diesel::table! {
    person_rows (person_id, roster_number, row) {
        person_id -> BigInt,
        roster_number -> BigInt,
        row -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    person_keys (blind_index, person_id) {
        blind_index -> Binary,
        person_id -> BigInt,
    }
}

diesel::table! {
    person_conflicts (id) {
        id -> Text,
        incident_id -> Text,
        roster_number -> BigInt,
        row -> BigInt,
        person_id -> BigInt,
        other_id -> BigInt,
        reason -> Text,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    column_mappings (header_digest) {
        header_digest -> Text,
        fields -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    desk_lookups (incident_id, day) {
        incident_id -> Text,
        day -> Text,
        found -> BigInt,
        not_found -> BigInt,
    }
}

diesel::table! {
    retentions (incident_id) {
        incident_id -> Text,
        keep_until -> Text,
        basis -> Text,
        set_by -> Text,
        set_at -> BigInt,
        purge_started_at -> Nullable<BigInt>,
        purged_by -> Nullable<Text>,
        purged_at -> Nullable<BigInt>,
        counts -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    register_exports (id) {
        id -> Text,
        incident_id -> Text,
        content -> Text,
        format -> Text,
        filter -> Text,
        roster_id -> Nullable<Text>,
        reason -> Text,
        notice_id -> Nullable<Text>,
        state -> Text,
        failure -> Nullable<Text>,
        total_rows -> BigInt,
        rows -> BigInt,
        replaced -> BigInt,
        size -> BigInt,
        sha256 -> Text,
        locale -> Text,
        recorded_by -> Text,
        recorded_at -> BigInt,
        touched_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    data_keys (scope) {
        scope -> Text,
        wrapped -> Binary,
        created_at -> BigInt,
        destroyed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    timeline_entries (incident_id, seq) {
        incident_id -> Text,
        seq -> BigInt,
        id -> Text,
        kind -> Text,
        actor -> Text,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        salt -> Binary,
        payload -> Nullable<Text>,
        commitment -> Binary,
        prev_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    timeline_pins (incident_id, seq) {
        incident_id -> Text,
        seq -> BigInt,
        pinned_by -> Text,
        pinned_at -> BigInt,
    }
}

diesel::table! {
    timeline_attachments (incident_id, seq, evidence_id) {
        incident_id -> Text,
        seq -> BigInt,
        evidence_id -> Text,
        attached_by -> Text,
        attached_at -> BigInt,
    }
}

diesel::table! {
    timeline_corrections (incident_id, seq) {
        incident_id -> Text,
        seq -> BigInt,
        corrected_by -> BigInt,
    }
}

diesel::table! {
    timeline_heads (incident_id) {
        incident_id -> Text,
        seq -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    checkpoints (id) {
        id -> Text,
        note -> Text,
        created_at -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> Text,
        incident_id -> Text,
        kind -> Text,
        state -> Text,
        version -> BigInt,
        audience -> Text,
        chain -> Text,
        stage -> BigInt,
        created_by -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    notice_templates (kind, variant, part, locale, number) {
        kind -> Text,
        variant -> Text,
        part -> Text,
        locale -> Text,
        number -> BigInt,
        body -> Nullable<Text>,
        author_id -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    notice_answers (notice_id, finding) {
        notice_id -> Text,
        finding -> Text,
        answer -> Text,
        account_id -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    notice_copies (notice_id, version, part, locale) {
        notice_id -> Text,
        version -> BigInt,
        part -> Text,
        locale -> Text,
        account_id -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    approval_chains (kind) {
        kind -> Text,
        roles -> Text,
        author_id -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    notice_versions (notice_id, version) {
        notice_id -> Text,
        version -> BigInt,
        content -> Text,
        gaps -> Text,
        known -> Text,
        author_id -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    approvals (id) {
        id -> Text,
        notice_id -> Text,
        version -> BigInt,
        decision -> Text,
        account_id -> Text,
        reason -> Nullable<Text>,
        digest -> Nullable<Text>,
        bytes -> Nullable<Binary>,
        recorded_at -> BigInt,
        stage -> BigInt,
        number -> BigInt,
    }
}

diesel::table! {
    filings (id) {
        id -> Text,
        incident_id -> Text,
        duty_id -> Text,
        notice_id -> Nullable<Text>,
        filed_at -> BigInt,
        receipt -> Text,
        recorded_by -> Text,
        recorded_at -> BigInt,
        stage -> Text,
        late_reason -> Text,
        contents -> Text,
    }
}

diesel::table! {
    duty_rulings (id) {
        id -> Text,
        incident_id -> Text,
        duty_id -> Text,
        ruling -> Text,
        reason -> Text,
        decided_by -> Text,
        decided_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    dispatches (id) {
        id -> Text,
        incident_id -> Text,
        notice_id -> Text,
        digest -> Text,
        audience -> BigInt,
        unreachable -> BigInt,
        recorded_by -> Text,
        recorded_at -> BigInt,
        channel -> Text,
        filter -> Text,
        reached -> Text,
        complete_at -> Nullable<BigInt>,
        handed_over -> Text,
    }
}

diesel::table! {
    outbox_batches (id) {
        id -> Text,
        template -> Text,
        sender -> Text,
        created_at -> BigInt,
        paused_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    outbox_messages (id) {
        id -> Text,
        batch_id -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        scope -> Text,
        priority -> BigInt,
        message_id -> Text,
        sealed -> Binary,
        state -> Text,
        attempts -> BigInt,
        due_at -> BigInt,
        claimed_by -> Nullable<Text>,
        claimed_at -> Nullable<BigInt>,
        settled_at -> Nullable<BigInt>,
        reply_code -> Nullable<BigInt>,
        reply -> Nullable<Text>,
        created_at -> BigInt,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    outbox_tallies (batch_id) {
        batch_id -> Text,
        queued -> BigInt,
        held -> BigInt,
        sent -> BigInt,
        failed -> BigInt,
        uncertain -> BigInt,
        cancelled -> BigInt,
        bounced -> BigInt,
        settled_until -> Nullable<BigInt>,
        began_at -> Nullable<BigInt>,
        minute -> BigInt,
        minute_sent -> BigInt,
        before_sent -> BigInt,
        halted_at -> Nullable<BigInt>,
        halt_code -> Nullable<BigInt>,
        halt_reply -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    outbox_stops (name) {
        name -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    reminders (incident_id, duty_id, due, threshold, account_id) {
        incident_id -> Text,
        duty_id -> Text,
        due -> Text,
        threshold -> Text,
        account_id -> Text,
        sent_at -> BigInt,
    }
}

diesel::table! {
    mail_returns (taken) {
        taken -> Text,
        number -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    team_mails (kind, account_id, item) {
        kind -> Text,
        account_id -> Text,
        item -> Text,
        incident_id -> Nullable<Text>,
        wanted_at -> BigInt,
        settled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    team_mail_settings (account_id) {
        account_id -> Text,
        assigned -> Bool,
        approval -> Bool,
        digest -> Bool,
        quiet_from -> Nullable<Text>,
        quiet_until -> Nullable<Text>,
    }
}

diesel::table! {
    post_mortem_versions (incident_id, section, version) {
        incident_id -> Text,
        section -> Text,
        version -> BigInt,
        body -> Text,
        automatic -> Bool,
        begun_at -> BigInt,
        recorded_by -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    actions (id) {
        id -> Text,
        incident_id -> Text,
        title -> Text,
        owner -> Text,
        due_on -> Nullable<Text>,
        done_at -> Nullable<BigInt>,
        recorded_by -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        until -> BigInt,
    }
}

diesel::table! {
    severity_answers (id) {
        id -> Text,
        incident_id -> Text,
        question -> Text,
        answer -> Text,
        recorded_by -> Text,
        recorded_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    search_documents (id) {
        id -> BigInt,
        incident_id -> Text,
        room -> Text,
        reference -> Text,
        title_ja -> Text,
        title_en -> Text,
        text_ja -> Text,
        text_en -> Text,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    search_progress (incident_id) {
        incident_id -> Text,
        seq -> BigInt,
        written_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organisation,
    accounts,
    sessions,
    one_time_links,
    api_tokens,
    sign_in_failures,
    incidents,
    clock_starts,
    facts,
    steps,
    evidence,
    evidence_holds,
    rosters,
    roster_problems,
    person_groups,
    people,
    person_rows,
    person_keys,
    person_conflicts,
    column_mappings,
    counters,
    desk_lookups,
    retentions,
    register_exports,
    data_keys,
    timeline_entries,
    timeline_pins,
    timeline_attachments,
    timeline_corrections,
    timeline_heads,
    checkpoints,
    notices,
    notice_versions,
    notice_templates,
    notice_answers,
    notice_copies,
    approval_chains,
    approvals,
    filings,
    duty_rulings,
    dispatches,
    outbox_batches,
    outbox_messages,
    outbox_tallies,
    outbox_stops,
    reminders,
    mail_returns,
    team_mails,
    team_mail_settings,
    post_mortem_versions,
    actions,
    leases,
    severity_answers,
    search_documents,
    search_progress,
);
