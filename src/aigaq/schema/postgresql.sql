-- Made by tools/schema.py from the migrations; not to be edited by hand.

CREATE FUNCTION access_enteredlook_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of access_enteredlook are never changed or deleted'; END $$;
CREATE FUNCTION copies_blobcopy_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of copies_blobcopy are never changed or deleted'; END $$;
CREATE FUNCTION copies_finding_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of copies_finding are never changed or deleted'; END $$;
CREATE FUNCTION copies_healing_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of copies_healing are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_approval_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_approval are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_building_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_building are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_built_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_built are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_demand_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_demand are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_handover_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_handover are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_refused_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_refused are never changed or deleted'; END $$;
CREATE FUNCTION disclosure_selection_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of disclosure_selection are never changed or deleted'; END $$;
CREATE FUNCTION docks_dock_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of docks_dock are never changed or deleted'; END $$;
CREATE FUNCTION docks_received_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of docks_received are never changed or deleted'; END $$;
CREATE FUNCTION docks_revocation_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of docks_revocation are never changed or deleted'; END $$;
CREATE FUNCTION incidents_decision_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of incidents_decision are never changed or deleted'; END $$;
CREATE FUNCTION incidents_incident_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of incidents_incident are never changed or deleted'; END $$;
CREATE FUNCTION journal_bookend_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_bookend are never changed or deleted'; END $$;
CREATE FUNCTION journal_correction_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_correction are never changed or deleted'; END $$;
CREATE FUNCTION journal_damage_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_damage are never changed or deleted'; END $$;
CREATE FUNCTION journal_failure_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_failure are never changed or deleted'; END $$;
CREATE FUNCTION journal_inscription_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_inscription are never changed or deleted'; END $$;
CREATE FUNCTION journal_issue_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_issue are never changed or deleted'; END $$;
CREATE FUNCTION journal_journalbook_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_journalbook are never changed or deleted'; END $$;
CREATE FUNCTION journal_journalrow_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_journalrow are never changed or deleted'; END $$;
CREATE FUNCTION journal_loss_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_loss are never changed or deleted'; END $$;
CREATE FUNCTION journal_nextbook_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_nextbook are never changed or deleted'; END $$;
CREATE FUNCTION journal_pause_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_pause are never changed or deleted'; END $$;
CREATE FUNCTION journal_remark_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_remark are never changed or deleted'; END $$;
CREATE FUNCTION journal_repair_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_repair are never changed or deleted'; END $$;
CREATE FUNCTION journal_replacement_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_replacement are never changed or deleted'; END $$;
CREATE FUNCTION journal_resume_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_resume are never changed or deleted'; END $$;
CREATE FUNCTION journal_return_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_return are never changed or deleted'; END $$;
CREATE FUNCTION journal_signature_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_signature are never changed or deleted'; END $$;
CREATE FUNCTION journal_unloading_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of journal_unloading are never changed or deleted'; END $$;
CREATE FUNCTION ledger_checkpoint_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of ledger_checkpoint are never changed or deleted'; END $$;
CREATE FUNCTION ledger_ledgerentry_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of ledger_ledgerentry are never changed or deleted'; END $$;
CREATE FUNCTION recordings_blob_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_blob are never changed or deleted'; END $$;
CREATE FUNCTION recordings_clockreading_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_clockreading are never changed or deleted'; END $$;
CREATE FUNCTION recordings_coveragejudgement_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_coveragejudgement are never changed or deleted'; END $$;
CREATE FUNCTION recordings_derivative_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_derivative are never changed or deleted'; END $$;
CREATE FUNCTION recordings_flawedreading_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_flawedreading are never changed or deleted'; END $$;
CREATE FUNCTION recordings_judgement_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_judgement are never changed or deleted'; END $$;
CREATE FUNCTION recordings_placement_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_placement are never changed or deleted'; END $$;
CREATE FUNCTION recordings_recording_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_recording are never changed or deleted'; END $$;
CREATE FUNCTION recordings_recordingfile_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_recordingfile are never changed or deleted'; END $$;
CREATE FUNCTION recordings_sequencereading_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_sequencereading are never changed or deleted'; END $$;
CREATE FUNCTION recordings_timecodereading_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_timecodereading are never changed or deleted'; END $$;
CREATE FUNCTION recordings_timecodeshowing_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of recordings_timecodeshowing are never changed or deleted'; END $$;
CREATE FUNCTION retention_clockconfirmation_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_clockconfirmation are never changed or deleted'; END $$;
CREATE FUNCTION retention_destroyedblob_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_destroyedblob are never changed or deleted'; END $$;
CREATE FUNCTION retention_disposalapproval_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_disposalapproval are never changed or deleted'; END $$;
CREATE FUNCTION retention_disposaldrop_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_disposaldrop are never changed or deleted'; END $$;
CREATE FUNCTION retention_disposalplan_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_disposalplan are never changed or deleted'; END $$;
CREATE FUNCTION retention_disposed_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_disposed are never changed or deleted'; END $$;
CREATE FUNCTION retention_disposing_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_disposing are never changed or deleted'; END $$;
CREATE FUNCTION retention_heldrecording_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_heldrecording are never changed or deleted'; END $$;
CREATE FUNCTION retention_hold_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_hold are never changed or deleted'; END $$;
CREATE FUNCTION retention_holdrelease_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_holdrelease are never changed or deleted'; END $$;
CREATE FUNCTION retention_remainder_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_remainder are never changed or deleted'; END $$;
CREATE FUNCTION retention_remainderremoved_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_remainderremoved are never changed or deleted'; END $$;
CREATE FUNCTION retention_retentionterm_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of retention_retentionterm are never changed or deleted'; END $$;
CREATE FUNCTION review_mark_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_mark are never changed or deleted'; END $$;
CREATE FUNCTION review_markchange_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_markchange are never changed or deleted'; END $$;
CREATE FUNCTION review_review_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_review are never changed or deleted'; END $$;
CREATE FUNCTION review_sample_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_sample are never changed or deleted'; END $$;
CREATE FUNCTION review_sampleitem_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_sampleitem are never changed or deleted'; END $$;
CREATE FUNCTION review_samplenote_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'insert-only: rows of review_samplenote are never changed or deleted'; END $$;
CREATE TABLE access_enteredlook (
    id bigint NOT NULL,
    seq bigint NOT NULL,
    kind character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    division uuid,
    person uuid,
    "row" uuid,
    recording uuid,
    file uuid,
    viewing uuid,
    digest character varying(71) NOT NULL,
    first bigint,
    last bigint,
    from_ms bigint,
    to_ms bigint,
    until timestamp with time zone,
    CONSTRAINT access_enteredlook_first_check CHECK ((first >= 0)),
    CONSTRAINT access_enteredlook_from_ms_check CHECK ((from_ms >= 0)),
    CONSTRAINT access_enteredlook_seq_check CHECK ((seq >= 0)),
    CONSTRAINT access_enteredlook_to_ms_check CHECK ((to_ms >= 0))
);
ALTER TABLE access_enteredlook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME access_enteredlook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE access_keywrap (
    id bigint NOT NULL,
    wrapped text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reader_id uuid NOT NULL
);
ALTER TABLE access_keywrap ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME access_keywrap_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE accounts_failedattempt (
    id bigint NOT NULL,
    subject character varying(64) NOT NULL,
    purpose character varying(16) NOT NULL,
    address character varying(45) NOT NULL,
    attempted_at timestamp with time zone NOT NULL
);
ALTER TABLE accounts_failedattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME accounts_failedattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE accounts_passkey (
    id uuid NOT NULL,
    credential_id character varying(1400) NOT NULL,
    public_key text NOT NULL,
    rp_id character varying(253) NOT NULL,
    label character varying(64) NOT NULL,
    transports jsonb NOT NULL,
    is_backed_up boolean NOT NULL,
    sign_count bigint NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_id uuid NOT NULL,
    CONSTRAINT accounts_passkey_sign_count_check CHECK ((sign_count >= 0))
);
CREATE TABLE accounts_press (
    digest character varying(64) NOT NULL,
    pressed_at timestamp with time zone NOT NULL,
    location text
);
CREATE TABLE accounts_user (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    username character varying(64) NOT NULL,
    is_active boolean NOT NULL,
    session_epoch integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_user_session_epoch_check CHECK ((session_epoch >= 0))
);
CREATE TABLE auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE copies_blobcopy (
    id bigint NOT NULL,
    place character varying(32) NOT NULL,
    number smallint NOT NULL,
    proven_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    blob_id bigint NOT NULL,
    CONSTRAINT copies_blobcopy_number_check CHECK ((number >= 0)),
    CONSTRAINT copies_blobcopy_seq_check CHECK ((seq >= 0))
);
ALTER TABLE copies_blobcopy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME copies_blobcopy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE copies_finding (
    id uuid NOT NULL,
    place character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    path text NOT NULL,
    occasion integer NOT NULL,
    found_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    blob_id bigint,
    CONSTRAINT copies_finding_occasion_check CHECK ((occasion >= 0)),
    CONSTRAINT copies_finding_seq_check CHECK ((seq >= 0))
);
CREATE TABLE copies_healing (
    id bigint NOT NULL,
    source character varying(32) NOT NULL,
    number smallint NOT NULL,
    healed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    finding_id uuid NOT NULL,
    CONSTRAINT copies_healing_number_check CHECK ((number >= 0)),
    CONSTRAINT copies_healing_seq_check CHECK ((seq >= 0))
);
ALTER TABLE copies_healing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME copies_healing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE copies_keptsum (
    name character varying(64) NOT NULL,
    upto bigint NOT NULL,
    count bigint NOT NULL,
    octets bigint NOT NULL,
    CONSTRAINT copies_keptsum_count_check CHECK ((count >= 0)),
    CONSTRAINT copies_keptsum_octets_check CHECK ((octets >= 0))
);
CREATE TABLE copies_placestate (
    place character varying(32) NOT NULL,
    seen_at timestamp with time zone,
    trouble character varying(8) NOT NULL,
    since timestamp with time zone,
    reason character varying(300) NOT NULL,
    told_at timestamp with time zone,
    seen_to bigint NOT NULL,
    whole_at timestamp with time zone,
    complete_to bigint NOT NULL
);
CREATE TABLE copies_round (
    id bigint NOT NULL,
    place character varying(32) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    "position" text NOT NULL,
    checked bigint NOT NULL,
    octets bigint NOT NULL,
    findings integer NOT NULL,
    total bigint NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT copies_round_checked_check CHECK ((checked >= 0)),
    CONSTRAINT copies_round_findings_check CHECK ((findings >= 0)),
    CONSTRAINT copies_round_octets_check CHECK ((octets >= 0)),
    CONSTRAINT copies_round_total_check CHECK ((total >= 0))
);
ALTER TABLE copies_round ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME copies_round_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE disclosure_approval (
    id uuid NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    assertion jsonb,
    approved_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    demand_id uuid NOT NULL,
    selection_id bigint NOT NULL,
    CONSTRAINT disclosure_approval_seq_check CHECK ((seq >= 0))
);
CREATE TABLE disclosure_building (
    id uuid NOT NULL,
    way character varying(16) NOT NULL,
    capacity bigint,
    sealing character varying(16) NOT NULL,
    is_image boolean NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    approval_id uuid NOT NULL,
    by_id uuid NOT NULL,
    CONSTRAINT disclosure_building_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT disclosure_building_seq_check CHECK ((seq >= 0))
);
CREATE TABLE disclosure_built (
    id bigint NOT NULL,
    package_digest character varying(71) NOT NULL,
    bags jsonb NOT NULL,
    built_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    building_id uuid NOT NULL,
    CONSTRAINT disclosure_built_seq_check CHECK ((seq >= 0))
);
ALTER TABLE disclosure_built ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME disclosure_built_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE disclosure_demand (
    id uuid NOT NULL,
    number integer NOT NULL,
    kind character varying(16) NOT NULL,
    authority character varying(300) NOT NULL,
    official character varying(300) NOT NULL,
    their_number character varying(64) NOT NULL,
    dated_on date NOT NULL,
    received_on date NOT NULL,
    due_on date,
    basis character varying(1000) NOT NULL,
    covers character varying(1000) NOT NULL,
    media_type character varying(16) NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    division_id uuid NOT NULL,
    document_id bigint,
    CONSTRAINT disclosure_demand_number_check CHECK ((number >= 0)),
    CONSTRAINT disclosure_demand_seq_check CHECK ((seq >= 0))
);
CREATE TABLE disclosure_filedigest (
    sha256 character varying(64) NOT NULL,
    sha512 character varying(128) NOT NULL,
    size bigint NOT NULL,
    CONSTRAINT disclosure_filedigest_size_check CHECK ((size >= 0))
);
CREATE TABLE disclosure_handover (
    id uuid NOT NULL,
    receiver character varying(300) NOT NULL,
    "position" character varying(300) NOT NULL,
    basis character varying(1000) NOT NULL,
    carrier character varying(16) NOT NULL,
    way character varying(16) NOT NULL,
    signed_name character varying(300) NOT NULL,
    handed_over_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    approval_id uuid NOT NULL,
    building_id uuid NOT NULL,
    by_id uuid NOT NULL,
    CONSTRAINT disclosure_handover_seq_check CHECK ((seq >= 0))
);
CREATE TABLE disclosure_refused (
    id bigint NOT NULL,
    reason character varying(1000) NOT NULL,
    refused_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    demand_id uuid NOT NULL,
    CONSTRAINT disclosure_refused_seq_check CHECK ((seq >= 0))
);
ALTER TABLE disclosure_refused ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME disclosure_refused_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE disclosure_selection (
    id bigint NOT NULL,
    version integer NOT NULL,
    chosen jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    demand_id uuid NOT NULL,
    hold_id uuid,
    CONSTRAINT disclosure_selection_seq_check CHECK ((seq >= 0)),
    CONSTRAINT disclosure_selection_version_check CHECK ((version >= 0))
);
ALTER TABLE disclosure_selection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME disclosure_selection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_q_ormq (
    id integer NOT NULL,
    key character varying(100) NOT NULL,
    payload text NOT NULL,
    lock timestamp with time zone
);
ALTER TABLE django_q_ormq ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_q_ormq_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_q_schedule (
    id integer NOT NULL,
    func character varying(256) NOT NULL,
    hook character varying(256),
    args text,
    kwargs text,
    schedule_type character varying(2) NOT NULL,
    repeats integer NOT NULL,
    next_run timestamp with time zone,
    task character varying(100),
    name character varying(100),
    minutes smallint,
    cron character varying(100),
    cluster character varying(100),
    intended_date_kwarg character varying(100),
    CONSTRAINT django_q_schedule_minutes_check CHECK ((minutes >= 0))
);
ALTER TABLE django_q_schedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME django_q_schedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE django_q_task (
    name character varying(100) NOT NULL,
    func character varying(256) NOT NULL,
    hook character varying(256),
    args text,
    kwargs text,
    result text,
    started timestamp with time zone NOT NULL,
    stopped timestamp with time zone NOT NULL,
    success boolean NOT NULL,
    id character varying(32) NOT NULL,
    "group" character varying(100),
    attempt_count integer NOT NULL,
    cluster character varying(100)
);
CREATE TABLE django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE docks_dock (
    id uuid NOT NULL,
    name character varying(64) NOT NULL,
    public_key character varying(44) NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    division_id uuid NOT NULL,
    enrolled_by_id uuid,
    CONSTRAINT docks_dock_seq_check CHECK ((seq >= 0))
);
CREATE TABLE docks_docksession (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    challenge character varying(64) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    dock_id uuid NOT NULL
);
ALTER TABLE docks_docksession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME docks_docksession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE docks_dockstate (
    dock_id uuid NOT NULL,
    agent character varying(32) NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    clock_offset_ms bigint,
    clock_doubt_ms bigint NOT NULL,
    clock_at timestamp with time zone,
    clock_told_at timestamp with time zone,
    refusal_told_at timestamp with time zone,
    quota_told_at timestamp with time zone,
    CONSTRAINT docks_dockstate_clock_doubt_ms_check CHECK ((clock_doubt_ms >= 0))
);
CREATE TABLE docks_enrolmentcode (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    refused_at timestamp with time zone,
    division_id uuid NOT NULL,
    made_by_id uuid
);
CREATE TABLE docks_received (
    id bigint NOT NULL,
    content_digest character varying(64) NOT NULL,
    stored_digest character varying(64) NOT NULL,
    stored_size bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    dock_id uuid NOT NULL,
    CONSTRAINT docks_received_seq_check CHECK ((seq >= 0)),
    CONSTRAINT docks_received_stored_size_check CHECK ((stored_size >= 0))
);
ALTER TABLE docks_received ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME docks_received_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE docks_revocation (
    id bigint NOT NULL,
    reason character varying(300) NOT NULL,
    revoked_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    dock_id uuid NOT NULL,
    revoked_by_id uuid,
    CONSTRAINT docks_revocation_seq_check CHECK ((seq >= 0))
);
ALTER TABLE docks_revocation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME docks_revocation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE docks_upload (
    id uuid NOT NULL,
    content_digest character varying(64) NOT NULL,
    stored_digest character varying(64) NOT NULL,
    length bigint NOT NULL,
    "offset" bigint NOT NULL,
    state character varying(12) NOT NULL,
    kept_as character varying(64) NOT NULL,
    reason character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    dock_id uuid NOT NULL,
    CONSTRAINT docks_upload_length_check CHECK ((length >= 0)),
    CONSTRAINT docks_upload_offset_check CHECK (("offset" >= 0))
);
CREATE TABLE incidents_decision (
    id bigint NOT NULL,
    outcome character varying(16) NOT NULL,
    reason character varying(300) NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    assertion jsonb,
    decided_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    CONSTRAINT incidents_decision_seq_check CHECK ((seq >= 0))
);
ALTER TABLE incidents_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME incidents_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE incidents_incident (
    id uuid NOT NULL,
    kind character varying(32) NOT NULL,
    key character varying(100) NOT NULL,
    facts jsonb NOT NULL,
    evidence jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    division_id uuid NOT NULL,
    row_id uuid,
    CONSTRAINT incidents_incident_seq_check CHECK ((seq >= 0))
);
CREATE TABLE incidents_undecided (
    incident_id uuid NOT NULL,
    division_id uuid NOT NULL
);
CREATE TABLE ingest_port (
    id bigint NOT NULL,
    dock character varying(64) NOT NULL,
    name character varying(200) NOT NULL,
    state character varying(12) NOT NULL,
    code character varying(64) NOT NULL,
    facts jsonb NOT NULL,
    marks jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    unload_id uuid
);
ALTER TABLE ingest_port ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ingest_port_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ingest_sighting (
    id bigint NOT NULL,
    clearing_at timestamp with time zone,
    cleared_seq bigint,
    noted boolean NOT NULL,
    file_id uuid NOT NULL,
    unload_id uuid NOT NULL,
    CONSTRAINT ingest_sighting_cleared_seq_check CHECK ((cleared_seq >= 0))
);
ALTER TABLE ingest_sighting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ingest_sighting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ingest_unload (
    id uuid NOT NULL,
    port character varying(200) NOT NULL,
    source character varying(120) NOT NULL,
    container character varying(120) NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(64) NOT NULL,
    reason_facts jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    files_total integer NOT NULL,
    files_done integer NOT NULL,
    octets_total bigint NOT NULL,
    octets_done bigint NOT NULL,
    stored integer NOT NULL,
    already_stored integer NOT NULL,
    damaged integer NOT NULL,
    "foreign" integer NOT NULL,
    cleared integer NOT NULL,
    current character varying(300) NOT NULL,
    problems jsonb NOT NULL,
    problem_count integer NOT NULL,
    card_id uuid,
    division_id uuid NOT NULL,
    recorder_id uuid,
    row_id uuid,
    dock uuid,
    doubt character varying(64) NOT NULL,
    doubt_facts jsonb NOT NULL,
    sources jsonb NOT NULL,
    CONSTRAINT ingest_unload_already_stored_check CHECK ((already_stored >= 0)),
    CONSTRAINT ingest_unload_cleared_check CHECK ((cleared >= 0)),
    CONSTRAINT ingest_unload_damaged_check CHECK ((damaged >= 0)),
    CONSTRAINT ingest_unload_files_done_check CHECK ((files_done >= 0)),
    CONSTRAINT ingest_unload_files_total_check CHECK ((files_total >= 0)),
    CONSTRAINT ingest_unload_foreign_check CHECK (("foreign" >= 0)),
    CONSTRAINT ingest_unload_octets_done_check CHECK ((octets_done >= 0)),
    CONSTRAINT ingest_unload_octets_total_check CHECK ((octets_total >= 0)),
    CONSTRAINT ingest_unload_problem_count_check CHECK ((problem_count >= 0)),
    CONSTRAINT ingest_unload_stored_check CHECK ((stored >= 0))
);
CREATE TABLE ingest_wallscreen (
    id uuid NOT NULL,
    name character varying(60) NOT NULL,
    token_digest character varying(64) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    shut_at timestamp with time zone,
    division_id uuid NOT NULL
);
CREATE TABLE jobs_trouble (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    host character varying(255) NOT NULL,
    said character varying(500) NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
ALTER TABLE jobs_trouble ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME jobs_trouble_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_bookend (
    id bigint NOT NULL,
    ended_on date NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid,
    book_id uuid NOT NULL,
    CONSTRAINT journal_bookend_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_bookend ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_bookend_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_correction (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    cell character varying(64) NOT NULL,
    number integer NOT NULL,
    old text NOT NULL,
    new text NOT NULL,
    reason character varying(300) NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    assertion jsonb,
    recorder_id uuid,
    card_id uuid,
    inspector_id uuid,
    CONSTRAINT journal_correction_number_check CHECK ((number >= 0)),
    CONSTRAINT journal_correction_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_correction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_correction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_damage (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    thing character varying(16) NOT NULL,
    found character varying(16) NOT NULL,
    words character varying(300) NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_damage_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_damage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_damage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_failure (
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    cause character varying(16) NOT NULL,
    words character varying(300) NOT NULL,
    told character varying(16) NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_failure_seq_check CHECK ((seq >= 0))
);
CREATE TABLE journal_inscription (
    id bigint NOT NULL,
    sheets integer NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    assertion jsonb,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    book_id uuid NOT NULL,
    by_id uuid NOT NULL,
    CONSTRAINT journal_inscription_seq_check CHECK ((seq >= 0)),
    CONSTRAINT journal_inscription_sheets_check CHECK ((sheets >= 0))
);
ALTER TABLE journal_inscription ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_inscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_issue (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    control character varying(32) NOT NULL,
    subject character varying(300) NOT NULL,
    object character varying(300) NOT NULL,
    act_number character varying(100) NOT NULL,
    seal_number character varying(64) NOT NULL,
    checks jsonb NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_issue_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_issue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_issue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_journalbook (
    id uuid NOT NULL,
    registration_number character varying(64) NOT NULL,
    started_on date NOT NULL,
    sheets integer NOT NULL,
    rows_per_sheet smallint NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid,
    division_id uuid NOT NULL,
    CONSTRAINT journal_journalbook_rows_per_sheet_check CHECK ((rows_per_sheet >= 0)),
    CONSTRAINT journal_journalbook_seq_check CHECK ((seq >= 0)),
    CONSTRAINT journal_journalbook_sheets_check CHECK ((sheets >= 0))
);
CREATE TABLE journal_journalrow (
    id uuid NOT NULL,
    number integer NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    book_id uuid NOT NULL,
    card_id uuid,
    division_id uuid NOT NULL,
    inspector_id uuid NOT NULL,
    recorder_id uuid NOT NULL,
    CONSTRAINT journal_journalrow_number_check CHECK ((number >= 0)),
    CONSTRAINT journal_journalrow_seq_check CHECK ((seq >= 0))
);
CREATE TABLE journal_loss (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    thing character varying(16) NOT NULL,
    words character varying(300) NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_loss_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_loss ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_loss_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_nextbook (
    id bigint NOT NULL,
    registration_number character varying(64) NOT NULL,
    sheets integer NOT NULL,
    rows_per_sheet smallint NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid,
    division_id uuid NOT NULL,
    CONSTRAINT journal_nextbook_rows_per_sheet_check CHECK ((rows_per_sheet >= 0)),
    CONSTRAINT journal_nextbook_seq_check CHECK ((seq >= 0)),
    CONSTRAINT journal_nextbook_sheets_check CHECK ((sheets >= 0))
);
ALTER TABLE journal_nextbook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_nextbook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_pause (
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    reason character varying(16) NOT NULL,
    told character varying(16) NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_pause_seq_check CHECK ((seq >= 0))
);
CREATE TABLE journal_remark (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    text text NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_remark_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_remark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_remark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_repair (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    words character varying(300) NOT NULL,
    by_id uuid,
    failure_id uuid NOT NULL,
    CONSTRAINT journal_repair_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_repair ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_repair_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_replacement (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid,
    failure_id uuid NOT NULL,
    new_row_id uuid NOT NULL,
    CONSTRAINT journal_replacement_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_replacement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_replacement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_resume (
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    told character varying(16) NOT NULL,
    by_id uuid,
    pause_id uuid NOT NULL,
    CONSTRAINT journal_resume_seq_check CHECK ((seq >= 0))
);
CREATE TABLE journal_return (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    seal_found character varying(16) NOT NULL,
    seal_number_found character varying(64) NOT NULL,
    condition character varying(300) NOT NULL,
    by_id uuid,
    handed_back_by_id uuid NOT NULL,
    row_id uuid NOT NULL,
    CONSTRAINT journal_return_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_return ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_return_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_signature (
    id bigint NOT NULL,
    act character varying(16) NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    row_id uuid NOT NULL,
    signer_id uuid NOT NULL,
    assertion jsonb,
    CONSTRAINT journal_signature_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_signature ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_signature_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE journal_unloading (
    id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    unload uuid NOT NULL,
    files integer NOT NULL,
    octets bigint NOT NULL,
    by_id uuid,
    row_id uuid NOT NULL,
    CONSTRAINT journal_unloading_files_check CHECK ((files >= 0)),
    CONSTRAINT journal_unloading_octets_check CHECK ((octets >= 0)),
    CONSTRAINT journal_unloading_seq_check CHECK ((seq >= 0))
);
ALTER TABLE journal_unloading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME journal_unloading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ledger_checkpoint (
    size bigint NOT NULL,
    note text NOT NULL,
    frontier text NOT NULL,
    CONSTRAINT ledger_checkpoint_size_check CHECK ((size >= 0))
);
CREATE TABLE ledger_follower (
    name character varying(32) NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT ledger_follower_seq_check CHECK ((seq >= 0))
);
CREATE TABLE ledger_ledgerentry (
    seq bigint NOT NULL,
    entry text NOT NULL,
    leaf_hash character varying(64) NOT NULL,
    kind character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_ledgerentry_seq_check CHECK ((seq >= 0))
);
CREATE TABLE notices_letter (
    id bigint NOT NULL,
    way character varying(32) NOT NULL,
    address character varying(254) NOT NULL,
    attempts integer NOT NULL,
    next_at timestamp with time zone,
    sent_at timestamp with time zone,
    last_error character varying(300) NOT NULL,
    notice_id uuid NOT NULL,
    CONSTRAINT notices_letter_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE notices_letter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME notices_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE notices_notice (
    id uuid NOT NULL,
    kind character varying(16) NOT NULL,
    key character varying(100) NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    division_id uuid NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE prints_print (
    id uuid NOT NULL,
    title character varying(200) NOT NULL,
    what jsonb NOT NULL,
    by jsonb NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    state character varying(8) NOT NULL,
    holder uuid,
    done integer NOT NULL,
    of integer NOT NULL,
    drawing_since timestamp with time zone,
    setting_since timestamp with time zone,
    over_at timestamp with time zone,
    fault text NOT NULL,
    fault_details jsonb NOT NULL,
    fault_paragraph character varying(8) NOT NULL,
    name character varying(200) NOT NULL,
    pdf bytea,
    size integer NOT NULL,
    printed jsonb,
    division_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT prints_print_done_check CHECK ((done >= 0)),
    CONSTRAINT prints_print_of_check CHECK ((of >= 0)),
    CONSTRAINT prints_print_size_check CHECK ((size >= 0))
);
CREATE TABLE recordings_blob (
    id bigint NOT NULL,
    content_digest character varying(64) NOT NULL,
    stored_digest character varying(64) NOT NULL,
    size bigint NOT NULL,
    stored_size bigint NOT NULL,
    name character varying(300) NOT NULL,
    ingested_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT recordings_blob_seq_check CHECK ((seq >= 0)),
    CONSTRAINT recordings_blob_size_check CHECK ((size >= 0)),
    CONSTRAINT recordings_blob_stored_size_check CHECK ((stored_size >= 0))
);
ALTER TABLE recordings_blob ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_blob_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_clockreading (
    id bigint NOT NULL,
    way character varying(16) NOT NULL,
    device_at timestamp with time zone NOT NULL,
    server_at timestamp with time zone NOT NULL,
    offset_ms bigint NOT NULL,
    precision_ms integer NOT NULL,
    path text NOT NULL,
    allowed_ms bigint NOT NULL,
    excursion integer NOT NULL,
    unload uuid NOT NULL,
    read_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    card_id uuid,
    recorder_id uuid NOT NULL,
    CONSTRAINT recordings_clockreading_allowed_ms_check CHECK ((allowed_ms >= 0)),
    CONSTRAINT recordings_clockreading_excursion_check CHECK ((excursion >= 0)),
    CONSTRAINT recordings_clockreading_precision_ms_check CHECK ((precision_ms >= 0)),
    CONSTRAINT recordings_clockreading_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_clockreading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_clockreading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_coveragejudgement (
    id uuid NOT NULL,
    number integer NOT NULL,
    because bigint,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    tolerances jsonb NOT NULL,
    parts jsonb NOT NULL,
    takes jsonb NOT NULL,
    offsets jsonb NOT NULL,
    totals jsonb NOT NULL,
    days jsonb NOT NULL,
    gaps jsonb NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    division_id uuid NOT NULL,
    row_id uuid NOT NULL,
    CONSTRAINT recordings_coveragejudgement_because_check CHECK ((because >= 0)),
    CONSTRAINT recordings_coveragejudgement_number_check CHECK ((number >= 0)),
    CONSTRAINT recordings_coveragejudgement_seq_check CHECK ((seq >= 0))
);
CREATE TABLE recordings_derivative (
    id bigint NOT NULL,
    product character varying(16) NOT NULL,
    source character varying(64) NOT NULL,
    recipe jsonb NOT NULL,
    facts jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    blob_id bigint NOT NULL,
    file_id uuid NOT NULL,
    CONSTRAINT recordings_derivative_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_derivative ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_derivative_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_flawedreading (
    id bigint NOT NULL,
    unload uuid NOT NULL,
    errors integer NOT NULL,
    missing bigint NOT NULL,
    holes jsonb NOT NULL,
    read_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    card_id uuid,
    file_id uuid NOT NULL,
    CONSTRAINT recordings_flawedreading_errors_check CHECK ((errors >= 0)),
    CONSTRAINT recordings_flawedreading_missing_check CHECK ((missing >= 0)),
    CONSTRAINT recordings_flawedreading_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_flawedreading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_flawedreading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_judgement (
    id bigint NOT NULL,
    verdict character varying(16) NOT NULL,
    duration double precision,
    facts jsonb NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    still_id bigint,
    file_id uuid NOT NULL,
    CONSTRAINT recordings_judgement_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_judgement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_judgement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_making (
    id bigint NOT NULL,
    product character varying(16) NOT NULL,
    state character varying(16) NOT NULL,
    permille smallint NOT NULL,
    obstacle character varying(32) NOT NULL,
    holder uuid NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    file_id uuid NOT NULL,
    CONSTRAINT recordings_making_permille_check CHECK ((permille >= 0))
);
ALTER TABLE recordings_making ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_making_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_placement (
    id bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    row_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    CONSTRAINT recordings_placement_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_placement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_placement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_recording (
    id uuid NOT NULL,
    recorded_at timestamp with time zone,
    ingested_at timestamp with time zone NOT NULL,
    listed_at timestamp with time zone NOT NULL,
    unload uuid NOT NULL,
    card_id uuid,
    division_id uuid NOT NULL,
    recorder_id uuid
);
CREATE TABLE recordings_recordingfile (
    id uuid NOT NULL,
    path text NOT NULL,
    source character varying(120) NOT NULL,
    source_key character varying(64) NOT NULL,
    modified_at timestamp with time zone,
    kind character varying(8) NOT NULL,
    blob_id bigint NOT NULL,
    recording_id uuid NOT NULL,
    ordinal integer NOT NULL,
    recorded_at timestamp with time zone,
    role character varying(8) NOT NULL,
    CONSTRAINT recordings_recordingfile_ordinal_check CHECK ((ordinal >= 0))
);
CREATE TABLE recordings_sequencereading (
    id bigint NOT NULL,
    source character varying(120) NOT NULL,
    profile character varying(32) NOT NULL,
    runs jsonb NOT NULL,
    gaps jsonb NOT NULL,
    unload uuid NOT NULL,
    read_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    card_id uuid,
    recorder_id uuid NOT NULL,
    CONSTRAINT recordings_sequencereading_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_sequencereading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_sequencereading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_timecodereading (
    id bigint NOT NULL,
    verdict character varying(16) NOT NULL,
    seen jsonb NOT NULL,
    proofs jsonb NOT NULL,
    film_began_at timestamp with time zone,
    precision_ms integer,
    unload uuid NOT NULL,
    read_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    file_id uuid NOT NULL,
    showing_id bigint,
    CONSTRAINT recordings_timecodereading_precision_ms_check CHECK ((precision_ms >= 0)),
    CONSTRAINT recordings_timecodereading_seq_check CHECK ((seq >= 0))
);
ALTER TABLE recordings_timecodereading ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_timecodereading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE recordings_timecodeshowing (
    number bigint NOT NULL,
    purpose character varying(8) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seconds integer NOT NULL,
    root character varying(64) NOT NULL,
    pace character varying(16) NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    row_id uuid NOT NULL,
    CONSTRAINT recordings_timecodeshowing_number_check CHECK ((number >= 0)),
    CONSTRAINT recordings_timecodeshowing_seconds_check CHECK ((seconds >= 0)),
    CONSTRAINT recordings_timecodeshowing_seq_check CHECK ((seq >= 0))
);
CREATE TABLE recordings_unentered (
    id bigint NOT NULL,
    content_digest character varying(64) NOT NULL,
    file_id uuid NOT NULL
);
ALTER TABLE recordings_unentered ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME recordings_unentered_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE registry_appointment (
    id bigint NOT NULL,
    role character varying(16) NOT NULL,
    from_on date NOT NULL,
    until_on date,
    order_number character varying(64) NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    division_id uuid NOT NULL,
    person_id uuid NOT NULL,
    stands_in_for_id bigint
);
ALTER TABLE registry_appointment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME registry_appointment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE registry_card (
    id uuid NOT NULL,
    inventory_number character varying(32) NOT NULL,
    state character varying(16) NOT NULL,
    out_on uuid,
    created_at timestamp with time zone NOT NULL,
    volume_id character varying(64) NOT NULL,
    capacity bigint NOT NULL,
    division_id uuid NOT NULL,
    recorder_id uuid
);
CREATE TABLE registry_division (
    id uuid NOT NULL,
    name character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    parent_id uuid
);
CREATE TABLE registry_person (
    id uuid NOT NULL,
    full_name character varying(200) NOT NULL,
    post character varying(200) NOT NULL,
    staff_number character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    division_id uuid NOT NULL,
    user_id uuid,
    email character varying(254) NOT NULL
);
CREATE TABLE registry_recorder (
    id uuid NOT NULL,
    inventory_number character varying(32) NOT NULL,
    state character varying(16) NOT NULL,
    out_on uuid,
    created_at timestamp with time zone NOT NULL,
    model character varying(100) NOT NULL,
    serial_number character varying(64) NOT NULL,
    division_id uuid NOT NULL
);
CREATE TABLE retention_clockconfirmation (
    id bigint NOT NULL,
    day date NOT NULL,
    reached timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    division_id uuid NOT NULL,
    CONSTRAINT retention_clockconfirmation_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_clockconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_clockconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_destroyedblob (
    id bigint NOT NULL,
    destroyed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    blob_id bigint NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_destroyedblob_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_destroyedblob ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_destroyedblob_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_disposalapproval (
    id bigint NOT NULL,
    way character varying(16) NOT NULL,
    signed_digest character varying(71) NOT NULL,
    assertion jsonb,
    approved_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_disposalapproval_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_disposalapproval ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_disposalapproval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_disposaldrop (
    id bigint NOT NULL,
    reason character varying(300) NOT NULL,
    dropped_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_disposaldrop_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_disposaldrop ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_disposaldrop_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_disposalplan (
    id uuid NOT NULL,
    number integer NOT NULL,
    items jsonb NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    division_id uuid NOT NULL,
    CONSTRAINT retention_disposalplan_number_check CHECK ((number >= 0)),
    CONSTRAINT retention_disposalplan_seq_check CHECK ((seq >= 0))
);
CREATE TABLE retention_disposed (
    id bigint NOT NULL,
    disposed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    plan_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    CONSTRAINT retention_disposed_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_disposed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_disposed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_disposing (
    id bigint NOT NULL,
    recordings jsonb NOT NULL,
    contents jsonb NOT NULL,
    spared jsonb NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_disposing_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_disposing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_disposing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_heldrecording (
    id bigint NOT NULL,
    seq bigint NOT NULL,
    recording_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    CONSTRAINT retention_heldrecording_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_heldrecording ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_heldrecording_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_hold (
    id uuid NOT NULL,
    cause character varying(16) NOT NULL,
    because uuid,
    reason character varying(300) NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    division_id uuid NOT NULL,
    CONSTRAINT retention_hold_seq_check CHECK ((seq >= 0))
);
CREATE TABLE retention_holdrelease (
    id bigint NOT NULL,
    reason character varying(300) NOT NULL,
    released_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    CONSTRAINT retention_holdrelease_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_holdrelease ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_holdrelease_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_mirroredhold (
    id bigint NOT NULL,
    place character varying(32) NOT NULL,
    objects_held integer NOT NULL,
    set_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    hold_id uuid NOT NULL,
    CONSTRAINT retention_mirroredhold_objects_held_check CHECK ((objects_held >= 0))
);
ALTER TABLE retention_mirroredhold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_mirroredhold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_remainder (
    id bigint NOT NULL,
    place character varying(32) NOT NULL,
    until timestamp with time zone,
    seq bigint NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_remainder_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_remainder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_remainder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_remainderremoved (
    id bigint NOT NULL,
    place character varying(32) NOT NULL,
    objects_removed integer NOT NULL,
    removed_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    plan_id uuid NOT NULL,
    CONSTRAINT retention_remainderremoved_objects_removed_check CHECK ((objects_removed >= 0)),
    CONSTRAINT retention_remainderremoved_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_remainderremoved ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_remainderremoved_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE retention_retentionterm (
    id bigint NOT NULL,
    number integer NOT NULL,
    taken_in timestamp with time zone NOT NULL,
    kept_until date NOT NULL,
    profile character varying(32) NOT NULL,
    reasons jsonb NOT NULL,
    set_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    recording_id uuid NOT NULL,
    CONSTRAINT retention_retentionterm_number_check CHECK ((number >= 0)),
    CONSTRAINT retention_retentionterm_seq_check CHECK ((seq >= 0))
);
ALTER TABLE retention_retentionterm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME retention_retentionterm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE review_indexed (
    recording_id uuid NOT NULL,
    terms bytea NOT NULL
);
CREATE TABLE review_mark (
    position_ms bigint NOT NULL,
    until_ms bigint,
    category character varying(32) NOT NULL,
    is_evidence boolean NOT NULL,
    note text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    camera_at timestamp with time zone,
    by_id uuid NOT NULL,
    file_id uuid NOT NULL,
    CONSTRAINT review_mark_position_ms_check CHECK ((position_ms >= 0)),
    CONSTRAINT review_mark_seq_check CHECK ((seq >= 0)),
    CONSTRAINT review_mark_until_ms_check CHECK ((until_ms >= 0))
);
CREATE TABLE review_markchange (
    id bigint NOT NULL,
    position_ms bigint NOT NULL,
    until_ms bigint,
    category character varying(32) NOT NULL,
    is_evidence boolean NOT NULL,
    note text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    number integer NOT NULL,
    kind character varying(16) NOT NULL,
    reason character varying(300) NOT NULL,
    by_id uuid NOT NULL,
    mark_id uuid NOT NULL,
    CONSTRAINT review_markchange_number_check CHECK ((number >= 0)),
    CONSTRAINT review_markchange_position_ms_check CHECK ((position_ms >= 0)),
    CONSTRAINT review_markchange_seq_check CHECK ((seq >= 0)),
    CONSTRAINT review_markchange_until_ms_check CHECK ((until_ms >= 0))
);
ALTER TABLE review_markchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME review_markchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE review_posting (
    term integer NOT NULL,
    at bigint NOT NULL,
    recording bytea NOT NULL
);
CREATE TABLE review_review (
    id uuid NOT NULL,
    result character varying(16) NOT NULL,
    note text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    recording_id uuid,
    row_id uuid,
    CONSTRAINT review_review_seq_check CHECK ((seq >= 0))
);
CREATE TABLE review_sample (
    id uuid NOT NULL,
    month date NOT NULL,
    size bigint NOT NULL,
    root character varying(64) NOT NULL,
    seed character varying(64) NOT NULL,
    percent smallint NOT NULL,
    "least" integer NOT NULL,
    days smallint NOT NULL,
    population integer NOT NULL,
    population_digest character varying(71) NOT NULL,
    due_on date NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    division_id uuid NOT NULL,
    CONSTRAINT review_sample_days_check CHECK ((days >= 0)),
    CONSTRAINT review_sample_least_check CHECK (("least" >= 0)),
    CONSTRAINT review_sample_percent_check CHECK ((percent >= 0)),
    CONSTRAINT review_sample_population_check CHECK ((population >= 0)),
    CONSTRAINT review_sample_seq_check CHECK ((seq >= 0)),
    CONSTRAINT review_sample_size_check CHECK ((size >= 0))
);
CREATE TABLE review_samplefinished (
    sample_id uuid NOT NULL
);
CREATE TABLE review_sampleitem (
    id bigint NOT NULL,
    ordinal integer NOT NULL,
    seq bigint NOT NULL,
    inspector_id uuid NOT NULL,
    row_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    CONSTRAINT review_sampleitem_ordinal_check CHECK ((ordinal >= 0)),
    CONSTRAINT review_sampleitem_seq_check CHECK ((seq >= 0))
);
ALTER TABLE review_sampleitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME review_sampleitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE review_samplenote (
    id bigint NOT NULL,
    text text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    by_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    CONSTRAINT review_samplenote_seq_check CHECK ((seq >= 0))
);
ALTER TABLE review_samplenote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME review_samplenote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE review_searchterm (
    id integer NOT NULL,
    text bytea NOT NULL,
    division_id uuid NOT NULL
);
ALTER TABLE review_searchterm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME review_searchterm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE tallies_tally (
    id bigint NOT NULL,
    name character varying(16) NOT NULL,
    label character varying(32) NOT NULL,
    value bigint NOT NULL
);
ALTER TABLE tallies_tally ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tallies_tally_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY access_enteredlook
    ADD CONSTRAINT access_enteredlook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY access_enteredlook
    ADD CONSTRAINT access_enteredlook_seq_key UNIQUE (seq);
ALTER TABLE ONLY access_keywrap
    ADD CONSTRAINT access_keywrap_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_failedattempt
    ADD CONSTRAINT accounts_failedattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_passkey
    ADD CONSTRAINT accounts_passkey_credential_id_key UNIQUE (credential_id);
ALTER TABLE ONLY accounts_passkey
    ADD CONSTRAINT accounts_passkey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_press
    ADD CONSTRAINT accounts_press_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts_user
    ADD CONSTRAINT accounts_user_username_key UNIQUE (username);
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT chosen_in_turn UNIQUE (demand_id, version);
ALTER TABLE ONLY copies_blobcopy
    ADD CONSTRAINT copied_once_to_each_place UNIQUE (blob_id, place);
ALTER TABLE ONLY copies_blobcopy
    ADD CONSTRAINT copies_blobcopy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY copies_finding
    ADD CONSTRAINT copies_finding_pkey PRIMARY KEY (id);
ALTER TABLE ONLY copies_finding
    ADD CONSTRAINT copies_finding_seq_key UNIQUE (seq);
ALTER TABLE ONLY copies_healing
    ADD CONSTRAINT copies_healing_finding_id_key UNIQUE (finding_id);
ALTER TABLE ONLY copies_healing
    ADD CONSTRAINT copies_healing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY copies_healing
    ADD CONSTRAINT copies_healing_seq_key UNIQUE (seq);
ALTER TABLE ONLY copies_keptsum
    ADD CONSTRAINT copies_keptsum_pkey PRIMARY KEY (name);
ALTER TABLE ONLY copies_placestate
    ADD CONSTRAINT copies_placestate_pkey PRIMARY KEY (place);
ALTER TABLE ONLY copies_round
    ADD CONSTRAINT copies_round_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT corrected_in_turn UNIQUE (row_id, cell, number);
ALTER TABLE ONLY recordings_coveragejudgement
    ADD CONSTRAINT coverage_judged_in_turn UNIQUE (row_id, number);
ALTER TABLE ONLY journal_damage
    ADD CONSTRAINT damaged_once UNIQUE (row_id, thing);
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT demands_numbered_once UNIQUE (division_id, number);
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_demand_id_key UNIQUE (demand_id);
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_building
    ADD CONSTRAINT disclosure_building_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_building
    ADD CONSTRAINT disclosure_building_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_built
    ADD CONSTRAINT disclosure_built_building_id_key UNIQUE (building_id);
ALTER TABLE ONLY disclosure_built
    ADD CONSTRAINT disclosure_built_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_built
    ADD CONSTRAINT disclosure_built_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT disclosure_demand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT disclosure_demand_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_filedigest
    ADD CONSTRAINT disclosure_filedigest_pkey PRIMARY KEY (sha256);
ALTER TABLE ONLY disclosure_handover
    ADD CONSTRAINT disclosure_handover_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_handover
    ADD CONSTRAINT disclosure_handover_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_refused
    ADD CONSTRAINT disclosure_refused_demand_id_key UNIQUE (demand_id);
ALTER TABLE ONLY disclosure_refused
    ADD CONSTRAINT disclosure_refused_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_refused
    ADD CONSTRAINT disclosure_refused_seq_key UNIQUE (seq);
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT disclosure_selection_pkey PRIMARY KEY (id);
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT disclosure_selection_seq_key UNIQUE (seq);
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_q_ormq
    ADD CONSTRAINT django_q_ormq_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_q_schedule
    ADD CONSTRAINT django_q_schedule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_q_task
    ADD CONSTRAINT django_q_task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY docks_dock
    ADD CONSTRAINT docks_dock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_dock
    ADD CONSTRAINT docks_dock_public_key_key UNIQUE (public_key);
ALTER TABLE ONLY docks_dock
    ADD CONSTRAINT docks_dock_seq_key UNIQUE (seq);
ALTER TABLE ONLY docks_docksession
    ADD CONSTRAINT docks_docksession_challenge_key UNIQUE (challenge);
ALTER TABLE ONLY docks_docksession
    ADD CONSTRAINT docks_docksession_digest_key UNIQUE (digest);
ALTER TABLE ONLY docks_docksession
    ADD CONSTRAINT docks_docksession_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_dockstate
    ADD CONSTRAINT docks_dockstate_pkey PRIMARY KEY (dock_id);
ALTER TABLE ONLY docks_enrolmentcode
    ADD CONSTRAINT docks_enrolmentcode_digest_key UNIQUE (digest);
ALTER TABLE ONLY docks_enrolmentcode
    ADD CONSTRAINT docks_enrolmentcode_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_received
    ADD CONSTRAINT docks_received_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_received
    ADD CONSTRAINT docks_received_seq_key UNIQUE (seq);
ALTER TABLE ONLY docks_revocation
    ADD CONSTRAINT docks_revocation_dock_id_key UNIQUE (dock_id);
ALTER TABLE ONLY docks_revocation
    ADD CONSTRAINT docks_revocation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_revocation
    ADD CONSTRAINT docks_revocation_seq_key UNIQUE (seq);
ALTER TABLE ONLY docks_upload
    ADD CONSTRAINT docks_upload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_heldrecording
    ADD CONSTRAINT held_once_by_a_hold UNIQUE (hold_id, recording_id);
ALTER TABLE ONLY incidents_decision
    ADD CONSTRAINT incidents_decision_incident_id_key UNIQUE (incident_id);
ALTER TABLE ONLY incidents_decision
    ADD CONSTRAINT incidents_decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY incidents_decision
    ADD CONSTRAINT incidents_decision_seq_key UNIQUE (seq);
ALTER TABLE ONLY incidents_incident
    ADD CONSTRAINT incidents_incident_key_key UNIQUE (key);
ALTER TABLE ONLY incidents_incident
    ADD CONSTRAINT incidents_incident_pkey PRIMARY KEY (id);
ALTER TABLE ONLY incidents_incident
    ADD CONSTRAINT incidents_incident_seq_key UNIQUE (seq);
ALTER TABLE ONLY incidents_undecided
    ADD CONSTRAINT incidents_undecided_pkey PRIMARY KEY (incident_id);
ALTER TABLE ONLY ingest_port
    ADD CONSTRAINT ingest_port_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ingest_sighting
    ADD CONSTRAINT ingest_sighting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ingest_unload
    ADD CONSTRAINT ingest_unload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ingest_wallscreen
    ADD CONSTRAINT ingest_wallscreen_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ingest_wallscreen
    ADD CONSTRAINT ingest_wallscreen_token_digest_key UNIQUE (token_digest);
ALTER TABLE ONLY jobs_trouble
    ADD CONSTRAINT jobs_trouble_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_bookend
    ADD CONSTRAINT journal_bookend_book_id_key UNIQUE (book_id);
ALTER TABLE ONLY journal_bookend
    ADD CONSTRAINT journal_bookend_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_bookend
    ADD CONSTRAINT journal_bookend_seq_key UNIQUE (seq);
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_damage
    ADD CONSTRAINT journal_damage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_failure
    ADD CONSTRAINT journal_failure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_inscription
    ADD CONSTRAINT journal_inscription_book_id_key UNIQUE (book_id);
ALTER TABLE ONLY journal_inscription
    ADD CONSTRAINT journal_inscription_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_inscription
    ADD CONSTRAINT journal_inscription_seq_key UNIQUE (seq);
ALTER TABLE ONLY journal_issue
    ADD CONSTRAINT journal_issue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_issue
    ADD CONSTRAINT journal_issue_row_id_key UNIQUE (row_id);
ALTER TABLE ONLY journal_journalbook
    ADD CONSTRAINT journal_journalbook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_journalbook
    ADD CONSTRAINT journal_journalbook_registration_number_key UNIQUE (registration_number);
ALTER TABLE ONLY journal_journalbook
    ADD CONSTRAINT journal_journalbook_seq_key UNIQUE (seq);
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_seq_key UNIQUE (seq);
ALTER TABLE ONLY journal_loss
    ADD CONSTRAINT journal_loss_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_nextbook
    ADD CONSTRAINT journal_nextbook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_nextbook
    ADD CONSTRAINT journal_nextbook_registration_number_key UNIQUE (registration_number);
ALTER TABLE ONLY journal_nextbook
    ADD CONSTRAINT journal_nextbook_seq_key UNIQUE (seq);
ALTER TABLE ONLY journal_pause
    ADD CONSTRAINT journal_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_remark
    ADD CONSTRAINT journal_remark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_repair
    ADD CONSTRAINT journal_repair_failure_id_key UNIQUE (failure_id);
ALTER TABLE ONLY journal_repair
    ADD CONSTRAINT journal_repair_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_failure_id_key UNIQUE (failure_id);
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_new_row_id_key UNIQUE (new_row_id);
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_resume
    ADD CONSTRAINT journal_resume_pause_id_key UNIQUE (pause_id);
ALTER TABLE ONLY journal_resume
    ADD CONSTRAINT journal_resume_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_return
    ADD CONSTRAINT journal_return_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_return
    ADD CONSTRAINT journal_return_row_id_key UNIQUE (row_id);
ALTER TABLE ONLY journal_signature
    ADD CONSTRAINT journal_signature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_unloading
    ADD CONSTRAINT journal_unloading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_unloading
    ADD CONSTRAINT journal_unloading_unload_key UNIQUE (unload);
ALTER TABLE ONLY ledger_checkpoint
    ADD CONSTRAINT ledger_checkpoint_pkey PRIMARY KEY (size);
ALTER TABLE ONLY ledger_follower
    ADD CONSTRAINT ledger_follower_pkey PRIMARY KEY (name);
ALTER TABLE ONLY ledger_ledgerentry
    ADD CONSTRAINT ledger_ledgerentry_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY journal_loss
    ADD CONSTRAINT lost_once_on_a_row UNIQUE (row_id, thing);
ALTER TABLE ONLY review_markchange
    ADD CONSTRAINT mark_changed_in_turn UNIQUE (mark_id, number);
ALTER TABLE ONLY retention_mirroredhold
    ADD CONSTRAINT mirrored_once_to_a_place UNIQUE (hold_id, place);
ALTER TABLE ONLY notices_letter
    ADD CONSTRAINT notices_letter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notices_notice
    ADD CONSTRAINT notices_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_making
    ADD CONSTRAINT one_making_of_a_kind UNIQUE (file_id, product);
ALTER TABLE ONLY ingest_port
    ADD CONSTRAINT one_port_of_a_name_in_a_dock UNIQUE (dock, name);
ALTER TABLE ONLY tallies_tally
    ADD CONSTRAINT one_tally_of_a_name UNIQUE (name, label);
ALTER TABLE ONLY jobs_trouble
    ADD CONSTRAINT one_trouble_each UNIQUE (name, host);
ALTER TABLE ONLY access_keywrap
    ADD CONSTRAINT one_wrap_for_each_reader UNIQUE (reader_id);
ALTER TABLE ONLY retention_disposalplan
    ADD CONSTRAINT plans_numbered_once UNIQUE (division_id, number);
ALTER TABLE ONLY prints_print
    ADD CONSTRAINT prints_print_pkey PRIMARY KEY (id);
ALTER TABLE ONLY docks_received
    ADD CONSTRAINT received_once UNIQUE (dock_id, stored_digest);
ALTER TABLE ONLY recordings_blob
    ADD CONSTRAINT recordings_blob_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_blob
    ADD CONSTRAINT recordings_blob_stored_digest_key UNIQUE (stored_digest);
ALTER TABLE ONLY recordings_clockreading
    ADD CONSTRAINT recordings_clockreading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_clockreading
    ADD CONSTRAINT recordings_clockreading_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_coveragejudgement
    ADD CONSTRAINT recordings_coveragejudgement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_coveragejudgement
    ADD CONSTRAINT recordings_coveragejudgement_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_derivative
    ADD CONSTRAINT recordings_derivative_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_flawedreading
    ADD CONSTRAINT recordings_flawedreading_file_id_key UNIQUE (file_id);
ALTER TABLE ONLY recordings_flawedreading
    ADD CONSTRAINT recordings_flawedreading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_flawedreading
    ADD CONSTRAINT recordings_flawedreading_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_judgement
    ADD CONSTRAINT recordings_judgement_file_id_key UNIQUE (file_id);
ALTER TABLE ONLY recordings_judgement
    ADD CONSTRAINT recordings_judgement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_making
    ADD CONSTRAINT recordings_making_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_placement
    ADD CONSTRAINT recordings_placement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_placement
    ADD CONSTRAINT recordings_placement_recording_id_key UNIQUE (recording_id);
ALTER TABLE ONLY recordings_recording
    ADD CONSTRAINT recordings_recording_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_recordingfile
    ADD CONSTRAINT recordings_recordingfile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_recordingfile
    ADD CONSTRAINT recordings_recordingfile_source_key_key UNIQUE (source_key);
ALTER TABLE ONLY recordings_sequencereading
    ADD CONSTRAINT recordings_sequencereading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_sequencereading
    ADD CONSTRAINT recordings_sequencereading_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_timecodereading
    ADD CONSTRAINT recordings_timecodereading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recordings_timecodereading
    ADD CONSTRAINT recordings_timecodereading_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_timecodeshowing
    ADD CONSTRAINT recordings_timecodeshowing_pkey PRIMARY KEY (number);
ALTER TABLE ONLY recordings_timecodeshowing
    ADD CONSTRAINT recordings_timecodeshowing_seq_key UNIQUE (seq);
ALTER TABLE ONLY recordings_unentered
    ADD CONSTRAINT recordings_unentered_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registry_appointment
    ADD CONSTRAINT registry_appointment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registry_card
    ADD CONSTRAINT registry_card_inventory_number_key UNIQUE (inventory_number);
ALTER TABLE ONLY registry_card
    ADD CONSTRAINT registry_card_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registry_division
    ADD CONSTRAINT registry_division_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registry_person
    ADD CONSTRAINT registry_person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registry_person
    ADD CONSTRAINT registry_person_staff_number_key UNIQUE (staff_number);
ALTER TABLE ONLY registry_person
    ADD CONSTRAINT registry_person_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY registry_recorder
    ADD CONSTRAINT registry_recorder_inventory_number_key UNIQUE (inventory_number);
ALTER TABLE ONLY registry_recorder
    ADD CONSTRAINT registry_recorder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_remainder
    ADD CONSTRAINT remainder_of_a_place UNIQUE (plan_id, place);
ALTER TABLE ONLY retention_remainderremoved
    ADD CONSTRAINT remainder_removed_once UNIQUE (plan_id, place);
ALTER TABLE ONLY retention_clockconfirmation
    ADD CONSTRAINT retention_clockconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_clockconfirmation
    ADD CONSTRAINT retention_clockconfirmation_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_destroyedblob
    ADD CONSTRAINT retention_destroyedblob_blob_id_key UNIQUE (blob_id);
ALTER TABLE ONLY retention_destroyedblob
    ADD CONSTRAINT retention_destroyedblob_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposalapproval
    ADD CONSTRAINT retention_disposalapproval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposalapproval
    ADD CONSTRAINT retention_disposalapproval_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY retention_disposalapproval
    ADD CONSTRAINT retention_disposalapproval_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_disposaldrop
    ADD CONSTRAINT retention_disposaldrop_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposaldrop
    ADD CONSTRAINT retention_disposaldrop_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY retention_disposaldrop
    ADD CONSTRAINT retention_disposaldrop_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_disposalplan
    ADD CONSTRAINT retention_disposalplan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposalplan
    ADD CONSTRAINT retention_disposalplan_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_disposed
    ADD CONSTRAINT retention_disposed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposed
    ADD CONSTRAINT retention_disposed_recording_id_key UNIQUE (recording_id);
ALTER TABLE ONLY retention_disposing
    ADD CONSTRAINT retention_disposing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_disposing
    ADD CONSTRAINT retention_disposing_plan_id_key UNIQUE (plan_id);
ALTER TABLE ONLY retention_disposing
    ADD CONSTRAINT retention_disposing_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_heldrecording
    ADD CONSTRAINT retention_heldrecording_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_hold
    ADD CONSTRAINT retention_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_hold
    ADD CONSTRAINT retention_hold_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_holdrelease
    ADD CONSTRAINT retention_holdrelease_hold_id_key UNIQUE (hold_id);
ALTER TABLE ONLY retention_holdrelease
    ADD CONSTRAINT retention_holdrelease_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_holdrelease
    ADD CONSTRAINT retention_holdrelease_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_mirroredhold
    ADD CONSTRAINT retention_mirroredhold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_remainder
    ADD CONSTRAINT retention_remainder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_remainderremoved
    ADD CONSTRAINT retention_remainderremoved_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_remainderremoved
    ADD CONSTRAINT retention_remainderremoved_seq_key UNIQUE (seq);
ALTER TABLE ONLY retention_retentionterm
    ADD CONSTRAINT retention_retentionterm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_indexed
    ADD CONSTRAINT review_indexed_pkey PRIMARY KEY (recording_id);
ALTER TABLE ONLY review_mark
    ADD CONSTRAINT review_mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_mark
    ADD CONSTRAINT review_mark_seq_key UNIQUE (seq);
ALTER TABLE ONLY review_markchange
    ADD CONSTRAINT review_markchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_markchange
    ADD CONSTRAINT review_markchange_seq_key UNIQUE (seq);
ALTER TABLE ONLY review_posting
    ADD CONSTRAINT review_posting_pkey PRIMARY KEY (term, at, recording);
ALTER TABLE ONLY review_review
    ADD CONSTRAINT review_review_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_review
    ADD CONSTRAINT review_review_seq_key UNIQUE (seq);
ALTER TABLE ONLY review_sample
    ADD CONSTRAINT review_sample_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_sample
    ADD CONSTRAINT review_sample_seq_key UNIQUE (seq);
ALTER TABLE ONLY review_samplefinished
    ADD CONSTRAINT review_samplefinished_pkey PRIMARY KEY (sample_id);
ALTER TABLE ONLY review_sampleitem
    ADD CONSTRAINT review_sampleitem_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_samplenote
    ADD CONSTRAINT review_samplenote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY review_samplenote
    ADD CONSTRAINT review_samplenote_seq_key UNIQUE (seq);
ALTER TABLE ONLY review_searchterm
    ADD CONSTRAINT review_searchterm_pkey PRIMARY KEY (id);
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT rows_numbered_once UNIQUE (book_id, number);
ALTER TABLE ONLY review_sample
    ADD CONSTRAINT sample_drawn_once UNIQUE (division_id, month);
ALTER TABLE ONLY review_sampleitem
    ADD CONSTRAINT sample_in_order UNIQUE (sample_id, ordinal);
ALTER TABLE ONLY review_searchterm
    ADD CONSTRAINT search_terms_once UNIQUE (division_id, text);
ALTER TABLE ONLY ingest_sighting
    ADD CONSTRAINT seen_once_in_an_unloading UNIQUE (unload_id, file_id);
ALTER TABLE ONLY notices_letter
    ADD CONSTRAINT sent_once_each_way UNIQUE (notice_id, way);
ALTER TABLE ONLY journal_signature
    ADD CONSTRAINT signed_once UNIQUE (row_id, act, signer_id);
ALTER TABLE ONLY tallies_tally
    ADD CONSTRAINT tallies_tally_pkey PRIMARY KEY (id);
ALTER TABLE ONLY retention_retentionterm
    ADD CONSTRAINT terms_numbered UNIQUE (recording_id, number);
ALTER TABLE ONLY notices_notice
    ADD CONSTRAINT told_once UNIQUE (person_id, kind, key);
ALTER TABLE ONLY recordings_unentered
    ADD CONSTRAINT unentered_once UNIQUE (file_id, content_digest);
CREATE INDEX access_keywrap_reader_id_2a7c9e81 ON access_keywrap USING btree (reader_id);
CREATE INDEX accounts_failedattempt_attempted_at_4900980d ON accounts_failedattempt USING btree (attempted_at);
CREATE INDEX accounts_passkey_credential_id_2a629197_like ON accounts_passkey USING btree (credential_id varchar_pattern_ops);
CREATE INDEX accounts_passkey_user_id_f8f562b4 ON accounts_passkey USING btree (user_id);
CREATE INDEX accounts_press_digest_6b7b19a8_like ON accounts_press USING btree (digest varchar_pattern_ops);
CREATE INDEX accounts_press_pressed_at_de7c3368 ON accounts_press USING btree (pressed_at);
CREATE INDEX accounts_user_username_6088629e_like ON accounts_user USING btree (username varchar_pattern_ops);
CREATE INDEX attempts_from_an_address ON accounts_failedattempt USING btree (address, attempted_at);
CREATE INDEX attempts_on_a_subject ON accounts_failedattempt USING btree (subject, attempted_at);
CREATE INDEX auth_group_name_a6ea08ec_like ON auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON auth_permission USING btree (content_type_id);
CREATE INDEX blobs_by_intake ON recordings_blob USING btree (ingested_at, stored_size);
CREATE INDEX clearing_begun ON ingest_sighting USING btree (clearing_at) WHERE ((clearing_at IS NOT NULL) AND (NOT noted));
CREATE INDEX clock_readings_by_time ON recordings_clockreading USING btree (recorder_id, read_at);
CREATE INDEX clock_readings_newest ON recordings_clockreading USING btree (recorder_id, seq DESC);
CREATE INDEX copies_blobcopy_blob_id_0ca152f6 ON copies_blobcopy USING btree (blob_id);
CREATE INDEX copies_blobcopy_place_31fe11af ON copies_blobcopy USING btree (place);
CREATE INDEX copies_blobcopy_place_31fe11af_like ON copies_blobcopy USING btree (place varchar_pattern_ops);
CREATE INDEX copies_finding_blob_id_9915598e ON copies_finding USING btree (blob_id);
CREATE INDEX copies_keptsum_name_6e798802_like ON copies_keptsum USING btree (name varchar_pattern_ops);
CREATE INDEX copies_placestate_place_dfa9d5b0_like ON copies_placestate USING btree (place varchar_pattern_ops);
CREATE INDEX copies_round_place_9e943ffc ON copies_round USING btree (place);
CREATE INDEX copies_round_place_9e943ffc_like ON copies_round USING btree (place varchar_pattern_ops);
CREATE INDEX coverage_by_day ON recordings_coveragejudgement USING btree (division_id, ended_at);
CREATE INDEX demands_by_due_day ON disclosure_demand USING btree (division_id, due_on);
CREATE INDEX derivatives_newest ON recordings_derivative USING btree (file_id, product, seq DESC);
CREATE INDEX disclosure_approval_by_id_2717c643 ON disclosure_approval USING btree (by_id);
CREATE INDEX disclosure_approval_selection_id_7762f74c ON disclosure_approval USING btree (selection_id);
CREATE INDEX disclosure_building_approval_id_f40d0eb9 ON disclosure_building USING btree (approval_id);
CREATE INDEX disclosure_building_by_id_e27d8acb ON disclosure_building USING btree (by_id);
CREATE INDEX disclosure_demand_by_id_28998cba ON disclosure_demand USING btree (by_id);
CREATE INDEX disclosure_demand_division_id_335f01a4 ON disclosure_demand USING btree (division_id);
CREATE INDEX disclosure_demand_document_id_477549e8 ON disclosure_demand USING btree (document_id);
CREATE INDEX disclosure_filedigest_sha256_a9ec10e6_like ON disclosure_filedigest USING btree (sha256 varchar_pattern_ops);
CREATE INDEX disclosure_handover_approval_id_aaffb373 ON disclosure_handover USING btree (approval_id);
CREATE INDEX disclosure_handover_building_id_f7640254 ON disclosure_handover USING btree (building_id);
CREATE INDEX disclosure_handover_by_id_262d9490 ON disclosure_handover USING btree (by_id);
CREATE INDEX disclosure_refused_by_id_f7487cc1 ON disclosure_refused USING btree (by_id);
CREATE INDEX disclosure_selection_by_id_eddd20bc ON disclosure_selection USING btree (by_id);
CREATE INDEX disclosure_selection_demand_id_63e9369f ON disclosure_selection USING btree (demand_id);
CREATE INDEX disclosure_selection_hold_id_89155452 ON disclosure_selection USING btree (hold_id);
CREATE INDEX django_q_task_id_32882367_like ON django_q_task USING btree (id varchar_pattern_ops);
CREATE INDEX django_session_expire_date_a5c62663 ON django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX docks_dock_division_id_f5dce498 ON docks_dock USING btree (division_id);
CREATE INDEX docks_dock_enrolled_by_id_72b52569 ON docks_dock USING btree (enrolled_by_id);
CREATE INDEX docks_dock_public_key_4f9591b1_like ON docks_dock USING btree (public_key varchar_pattern_ops);
CREATE INDEX docks_docksession_challenge_94a35765_like ON docks_docksession USING btree (challenge varchar_pattern_ops);
CREATE INDEX docks_docksession_digest_108d2fbc_like ON docks_docksession USING btree (digest varchar_pattern_ops);
CREATE INDEX docks_docksession_dock_id_c0d5b09c ON docks_docksession USING btree (dock_id);
CREATE INDEX docks_docksession_expires_at_bb49e733 ON docks_docksession USING btree (expires_at);
CREATE INDEX docks_docksession_opened_at_988dadbf ON docks_docksession USING btree (opened_at);
CREATE INDEX docks_enrolmentcode_digest_f8acf739_like ON docks_enrolmentcode USING btree (digest varchar_pattern_ops);
CREATE INDEX docks_enrolmentcode_division_id_ae017111 ON docks_enrolmentcode USING btree (division_id);
CREATE INDEX docks_enrolmentcode_made_by_id_1e15539f ON docks_enrolmentcode USING btree (made_by_id);
CREATE INDEX docks_received_content_digest_550f113d ON docks_received USING btree (content_digest);
CREATE INDEX docks_received_content_digest_550f113d_like ON docks_received USING btree (content_digest varchar_pattern_ops);
CREATE INDEX docks_received_dock_id_87bc447e ON docks_received USING btree (dock_id);
CREATE INDEX docks_revocation_revoked_by_id_a91fc2e7 ON docks_revocation USING btree (revoked_by_id);
CREATE INDEX docks_upload_dock_id_7e3610c2 ON docks_upload USING btree (dock_id);
CREATE INDEX docks_upload_touched_at_ffc2c50d ON docks_upload USING btree (touched_at);
CREATE INDEX findings_of_a_place ON copies_finding USING btree (place, kind);
CREATE INDEX holds_newest ON retention_hold USING btree (division_id, seq DESC);
CREATE INDEX incidents_decision_by_id_8793e2e2 ON incidents_decision USING btree (by_id);
CREATE INDEX incidents_incident_division_id_376d2ee0 ON incidents_incident USING btree (division_id);
CREATE INDEX incidents_incident_key_5740c801_like ON incidents_incident USING btree (key varchar_pattern_ops);
CREATE INDEX incidents_incident_row_id_ff153a80 ON incidents_incident USING btree (row_id);
CREATE INDEX incidents_newest ON incidents_incident USING btree (division_id, seq DESC);
CREATE INDEX incidents_undecided_division_id_1372672c ON incidents_undecided USING btree (division_id);
CREATE INDEX ingest_port_unload_id_46bb70cd ON ingest_port USING btree (unload_id);
CREATE INDEX ingest_sighting_file_id_26abb0c3 ON ingest_sighting USING btree (file_id);
CREATE INDEX ingest_sighting_unload_id_3981abf0 ON ingest_sighting USING btree (unload_id);
CREATE INDEX ingest_unload_card_id_9a39c876 ON ingest_unload USING btree (card_id);
CREATE INDEX ingest_unload_container_aff658b6 ON ingest_unload USING btree (container);
CREATE INDEX ingest_unload_container_aff658b6_like ON ingest_unload USING btree (container varchar_pattern_ops);
CREATE INDEX ingest_unload_division_id_1f96df0a ON ingest_unload USING btree (division_id);
CREATE INDEX ingest_unload_dock_6c219539 ON ingest_unload USING btree (dock);
CREATE INDEX ingest_unload_recorder_id_d042ac8d ON ingest_unload USING btree (recorder_id);
CREATE INDEX ingest_unload_row_id_7b68792d ON ingest_unload USING btree (row_id);
CREATE INDEX ingest_unload_started_at_f64ce560 ON ingest_unload USING btree (started_at);
CREATE INDEX ingest_wallscreen_division_id_ca0b28a4 ON ingest_wallscreen USING btree (division_id);
CREATE INDEX ingest_wallscreen_token_digest_7fa7ad83_like ON ingest_wallscreen USING btree (token_digest varchar_pattern_ops);
CREATE INDEX journal_bookend_by_id_16c92008 ON journal_bookend USING btree (by_id);
CREATE INDEX journal_correction_by_id_32c45872 ON journal_correction USING btree (by_id);
CREATE INDEX journal_correction_card_id_54778d11 ON journal_correction USING btree (card_id);
CREATE INDEX journal_correction_inspector_id_ddce3264 ON journal_correction USING btree (inspector_id);
CREATE INDEX journal_correction_recorder_id_c46590da ON journal_correction USING btree (recorder_id);
CREATE INDEX journal_correction_row_id_8256169c ON journal_correction USING btree (row_id);
CREATE INDEX journal_damage_by_id_c9d17013 ON journal_damage USING btree (by_id);
CREATE INDEX journal_damage_row_id_9a5449e9 ON journal_damage USING btree (row_id);
CREATE INDEX journal_failure_by_id_50e5334f ON journal_failure USING btree (by_id);
CREATE INDEX journal_failure_row_id_9144a70f ON journal_failure USING btree (row_id);
CREATE INDEX journal_inscription_by_id_7c94427f ON journal_inscription USING btree (by_id);
CREATE INDEX journal_issue_by_id_e0ca686d ON journal_issue USING btree (by_id);
CREATE INDEX journal_journalbook_by_id_5b0c38f6 ON journal_journalbook USING btree (by_id);
CREATE INDEX journal_journalbook_division_id_34e42f64 ON journal_journalbook USING btree (division_id);
CREATE INDEX journal_journalbook_registration_number_acbf67e1_like ON journal_journalbook USING btree (registration_number varchar_pattern_ops);
CREATE INDEX journal_journalrow_book_id_2bfff396 ON journal_journalrow USING btree (book_id);
CREATE INDEX journal_journalrow_card_id_eae7aaa8 ON journal_journalrow USING btree (card_id);
CREATE INDEX journal_journalrow_division_id_dd428819 ON journal_journalrow USING btree (division_id);
CREATE INDEX journal_journalrow_inspector_id_87b229ac ON journal_journalrow USING btree (inspector_id);
CREATE INDEX journal_journalrow_recorder_id_811870d3 ON journal_journalrow USING btree (recorder_id);
CREATE INDEX journal_loss_by_id_fd2e8c4b ON journal_loss USING btree (by_id);
CREATE INDEX journal_loss_row_id_2a383751 ON journal_loss USING btree (row_id);
CREATE INDEX journal_nextbook_by_id_d91ec7da ON journal_nextbook USING btree (by_id);
CREATE INDEX journal_nextbook_division_id_b5894843 ON journal_nextbook USING btree (division_id);
CREATE INDEX journal_nextbook_registration_number_22efa909_like ON journal_nextbook USING btree (registration_number varchar_pattern_ops);
CREATE INDEX journal_pause_by_id_10ae2688 ON journal_pause USING btree (by_id);
CREATE INDEX journal_pause_row_id_2c49a3e7 ON journal_pause USING btree (row_id);
CREATE INDEX journal_remark_by_id_db622b2c ON journal_remark USING btree (by_id);
CREATE INDEX journal_remark_row_id_6ceb95ce ON journal_remark USING btree (row_id);
CREATE INDEX journal_repair_by_id_c4dbf063 ON journal_repair USING btree (by_id);
CREATE INDEX journal_replacement_by_id_5c2d3571 ON journal_replacement USING btree (by_id);
CREATE INDEX journal_resume_by_id_b9d01535 ON journal_resume USING btree (by_id);
CREATE INDEX journal_return_by_id_63070e35 ON journal_return USING btree (by_id);
CREATE INDEX journal_return_handed_back_by_id_15c897fb ON journal_return USING btree (handed_back_by_id);
CREATE INDEX journal_signature_row_id_e876a6ae ON journal_signature USING btree (row_id);
CREATE INDEX journal_signature_signer_id_2bcd3881 ON journal_signature USING btree (signer_id);
CREATE INDEX journal_unloading_by_id_0e747686 ON journal_unloading USING btree (by_id);
CREATE INDEX journal_unloading_row_id_3202acc3 ON journal_unloading USING btree (row_id);
CREATE INDEX ledger_follower_name_ba23372f_like ON ledger_follower USING btree (name varchar_pattern_ops);
CREATE INDEX ledger_ledgerentry_at_fab0bc9a ON ledger_ledgerentry USING btree (at);
CREATE INDEX ledger_ledgerentry_kind_7683eb65 ON ledger_ledgerentry USING btree (kind);
CREATE INDEX ledger_ledgerentry_kind_7683eb65_like ON ledger_ledgerentry USING btree (kind varchar_pattern_ops);
CREATE INDEX letters_given_up ON notices_letter USING btree (sent_at) WHERE ((next_at IS NULL) AND (sent_at IS NULL));
CREATE INDEX looks_at_a_duty ON access_enteredlook USING btree ("row", at DESC, seq DESC);
CREATE INDEX looks_at_a_recording ON access_enteredlook USING btree (recording, at DESC, seq DESC);
CREATE INDEX looks_of_a_division ON access_enteredlook USING btree (division, at DESC, seq DESC);
CREATE INDEX looks_of_a_person ON access_enteredlook USING btree (division, person, at DESC, seq DESC);
CREATE INDEX looks_of_a_viewing ON access_enteredlook USING btree (viewing, digest);
CREATE INDEX notices_letter_next_at_b7ad7920 ON notices_letter USING btree (next_at);
CREATE INDEX notices_letter_notice_id_2717a956 ON notices_letter USING btree (notice_id);
CREATE INDEX notices_newest ON notices_notice USING btree (person_id, created_at DESC);
CREATE INDEX notices_notice_division_id_bbaf0475 ON notices_notice USING btree (division_id);
CREATE INDEX notices_notice_person_id_94368381 ON notices_notice USING btree (person_id);
CREATE INDEX notices_unseen ON notices_notice USING btree (person_id, created_at DESC, id DESC) WHERE (seen_at IS NULL);
CREATE UNIQUE INDEX one_print_at_a_time ON prints_print USING btree (owner_id) WHERE (over_at IS NULL);
CREATE UNIQUE INDEX one_round_at_a_time ON copies_round USING btree (place) WHERE (ended_at IS NULL);
CREATE INDEX prints_print_division_id_8db355e1 ON prints_print USING btree (division_id);
CREATE INDEX prints_print_owner_id_197309cf ON prints_print USING btree (owner_id);
CREATE INDEX recordings_blob_content_digest_d820be72 ON recordings_blob USING btree (content_digest);
CREATE INDEX recordings_by_day ON recordings_recording USING btree (division_id, listed_at DESC, id DESC);
CREATE INDEX recordings_by_intake ON recordings_recording USING btree (division_id, ingested_at, id);
CREATE INDEX recordings_by_recorder ON recordings_recording USING btree (recorder_id, listed_at DESC, id DESC);
CREATE INDEX recordings_clockreading_card_id_fbcd85c5 ON recordings_clockreading USING btree (card_id);
CREATE INDEX recordings_clockreading_recorder_id_4bdd306c ON recordings_clockreading USING btree (recorder_id);
CREATE INDEX recordings_coveragejudgement_division_id_d2405e12 ON recordings_coveragejudgement USING btree (division_id);
CREATE INDEX recordings_coveragejudgement_row_id_8a10ef43 ON recordings_coveragejudgement USING btree (row_id);
CREATE INDEX recordings_derivative_blob_id_0a838b2c ON recordings_derivative USING btree (blob_id);
CREATE INDEX recordings_derivative_file_id_0881aec3 ON recordings_derivative USING btree (file_id);
CREATE INDEX recordings_flawedreading_card_id_04f45f8b ON recordings_flawedreading USING btree (card_id);
CREATE INDEX recordings_flawedreading_unload_6884a4d1 ON recordings_flawedreading USING btree (unload);
CREATE INDEX recordings_judgement_still_id_7cda96f3 ON recordings_judgement USING btree (still_id);
CREATE INDEX recordings_making_file_id_f2dda01d ON recordings_making USING btree (file_id);
CREATE INDEX recordings_placement_row_id_9c2a4d97 ON recordings_placement USING btree (row_id);
CREATE INDEX recordings_recording_card_id_13130167 ON recordings_recording USING btree (card_id);
CREATE INDEX recordings_recording_division_id_b0680e42 ON recordings_recording USING btree (division_id);
CREATE INDEX recordings_recording_ingested_at_d99b5d48 ON recordings_recording USING btree (ingested_at);
CREATE INDEX recordings_recording_recorded_at_a4cab17e ON recordings_recording USING btree (recorded_at);
CREATE INDEX recordings_recording_recorder_id_b7cf4499 ON recordings_recording USING btree (recorder_id);
CREATE INDEX recordings_recording_unload_0b6b7f3c ON recordings_recording USING btree (unload);
CREATE INDEX recordings_recordingfile_blob_id_3e708970 ON recordings_recordingfile USING btree (blob_id);
CREATE INDEX recordings_recordingfile_recording_id_1112be01 ON recordings_recordingfile USING btree (recording_id);
CREATE INDEX recordings_recordingfile_source_1b94f140 ON recordings_recordingfile USING btree (source);
CREATE INDEX recordings_recordingfile_source_1b94f140_like ON recordings_recordingfile USING btree (source varchar_pattern_ops);
CREATE INDEX recordings_sequencereading_card_id_968d7462 ON recordings_sequencereading USING btree (card_id);
CREATE INDEX recordings_sequencereading_recorder_id_b6369dbd ON recordings_sequencereading USING btree (recorder_id);
CREATE INDEX recordings_sequencereading_unload_a97e0f1d ON recordings_sequencereading USING btree (unload);
CREATE INDEX recordings_timecodereading_file_id_80c424ff ON recordings_timecodereading USING btree (file_id);
CREATE INDEX recordings_timecodereading_showing_id_d6401c14 ON recordings_timecodereading USING btree (showing_id);
CREATE INDEX recordings_timecodereading_unload_e560665a ON recordings_timecodereading USING btree (unload);
CREATE INDEX recordings_timecodeshowing_by_id_12b62c3b ON recordings_timecodeshowing USING btree (by_id);
CREATE INDEX recordings_timecodeshowing_row_id_91224598 ON recordings_timecodeshowing USING btree (row_id);
CREATE INDEX recordings_unentered_file_id_4a55eb66 ON recordings_unentered USING btree (file_id);
CREATE INDEX registry_appointment_division_id_60c5b012 ON registry_appointment USING btree (division_id);
CREATE INDEX registry_appointment_person_id_1583a918 ON registry_appointment USING btree (person_id);
CREATE INDEX registry_appointment_stands_in_for_id_7892fd66 ON registry_appointment USING btree (stands_in_for_id);
CREATE INDEX registry_card_division_id_1522132a ON registry_card USING btree (division_id);
CREATE INDEX registry_card_inventory_number_4333b5fb_like ON registry_card USING btree (inventory_number varchar_pattern_ops);
CREATE INDEX registry_card_recorder_id_3c567d93 ON registry_card USING btree (recorder_id);
CREATE INDEX registry_card_volume_id_a8ce8825 ON registry_card USING btree (volume_id);
CREATE INDEX registry_card_volume_id_a8ce8825_like ON registry_card USING btree (volume_id varchar_pattern_ops);
CREATE INDEX registry_division_parent_id_244f6c39 ON registry_division USING btree (parent_id);
CREATE INDEX registry_person_division_id_250e8a54 ON registry_person USING btree (division_id);
CREATE INDEX registry_person_staff_number_d6148ff5_like ON registry_person USING btree (staff_number varchar_pattern_ops);
CREATE INDEX registry_recorder_division_id_d8bdcb04 ON registry_recorder USING btree (division_id);
CREATE INDEX registry_recorder_inventory_number_8a1cf517_like ON registry_recorder USING btree (inventory_number varchar_pattern_ops);
CREATE INDEX retention_clockconfirmation_by_id_b1bf2853 ON retention_clockconfirmation USING btree (by_id);
CREATE INDEX retention_clockconfirmation_division_id_dc374356 ON retention_clockconfirmation USING btree (division_id);
CREATE INDEX retention_destroyedblob_plan_id_1ca3d7be ON retention_destroyedblob USING btree (plan_id);
CREATE INDEX retention_destroyedblob_seq_efcdfbef ON retention_destroyedblob USING btree (seq);
CREATE INDEX retention_disposalapproval_by_id_c5f53d69 ON retention_disposalapproval USING btree (by_id);
CREATE INDEX retention_disposaldrop_by_id_dd01e3c0 ON retention_disposaldrop USING btree (by_id);
CREATE INDEX retention_disposalplan_by_id_e9059e3a ON retention_disposalplan USING btree (by_id);
CREATE INDEX retention_disposalplan_division_id_49189f11 ON retention_disposalplan USING btree (division_id);
CREATE INDEX retention_disposed_plan_id_d126b5f3 ON retention_disposed USING btree (plan_id);
CREATE INDEX retention_disposed_seq_86035f97 ON retention_disposed USING btree (seq);
CREATE INDEX retention_disposing_by_id_ef9dcf6b ON retention_disposing USING btree (by_id);
CREATE INDEX retention_heldrecording_hold_id_c6cea1ef ON retention_heldrecording USING btree (hold_id);
CREATE INDEX retention_heldrecording_recording_id_b4b19de7 ON retention_heldrecording USING btree (recording_id);
CREATE INDEX retention_hold_because_a26032ef ON retention_hold USING btree (because);
CREATE INDEX retention_hold_by_id_02c1f62b ON retention_hold USING btree (by_id);
CREATE INDEX retention_hold_division_id_cefd758b ON retention_hold USING btree (division_id);
CREATE INDEX retention_holdrelease_by_id_1e8b8585 ON retention_holdrelease USING btree (by_id);
CREATE INDEX retention_mirroredhold_hold_id_2201cdd4 ON retention_mirroredhold USING btree (hold_id);
CREATE INDEX retention_mirroredhold_lifted_at_32350377 ON retention_mirroredhold USING btree (lifted_at);
CREATE INDEX retention_remainder_plan_id_694af39b ON retention_remainder USING btree (plan_id);
CREATE INDEX retention_remainder_seq_a7a371b6 ON retention_remainder USING btree (seq);
CREATE INDEX retention_remainderremoved_plan_id_4c8192b9 ON retention_remainderremoved USING btree (plan_id);
CREATE INDEX retention_retentionterm_kept_until_2c285d01 ON retention_retentionterm USING btree (kept_until);
CREATE INDEX retention_retentionterm_recording_id_0da48cb1 ON retention_retentionterm USING btree (recording_id);
CREATE INDEX review_mark_by_id_57bfbd40 ON review_mark USING btree (by_id);
CREATE INDEX review_mark_file_id_0da56dea ON review_mark USING btree (file_id);
CREATE INDEX review_markchange_by_id_a1285e8f ON review_markchange USING btree (by_id);
CREATE INDEX review_markchange_mark_id_4fa268c5 ON review_markchange USING btree (mark_id);
CREATE INDEX review_review_by_id_41a21cd5 ON review_review USING btree (by_id);
CREATE INDEX review_review_recording_id_e5ff16ee ON review_review USING btree (recording_id);
CREATE INDEX review_review_row_id_a39f0fc3 ON review_review USING btree (row_id);
CREATE INDEX review_sample_division_id_ab3adecd ON review_sample USING btree (division_id);
CREATE INDEX review_sampleitem_inspector_id_0c4d17be ON review_sampleitem USING btree (inspector_id);
CREATE INDEX review_sampleitem_row_id_0a7075ac ON review_sampleitem USING btree (row_id);
CREATE INDEX review_sampleitem_sample_id_859ffd6e ON review_sampleitem USING btree (sample_id);
CREATE INDEX review_samplenote_by_id_b653a17d ON review_samplenote USING btree (by_id);
CREATE INDEX review_samplenote_sample_id_1bdcf718 ON review_samplenote USING btree (sample_id);
CREATE INDEX rows_of_a_division_newest ON journal_journalrow USING btree (division_id, seq DESC);
CREATE INDEX rows_of_an_inspector ON journal_journalrow USING btree (division_id, inspector_id);
CREATE INDEX sequence_readings_newest ON recordings_sequencereading USING btree (recorder_id, seq DESC);
CREATE INDEX success_index ON django_q_task USING btree ("group", name, func) WHERE success;
CREATE INDEX unloads_by_state ON ingest_unload USING btree (division_id, state);
CREATE INDEX unloads_running ON ingest_unload USING btree (beat_at) WHERE ((state)::text = 'running'::text);
CREATE INDEX uploads_of_a_dock ON docks_upload USING btree (dock_id, state);
CREATE TRIGGER access_enteredlook_no_change BEFORE DELETE OR UPDATE ON access_enteredlook FOR EACH ROW EXECUTE FUNCTION access_enteredlook_refuse();
CREATE TRIGGER access_enteredlook_no_truncate BEFORE TRUNCATE ON access_enteredlook FOR EACH STATEMENT EXECUTE FUNCTION access_enteredlook_refuse();
CREATE TRIGGER copies_blobcopy_no_change BEFORE DELETE OR UPDATE ON copies_blobcopy FOR EACH ROW EXECUTE FUNCTION copies_blobcopy_refuse();
CREATE TRIGGER copies_blobcopy_no_truncate BEFORE TRUNCATE ON copies_blobcopy FOR EACH STATEMENT EXECUTE FUNCTION copies_blobcopy_refuse();
CREATE TRIGGER copies_finding_no_change BEFORE DELETE OR UPDATE ON copies_finding FOR EACH ROW EXECUTE FUNCTION copies_finding_refuse();
CREATE TRIGGER copies_finding_no_truncate BEFORE TRUNCATE ON copies_finding FOR EACH STATEMENT EXECUTE FUNCTION copies_finding_refuse();
CREATE TRIGGER copies_healing_no_change BEFORE DELETE OR UPDATE ON copies_healing FOR EACH ROW EXECUTE FUNCTION copies_healing_refuse();
CREATE TRIGGER copies_healing_no_truncate BEFORE TRUNCATE ON copies_healing FOR EACH STATEMENT EXECUTE FUNCTION copies_healing_refuse();
CREATE TRIGGER disclosure_approval_no_change BEFORE DELETE OR UPDATE ON disclosure_approval FOR EACH ROW EXECUTE FUNCTION disclosure_approval_refuse();
CREATE TRIGGER disclosure_approval_no_truncate BEFORE TRUNCATE ON disclosure_approval FOR EACH STATEMENT EXECUTE FUNCTION disclosure_approval_refuse();
CREATE TRIGGER disclosure_building_no_change BEFORE DELETE OR UPDATE ON disclosure_building FOR EACH ROW EXECUTE FUNCTION disclosure_building_refuse();
CREATE TRIGGER disclosure_building_no_truncate BEFORE TRUNCATE ON disclosure_building FOR EACH STATEMENT EXECUTE FUNCTION disclosure_building_refuse();
CREATE TRIGGER disclosure_built_no_change BEFORE DELETE OR UPDATE ON disclosure_built FOR EACH ROW EXECUTE FUNCTION disclosure_built_refuse();
CREATE TRIGGER disclosure_built_no_truncate BEFORE TRUNCATE ON disclosure_built FOR EACH STATEMENT EXECUTE FUNCTION disclosure_built_refuse();
CREATE TRIGGER disclosure_demand_no_change BEFORE DELETE OR UPDATE ON disclosure_demand FOR EACH ROW EXECUTE FUNCTION disclosure_demand_refuse();
CREATE TRIGGER disclosure_demand_no_truncate BEFORE TRUNCATE ON disclosure_demand FOR EACH STATEMENT EXECUTE FUNCTION disclosure_demand_refuse();
CREATE TRIGGER disclosure_handover_no_change BEFORE DELETE OR UPDATE ON disclosure_handover FOR EACH ROW EXECUTE FUNCTION disclosure_handover_refuse();
CREATE TRIGGER disclosure_handover_no_truncate BEFORE TRUNCATE ON disclosure_handover FOR EACH STATEMENT EXECUTE FUNCTION disclosure_handover_refuse();
CREATE TRIGGER disclosure_refused_no_change BEFORE DELETE OR UPDATE ON disclosure_refused FOR EACH ROW EXECUTE FUNCTION disclosure_refused_refuse();
CREATE TRIGGER disclosure_refused_no_truncate BEFORE TRUNCATE ON disclosure_refused FOR EACH STATEMENT EXECUTE FUNCTION disclosure_refused_refuse();
CREATE TRIGGER disclosure_selection_no_change BEFORE DELETE OR UPDATE ON disclosure_selection FOR EACH ROW EXECUTE FUNCTION disclosure_selection_refuse();
CREATE TRIGGER disclosure_selection_no_truncate BEFORE TRUNCATE ON disclosure_selection FOR EACH STATEMENT EXECUTE FUNCTION disclosure_selection_refuse();
CREATE TRIGGER docks_dock_no_change BEFORE DELETE OR UPDATE ON docks_dock FOR EACH ROW EXECUTE FUNCTION docks_dock_refuse();
CREATE TRIGGER docks_dock_no_truncate BEFORE TRUNCATE ON docks_dock FOR EACH STATEMENT EXECUTE FUNCTION docks_dock_refuse();
CREATE TRIGGER docks_received_no_change BEFORE DELETE OR UPDATE ON docks_received FOR EACH ROW EXECUTE FUNCTION docks_received_refuse();
CREATE TRIGGER docks_received_no_truncate BEFORE TRUNCATE ON docks_received FOR EACH STATEMENT EXECUTE FUNCTION docks_received_refuse();
CREATE TRIGGER docks_revocation_no_change BEFORE DELETE OR UPDATE ON docks_revocation FOR EACH ROW EXECUTE FUNCTION docks_revocation_refuse();
CREATE TRIGGER docks_revocation_no_truncate BEFORE TRUNCATE ON docks_revocation FOR EACH STATEMENT EXECUTE FUNCTION docks_revocation_refuse();
CREATE TRIGGER incidents_decision_no_change BEFORE DELETE OR UPDATE ON incidents_decision FOR EACH ROW EXECUTE FUNCTION incidents_decision_refuse();
CREATE TRIGGER incidents_decision_no_truncate BEFORE TRUNCATE ON incidents_decision FOR EACH STATEMENT EXECUTE FUNCTION incidents_decision_refuse();
CREATE TRIGGER incidents_incident_no_change BEFORE DELETE OR UPDATE ON incidents_incident FOR EACH ROW EXECUTE FUNCTION incidents_incident_refuse();
CREATE TRIGGER incidents_incident_no_truncate BEFORE TRUNCATE ON incidents_incident FOR EACH STATEMENT EXECUTE FUNCTION incidents_incident_refuse();
CREATE TRIGGER journal_bookend_no_change BEFORE DELETE OR UPDATE ON journal_bookend FOR EACH ROW EXECUTE FUNCTION journal_bookend_refuse();
CREATE TRIGGER journal_bookend_no_truncate BEFORE TRUNCATE ON journal_bookend FOR EACH STATEMENT EXECUTE FUNCTION journal_bookend_refuse();
CREATE TRIGGER journal_correction_no_change BEFORE DELETE OR UPDATE ON journal_correction FOR EACH ROW EXECUTE FUNCTION journal_correction_refuse();
CREATE TRIGGER journal_correction_no_truncate BEFORE TRUNCATE ON journal_correction FOR EACH STATEMENT EXECUTE FUNCTION journal_correction_refuse();
CREATE TRIGGER journal_damage_no_change BEFORE DELETE OR UPDATE ON journal_damage FOR EACH ROW EXECUTE FUNCTION journal_damage_refuse();
CREATE TRIGGER journal_damage_no_truncate BEFORE TRUNCATE ON journal_damage FOR EACH STATEMENT EXECUTE FUNCTION journal_damage_refuse();
CREATE TRIGGER journal_failure_no_change BEFORE DELETE OR UPDATE ON journal_failure FOR EACH ROW EXECUTE FUNCTION journal_failure_refuse();
CREATE TRIGGER journal_failure_no_truncate BEFORE TRUNCATE ON journal_failure FOR EACH STATEMENT EXECUTE FUNCTION journal_failure_refuse();
CREATE TRIGGER journal_inscription_no_change BEFORE DELETE OR UPDATE ON journal_inscription FOR EACH ROW EXECUTE FUNCTION journal_inscription_refuse();
CREATE TRIGGER journal_inscription_no_truncate BEFORE TRUNCATE ON journal_inscription FOR EACH STATEMENT EXECUTE FUNCTION journal_inscription_refuse();
CREATE TRIGGER journal_issue_no_change BEFORE DELETE OR UPDATE ON journal_issue FOR EACH ROW EXECUTE FUNCTION journal_issue_refuse();
CREATE TRIGGER journal_issue_no_truncate BEFORE TRUNCATE ON journal_issue FOR EACH STATEMENT EXECUTE FUNCTION journal_issue_refuse();
CREATE TRIGGER journal_journalbook_no_change BEFORE DELETE OR UPDATE ON journal_journalbook FOR EACH ROW EXECUTE FUNCTION journal_journalbook_refuse();
CREATE TRIGGER journal_journalbook_no_truncate BEFORE TRUNCATE ON journal_journalbook FOR EACH STATEMENT EXECUTE FUNCTION journal_journalbook_refuse();
CREATE TRIGGER journal_journalrow_no_change BEFORE DELETE OR UPDATE ON journal_journalrow FOR EACH ROW EXECUTE FUNCTION journal_journalrow_refuse();
CREATE TRIGGER journal_journalrow_no_truncate BEFORE TRUNCATE ON journal_journalrow FOR EACH STATEMENT EXECUTE FUNCTION journal_journalrow_refuse();
CREATE TRIGGER journal_loss_no_change BEFORE DELETE OR UPDATE ON journal_loss FOR EACH ROW EXECUTE FUNCTION journal_loss_refuse();
CREATE TRIGGER journal_loss_no_truncate BEFORE TRUNCATE ON journal_loss FOR EACH STATEMENT EXECUTE FUNCTION journal_loss_refuse();
CREATE TRIGGER journal_nextbook_no_change BEFORE DELETE OR UPDATE ON journal_nextbook FOR EACH ROW EXECUTE FUNCTION journal_nextbook_refuse();
CREATE TRIGGER journal_nextbook_no_truncate BEFORE TRUNCATE ON journal_nextbook FOR EACH STATEMENT EXECUTE FUNCTION journal_nextbook_refuse();
CREATE TRIGGER journal_pause_no_change BEFORE DELETE OR UPDATE ON journal_pause FOR EACH ROW EXECUTE FUNCTION journal_pause_refuse();
CREATE TRIGGER journal_pause_no_truncate BEFORE TRUNCATE ON journal_pause FOR EACH STATEMENT EXECUTE FUNCTION journal_pause_refuse();
CREATE TRIGGER journal_remark_no_change BEFORE DELETE OR UPDATE ON journal_remark FOR EACH ROW EXECUTE FUNCTION journal_remark_refuse();
CREATE TRIGGER journal_remark_no_truncate BEFORE TRUNCATE ON journal_remark FOR EACH STATEMENT EXECUTE FUNCTION journal_remark_refuse();
CREATE TRIGGER journal_repair_no_change BEFORE DELETE OR UPDATE ON journal_repair FOR EACH ROW EXECUTE FUNCTION journal_repair_refuse();
CREATE TRIGGER journal_repair_no_truncate BEFORE TRUNCATE ON journal_repair FOR EACH STATEMENT EXECUTE FUNCTION journal_repair_refuse();
CREATE TRIGGER journal_replacement_no_change BEFORE DELETE OR UPDATE ON journal_replacement FOR EACH ROW EXECUTE FUNCTION journal_replacement_refuse();
CREATE TRIGGER journal_replacement_no_truncate BEFORE TRUNCATE ON journal_replacement FOR EACH STATEMENT EXECUTE FUNCTION journal_replacement_refuse();
CREATE TRIGGER journal_resume_no_change BEFORE DELETE OR UPDATE ON journal_resume FOR EACH ROW EXECUTE FUNCTION journal_resume_refuse();
CREATE TRIGGER journal_resume_no_truncate BEFORE TRUNCATE ON journal_resume FOR EACH STATEMENT EXECUTE FUNCTION journal_resume_refuse();
CREATE TRIGGER journal_return_no_change BEFORE DELETE OR UPDATE ON journal_return FOR EACH ROW EXECUTE FUNCTION journal_return_refuse();
CREATE TRIGGER journal_return_no_truncate BEFORE TRUNCATE ON journal_return FOR EACH STATEMENT EXECUTE FUNCTION journal_return_refuse();
CREATE TRIGGER journal_signature_no_change BEFORE DELETE OR UPDATE ON journal_signature FOR EACH ROW EXECUTE FUNCTION journal_signature_refuse();
CREATE TRIGGER journal_signature_no_truncate BEFORE TRUNCATE ON journal_signature FOR EACH STATEMENT EXECUTE FUNCTION journal_signature_refuse();
CREATE TRIGGER journal_unloading_no_change BEFORE DELETE OR UPDATE ON journal_unloading FOR EACH ROW EXECUTE FUNCTION journal_unloading_refuse();
CREATE TRIGGER journal_unloading_no_truncate BEFORE TRUNCATE ON journal_unloading FOR EACH STATEMENT EXECUTE FUNCTION journal_unloading_refuse();
CREATE TRIGGER ledger_checkpoint_no_change BEFORE DELETE OR UPDATE ON ledger_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_checkpoint_refuse();
CREATE TRIGGER ledger_checkpoint_no_truncate BEFORE TRUNCATE ON ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger_checkpoint_refuse();
CREATE TRIGGER ledger_ledgerentry_no_change BEFORE DELETE OR UPDATE ON ledger_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_ledgerentry_refuse();
CREATE TRIGGER ledger_ledgerentry_no_truncate BEFORE TRUNCATE ON ledger_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION ledger_ledgerentry_refuse();
CREATE TRIGGER recordings_blob_no_change BEFORE DELETE OR UPDATE ON recordings_blob FOR EACH ROW EXECUTE FUNCTION recordings_blob_refuse();
CREATE TRIGGER recordings_blob_no_truncate BEFORE TRUNCATE ON recordings_blob FOR EACH STATEMENT EXECUTE FUNCTION recordings_blob_refuse();
CREATE TRIGGER recordings_clockreading_no_change BEFORE DELETE OR UPDATE ON recordings_clockreading FOR EACH ROW EXECUTE FUNCTION recordings_clockreading_refuse();
CREATE TRIGGER recordings_clockreading_no_truncate BEFORE TRUNCATE ON recordings_clockreading FOR EACH STATEMENT EXECUTE FUNCTION recordings_clockreading_refuse();
CREATE TRIGGER recordings_coveragejudgement_no_change BEFORE DELETE OR UPDATE ON recordings_coveragejudgement FOR EACH ROW EXECUTE FUNCTION recordings_coveragejudgement_refuse();
CREATE TRIGGER recordings_coveragejudgement_no_truncate BEFORE TRUNCATE ON recordings_coveragejudgement FOR EACH STATEMENT EXECUTE FUNCTION recordings_coveragejudgement_refuse();
CREATE TRIGGER recordings_derivative_no_change BEFORE DELETE OR UPDATE ON recordings_derivative FOR EACH ROW EXECUTE FUNCTION recordings_derivative_refuse();
CREATE TRIGGER recordings_derivative_no_truncate BEFORE TRUNCATE ON recordings_derivative FOR EACH STATEMENT EXECUTE FUNCTION recordings_derivative_refuse();
CREATE TRIGGER recordings_flawedreading_no_change BEFORE DELETE OR UPDATE ON recordings_flawedreading FOR EACH ROW EXECUTE FUNCTION recordings_flawedreading_refuse();
CREATE TRIGGER recordings_flawedreading_no_truncate BEFORE TRUNCATE ON recordings_flawedreading FOR EACH STATEMENT EXECUTE FUNCTION recordings_flawedreading_refuse();
CREATE TRIGGER recordings_judgement_no_change BEFORE DELETE OR UPDATE ON recordings_judgement FOR EACH ROW EXECUTE FUNCTION recordings_judgement_refuse();
CREATE TRIGGER recordings_judgement_no_truncate BEFORE TRUNCATE ON recordings_judgement FOR EACH STATEMENT EXECUTE FUNCTION recordings_judgement_refuse();
CREATE TRIGGER recordings_placement_no_change BEFORE DELETE OR UPDATE ON recordings_placement FOR EACH ROW EXECUTE FUNCTION recordings_placement_refuse();
CREATE TRIGGER recordings_placement_no_truncate BEFORE TRUNCATE ON recordings_placement FOR EACH STATEMENT EXECUTE FUNCTION recordings_placement_refuse();
CREATE TRIGGER recordings_recording_no_change BEFORE DELETE OR UPDATE ON recordings_recording FOR EACH ROW EXECUTE FUNCTION recordings_recording_refuse();
CREATE TRIGGER recordings_recording_no_truncate BEFORE TRUNCATE ON recordings_recording FOR EACH STATEMENT EXECUTE FUNCTION recordings_recording_refuse();
CREATE TRIGGER recordings_recordingfile_no_change BEFORE DELETE OR UPDATE ON recordings_recordingfile FOR EACH ROW EXECUTE FUNCTION recordings_recordingfile_refuse();
CREATE TRIGGER recordings_recordingfile_no_truncate BEFORE TRUNCATE ON recordings_recordingfile FOR EACH STATEMENT EXECUTE FUNCTION recordings_recordingfile_refuse();
CREATE TRIGGER recordings_sequencereading_no_change BEFORE DELETE OR UPDATE ON recordings_sequencereading FOR EACH ROW EXECUTE FUNCTION recordings_sequencereading_refuse();
CREATE TRIGGER recordings_sequencereading_no_truncate BEFORE TRUNCATE ON recordings_sequencereading FOR EACH STATEMENT EXECUTE FUNCTION recordings_sequencereading_refuse();
CREATE TRIGGER recordings_timecodereading_no_change BEFORE DELETE OR UPDATE ON recordings_timecodereading FOR EACH ROW EXECUTE FUNCTION recordings_timecodereading_refuse();
CREATE TRIGGER recordings_timecodereading_no_truncate BEFORE TRUNCATE ON recordings_timecodereading FOR EACH STATEMENT EXECUTE FUNCTION recordings_timecodereading_refuse();
CREATE TRIGGER recordings_timecodeshowing_no_change BEFORE DELETE OR UPDATE ON recordings_timecodeshowing FOR EACH ROW EXECUTE FUNCTION recordings_timecodeshowing_refuse();
CREATE TRIGGER recordings_timecodeshowing_no_truncate BEFORE TRUNCATE ON recordings_timecodeshowing FOR EACH STATEMENT EXECUTE FUNCTION recordings_timecodeshowing_refuse();
CREATE TRIGGER retention_clockconfirmation_no_change BEFORE DELETE OR UPDATE ON retention_clockconfirmation FOR EACH ROW EXECUTE FUNCTION retention_clockconfirmation_refuse();
CREATE TRIGGER retention_clockconfirmation_no_truncate BEFORE TRUNCATE ON retention_clockconfirmation FOR EACH STATEMENT EXECUTE FUNCTION retention_clockconfirmation_refuse();
CREATE TRIGGER retention_destroyedblob_no_change BEFORE DELETE OR UPDATE ON retention_destroyedblob FOR EACH ROW EXECUTE FUNCTION retention_destroyedblob_refuse();
CREATE TRIGGER retention_destroyedblob_no_truncate BEFORE TRUNCATE ON retention_destroyedblob FOR EACH STATEMENT EXECUTE FUNCTION retention_destroyedblob_refuse();
CREATE TRIGGER retention_disposalapproval_no_change BEFORE DELETE OR UPDATE ON retention_disposalapproval FOR EACH ROW EXECUTE FUNCTION retention_disposalapproval_refuse();
CREATE TRIGGER retention_disposalapproval_no_truncate BEFORE TRUNCATE ON retention_disposalapproval FOR EACH STATEMENT EXECUTE FUNCTION retention_disposalapproval_refuse();
CREATE TRIGGER retention_disposaldrop_no_change BEFORE DELETE OR UPDATE ON retention_disposaldrop FOR EACH ROW EXECUTE FUNCTION retention_disposaldrop_refuse();
CREATE TRIGGER retention_disposaldrop_no_truncate BEFORE TRUNCATE ON retention_disposaldrop FOR EACH STATEMENT EXECUTE FUNCTION retention_disposaldrop_refuse();
CREATE TRIGGER retention_disposalplan_no_change BEFORE DELETE OR UPDATE ON retention_disposalplan FOR EACH ROW EXECUTE FUNCTION retention_disposalplan_refuse();
CREATE TRIGGER retention_disposalplan_no_truncate BEFORE TRUNCATE ON retention_disposalplan FOR EACH STATEMENT EXECUTE FUNCTION retention_disposalplan_refuse();
CREATE TRIGGER retention_disposed_no_change BEFORE DELETE OR UPDATE ON retention_disposed FOR EACH ROW EXECUTE FUNCTION retention_disposed_refuse();
CREATE TRIGGER retention_disposed_no_truncate BEFORE TRUNCATE ON retention_disposed FOR EACH STATEMENT EXECUTE FUNCTION retention_disposed_refuse();
CREATE TRIGGER retention_disposing_no_change BEFORE DELETE OR UPDATE ON retention_disposing FOR EACH ROW EXECUTE FUNCTION retention_disposing_refuse();
CREATE TRIGGER retention_disposing_no_truncate BEFORE TRUNCATE ON retention_disposing FOR EACH STATEMENT EXECUTE FUNCTION retention_disposing_refuse();
CREATE TRIGGER retention_heldrecording_no_change BEFORE DELETE OR UPDATE ON retention_heldrecording FOR EACH ROW EXECUTE FUNCTION retention_heldrecording_refuse();
CREATE TRIGGER retention_heldrecording_no_truncate BEFORE TRUNCATE ON retention_heldrecording FOR EACH STATEMENT EXECUTE FUNCTION retention_heldrecording_refuse();
CREATE TRIGGER retention_hold_no_change BEFORE DELETE OR UPDATE ON retention_hold FOR EACH ROW EXECUTE FUNCTION retention_hold_refuse();
CREATE TRIGGER retention_hold_no_truncate BEFORE TRUNCATE ON retention_hold FOR EACH STATEMENT EXECUTE FUNCTION retention_hold_refuse();
CREATE TRIGGER retention_holdrelease_no_change BEFORE DELETE OR UPDATE ON retention_holdrelease FOR EACH ROW EXECUTE FUNCTION retention_holdrelease_refuse();
CREATE TRIGGER retention_holdrelease_no_truncate BEFORE TRUNCATE ON retention_holdrelease FOR EACH STATEMENT EXECUTE FUNCTION retention_holdrelease_refuse();
CREATE TRIGGER retention_remainder_no_change BEFORE DELETE OR UPDATE ON retention_remainder FOR EACH ROW EXECUTE FUNCTION retention_remainder_refuse();
CREATE TRIGGER retention_remainder_no_truncate BEFORE TRUNCATE ON retention_remainder FOR EACH STATEMENT EXECUTE FUNCTION retention_remainder_refuse();
CREATE TRIGGER retention_remainderremoved_no_change BEFORE DELETE OR UPDATE ON retention_remainderremoved FOR EACH ROW EXECUTE FUNCTION retention_remainderremoved_refuse();
CREATE TRIGGER retention_remainderremoved_no_truncate BEFORE TRUNCATE ON retention_remainderremoved FOR EACH STATEMENT EXECUTE FUNCTION retention_remainderremoved_refuse();
CREATE TRIGGER retention_retentionterm_no_change BEFORE DELETE OR UPDATE ON retention_retentionterm FOR EACH ROW EXECUTE FUNCTION retention_retentionterm_refuse();
CREATE TRIGGER retention_retentionterm_no_truncate BEFORE TRUNCATE ON retention_retentionterm FOR EACH STATEMENT EXECUTE FUNCTION retention_retentionterm_refuse();
CREATE TRIGGER review_mark_no_change BEFORE DELETE OR UPDATE ON review_mark FOR EACH ROW EXECUTE FUNCTION review_mark_refuse();
CREATE TRIGGER review_mark_no_truncate BEFORE TRUNCATE ON review_mark FOR EACH STATEMENT EXECUTE FUNCTION review_mark_refuse();
CREATE TRIGGER review_markchange_no_change BEFORE DELETE OR UPDATE ON review_markchange FOR EACH ROW EXECUTE FUNCTION review_markchange_refuse();
CREATE TRIGGER review_markchange_no_truncate BEFORE TRUNCATE ON review_markchange FOR EACH STATEMENT EXECUTE FUNCTION review_markchange_refuse();
CREATE TRIGGER review_review_no_change BEFORE DELETE OR UPDATE ON review_review FOR EACH ROW EXECUTE FUNCTION review_review_refuse();
CREATE TRIGGER review_review_no_truncate BEFORE TRUNCATE ON review_review FOR EACH STATEMENT EXECUTE FUNCTION review_review_refuse();
CREATE TRIGGER review_sample_no_change BEFORE DELETE OR UPDATE ON review_sample FOR EACH ROW EXECUTE FUNCTION review_sample_refuse();
CREATE TRIGGER review_sample_no_truncate BEFORE TRUNCATE ON review_sample FOR EACH STATEMENT EXECUTE FUNCTION review_sample_refuse();
CREATE TRIGGER review_sampleitem_no_change BEFORE DELETE OR UPDATE ON review_sampleitem FOR EACH ROW EXECUTE FUNCTION review_sampleitem_refuse();
CREATE TRIGGER review_sampleitem_no_truncate BEFORE TRUNCATE ON review_sampleitem FOR EACH STATEMENT EXECUTE FUNCTION review_sampleitem_refuse();
CREATE TRIGGER review_samplenote_no_change BEFORE DELETE OR UPDATE ON review_samplenote FOR EACH ROW EXECUTE FUNCTION review_samplenote_refuse();
CREATE TRIGGER review_samplenote_no_truncate BEFORE TRUNCATE ON review_samplenote FOR EACH STATEMENT EXECUTE FUNCTION review_samplenote_refuse();
ALTER TABLE ONLY access_keywrap
    ADD CONSTRAINT access_keywrap_reader_id_2a7c9e81_fk_accounts_user_id FOREIGN KEY (reader_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY accounts_passkey
    ADD CONSTRAINT accounts_passkey_user_id_f8f562b4_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY copies_blobcopy
    ADD CONSTRAINT copies_blobcopy_blob_id_0ca152f6_fk_recordings_blob_id FOREIGN KEY (blob_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY copies_finding
    ADD CONSTRAINT copies_finding_blob_id_9915598e_fk_recordings_blob_id FOREIGN KEY (blob_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY copies_healing
    ADD CONSTRAINT copies_healing_finding_id_4e570160_fk_copies_finding_id FOREIGN KEY (finding_id) REFERENCES copies_finding(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_by_id_2717c643_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_demand_id_176dd7d2_fk_disclosure_demand_id FOREIGN KEY (demand_id) REFERENCES disclosure_demand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_approval
    ADD CONSTRAINT disclosure_approval_selection_id_7762f74c_fk_disclosur FOREIGN KEY (selection_id) REFERENCES disclosure_selection(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_building
    ADD CONSTRAINT disclosure_building_approval_id_f40d0eb9_fk_disclosur FOREIGN KEY (approval_id) REFERENCES disclosure_approval(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_building
    ADD CONSTRAINT disclosure_building_by_id_e27d8acb_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_built
    ADD CONSTRAINT disclosure_built_building_id_100c3692_fk_disclosure_building_id FOREIGN KEY (building_id) REFERENCES disclosure_building(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT disclosure_demand_by_id_28998cba_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT disclosure_demand_division_id_335f01a4_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_demand
    ADD CONSTRAINT disclosure_demand_document_id_477549e8_fk_recordings_blob_id FOREIGN KEY (document_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_handover
    ADD CONSTRAINT disclosure_handover_approval_id_aaffb373_fk_disclosur FOREIGN KEY (approval_id) REFERENCES disclosure_approval(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_handover
    ADD CONSTRAINT disclosure_handover_building_id_f7640254_fk_disclosur FOREIGN KEY (building_id) REFERENCES disclosure_building(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_handover
    ADD CONSTRAINT disclosure_handover_by_id_262d9490_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_refused
    ADD CONSTRAINT disclosure_refused_by_id_f7487cc1_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_refused
    ADD CONSTRAINT disclosure_refused_demand_id_8c80525d_fk_disclosure_demand_id FOREIGN KEY (demand_id) REFERENCES disclosure_demand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT disclosure_selection_by_id_eddd20bc_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT disclosure_selection_demand_id_63e9369f_fk_disclosure_demand_id FOREIGN KEY (demand_id) REFERENCES disclosure_demand(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY disclosure_selection
    ADD CONSTRAINT disclosure_selection_hold_id_89155452_fk_retention_hold_id FOREIGN KEY (hold_id) REFERENCES retention_hold(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_dock
    ADD CONSTRAINT docks_dock_division_id_f5dce498_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_dock
    ADD CONSTRAINT docks_dock_enrolled_by_id_72b52569_fk_registry_person_id FOREIGN KEY (enrolled_by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_docksession
    ADD CONSTRAINT docks_docksession_dock_id_c0d5b09c_fk_docks_dock_id FOREIGN KEY (dock_id) REFERENCES docks_dock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_dockstate
    ADD CONSTRAINT docks_dockstate_dock_id_9dca6395_fk_docks_dock_id FOREIGN KEY (dock_id) REFERENCES docks_dock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_enrolmentcode
    ADD CONSTRAINT docks_enrolmentcode_division_id_ae017111_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_enrolmentcode
    ADD CONSTRAINT docks_enrolmentcode_made_by_id_1e15539f_fk_registry_person_id FOREIGN KEY (made_by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_received
    ADD CONSTRAINT docks_received_dock_id_87bc447e_fk_docks_dock_id FOREIGN KEY (dock_id) REFERENCES docks_dock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_revocation
    ADD CONSTRAINT docks_revocation_dock_id_01028dc3_fk_docks_dock_id FOREIGN KEY (dock_id) REFERENCES docks_dock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_revocation
    ADD CONSTRAINT docks_revocation_revoked_by_id_a91fc2e7_fk_registry_person_id FOREIGN KEY (revoked_by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY docks_upload
    ADD CONSTRAINT docks_upload_dock_id_7e3610c2_fk_docks_dock_id FOREIGN KEY (dock_id) REFERENCES docks_dock(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_decision
    ADD CONSTRAINT incidents_decision_by_id_8793e2e2_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_decision
    ADD CONSTRAINT incidents_decision_incident_id_8f6737da_fk_incidents FOREIGN KEY (incident_id) REFERENCES incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_incident
    ADD CONSTRAINT incidents_incident_division_id_376d2ee0_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_incident
    ADD CONSTRAINT incidents_incident_row_id_ff153a80_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_undecided
    ADD CONSTRAINT incidents_undecided_division_id_1372672c_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY incidents_undecided
    ADD CONSTRAINT incidents_undecided_incident_id_c311123e_fk_incidents FOREIGN KEY (incident_id) REFERENCES incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_port
    ADD CONSTRAINT ingest_port_unload_id_46bb70cd_fk_ingest_unload_id FOREIGN KEY (unload_id) REFERENCES ingest_unload(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_sighting
    ADD CONSTRAINT ingest_sighting_file_id_26abb0c3_fk_recordings_recordingfile_id FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_sighting
    ADD CONSTRAINT ingest_sighting_unload_id_3981abf0_fk_ingest_unload_id FOREIGN KEY (unload_id) REFERENCES ingest_unload(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_unload
    ADD CONSTRAINT ingest_unload_card_id_9a39c876_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_unload
    ADD CONSTRAINT ingest_unload_division_id_1f96df0a_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_unload
    ADD CONSTRAINT ingest_unload_recorder_id_d042ac8d_fk_registry_recorder_id FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_unload
    ADD CONSTRAINT ingest_unload_row_id_7b68792d_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest_wallscreen
    ADD CONSTRAINT ingest_wallscreen_division_id_ca0b28a4_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_bookend
    ADD CONSTRAINT journal_bookend_book_id_0d374908_fk_journal_journalbook_id FOREIGN KEY (book_id) REFERENCES journal_journalbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_bookend
    ADD CONSTRAINT journal_bookend_by_id_16c92008_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_by_id_32c45872_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_card_id_54778d11_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_inspector_id_ddce3264_fk_registry_person_id FOREIGN KEY (inspector_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_recorder_id_c46590da_fk_registry_recorder_id FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_correction
    ADD CONSTRAINT journal_correction_row_id_8256169c_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_damage
    ADD CONSTRAINT journal_damage_by_id_c9d17013_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_damage
    ADD CONSTRAINT journal_damage_row_id_9a5449e9_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_failure
    ADD CONSTRAINT journal_failure_by_id_50e5334f_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_failure
    ADD CONSTRAINT journal_failure_row_id_9144a70f_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_inscription
    ADD CONSTRAINT journal_inscription_book_id_9b4eed25_fk_journal_journalbook_id FOREIGN KEY (book_id) REFERENCES journal_journalbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_inscription
    ADD CONSTRAINT journal_inscription_by_id_7c94427f_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_issue
    ADD CONSTRAINT journal_issue_by_id_e0ca686d_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_issue
    ADD CONSTRAINT journal_issue_row_id_028f8a45_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalbook
    ADD CONSTRAINT journal_journalbook_by_id_5b0c38f6_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalbook
    ADD CONSTRAINT journal_journalbook_division_id_34e42f64_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_book_id_2bfff396_fk_journal_journalbook_id FOREIGN KEY (book_id) REFERENCES journal_journalbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_card_id_eae7aaa8_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_division_id_dd428819_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_inspector_id_87b229ac_fk_registry_person_id FOREIGN KEY (inspector_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_journalrow
    ADD CONSTRAINT journal_journalrow_recorder_id_811870d3_fk_registry_recorder_id FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_loss
    ADD CONSTRAINT journal_loss_by_id_fd2e8c4b_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_loss
    ADD CONSTRAINT journal_loss_row_id_2a383751_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_nextbook
    ADD CONSTRAINT journal_nextbook_by_id_d91ec7da_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_nextbook
    ADD CONSTRAINT journal_nextbook_division_id_b5894843_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_pause
    ADD CONSTRAINT journal_pause_by_id_10ae2688_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_pause
    ADD CONSTRAINT journal_pause_row_id_2c49a3e7_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_remark
    ADD CONSTRAINT journal_remark_by_id_db622b2c_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_remark
    ADD CONSTRAINT journal_remark_row_id_6ceb95ce_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_repair
    ADD CONSTRAINT journal_repair_by_id_c4dbf063_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_repair
    ADD CONSTRAINT journal_repair_failure_id_fdae48a0_fk_journal_failure_id FOREIGN KEY (failure_id) REFERENCES journal_failure(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_by_id_5c2d3571_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_failure_id_3b09911e_fk_journal_failure_id FOREIGN KEY (failure_id) REFERENCES journal_failure(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_replacement
    ADD CONSTRAINT journal_replacement_new_row_id_a3a308c4_fk_journal_j FOREIGN KEY (new_row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_resume
    ADD CONSTRAINT journal_resume_by_id_b9d01535_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_resume
    ADD CONSTRAINT journal_resume_pause_id_e9eb11f5_fk_journal_pause_id FOREIGN KEY (pause_id) REFERENCES journal_pause(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_return
    ADD CONSTRAINT journal_return_by_id_63070e35_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_return
    ADD CONSTRAINT journal_return_handed_back_by_id_15c897fb_fk_registry_person_id FOREIGN KEY (handed_back_by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_return
    ADD CONSTRAINT journal_return_row_id_d13ebf9e_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_signature
    ADD CONSTRAINT journal_signature_row_id_e876a6ae_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_signature
    ADD CONSTRAINT journal_signature_signer_id_2bcd3881_fk_registry_person_id FOREIGN KEY (signer_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_unloading
    ADD CONSTRAINT journal_unloading_by_id_0e747686_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY journal_unloading
    ADD CONSTRAINT journal_unloading_row_id_3202acc3_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notices_letter
    ADD CONSTRAINT notices_letter_notice_id_2717a956_fk_notices_notice_id FOREIGN KEY (notice_id) REFERENCES notices_notice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notices_notice
    ADD CONSTRAINT notices_notice_division_id_bbaf0475_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY notices_notice
    ADD CONSTRAINT notices_notice_person_id_94368381_fk_registry_person_id FOREIGN KEY (person_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY prints_print
    ADD CONSTRAINT prints_print_division_id_8db355e1_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY prints_print
    ADD CONSTRAINT prints_print_owner_id_197309cf_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_clockreading
    ADD CONSTRAINT recordings_clockread_recorder_id_4bdd306c_fk_registry_ FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_clockreading
    ADD CONSTRAINT recordings_clockreading_card_id_fbcd85c5_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_coveragejudgement
    ADD CONSTRAINT recordings_coveragej_division_id_d2405e12_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_coveragejudgement
    ADD CONSTRAINT recordings_coveragej_row_id_8a10ef43_fk_journal_j FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_derivative
    ADD CONSTRAINT recordings_derivativ_file_id_0881aec3_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_derivative
    ADD CONSTRAINT recordings_derivative_blob_id_0a838b2c_fk_recordings_blob_id FOREIGN KEY (blob_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_flawedreading
    ADD CONSTRAINT recordings_flawedrea_file_id_618b9dad_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_flawedreading
    ADD CONSTRAINT recordings_flawedreading_card_id_04f45f8b_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_judgement
    ADD CONSTRAINT recordings_judgement_file_id_562ade98_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_judgement
    ADD CONSTRAINT recordings_judgement_still_id_7cda96f3_fk_recordings_blob_id FOREIGN KEY (still_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_making
    ADD CONSTRAINT recordings_making_file_id_f2dda01d_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_placement
    ADD CONSTRAINT recordings_placement_recording_id_32e978b3_fk_recording FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_placement
    ADD CONSTRAINT recordings_placement_row_id_9c2a4d97_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_recording
    ADD CONSTRAINT recordings_recording_card_id_13130167_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_recording
    ADD CONSTRAINT recordings_recording_division_id_b0680e42_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_recording
    ADD CONSTRAINT recordings_recording_recorder_id_b7cf4499_fk_registry_ FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_recordingfile
    ADD CONSTRAINT recordings_recording_recording_id_1112be01_fk_recording FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_recordingfile
    ADD CONSTRAINT recordings_recordingfile_blob_id_3e708970_fk_recordings_blob_id FOREIGN KEY (blob_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_sequencereading
    ADD CONSTRAINT recordings_sequencer_recorder_id_b6369dbd_fk_registry_ FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_sequencereading
    ADD CONSTRAINT recordings_sequencereading_card_id_968d7462_fk_registry_card_id FOREIGN KEY (card_id) REFERENCES registry_card(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_timecodereading
    ADD CONSTRAINT recordings_timecoder_file_id_80c424ff_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_timecodereading
    ADD CONSTRAINT recordings_timecoder_showing_id_d6401c14_fk_recording FOREIGN KEY (showing_id) REFERENCES recordings_timecodeshowing(number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_timecodeshowing
    ADD CONSTRAINT recordings_timecodes_row_id_91224598_fk_journal_j FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_timecodeshowing
    ADD CONSTRAINT recordings_timecodeshowing_by_id_12b62c3b_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY recordings_unentered
    ADD CONSTRAINT recordings_unentered_file_id_4a55eb66_fk_recording FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_appointment
    ADD CONSTRAINT registry_appointment_division_id_60c5b012_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_appointment
    ADD CONSTRAINT registry_appointment_person_id_1583a918_fk_registry_person_id FOREIGN KEY (person_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_appointment
    ADD CONSTRAINT registry_appointment_stands_in_for_id_7892fd66_fk_registry_ FOREIGN KEY (stands_in_for_id) REFERENCES registry_appointment(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_card
    ADD CONSTRAINT registry_card_division_id_1522132a_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_card
    ADD CONSTRAINT registry_card_recorder_id_3c567d93_fk_registry_recorder_id FOREIGN KEY (recorder_id) REFERENCES registry_recorder(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_division
    ADD CONSTRAINT registry_division_parent_id_244f6c39_fk_registry_division_id FOREIGN KEY (parent_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_person
    ADD CONSTRAINT registry_person_division_id_250e8a54_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_person
    ADD CONSTRAINT registry_person_user_id_4cb5911a_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY registry_recorder
    ADD CONSTRAINT registry_recorder_division_id_d8bdcb04_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_clockconfirmation
    ADD CONSTRAINT retention_clockconfi_by_id_b1bf2853_fk_registry_ FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_clockconfirmation
    ADD CONSTRAINT retention_clockconfi_division_id_dc374356_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_destroyedblob
    ADD CONSTRAINT retention_destroyedb_plan_id_1ca3d7be_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_destroyedblob
    ADD CONSTRAINT retention_destroyedblob_blob_id_d1248c4a_fk_recordings_blob_id FOREIGN KEY (blob_id) REFERENCES recordings_blob(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposalapproval
    ADD CONSTRAINT retention_disposalap_plan_id_589dc644_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposalapproval
    ADD CONSTRAINT retention_disposalapproval_by_id_c5f53d69_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposaldrop
    ADD CONSTRAINT retention_disposaldr_plan_id_b9c356ff_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposaldrop
    ADD CONSTRAINT retention_disposaldrop_by_id_dd01e3c0_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposalplan
    ADD CONSTRAINT retention_disposalpl_division_id_49189f11_fk_registry_ FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposalplan
    ADD CONSTRAINT retention_disposalplan_by_id_e9059e3a_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposed
    ADD CONSTRAINT retention_disposed_plan_id_d126b5f3_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposed
    ADD CONSTRAINT retention_disposed_recording_id_880262d7_fk_recording FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposing
    ADD CONSTRAINT retention_disposing_by_id_ef9dcf6b_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_disposing
    ADD CONSTRAINT retention_disposing_plan_id_4e8a9e84_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_heldrecording
    ADD CONSTRAINT retention_heldrecord_recording_id_b4b19de7_fk_recording FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_heldrecording
    ADD CONSTRAINT retention_heldrecording_hold_id_c6cea1ef_fk_retention_hold_id FOREIGN KEY (hold_id) REFERENCES retention_hold(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_hold
    ADD CONSTRAINT retention_hold_by_id_02c1f62b_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_hold
    ADD CONSTRAINT retention_hold_division_id_cefd758b_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_holdrelease
    ADD CONSTRAINT retention_holdrelease_by_id_1e8b8585_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_holdrelease
    ADD CONSTRAINT retention_holdrelease_hold_id_003cd6ed_fk_retention_hold_id FOREIGN KEY (hold_id) REFERENCES retention_hold(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_mirroredhold
    ADD CONSTRAINT retention_mirroredhold_hold_id_2201cdd4_fk_retention_hold_id FOREIGN KEY (hold_id) REFERENCES retention_hold(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_remainder
    ADD CONSTRAINT retention_remainder_plan_id_694af39b_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_remainderremoved
    ADD CONSTRAINT retention_remainderr_plan_id_4c8192b9_fk_retention FOREIGN KEY (plan_id) REFERENCES retention_disposalplan(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY retention_retentionterm
    ADD CONSTRAINT retention_retentiont_recording_id_0da48cb1_fk_recording FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_indexed
    ADD CONSTRAINT review_indexed_recording_id_17c43ea1_fk_recordings_recording_id FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_mark
    ADD CONSTRAINT review_mark_by_id_57bfbd40_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_mark
    ADD CONSTRAINT review_mark_file_id_0da56dea_fk_recordings_recordingfile_id FOREIGN KEY (file_id) REFERENCES recordings_recordingfile(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_markchange
    ADD CONSTRAINT review_markchange_by_id_a1285e8f_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_markchange
    ADD CONSTRAINT review_markchange_mark_id_4fa268c5_fk_review_mark_id FOREIGN KEY (mark_id) REFERENCES review_mark(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_review
    ADD CONSTRAINT review_review_by_id_41a21cd5_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_review
    ADD CONSTRAINT review_review_recording_id_e5ff16ee_fk_recordings_recording_id FOREIGN KEY (recording_id) REFERENCES recordings_recording(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_review
    ADD CONSTRAINT review_review_row_id_a39f0fc3_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_sample
    ADD CONSTRAINT review_sample_division_id_ab3adecd_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_samplefinished
    ADD CONSTRAINT review_samplefinished_sample_id_5fe06050_fk_review_sample_id FOREIGN KEY (sample_id) REFERENCES review_sample(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_sampleitem
    ADD CONSTRAINT review_sampleitem_inspector_id_0c4d17be_fk_registry_person_id FOREIGN KEY (inspector_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_sampleitem
    ADD CONSTRAINT review_sampleitem_row_id_0a7075ac_fk_journal_journalrow_id FOREIGN KEY (row_id) REFERENCES journal_journalrow(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_sampleitem
    ADD CONSTRAINT review_sampleitem_sample_id_859ffd6e_fk_review_sample_id FOREIGN KEY (sample_id) REFERENCES review_sample(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_samplenote
    ADD CONSTRAINT review_samplenote_by_id_b653a17d_fk_registry_person_id FOREIGN KEY (by_id) REFERENCES registry_person(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_samplenote
    ADD CONSTRAINT review_samplenote_sample_id_1bdcf718_fk_review_sample_id FOREIGN KEY (sample_id) REFERENCES review_sample(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY review_searchterm
    ADD CONSTRAINT review_searchterm_division_id_ee3a7e3f_fk_registry_division_id FOREIGN KEY (division_id) REFERENCES registry_division(id) DEFERRABLE INITIALLY DEFERRED;
