-- Made by tools/schema.py from the migrations; not to be edited by hand.

CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
CREATE TABLE "ledger_checkpoint" ("size" bigint unsigned NOT NULL PRIMARY KEY CHECK ("size" >= 0), "note" text NOT NULL, "frontier" text NOT NULL);
CREATE TABLE "ledger_ledgerentry" ("seq" bigint unsigned NOT NULL PRIMARY KEY CHECK ("seq" >= 0), "entry" text NOT NULL, "leaf_hash" varchar(64) NOT NULL, "kind" varchar(64) NOT NULL, "at" datetime NOT NULL);
CREATE TRIGGER ledger_ledgerentry_no_update BEFORE UPDATE ON ledger_ledgerentry
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of ledger_ledgerentry are never changed or deleted'); END;
CREATE TRIGGER ledger_ledgerentry_no_delete BEFORE DELETE ON ledger_ledgerentry
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of ledger_ledgerentry are never changed or deleted'); END;
CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of ledger_checkpoint are never changed or deleted'); END;
CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of ledger_checkpoint are never changed or deleted'); END;
CREATE INDEX "ledger_ledgerentry_kind_7683eb65" ON "ledger_ledgerentry" ("kind");
CREATE INDEX "ledger_ledgerentry_at_fab0bc9a" ON "ledger_ledgerentry" ("at");
CREATE TABLE "ledger_follower" ("name" varchar(32) NOT NULL PRIMARY KEY, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0));
CREATE TABLE "accounts_user" ("password" varchar(128) NOT NULL, "last_login" datetime NULL, "id" char(32) NOT NULL PRIMARY KEY, "username" varchar(64) NOT NULL UNIQUE, "is_active" bool NOT NULL, "session_epoch" integer unsigned NOT NULL CHECK ("session_epoch" >= 0), "created_at" datetime NOT NULL);
CREATE TABLE "accounts_failedattempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "subject" varchar(64) NOT NULL, "purpose" varchar(16) NOT NULL, "address" varchar(45) NOT NULL, "attempted_at" datetime NOT NULL);
CREATE INDEX "accounts_failedattempt_attempted_at_4900980d" ON "accounts_failedattempt" ("attempted_at");
CREATE INDEX "attempts_on_a_subject" ON "accounts_failedattempt" ("subject", "attempted_at");
CREATE INDEX "attempts_from_an_address" ON "accounts_failedattempt" ("address", "attempted_at");
CREATE TABLE "access_keywrap" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "wrapped" text NOT NULL, "created_at" datetime NOT NULL, "reader_id" char(32) NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_wrap_for_each_reader" UNIQUE ("reader_id"));
CREATE INDEX "access_keywrap_reader_id_2a7c9e81" ON "access_keywrap" ("reader_id");
CREATE TABLE "access_enteredlook" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "kind" varchar(64) NOT NULL, "at" datetime NOT NULL, "division" char(32) NULL, "person" char(32) NULL, "row" char(32) NULL, "recording" char(32) NULL, "file" char(32) NULL, "viewing" char(32) NULL, "digest" varchar(71) NOT NULL, "first" bigint unsigned NULL CHECK ("first" >= 0), "last" bigint NULL, "from_ms" bigint unsigned NULL CHECK ("from_ms" >= 0), "to_ms" bigint unsigned NULL CHECK ("to_ms" >= 0), "until" datetime NULL);
CREATE TRIGGER access_enteredlook_no_update BEFORE UPDATE ON access_enteredlook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of access_enteredlook are never changed or deleted'); END;
CREATE TRIGGER access_enteredlook_no_delete BEFORE DELETE ON access_enteredlook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of access_enteredlook are never changed or deleted'); END;
CREATE INDEX "looks_of_a_division" ON "access_enteredlook" ("division", "at" DESC, "seq" DESC);
CREATE INDEX "looks_of_a_person" ON "access_enteredlook" ("division", "person", "at" DESC, "seq" DESC);
CREATE INDEX "looks_at_a_recording" ON "access_enteredlook" ("recording", "at" DESC, "seq" DESC);
CREATE INDEX "looks_at_a_duty" ON "access_enteredlook" ("row", "at" DESC, "seq" DESC);
CREATE INDEX "looks_of_a_viewing" ON "access_enteredlook" ("viewing", "digest");
CREATE TABLE "accounts_passkey" ("id" char(32) NOT NULL PRIMARY KEY, "credential_id" varchar(1400) NOT NULL UNIQUE, "public_key" text NOT NULL, "rp_id" varchar(253) NOT NULL, "label" varchar(64) NOT NULL, "transports" text NOT NULL CHECK ((JSON_VALID("transports") OR "transports" IS NULL)), "is_backed_up" bool NOT NULL, "sign_count" bigint unsigned NOT NULL CHECK ("sign_count" >= 0), "enrolled_at" datetime NOT NULL, "revoked_at" datetime NULL, "user_id" char(32) NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "accounts_passkey_user_id_f8f562b4" ON "accounts_passkey" ("user_id");
CREATE TABLE "accounts_press" ("digest" varchar(64) NOT NULL PRIMARY KEY, "pressed_at" datetime NOT NULL, "location" text NULL);
CREATE INDEX "accounts_press_pressed_at_de7c3368" ON "accounts_press" ("pressed_at");
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "registry_division" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "parent_id" char(32) NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "registry_appointment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "role" varchar(16) NOT NULL, "from_on" date NOT NULL, "until_on" date NULL, "order_number" varchar(64) NOT NULL, "entered_at" datetime NOT NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "stands_in_for_id" bigint NULL REFERENCES "registry_appointment" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "registry_recorder" ("id" char(32) NOT NULL PRIMARY KEY, "inventory_number" varchar(32) NOT NULL UNIQUE, "state" varchar(16) NOT NULL, "out_on" char(32) NULL, "created_at" datetime NOT NULL, "model" varchar(100) NOT NULL, "serial_number" varchar(64) NOT NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "registry_card" ("id" char(32) NOT NULL PRIMARY KEY, "inventory_number" varchar(32) NOT NULL UNIQUE, "state" varchar(16) NOT NULL, "out_on" char(32) NULL, "created_at" datetime NOT NULL, "volume_id" varchar(64) NOT NULL, "capacity" bigint NOT NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "registry_division_parent_id_244f6c39" ON "registry_division" ("parent_id");
CREATE INDEX "registry_appointment_division_id_60c5b012" ON "registry_appointment" ("division_id");
CREATE INDEX "registry_appointment_person_id_1583a918" ON "registry_appointment" ("person_id");
CREATE INDEX "registry_recorder_division_id_d8bdcb04" ON "registry_recorder" ("division_id");
CREATE INDEX "registry_card_volume_id_a8ce8825" ON "registry_card" ("volume_id");
CREATE INDEX "registry_card_division_id_1522132a" ON "registry_card" ("division_id");
CREATE INDEX "registry_card_recorder_id_3c567d93" ON "registry_card" ("recorder_id");
CREATE TABLE "registry_person" ("id" char(32) NOT NULL PRIMARY KEY, "full_name" varchar(200) NOT NULL, "post" varchar(200) NOT NULL, "staff_number" varchar(32) NOT NULL UNIQUE, "created_at" datetime NOT NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" char(32) NULL UNIQUE REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);
CREATE INDEX "registry_appointment_stands_in_for_id_7892fd66" ON "registry_appointment" ("stands_in_for_id");
CREATE INDEX "registry_person_division_id_250e8a54" ON "registry_person" ("division_id");
CREATE TABLE "journal_journalbook" ("id" char(32) NOT NULL PRIMARY KEY, "registration_number" varchar(64) NOT NULL UNIQUE, "started_on" date NOT NULL, "sheets" integer unsigned NOT NULL CHECK ("sheets" >= 0), "rows_per_sheet" smallint unsigned NOT NULL CHECK ("rows_per_sheet" >= 0), "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_bookend" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "ended_on" date NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "book_id" char(32) NOT NULL UNIQUE REFERENCES "journal_journalbook" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_issue" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "control" varchar(32) NOT NULL, "subject" varchar(300) NOT NULL, "object" varchar(300) NOT NULL, "act_number" varchar(100) NOT NULL, "seal_number" varchar(64) NOT NULL, "checks" text NOT NULL CHECK ((JSON_VALID("checks") OR "checks" IS NULL)), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL UNIQUE REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_remark" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "text" text NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_return" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "seal_found" varchar(16) NOT NULL, "seal_number_found" varchar(64) NOT NULL, "condition" varchar(300) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "handed_back_by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL UNIQUE REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_unloading" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "unload" char(32) NOT NULL UNIQUE, "files" integer unsigned NOT NULL CHECK ("files" >= 0), "octets" bigint unsigned NOT NULL CHECK ("octets" >= 0), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_journalrow" ("id" char(32) NOT NULL PRIMARY KEY, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "book_id" char(32) NOT NULL REFERENCES "journal_journalbook" ("id") DEFERRABLE INITIALLY DEFERRED, "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "inspector_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NOT NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "rows_numbered_once" UNIQUE ("book_id", "number"));
CREATE INDEX "journal_journalbook_by_id_5b0c38f6" ON "journal_journalbook" ("by_id");
CREATE INDEX "journal_journalbook_division_id_34e42f64" ON "journal_journalbook" ("division_id");
CREATE INDEX "journal_bookend_by_id_16c92008" ON "journal_bookend" ("by_id");
CREATE INDEX "journal_issue_by_id_e0ca686d" ON "journal_issue" ("by_id");
CREATE INDEX "journal_remark_by_id_db622b2c" ON "journal_remark" ("by_id");
CREATE INDEX "journal_remark_row_id_6ceb95ce" ON "journal_remark" ("row_id");
CREATE INDEX "journal_return_by_id_63070e35" ON "journal_return" ("by_id");
CREATE INDEX "journal_return_handed_back_by_id_15c897fb" ON "journal_return" ("handed_back_by_id");
CREATE INDEX "journal_unloading_by_id_0e747686" ON "journal_unloading" ("by_id");
CREATE INDEX "journal_unloading_row_id_3202acc3" ON "journal_unloading" ("row_id");
CREATE INDEX "journal_journalrow_book_id_2bfff396" ON "journal_journalrow" ("book_id");
CREATE INDEX "journal_journalrow_card_id_eae7aaa8" ON "journal_journalrow" ("card_id");
CREATE INDEX "journal_journalrow_division_id_dd428819" ON "journal_journalrow" ("division_id");
CREATE INDEX "journal_journalrow_inspector_id_87b229ac" ON "journal_journalrow" ("inspector_id");
CREATE INDEX "journal_journalrow_recorder_id_811870d3" ON "journal_journalrow" ("recorder_id");
CREATE INDEX "rows_of_a_division_newest" ON "journal_journalrow" ("division_id", "seq" DESC);
CREATE TABLE "journal_signature" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "act" varchar(16) NOT NULL, "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "signed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, "signer_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), CONSTRAINT "signed_once" UNIQUE ("row_id", "act", "signer_id"));
CREATE INDEX "journal_signature_row_id_e876a6ae" ON "journal_signature" ("row_id");
CREATE INDEX "journal_signature_signer_id_2bcd3881" ON "journal_signature" ("signer_id");
CREATE TRIGGER journal_journalbook_no_update BEFORE UPDATE ON journal_journalbook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_journalbook are never changed or deleted'); END;
CREATE TRIGGER journal_journalbook_no_delete BEFORE DELETE ON journal_journalbook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_journalbook are never changed or deleted'); END;
CREATE TRIGGER journal_bookend_no_update BEFORE UPDATE ON journal_bookend
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_bookend are never changed or deleted'); END;
CREATE TRIGGER journal_bookend_no_delete BEFORE DELETE ON journal_bookend
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_bookend are never changed or deleted'); END;
CREATE TRIGGER journal_journalrow_no_update BEFORE UPDATE ON journal_journalrow
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_journalrow are never changed or deleted'); END;
CREATE TRIGGER journal_journalrow_no_delete BEFORE DELETE ON journal_journalrow
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_journalrow are never changed or deleted'); END;
CREATE TRIGGER journal_issue_no_update BEFORE UPDATE ON journal_issue
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_issue are never changed or deleted'); END;
CREATE TRIGGER journal_issue_no_delete BEFORE DELETE ON journal_issue
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_issue are never changed or deleted'); END;
CREATE TRIGGER journal_return_no_update BEFORE UPDATE ON journal_return
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_return are never changed or deleted'); END;
CREATE TRIGGER journal_return_no_delete BEFORE DELETE ON journal_return
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_return are never changed or deleted'); END;
CREATE TRIGGER journal_unloading_no_update BEFORE UPDATE ON journal_unloading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_unloading are never changed or deleted'); END;
CREATE TRIGGER journal_unloading_no_delete BEFORE DELETE ON journal_unloading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_unloading are never changed or deleted'); END;
CREATE TRIGGER journal_remark_no_update BEFORE UPDATE ON journal_remark
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_remark are never changed or deleted'); END;
CREATE TRIGGER journal_remark_no_delete BEFORE DELETE ON journal_remark
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_remark are never changed or deleted'); END;
CREATE TRIGGER journal_signature_no_update BEFORE UPDATE ON journal_signature
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_signature are never changed or deleted'); END;
CREATE TRIGGER journal_signature_no_delete BEFORE DELETE ON journal_signature
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_signature are never changed or deleted'); END;
CREATE TABLE "recordings_blob" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_digest" varchar(64) NOT NULL, "stored_digest" varchar(64) NOT NULL UNIQUE, "size" bigint unsigned NOT NULL CHECK ("size" >= 0), "stored_size" bigint unsigned NOT NULL CHECK ("stored_size" >= 0), "name" varchar(300) NOT NULL, "ingested_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0));
CREATE TABLE "recordings_recording" ("id" char(32) NOT NULL PRIMARY KEY, "recorded_at" datetime NULL, "ingested_at" datetime NOT NULL, "listed_at" datetime NOT NULL, "unload" char(32) NOT NULL, "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "recordings_placement" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "placed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, "recording_id" char(32) NOT NULL UNIQUE REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "recordings_judgement" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verdict" varchar(16) NOT NULL, "duration" real NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "judged_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "still_id" bigint NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, "file_id" char(32) NOT NULL UNIQUE REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "recordings_by_day" ON "recordings_recording" ("division_id", "listed_at" DESC, "id" DESC);
CREATE INDEX "recordings_by_recorder" ON "recordings_recording" ("recorder_id", "listed_at" DESC, "id" DESC);
CREATE TRIGGER recordings_blob_no_update BEFORE UPDATE ON recordings_blob
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_blob are never changed or deleted'); END;
CREATE TRIGGER recordings_blob_no_delete BEFORE DELETE ON recordings_blob
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_blob are never changed or deleted'); END;
CREATE TRIGGER recordings_recording_no_update BEFORE UPDATE ON recordings_recording
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_recording are never changed or deleted'); END;
CREATE TRIGGER recordings_recording_no_delete BEFORE DELETE ON recordings_recording
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_recording are never changed or deleted'); END;
CREATE TRIGGER recordings_judgement_no_update BEFORE UPDATE ON recordings_judgement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_judgement are never changed or deleted'); END;
CREATE TRIGGER recordings_judgement_no_delete BEFORE DELETE ON recordings_judgement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_judgement are never changed or deleted'); END;
CREATE TRIGGER recordings_placement_no_update BEFORE UPDATE ON recordings_placement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_placement are never changed or deleted'); END;
CREATE TRIGGER recordings_placement_no_delete BEFORE DELETE ON recordings_placement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_placement are never changed or deleted'); END;
CREATE INDEX "recordings_blob_content_digest_d820be72" ON "recordings_blob" ("content_digest");
CREATE INDEX "recordings_recording_recorded_at_a4cab17e" ON "recordings_recording" ("recorded_at");
CREATE INDEX "recordings_recording_ingested_at_d99b5d48" ON "recordings_recording" ("ingested_at");
CREATE INDEX "recordings_recording_unload_0b6b7f3c" ON "recordings_recording" ("unload");
CREATE INDEX "recordings_recording_card_id_13130167" ON "recordings_recording" ("card_id");
CREATE INDEX "recordings_recording_division_id_b0680e42" ON "recordings_recording" ("division_id");
CREATE INDEX "recordings_recording_recorder_id_b7cf4499" ON "recordings_recording" ("recorder_id");
CREATE INDEX "recordings_placement_row_id_9c2a4d97" ON "recordings_placement" ("row_id");
CREATE INDEX "recordings_judgement_still_id_7cda96f3" ON "recordings_judgement" ("still_id");
CREATE TABLE "recordings_recordingfile" ("id" char(32) NOT NULL PRIMARY KEY, "path" text NOT NULL, "source" varchar(120) NOT NULL, "source_key" varchar(64) NOT NULL UNIQUE, "modified_at" datetime NULL, "kind" varchar(8) NOT NULL, "blob_id" bigint NOT NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, "recording_id" char(32) NOT NULL REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED, "ordinal" integer unsigned NOT NULL CHECK ("ordinal" >= 0), "recorded_at" datetime NULL, "role" varchar(8) NOT NULL);
CREATE INDEX "recordings_recordingfile_source_1b94f140" ON "recordings_recordingfile" ("source");
CREATE INDEX "recordings_recordingfile_blob_id_3e708970" ON "recordings_recordingfile" ("blob_id");
CREATE INDEX "recordings_recordingfile_recording_id_1112be01" ON "recordings_recordingfile" ("recording_id");
CREATE TRIGGER recordings_recordingfile_no_update BEFORE UPDATE ON recordings_recordingfile
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_recordingfile are never changed or deleted'); END;
CREATE TRIGGER recordings_recordingfile_no_delete BEFORE DELETE ON recordings_recordingfile
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_recordingfile are never changed or deleted'); END;
CREATE TABLE "recordings_clockreading" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "way" varchar(16) NOT NULL, "device_at" datetime NOT NULL, "server_at" datetime NOT NULL, "offset_ms" bigint NOT NULL, "precision_ms" integer unsigned NOT NULL CHECK ("precision_ms" >= 0), "path" text NOT NULL, "allowed_ms" bigint unsigned NOT NULL CHECK ("allowed_ms" >= 0), "excursion" integer unsigned NOT NULL CHECK ("excursion" >= 0), "unload" char(32) NOT NULL, "read_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NOT NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "recordings_sequencereading" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "source" varchar(120) NOT NULL, "profile" varchar(32) NOT NULL, "runs" text NOT NULL CHECK ((JSON_VALID("runs") OR "runs" IS NULL)), "gaps" text NOT NULL CHECK ((JSON_VALID("gaps") OR "gaps" IS NULL)), "unload" char(32) NOT NULL, "read_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NOT NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER recordings_clockreading_no_update BEFORE UPDATE ON recordings_clockreading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_clockreading are never changed or deleted'); END;
CREATE TRIGGER recordings_clockreading_no_delete BEFORE DELETE ON recordings_clockreading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_clockreading are never changed or deleted'); END;
CREATE TRIGGER recordings_sequencereading_no_update BEFORE UPDATE ON recordings_sequencereading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_sequencereading are never changed or deleted'); END;
CREATE TRIGGER recordings_sequencereading_no_delete BEFORE DELETE ON recordings_sequencereading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_sequencereading are never changed or deleted'); END;
CREATE INDEX "recordings_clockreading_card_id_fbcd85c5" ON "recordings_clockreading" ("card_id");
CREATE INDEX "recordings_clockreading_recorder_id_4bdd306c" ON "recordings_clockreading" ("recorder_id");
CREATE INDEX "clock_readings_newest" ON "recordings_clockreading" ("recorder_id", "seq" DESC);
CREATE INDEX "recordings_sequencereading_unload_a97e0f1d" ON "recordings_sequencereading" ("unload");
CREATE INDEX "recordings_sequencereading_card_id_968d7462" ON "recordings_sequencereading" ("card_id");
CREATE INDEX "recordings_sequencereading_recorder_id_b6369dbd" ON "recordings_sequencereading" ("recorder_id");
CREATE INDEX "sequence_readings_newest" ON "recordings_sequencereading" ("recorder_id", "seq" DESC);
CREATE TABLE "recordings_flawedreading" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "unload" char(32) NOT NULL, "errors" integer unsigned NOT NULL CHECK ("errors" >= 0), "missing" bigint unsigned NOT NULL CHECK ("missing" >= 0), "holes" text NOT NULL CHECK ((JSON_VALID("holes") OR "holes" IS NULL)), "read_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "file_id" char(32) NOT NULL UNIQUE REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER recordings_flawedreading_no_update BEFORE UPDATE ON recordings_flawedreading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_flawedreading are never changed or deleted'); END;
CREATE TRIGGER recordings_flawedreading_no_delete BEFORE DELETE ON recordings_flawedreading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_flawedreading are never changed or deleted'); END;
CREATE INDEX "recordings_flawedreading_unload_6884a4d1" ON "recordings_flawedreading" ("unload");
CREATE INDEX "recordings_flawedreading_card_id_04f45f8b" ON "recordings_flawedreading" ("card_id");
CREATE TABLE "journal_correction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "cell" varchar(64) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "old" text NOT NULL, "new" text NOT NULL, "reason" varchar(300) NOT NULL, "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), "recorder_id" char(32) NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED, "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "inspector_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "corrected_in_turn" UNIQUE ("row_id", "cell", "number"));
CREATE TRIGGER journal_correction_no_update BEFORE UPDATE ON journal_correction
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_correction are never changed or deleted'); END;
CREATE TRIGGER journal_correction_no_delete BEFORE DELETE ON journal_correction
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_correction are never changed or deleted'); END;
CREATE INDEX "journal_correction_by_id_32c45872" ON "journal_correction" ("by_id");
CREATE INDEX "journal_correction_row_id_8256169c" ON "journal_correction" ("row_id");
CREATE TABLE "journal_failure" ("occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "id" char(32) NOT NULL PRIMARY KEY, "cause" varchar(16) NOT NULL, "words" varchar(300) NOT NULL, "told" varchar(16) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_inscription" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sheets" integer unsigned NOT NULL CHECK ("sheets" >= 0), "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "book_id" char(32) NOT NULL UNIQUE REFERENCES "journal_journalbook" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_nextbook" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "registration_number" varchar(64) NOT NULL UNIQUE, "sheets" integer unsigned NOT NULL CHECK ("sheets" >= 0), "rows_per_sheet" smallint unsigned NOT NULL CHECK ("rows_per_sheet" >= 0), "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_pause" ("occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "id" char(32) NOT NULL PRIMARY KEY, "reason" varchar(16) NOT NULL, "told" varchar(16) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_repair" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "words" varchar(300) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "failure_id" char(32) NOT NULL UNIQUE REFERENCES "journal_failure" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_replacement" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "failure_id" char(32) NOT NULL UNIQUE REFERENCES "journal_failure" ("id") DEFERRABLE INITIALLY DEFERRED, "new_row_id" char(32) NOT NULL UNIQUE REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_resume" ("occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "id" char(32) NOT NULL PRIMARY KEY, "told" varchar(16) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "pause_id" char(32) NOT NULL UNIQUE REFERENCES "journal_pause" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "journal_damage" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "thing" varchar(16) NOT NULL, "found" varchar(16) NOT NULL, "words" varchar(300) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "damaged_once" UNIQUE ("row_id", "thing"));
CREATE TABLE "journal_loss" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "occurred_at" datetime NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "thing" varchar(16) NOT NULL, "words" varchar(300) NOT NULL, "by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "lost_once_on_a_row" UNIQUE ("row_id", "thing"));
CREATE TRIGGER journal_nextbook_no_update BEFORE UPDATE ON journal_nextbook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_nextbook are never changed or deleted'); END;
CREATE TRIGGER journal_nextbook_no_delete BEFORE DELETE ON journal_nextbook
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_nextbook are never changed or deleted'); END;
CREATE TRIGGER journal_inscription_no_update BEFORE UPDATE ON journal_inscription
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_inscription are never changed or deleted'); END;
CREATE TRIGGER journal_inscription_no_delete BEFORE DELETE ON journal_inscription
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_inscription are never changed or deleted'); END;
CREATE TRIGGER journal_pause_no_update BEFORE UPDATE ON journal_pause
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_pause are never changed or deleted'); END;
CREATE TRIGGER journal_pause_no_delete BEFORE DELETE ON journal_pause
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_pause are never changed or deleted'); END;
CREATE TRIGGER journal_resume_no_update BEFORE UPDATE ON journal_resume
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_resume are never changed or deleted'); END;
CREATE TRIGGER journal_resume_no_delete BEFORE DELETE ON journal_resume
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_resume are never changed or deleted'); END;
CREATE TRIGGER journal_failure_no_update BEFORE UPDATE ON journal_failure
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_failure are never changed or deleted'); END;
CREATE TRIGGER journal_failure_no_delete BEFORE DELETE ON journal_failure
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_failure are never changed or deleted'); END;
CREATE TRIGGER journal_repair_no_update BEFORE UPDATE ON journal_repair
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_repair are never changed or deleted'); END;
CREATE TRIGGER journal_repair_no_delete BEFORE DELETE ON journal_repair
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_repair are never changed or deleted'); END;
CREATE TRIGGER journal_replacement_no_update BEFORE UPDATE ON journal_replacement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_replacement are never changed or deleted'); END;
CREATE TRIGGER journal_replacement_no_delete BEFORE DELETE ON journal_replacement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_replacement are never changed or deleted'); END;
CREATE TRIGGER journal_damage_no_update BEFORE UPDATE ON journal_damage
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_damage are never changed or deleted'); END;
CREATE TRIGGER journal_damage_no_delete BEFORE DELETE ON journal_damage
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_damage are never changed or deleted'); END;
CREATE TRIGGER journal_loss_no_update BEFORE UPDATE ON journal_loss
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_loss are never changed or deleted'); END;
CREATE TRIGGER journal_loss_no_delete BEFORE DELETE ON journal_loss
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of journal_loss are never changed or deleted'); END;
CREATE INDEX "journal_failure_by_id_50e5334f" ON "journal_failure" ("by_id");
CREATE INDEX "journal_failure_row_id_9144a70f" ON "journal_failure" ("row_id");
CREATE INDEX "journal_inscription_by_id_7c94427f" ON "journal_inscription" ("by_id");
CREATE INDEX "journal_nextbook_by_id_d91ec7da" ON "journal_nextbook" ("by_id");
CREATE INDEX "journal_nextbook_division_id_b5894843" ON "journal_nextbook" ("division_id");
CREATE INDEX "journal_pause_by_id_10ae2688" ON "journal_pause" ("by_id");
CREATE INDEX "journal_pause_row_id_2c49a3e7" ON "journal_pause" ("row_id");
CREATE INDEX "journal_repair_by_id_c4dbf063" ON "journal_repair" ("by_id");
CREATE INDEX "journal_replacement_by_id_5c2d3571" ON "journal_replacement" ("by_id");
CREATE INDEX "journal_resume_by_id_b9d01535" ON "journal_resume" ("by_id");
CREATE INDEX "journal_damage_by_id_c9d17013" ON "journal_damage" ("by_id");
CREATE INDEX "journal_damage_row_id_9a5449e9" ON "journal_damage" ("row_id");
CREATE INDEX "journal_loss_by_id_fd2e8c4b" ON "journal_loss" ("by_id");
CREATE INDEX "journal_loss_row_id_2a383751" ON "journal_loss" ("row_id");
CREATE INDEX "journal_correction_recorder_id_c46590da" ON "journal_correction" ("recorder_id");
CREATE INDEX "journal_correction_card_id_54778d11" ON "journal_correction" ("card_id");
CREATE INDEX "journal_correction_inspector_id_ddce3264" ON "journal_correction" ("inspector_id");
CREATE TABLE "recordings_coveragejudgement" ("id" char(32) NOT NULL PRIMARY KEY, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "because" bigint unsigned NULL CHECK ("because" >= 0), "began_at" datetime NOT NULL, "ended_at" datetime NOT NULL, "tolerances" text NOT NULL CHECK ((JSON_VALID("tolerances") OR "tolerances" IS NULL)), "parts" text NOT NULL CHECK ((JSON_VALID("parts") OR "parts" IS NULL)), "takes" text NOT NULL CHECK ((JSON_VALID("takes") OR "takes" IS NULL)), "offsets" text NOT NULL CHECK ((JSON_VALID("offsets") OR "offsets" IS NULL)), "totals" text NOT NULL CHECK ((JSON_VALID("totals") OR "totals" IS NULL)), "days" text NOT NULL CHECK ((JSON_VALID("days") OR "days" IS NULL)), "gaps" text NOT NULL CHECK ((JSON_VALID("gaps") OR "gaps" IS NULL)), "judged_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "coverage_judged_in_turn" UNIQUE ("row_id", "number"));
CREATE TRIGGER recordings_coveragejudgement_no_update BEFORE UPDATE ON recordings_coveragejudgement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_coveragejudgement are never changed or deleted'); END;
CREATE TRIGGER recordings_coveragejudgement_no_delete BEFORE DELETE ON recordings_coveragejudgement
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_coveragejudgement are never changed or deleted'); END;
CREATE INDEX "recordings_coveragejudgement_division_id_d2405e12" ON "recordings_coveragejudgement" ("division_id");
CREATE INDEX "recordings_coveragejudgement_row_id_8a10ef43" ON "recordings_coveragejudgement" ("row_id");
CREATE INDEX "coverage_by_day" ON "recordings_coveragejudgement" ("division_id", "ended_at");
CREATE TABLE "recordings_derivative" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "product" varchar(16) NOT NULL, "source" varchar(64) NOT NULL, "recipe" text NOT NULL CHECK ((JSON_VALID("recipe") OR "recipe" IS NULL)), "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "made_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "blob_id" bigint NOT NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "recordings_making" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "product" varchar(16) NOT NULL, "state" varchar(16) NOT NULL, "permille" smallint unsigned NOT NULL CHECK ("permille" >= 0), "obstacle" varchar(32) NOT NULL, "holder" char(32) NOT NULL, "beat_at" datetime NOT NULL, "asked_at" datetime NOT NULL, "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_making_of_a_kind" UNIQUE ("file_id", "product"));
CREATE TRIGGER recordings_derivative_no_update BEFORE UPDATE ON recordings_derivative
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_derivative are never changed or deleted'); END;
CREATE TRIGGER recordings_derivative_no_delete BEFORE DELETE ON recordings_derivative
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_derivative are never changed or deleted'); END;
CREATE INDEX "recordings_derivative_blob_id_0a838b2c" ON "recordings_derivative" ("blob_id");
CREATE INDEX "recordings_derivative_file_id_0881aec3" ON "recordings_derivative" ("file_id");
CREATE INDEX "derivatives_newest" ON "recordings_derivative" ("file_id", "product", "seq" DESC);
CREATE INDEX "recordings_making_file_id_f2dda01d" ON "recordings_making" ("file_id");
CREATE TABLE "recordings_timecodeshowing" ("number" bigint unsigned NOT NULL PRIMARY KEY CHECK ("number" >= 0), "purpose" varchar(8) NOT NULL, "began_at" datetime NOT NULL, "seconds" integer unsigned NOT NULL CHECK ("seconds" >= 0), "root" varchar(64) NOT NULL, "pace" varchar(16) NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "recordings_timecodereading" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verdict" varchar(16) NOT NULL, "seen" text NOT NULL CHECK ((JSON_VALID("seen") OR "seen" IS NULL)), "proofs" text NOT NULL CHECK ((JSON_VALID("proofs") OR "proofs" IS NULL)), "film_began_at" datetime NULL, "precision_ms" integer unsigned NULL CHECK ("precision_ms" >= 0), "unload" char(32) NOT NULL, "read_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED, "showing_id" bigint NULL REFERENCES "recordings_timecodeshowing" ("number") DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER recordings_timecodeshowing_no_update BEFORE UPDATE ON recordings_timecodeshowing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_timecodeshowing are never changed or deleted'); END;
CREATE TRIGGER recordings_timecodeshowing_no_delete BEFORE DELETE ON recordings_timecodeshowing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_timecodeshowing are never changed or deleted'); END;
CREATE TRIGGER recordings_timecodereading_no_update BEFORE UPDATE ON recordings_timecodereading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_timecodereading are never changed or deleted'); END;
CREATE TRIGGER recordings_timecodereading_no_delete BEFORE DELETE ON recordings_timecodereading
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of recordings_timecodereading are never changed or deleted'); END;
CREATE INDEX "recordings_timecodeshowing_by_id_12b62c3b" ON "recordings_timecodeshowing" ("by_id");
CREATE INDEX "recordings_timecodeshowing_row_id_91224598" ON "recordings_timecodeshowing" ("row_id");
CREATE INDEX "recordings_timecodereading_unload_e560665a" ON "recordings_timecodereading" ("unload");
CREATE INDEX "recordings_timecodereading_file_id_80c424ff" ON "recordings_timecodereading" ("file_id");
CREATE INDEX "recordings_timecodereading_showing_id_d6401c14" ON "recordings_timecodereading" ("showing_id");
CREATE TABLE "copies_finding" ("id" char(32) NOT NULL PRIMARY KEY, "place" varchar(32) NOT NULL, "kind" varchar(16) NOT NULL, "path" text NOT NULL, "occasion" integer unsigned NOT NULL CHECK ("occasion" >= 0), "found_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "blob_id" bigint NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "copies_healing" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "source" varchar(32) NOT NULL, "number" smallint unsigned NOT NULL CHECK ("number" >= 0), "healed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "finding_id" char(32) NOT NULL UNIQUE REFERENCES "copies_finding" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "copies_round" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(32) NOT NULL, "began_at" datetime NOT NULL, "position" text NOT NULL, "checked" bigint unsigned NOT NULL CHECK ("checked" >= 0), "octets" bigint unsigned NOT NULL CHECK ("octets" >= 0), "findings" integer unsigned NOT NULL CHECK ("findings" >= 0), "total" bigint unsigned NOT NULL CHECK ("total" >= 0), "touched_at" datetime NOT NULL, "ended_at" datetime NULL);
CREATE TABLE "copies_blobcopy" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(32) NOT NULL, "number" smallint unsigned NOT NULL CHECK ("number" >= 0), "proven_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "blob_id" bigint NOT NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "copied_once_to_each_place" UNIQUE ("blob_id", "place"));
CREATE INDEX "findings_of_a_place" ON "copies_finding" ("place", "kind");
CREATE TRIGGER copies_blobcopy_no_update BEFORE UPDATE ON copies_blobcopy
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_blobcopy are never changed or deleted'); END;
CREATE TRIGGER copies_blobcopy_no_delete BEFORE DELETE ON copies_blobcopy
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_blobcopy are never changed or deleted'); END;
CREATE TRIGGER copies_finding_no_update BEFORE UPDATE ON copies_finding
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_finding are never changed or deleted'); END;
CREATE TRIGGER copies_finding_no_delete BEFORE DELETE ON copies_finding
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_finding are never changed or deleted'); END;
CREATE TRIGGER copies_healing_no_update BEFORE UPDATE ON copies_healing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_healing are never changed or deleted'); END;
CREATE TRIGGER copies_healing_no_delete BEFORE DELETE ON copies_healing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of copies_healing are never changed or deleted'); END;
CREATE INDEX "copies_finding_blob_id_9915598e" ON "copies_finding" ("blob_id");
CREATE UNIQUE INDEX "one_round_at_a_time" ON "copies_round" ("place") WHERE "ended_at" IS NULL;
CREATE INDEX "copies_round_place_9e943ffc" ON "copies_round" ("place");
CREATE INDEX "copies_blobcopy_place_31fe11af" ON "copies_blobcopy" ("place");
CREATE INDEX "copies_blobcopy_blob_id_0ca152f6" ON "copies_blobcopy" ("blob_id");
CREATE TABLE "copies_keptsum" ("name" varchar(64) NOT NULL PRIMARY KEY, "upto" bigint NOT NULL, "count" bigint unsigned NOT NULL CHECK ("count" >= 0), "octets" bigint unsigned NOT NULL CHECK ("octets" >= 0));
CREATE TABLE "copies_placestate" ("place" varchar(32) NOT NULL PRIMARY KEY, "seen_at" datetime NULL, "trouble" varchar(8) NOT NULL, "since" datetime NULL, "reason" varchar(300) NOT NULL, "told_at" datetime NULL, "seen_to" bigint NOT NULL, "whole_at" datetime NULL, "complete_to" bigint NOT NULL);
CREATE TABLE "retention_hold" ("id" char(32) NOT NULL PRIMARY KEY, "cause" varchar(16) NOT NULL, "because" char(32) NULL, "reason" varchar(300) NOT NULL, "placed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_holdrelease" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(300) NOT NULL, "released_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "hold_id" char(32) NOT NULL UNIQUE REFERENCES "retention_hold" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "holds_newest" ON "retention_hold" ("division_id", "seq" DESC);
CREATE TABLE "retention_heldrecording" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "recording_id" char(32) NOT NULL REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED, "hold_id" char(32) NOT NULL REFERENCES "retention_hold" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "held_once_by_a_hold" UNIQUE ("hold_id", "recording_id"));
CREATE INDEX "retention_hold_because_a26032ef" ON "retention_hold" ("because");
CREATE INDEX "retention_hold_by_id_02c1f62b" ON "retention_hold" ("by_id");
CREATE INDEX "retention_hold_division_id_cefd758b" ON "retention_hold" ("division_id");
CREATE INDEX "retention_holdrelease_by_id_1e8b8585" ON "retention_holdrelease" ("by_id");
CREATE INDEX "retention_heldrecording_recording_id_b4b19de7" ON "retention_heldrecording" ("recording_id");
CREATE INDEX "retention_heldrecording_hold_id_c6cea1ef" ON "retention_heldrecording" ("hold_id");
CREATE TRIGGER retention_hold_no_update BEFORE UPDATE ON retention_hold
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_hold are never changed or deleted'); END;
CREATE TRIGGER retention_hold_no_delete BEFORE DELETE ON retention_hold
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_hold are never changed or deleted'); END;
CREATE TRIGGER retention_heldrecording_no_update BEFORE UPDATE ON retention_heldrecording
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_heldrecording are never changed or deleted'); END;
CREATE TRIGGER retention_heldrecording_no_delete BEFORE DELETE ON retention_heldrecording
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_heldrecording are never changed or deleted'); END;
CREATE TRIGGER retention_holdrelease_no_update BEFORE UPDATE ON retention_holdrelease
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_holdrelease are never changed or deleted'); END;
CREATE TRIGGER retention_holdrelease_no_delete BEFORE DELETE ON retention_holdrelease
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_holdrelease are never changed or deleted'); END;
CREATE TABLE "disclosure_building" ("id" char(32) NOT NULL PRIMARY KEY, "way" varchar(16) NOT NULL, "capacity" bigint unsigned NULL CHECK ("capacity" >= 0), "sealing" varchar(16) NOT NULL, "is_image" bool NOT NULL, "begun_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "approval_id" char(32) NOT NULL REFERENCES "disclosure_approval" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "disclosure_built" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "package_digest" varchar(71) NOT NULL, "bags" text NOT NULL CHECK ((JSON_VALID("bags") OR "bags" IS NULL)), "built_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "building_id" char(32) NOT NULL UNIQUE REFERENCES "disclosure_building" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "disclosure_building_approval_id_f40d0eb9" ON "disclosure_building" ("approval_id");
CREATE INDEX "disclosure_building_by_id_e27d8acb" ON "disclosure_building" ("by_id");
CREATE TABLE "disclosure_handover" ("id" char(32) NOT NULL PRIMARY KEY, "receiver" varchar(300) NOT NULL, "position" varchar(300) NOT NULL, "basis" varchar(1000) NOT NULL, "carrier" varchar(16) NOT NULL, "way" varchar(16) NOT NULL, "signed_name" varchar(300) NOT NULL, "handed_over_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "approval_id" char(32) NOT NULL REFERENCES "disclosure_approval" ("id") DEFERRABLE INITIALLY DEFERRED, "building_id" char(32) NOT NULL REFERENCES "disclosure_building" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "disclosure_refused" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(1000) NOT NULL, "refused_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "demand_id" char(32) NOT NULL UNIQUE REFERENCES "disclosure_demand" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "disclosure_approval" ("id" char(32) NOT NULL PRIMARY KEY, "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), "approved_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "demand_id" char(32) NOT NULL UNIQUE REFERENCES "disclosure_demand" ("id") DEFERRABLE INITIALLY DEFERRED, "selection_id" bigint NOT NULL REFERENCES "disclosure_selection" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "disclosure_handover_approval_id_aaffb373" ON "disclosure_handover" ("approval_id");
CREATE INDEX "disclosure_handover_building_id_f7640254" ON "disclosure_handover" ("building_id");
CREATE INDEX "disclosure_handover_by_id_262d9490" ON "disclosure_handover" ("by_id");
CREATE INDEX "disclosure_refused_by_id_f7487cc1" ON "disclosure_refused" ("by_id");
CREATE INDEX "disclosure_approval_by_id_2717c643" ON "disclosure_approval" ("by_id");
CREATE INDEX "disclosure_approval_selection_id_7762f74c" ON "disclosure_approval" ("selection_id");
CREATE TABLE "disclosure_demand" ("id" char(32) NOT NULL PRIMARY KEY, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(16) NOT NULL, "authority" varchar(300) NOT NULL, "official" varchar(300) NOT NULL, "their_number" varchar(64) NOT NULL, "dated_on" date NOT NULL, "received_on" date NOT NULL, "due_on" date NULL, "basis" varchar(1000) NOT NULL, "covers" varchar(1000) NOT NULL, "media_type" varchar(16) NOT NULL, "registered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "document_id" bigint NULL REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "demands_numbered_once" UNIQUE ("division_id", "number"));
CREATE INDEX "disclosure_demand_by_id_28998cba" ON "disclosure_demand" ("by_id");
CREATE INDEX "disclosure_demand_division_id_335f01a4" ON "disclosure_demand" ("division_id");
CREATE INDEX "disclosure_demand_document_id_477549e8" ON "disclosure_demand" ("document_id");
CREATE INDEX "demands_by_due_day" ON "disclosure_demand" ("division_id", "due_on");
CREATE TABLE "disclosure_selection" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "chosen" text NOT NULL CHECK ((JSON_VALID("chosen") OR "chosen" IS NULL)), "reason" varchar(300) NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "demand_id" char(32) NOT NULL REFERENCES "disclosure_demand" ("id") DEFERRABLE INITIALLY DEFERRED, "hold_id" char(32) NULL REFERENCES "retention_hold" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "chosen_in_turn" UNIQUE ("demand_id", "version"));
CREATE INDEX "disclosure_selection_by_id_eddd20bc" ON "disclosure_selection" ("by_id");
CREATE INDEX "disclosure_selection_demand_id_63e9369f" ON "disclosure_selection" ("demand_id");
CREATE INDEX "disclosure_selection_hold_id_89155452" ON "disclosure_selection" ("hold_id");
CREATE TABLE "disclosure_filedigest" ("sha256" varchar(64) NOT NULL PRIMARY KEY, "sha512" varchar(128) NOT NULL, "size" bigint unsigned NOT NULL CHECK ("size" >= 0));
CREATE TRIGGER disclosure_demand_no_update BEFORE UPDATE ON disclosure_demand
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_demand are never changed or deleted'); END;
CREATE TRIGGER disclosure_demand_no_delete BEFORE DELETE ON disclosure_demand
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_demand are never changed or deleted'); END;
CREATE TRIGGER disclosure_selection_no_update BEFORE UPDATE ON disclosure_selection
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_selection are never changed or deleted'); END;
CREATE TRIGGER disclosure_selection_no_delete BEFORE DELETE ON disclosure_selection
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_selection are never changed or deleted'); END;
CREATE TRIGGER disclosure_approval_no_update BEFORE UPDATE ON disclosure_approval
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_approval are never changed or deleted'); END;
CREATE TRIGGER disclosure_approval_no_delete BEFORE DELETE ON disclosure_approval
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_approval are never changed or deleted'); END;
CREATE TRIGGER disclosure_refused_no_update BEFORE UPDATE ON disclosure_refused
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_refused are never changed or deleted'); END;
CREATE TRIGGER disclosure_refused_no_delete BEFORE DELETE ON disclosure_refused
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_refused are never changed or deleted'); END;
CREATE TRIGGER disclosure_building_no_update BEFORE UPDATE ON disclosure_building
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_building are never changed or deleted'); END;
CREATE TRIGGER disclosure_building_no_delete BEFORE DELETE ON disclosure_building
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_building are never changed or deleted'); END;
CREATE TRIGGER disclosure_built_no_update BEFORE UPDATE ON disclosure_built
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_built are never changed or deleted'); END;
CREATE TRIGGER disclosure_built_no_delete BEFORE DELETE ON disclosure_built
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_built are never changed or deleted'); END;
CREATE TRIGGER disclosure_handover_no_update BEFORE UPDATE ON disclosure_handover
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_handover are never changed or deleted'); END;
CREATE TRIGGER disclosure_handover_no_delete BEFORE DELETE ON disclosure_handover
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of disclosure_handover are never changed or deleted'); END;
CREATE TABLE "django_q_ormq" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(100) NOT NULL, "payload" text NOT NULL, "lock" datetime NULL);
CREATE TABLE "django_q_task" ("name" varchar(100) NOT NULL, "func" varchar(256) NOT NULL, "hook" varchar(256) NULL, "args" text NULL, "kwargs" text NULL, "result" text NULL, "started" datetime NOT NULL, "stopped" datetime NOT NULL, "success" bool NOT NULL, "id" varchar(32) NOT NULL PRIMARY KEY, "group" varchar(100) NULL, "attempt_count" integer NOT NULL, "cluster" varchar(100) NULL);
CREATE TABLE "django_q_schedule" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "func" varchar(256) NOT NULL, "hook" varchar(256) NULL, "args" text NULL, "kwargs" text NULL, "repeats" integer NOT NULL, "next_run" datetime NULL, "task" varchar(100) NULL, "name" varchar(100) NULL, "minutes" smallint unsigned NULL CHECK ("minutes" >= 0), "cron" varchar(100) NULL, "cluster" varchar(100) NULL, "schedule_type" varchar(2) NOT NULL, "intended_date_kwarg" varchar(100) NULL);
CREATE INDEX "success_index" ON "django_q_task" ("group", "name", "func") WHERE "success";
CREATE TABLE "docks_dock" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(64) NOT NULL, "public_key" varchar(44) NOT NULL UNIQUE, "enrolled_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "enrolled_by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "docks_dockstate" ("dock_id" char(32) NOT NULL PRIMARY KEY REFERENCES "docks_dock" ("id") DEFERRABLE INITIALLY DEFERRED, "agent" varchar(32) NOT NULL, "seen_at" datetime NOT NULL, "clock_offset_ms" bigint NULL, "clock_doubt_ms" bigint unsigned NOT NULL CHECK ("clock_doubt_ms" >= 0), "clock_at" datetime NULL, "clock_told_at" datetime NULL, "refusal_told_at" datetime NULL, "quota_told_at" datetime NULL);
CREATE TABLE "docks_docksession" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "digest" varchar(64) NOT NULL UNIQUE, "challenge" varchar(64) NOT NULL UNIQUE, "opened_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "dock_id" char(32) NOT NULL REFERENCES "docks_dock" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "docks_enrolmentcode" ("id" char(32) NOT NULL PRIMARY KEY, "digest" varchar(64) NOT NULL UNIQUE, "made_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "used_at" datetime NULL, "refused_at" datetime NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "made_by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "docks_revocation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(300) NOT NULL, "revoked_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "dock_id" char(32) NOT NULL UNIQUE REFERENCES "docks_dock" ("id") DEFERRABLE INITIALLY DEFERRED, "revoked_by_id" char(32) NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "docks_received" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_digest" varchar(64) NOT NULL, "stored_digest" varchar(64) NOT NULL, "stored_size" bigint unsigned NOT NULL CHECK ("stored_size" >= 0), "received_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "dock_id" char(32) NOT NULL REFERENCES "docks_dock" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "received_once" UNIQUE ("dock_id", "stored_digest"));
CREATE TABLE "docks_upload" ("id" char(32) NOT NULL PRIMARY KEY, "content_digest" varchar(64) NOT NULL, "stored_digest" varchar(64) NOT NULL, "length" bigint unsigned NOT NULL CHECK ("length" >= 0), "offset" bigint unsigned NOT NULL CHECK ("offset" >= 0), "state" varchar(12) NOT NULL, "kept_as" varchar(64) NOT NULL, "reason" varchar(64) NOT NULL, "created_at" datetime NOT NULL, "touched_at" datetime NOT NULL, "dock_id" char(32) NOT NULL REFERENCES "docks_dock" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER docks_dock_no_update BEFORE UPDATE ON docks_dock
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_dock are never changed or deleted'); END;
CREATE TRIGGER docks_dock_no_delete BEFORE DELETE ON docks_dock
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_dock are never changed or deleted'); END;
CREATE TRIGGER docks_revocation_no_update BEFORE UPDATE ON docks_revocation
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_revocation are never changed or deleted'); END;
CREATE TRIGGER docks_revocation_no_delete BEFORE DELETE ON docks_revocation
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_revocation are never changed or deleted'); END;
CREATE TRIGGER docks_received_no_update BEFORE UPDATE ON docks_received
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_received are never changed or deleted'); END;
CREATE TRIGGER docks_received_no_delete BEFORE DELETE ON docks_received
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of docks_received are never changed or deleted'); END;
CREATE INDEX "docks_dock_division_id_f5dce498" ON "docks_dock" ("division_id");
CREATE INDEX "docks_dock_enrolled_by_id_72b52569" ON "docks_dock" ("enrolled_by_id");
CREATE INDEX "docks_docksession_opened_at_988dadbf" ON "docks_docksession" ("opened_at");
CREATE INDEX "docks_docksession_expires_at_bb49e733" ON "docks_docksession" ("expires_at");
CREATE INDEX "docks_docksession_dock_id_c0d5b09c" ON "docks_docksession" ("dock_id");
CREATE INDEX "docks_enrolmentcode_division_id_ae017111" ON "docks_enrolmentcode" ("division_id");
CREATE INDEX "docks_enrolmentcode_made_by_id_1e15539f" ON "docks_enrolmentcode" ("made_by_id");
CREATE INDEX "docks_revocation_revoked_by_id_a91fc2e7" ON "docks_revocation" ("revoked_by_id");
CREATE INDEX "docks_received_content_digest_550f113d" ON "docks_received" ("content_digest");
CREATE INDEX "docks_received_dock_id_87bc447e" ON "docks_received" ("dock_id");
CREATE INDEX "docks_upload_touched_at_ffc2c50d" ON "docks_upload" ("touched_at");
CREATE INDEX "docks_upload_dock_id_7e3610c2" ON "docks_upload" ("dock_id");
CREATE INDEX "uploads_of_a_dock" ON "docks_upload" ("dock_id", "state");
CREATE TABLE "incidents_incident" ("id" char(32) NOT NULL PRIMARY KEY, "kind" varchar(32) NOT NULL, "key" varchar(100) NOT NULL UNIQUE, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "evidence" text NOT NULL CHECK ((JSON_VALID("evidence") OR "evidence" IS NULL)), "occurred_at" datetime NOT NULL, "opened_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "incidents_decision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "outcome" varchar(16) NOT NULL, "reason" varchar(300) NOT NULL, "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), "decided_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "incident_id" char(32) NOT NULL UNIQUE REFERENCES "incidents_incident" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "incidents_newest" ON "incidents_incident" ("division_id", "seq" DESC);
CREATE TRIGGER incidents_incident_no_update BEFORE UPDATE ON incidents_incident
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of incidents_incident are never changed or deleted'); END;
CREATE TRIGGER incidents_incident_no_delete BEFORE DELETE ON incidents_incident
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of incidents_incident are never changed or deleted'); END;
CREATE TRIGGER incidents_decision_no_update BEFORE UPDATE ON incidents_decision
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of incidents_decision are never changed or deleted'); END;
CREATE TRIGGER incidents_decision_no_delete BEFORE DELETE ON incidents_decision
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of incidents_decision are never changed or deleted'); END;
CREATE INDEX "incidents_incident_division_id_376d2ee0" ON "incidents_incident" ("division_id");
CREATE INDEX "incidents_incident_row_id_ff153a80" ON "incidents_incident" ("row_id");
CREATE INDEX "incidents_decision_by_id_8793e2e2" ON "incidents_decision" ("by_id");
CREATE TABLE "incidents_undecided" ("incident_id" char(32) NOT NULL PRIMARY KEY REFERENCES "incidents_incident" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "incidents_undecided_division_id_1372672c" ON "incidents_undecided" ("division_id");
CREATE TABLE "ingest_sighting" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "clearing_at" datetime NULL, "cleared_seq" bigint unsigned NULL CHECK ("cleared_seq" >= 0), "noted" bool NOT NULL, "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED, "unload_id" char(32) NOT NULL REFERENCES "ingest_unload" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "seen_once_in_an_unloading" UNIQUE ("unload_id", "file_id"));
CREATE INDEX "ingest_sighting_file_id_26abb0c3" ON "ingest_sighting" ("file_id");
CREATE INDEX "ingest_sighting_unload_id_3981abf0" ON "ingest_sighting" ("unload_id");
CREATE INDEX "clearing_begun" ON "ingest_sighting" ("clearing_at") WHERE ("clearing_at" IS NOT NULL AND NOT "noted");
CREATE TABLE "ingest_unload" ("id" char(32) NOT NULL PRIMARY KEY, "port" varchar(200) NOT NULL, "source" varchar(120) NOT NULL, "container" varchar(120) NOT NULL, "state" varchar(8) NOT NULL, "reason" varchar(64) NOT NULL, "reason_facts" text NOT NULL CHECK ((JSON_VALID("reason_facts") OR "reason_facts" IS NULL)), "started_at" datetime NOT NULL, "beat_at" datetime NOT NULL, "finished_at" datetime NULL, "files_total" integer unsigned NOT NULL CHECK ("files_total" >= 0), "files_done" integer unsigned NOT NULL CHECK ("files_done" >= 0), "octets_total" bigint unsigned NOT NULL CHECK ("octets_total" >= 0), "octets_done" bigint unsigned NOT NULL CHECK ("octets_done" >= 0), "stored" integer unsigned NOT NULL CHECK ("stored" >= 0), "already_stored" integer unsigned NOT NULL CHECK ("already_stored" >= 0), "damaged" integer unsigned NOT NULL CHECK ("damaged" >= 0), "foreign" integer unsigned NOT NULL CHECK ("foreign" >= 0), "cleared" integer unsigned NOT NULL CHECK ("cleared" >= 0), "current" varchar(300) NOT NULL, "problems" text NOT NULL CHECK ((JSON_VALID("problems") OR "problems" IS NULL)), "problem_count" integer unsigned NOT NULL CHECK ("problem_count" >= 0), "card_id" char(32) NULL REFERENCES "registry_card" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "recorder_id" char(32) NULL REFERENCES "registry_recorder" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, "dock" char(32) NULL, "doubt" varchar(64) NOT NULL, "doubt_facts" text NOT NULL CHECK ((JSON_VALID("doubt_facts") OR "doubt_facts" IS NULL)), "sources" text NOT NULL CHECK ((JSON_VALID("sources") OR "sources" IS NULL)));
CREATE INDEX "ingest_unload_container_aff658b6" ON "ingest_unload" ("container");
CREATE INDEX "ingest_unload_started_at_f64ce560" ON "ingest_unload" ("started_at");
CREATE INDEX "ingest_unload_card_id_9a39c876" ON "ingest_unload" ("card_id");
CREATE INDEX "ingest_unload_division_id_1f96df0a" ON "ingest_unload" ("division_id");
CREATE INDEX "ingest_unload_recorder_id_d042ac8d" ON "ingest_unload" ("recorder_id");
CREATE INDEX "ingest_unload_row_id_7b68792d" ON "ingest_unload" ("row_id");
CREATE INDEX "ingest_unload_dock_6c219539" ON "ingest_unload" ("dock");
CREATE TABLE "ingest_wallscreen" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(60) NOT NULL, "token_digest" varchar(64) NOT NULL UNIQUE, "opened_at" datetime NOT NULL, "seen_at" datetime NOT NULL, "shut_at" datetime NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "ingest_port" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "dock" varchar(64) NOT NULL, "name" varchar(200) NOT NULL, "state" varchar(12) NOT NULL, "code" varchar(64) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "marks" text NOT NULL CHECK ((JSON_VALID("marks") OR "marks" IS NULL)), "changed_at" datetime NOT NULL, "seen_at" datetime NOT NULL, "unload_id" char(32) NULL REFERENCES "ingest_unload" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "one_port_of_a_name_in_a_dock" UNIQUE ("dock", "name"));
CREATE INDEX "ingest_wallscreen_division_id_ca0b28a4" ON "ingest_wallscreen" ("division_id");
CREATE INDEX "ingest_port_unload_id_46bb70cd" ON "ingest_port" ("unload_id");
CREATE INDEX "unloads_by_state" ON "ingest_unload" ("division_id", "state");
CREATE INDEX "unloads_running" ON "ingest_unload" ("beat_at") WHERE "state" = 'running';
CREATE TABLE "jobs_trouble" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(64) NOT NULL, "host" varchar(255) NOT NULL, "said" varchar(500) NOT NULL, "since" datetime NOT NULL, "seen_at" datetime NOT NULL, CONSTRAINT "one_trouble_each" UNIQUE ("name", "host"));
CREATE INDEX "rows_of_an_inspector" ON "journal_journalrow" ("division_id", "inspector_id");
CREATE TABLE "notices_notice" ("id" char(32) NOT NULL PRIMARY KEY, "kind" varchar(16) NOT NULL, "key" varchar(100) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "created_at" datetime NOT NULL, "seen_at" datetime NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "told_once" UNIQUE ("person_id", "kind", "key"));
CREATE INDEX "notices_notice_division_id_bbaf0475" ON "notices_notice" ("division_id");
CREATE INDEX "notices_notice_person_id_94368381" ON "notices_notice" ("person_id");
CREATE INDEX "notices_newest" ON "notices_notice" ("person_id", "created_at" DESC);
CREATE TABLE "notices_letter" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "way" varchar(32) NOT NULL, "address" varchar(254) NOT NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "next_at" datetime NULL, "sent_at" datetime NULL, "last_error" varchar(300) NOT NULL, "notice_id" char(32) NOT NULL REFERENCES "notices_notice" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "sent_once_each_way" UNIQUE ("notice_id", "way"));
CREATE INDEX "notices_letter_next_at_b7ad7920" ON "notices_letter" ("next_at");
CREATE INDEX "notices_letter_notice_id_2717a956" ON "notices_letter" ("notice_id");
CREATE INDEX "notices_unseen" ON "notices_notice" ("person_id", "created_at" DESC, "id" DESC) WHERE "seen_at" IS NULL;
CREATE INDEX "letters_given_up" ON "notices_letter" ("sent_at") WHERE ("next_at" IS NULL AND "sent_at" IS NULL);
CREATE TABLE "prints_print" ("id" char(32) NOT NULL PRIMARY KEY, "title" varchar(200) NOT NULL, "what" text NOT NULL CHECK ((JSON_VALID("what") OR "what" IS NULL)), "by" text NOT NULL CHECK ((JSON_VALID("by") OR "by" IS NULL)), "asked_at" datetime NOT NULL, "state" varchar(8) NOT NULL, "holder" char(32) NULL, "done" integer unsigned NOT NULL CHECK ("done" >= 0), "of" integer unsigned NOT NULL CHECK ("of" >= 0), "drawing_since" datetime NULL, "setting_since" datetime NULL, "over_at" datetime NULL, "fault" text NOT NULL, "fault_details" text NOT NULL CHECK ((JSON_VALID("fault_details") OR "fault_details" IS NULL)), "fault_paragraph" varchar(8) NOT NULL, "name" varchar(200) NOT NULL, "pdf" BLOB NULL, "size" integer unsigned NOT NULL CHECK ("size" >= 0), "printed" text NULL CHECK ((JSON_VALID("printed") OR "printed" IS NULL)), "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, "owner_id" char(32) NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "one_print_at_a_time" ON "prints_print" ("owner_id") WHERE "over_at" IS NULL;
CREATE INDEX "prints_print_division_id_8db355e1" ON "prints_print" ("division_id");
CREATE INDEX "prints_print_owner_id_197309cf" ON "prints_print" ("owner_id");
CREATE INDEX "clock_readings_by_time" ON "recordings_clockreading" ("recorder_id", "read_at");
CREATE INDEX "blobs_by_intake" ON "recordings_blob" ("ingested_at", "stored_size");
CREATE INDEX "recordings_by_intake" ON "recordings_recording" ("division_id", "ingested_at", "id");
CREATE TABLE "recordings_unentered" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_digest" varchar(64) NOT NULL, "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "unentered_once" UNIQUE ("file_id", "content_digest"));
CREATE INDEX "recordings_unentered_file_id_4a55eb66" ON "recordings_unentered" ("file_id");
CREATE TABLE "retention_clockconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "day" date NOT NULL, "reached" datetime NOT NULL, "confirmed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_disposaldrop" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "reason" varchar(300) NOT NULL, "dropped_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "plan_id" char(32) NOT NULL UNIQUE REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_disposalapproval" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "way" varchar(16) NOT NULL, "signed_digest" varchar(71) NOT NULL, "assertion" text NULL CHECK ((JSON_VALID("assertion") OR "assertion" IS NULL)), "approved_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "plan_id" char(32) NOT NULL UNIQUE REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_destroyedblob" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "destroyed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "blob_id" bigint NOT NULL UNIQUE REFERENCES "recordings_blob" ("id") DEFERRABLE INITIALLY DEFERRED, "plan_id" char(32) NOT NULL REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_disposed" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "disposed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "plan_id" char(32) NOT NULL REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED, "recording_id" char(32) NOT NULL UNIQUE REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_disposing" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "recordings" text NOT NULL CHECK ((JSON_VALID("recordings") OR "recordings" IS NULL)), "contents" text NOT NULL CHECK ((JSON_VALID("contents") OR "contents" IS NULL)), "spared" text NOT NULL CHECK ((JSON_VALID("spared") OR "spared" IS NULL)), "begun_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "plan_id" char(32) NOT NULL UNIQUE REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "retention_disposalplan" ("id" char(32) NOT NULL PRIMARY KEY, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "items" text NOT NULL CHECK ((JSON_VALID("items") OR "items" IS NULL)), "proposed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "plans_numbered_once" UNIQUE ("division_id", "number"));
CREATE INDEX "retention_clockconfirmation_by_id_b1bf2853" ON "retention_clockconfirmation" ("by_id");
CREATE INDEX "retention_clockconfirmation_division_id_dc374356" ON "retention_clockconfirmation" ("division_id");
CREATE INDEX "retention_disposaldrop_by_id_dd01e3c0" ON "retention_disposaldrop" ("by_id");
CREATE INDEX "retention_disposalapproval_by_id_c5f53d69" ON "retention_disposalapproval" ("by_id");
CREATE INDEX "retention_destroyedblob_seq_efcdfbef" ON "retention_destroyedblob" ("seq");
CREATE INDEX "retention_destroyedblob_plan_id_1ca3d7be" ON "retention_destroyedblob" ("plan_id");
CREATE INDEX "retention_disposed_seq_86035f97" ON "retention_disposed" ("seq");
CREATE INDEX "retention_disposed_plan_id_d126b5f3" ON "retention_disposed" ("plan_id");
CREATE INDEX "retention_disposing_by_id_ef9dcf6b" ON "retention_disposing" ("by_id");
CREATE INDEX "retention_disposalplan_by_id_e9059e3a" ON "retention_disposalplan" ("by_id");
CREATE INDEX "retention_disposalplan_division_id_49189f11" ON "retention_disposalplan" ("division_id");
CREATE TABLE "retention_retentionterm" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "taken_in" datetime NOT NULL, "kept_until" date NOT NULL, "profile" varchar(32) NOT NULL, "reasons" text NOT NULL CHECK ((JSON_VALID("reasons") OR "reasons" IS NULL)), "set_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "recording_id" char(32) NOT NULL REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "terms_numbered" UNIQUE ("recording_id", "number"));
CREATE INDEX "retention_retentionterm_kept_until_2c285d01" ON "retention_retentionterm" ("kept_until");
CREATE INDEX "retention_retentionterm_recording_id_0da48cb1" ON "retention_retentionterm" ("recording_id");
CREATE TRIGGER retention_retentionterm_no_update BEFORE UPDATE ON retention_retentionterm
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_retentionterm are never changed or deleted'); END;
CREATE TRIGGER retention_retentionterm_no_delete BEFORE DELETE ON retention_retentionterm
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_retentionterm are never changed or deleted'); END;
CREATE TRIGGER retention_clockconfirmation_no_update BEFORE UPDATE ON retention_clockconfirmation
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_clockconfirmation are never changed or deleted'); END;
CREATE TRIGGER retention_clockconfirmation_no_delete BEFORE DELETE ON retention_clockconfirmation
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_clockconfirmation are never changed or deleted'); END;
CREATE TRIGGER retention_disposalplan_no_update BEFORE UPDATE ON retention_disposalplan
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposalplan are never changed or deleted'); END;
CREATE TRIGGER retention_disposalplan_no_delete BEFORE DELETE ON retention_disposalplan
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposalplan are never changed or deleted'); END;
CREATE TRIGGER retention_disposalapproval_no_update BEFORE UPDATE ON retention_disposalapproval
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposalapproval are never changed or deleted'); END;
CREATE TRIGGER retention_disposalapproval_no_delete BEFORE DELETE ON retention_disposalapproval
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposalapproval are never changed or deleted'); END;
CREATE TRIGGER retention_disposaldrop_no_update BEFORE UPDATE ON retention_disposaldrop
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposaldrop are never changed or deleted'); END;
CREATE TRIGGER retention_disposaldrop_no_delete BEFORE DELETE ON retention_disposaldrop
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposaldrop are never changed or deleted'); END;
CREATE TRIGGER retention_disposing_no_update BEFORE UPDATE ON retention_disposing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposing are never changed or deleted'); END;
CREATE TRIGGER retention_disposing_no_delete BEFORE DELETE ON retention_disposing
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposing are never changed or deleted'); END;
CREATE TRIGGER retention_disposed_no_update BEFORE UPDATE ON retention_disposed
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposed are never changed or deleted'); END;
CREATE TRIGGER retention_disposed_no_delete BEFORE DELETE ON retention_disposed
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_disposed are never changed or deleted'); END;
CREATE TRIGGER retention_destroyedblob_no_update BEFORE UPDATE ON retention_destroyedblob
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_destroyedblob are never changed or deleted'); END;
CREATE TRIGGER retention_destroyedblob_no_delete BEFORE DELETE ON retention_destroyedblob
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_destroyedblob are never changed or deleted'); END;
CREATE TABLE "retention_remainder" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(32) NOT NULL, "until" datetime NULL, "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "plan_id" char(32) NOT NULL REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "remainder_of_a_place" UNIQUE ("plan_id", "place"));
CREATE TABLE "retention_remainderremoved" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(32) NOT NULL, "objects_removed" integer unsigned NOT NULL CHECK ("objects_removed" >= 0), "removed_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "plan_id" char(32) NOT NULL REFERENCES "retention_disposalplan" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "remainder_removed_once" UNIQUE ("plan_id", "place"));
CREATE TABLE "retention_mirroredhold" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(32) NOT NULL, "objects_held" integer unsigned NOT NULL CHECK ("objects_held" >= 0), "set_at" datetime NOT NULL, "lifted_at" datetime NULL, "hold_id" char(32) NOT NULL REFERENCES "retention_hold" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "mirrored_once_to_a_place" UNIQUE ("hold_id", "place"));
CREATE TRIGGER retention_remainder_no_update BEFORE UPDATE ON retention_remainder
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_remainder are never changed or deleted'); END;
CREATE TRIGGER retention_remainder_no_delete BEFORE DELETE ON retention_remainder
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_remainder are never changed or deleted'); END;
CREATE TRIGGER retention_remainderremoved_no_update BEFORE UPDATE ON retention_remainderremoved
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_remainderremoved are never changed or deleted'); END;
CREATE TRIGGER retention_remainderremoved_no_delete BEFORE DELETE ON retention_remainderremoved
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of retention_remainderremoved are never changed or deleted'); END;
CREATE INDEX "retention_remainder_seq_a7a371b6" ON "retention_remainder" ("seq");
CREATE INDEX "retention_remainder_plan_id_694af39b" ON "retention_remainder" ("plan_id");
CREATE INDEX "retention_remainderremoved_plan_id_4c8192b9" ON "retention_remainderremoved" ("plan_id");
CREATE INDEX "retention_mirroredhold_lifted_at_32350377" ON "retention_mirroredhold" ("lifted_at");
CREATE INDEX "retention_mirroredhold_hold_id_2201cdd4" ON "retention_mirroredhold" ("hold_id");
CREATE TABLE "review_mark" ("position_ms" bigint unsigned NOT NULL CHECK ("position_ms" >= 0), "until_ms" bigint unsigned NULL CHECK ("until_ms" >= 0), "category" varchar(32) NOT NULL, "is_evidence" bool NOT NULL, "note" text NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "id" char(32) NOT NULL PRIMARY KEY, "camera_at" datetime NULL, "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "file_id" char(32) NOT NULL REFERENCES "recordings_recordingfile" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "review_markchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position_ms" bigint unsigned NOT NULL CHECK ("position_ms" >= 0), "until_ms" bigint unsigned NULL CHECK ("until_ms" >= 0), "category" varchar(32) NOT NULL, "is_evidence" bool NOT NULL, "note" text NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(16) NOT NULL, "reason" varchar(300) NOT NULL, "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "mark_id" char(32) NOT NULL REFERENCES "review_mark" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "mark_changed_in_turn" UNIQUE ("mark_id", "number"));
CREATE TABLE "review_review" ("id" char(32) NOT NULL PRIMARY KEY, "result" varchar(16) NOT NULL, "note" text NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "recording_id" char(32) NULL REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TRIGGER review_mark_no_update BEFORE UPDATE ON review_mark
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_mark are never changed or deleted'); END;
CREATE TRIGGER review_mark_no_delete BEFORE DELETE ON review_mark
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_mark are never changed or deleted'); END;
CREATE TRIGGER review_markchange_no_update BEFORE UPDATE ON review_markchange
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_markchange are never changed or deleted'); END;
CREATE TRIGGER review_markchange_no_delete BEFORE DELETE ON review_markchange
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_markchange are never changed or deleted'); END;
CREATE TRIGGER review_review_no_update BEFORE UPDATE ON review_review
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_review are never changed or deleted'); END;
CREATE TRIGGER review_review_no_delete BEFORE DELETE ON review_review
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_review are never changed or deleted'); END;
CREATE INDEX "review_mark_by_id_57bfbd40" ON "review_mark" ("by_id");
CREATE INDEX "review_mark_file_id_0da56dea" ON "review_mark" ("file_id");
CREATE INDEX "review_markchange_by_id_a1285e8f" ON "review_markchange" ("by_id");
CREATE INDEX "review_markchange_mark_id_4fa268c5" ON "review_markchange" ("mark_id");
CREATE INDEX "review_review_by_id_41a21cd5" ON "review_review" ("by_id");
CREATE INDEX "review_review_recording_id_e5ff16ee" ON "review_review" ("recording_id");
CREATE INDEX "review_review_row_id_a39f0fc3" ON "review_review" ("row_id");
CREATE TABLE "review_indexed" ("recording_id" char(32) NOT NULL PRIMARY KEY REFERENCES "recordings_recording" ("id") DEFERRABLE INITIALLY DEFERRED, "terms" BLOB NOT NULL);
CREATE TABLE "review_posting" ("term" integer NOT NULL, "at" bigint NOT NULL, "recording" BLOB NOT NULL, PRIMARY KEY ("term", "at", "recording")) WITHOUT ROWID;
CREATE TABLE "review_searchterm" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "text" BLOB NOT NULL, "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "search_terms_once" UNIQUE ("division_id", "text"));
CREATE TABLE "review_samplenote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "text" text NOT NULL, "entered_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "by_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "sample_id" char(32) NOT NULL REFERENCES "review_sample" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "review_sample" ("id" char(32) NOT NULL PRIMARY KEY, "month" date NOT NULL, "size" bigint unsigned NOT NULL CHECK ("size" >= 0), "root" varchar(64) NOT NULL, "seed" varchar(64) NOT NULL, "percent" smallint unsigned NOT NULL CHECK ("percent" >= 0), "least" integer unsigned NOT NULL CHECK ("least" >= 0), "days" smallint unsigned NOT NULL CHECK ("days" >= 0), "population" integer unsigned NOT NULL CHECK ("population" >= 0), "population_digest" varchar(71) NOT NULL, "due_on" date NOT NULL, "drawn_at" datetime NOT NULL, "seq" bigint unsigned NOT NULL UNIQUE CHECK ("seq" >= 0), "division_id" char(32) NOT NULL REFERENCES "registry_division" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "sample_drawn_once" UNIQUE ("division_id", "month"));
CREATE INDEX "review_samplenote_by_id_b653a17d" ON "review_samplenote" ("by_id");
CREATE INDEX "review_samplenote_sample_id_1bdcf718" ON "review_samplenote" ("sample_id");
CREATE INDEX "review_sample_division_id_ab3adecd" ON "review_sample" ("division_id");
CREATE TABLE "review_sampleitem" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "ordinal" integer unsigned NOT NULL CHECK ("ordinal" >= 0), "seq" bigint unsigned NOT NULL CHECK ("seq" >= 0), "inspector_id" char(32) NOT NULL REFERENCES "registry_person" ("id") DEFERRABLE INITIALLY DEFERRED, "row_id" char(32) NOT NULL REFERENCES "journal_journalrow" ("id") DEFERRABLE INITIALLY DEFERRED, "sample_id" char(32) NOT NULL REFERENCES "review_sample" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "sample_in_order" UNIQUE ("sample_id", "ordinal"));
CREATE INDEX "review_sampleitem_inspector_id_0c4d17be" ON "review_sampleitem" ("inspector_id");
CREATE INDEX "review_sampleitem_row_id_0a7075ac" ON "review_sampleitem" ("row_id");
CREATE INDEX "review_sampleitem_sample_id_859ffd6e" ON "review_sampleitem" ("sample_id");
CREATE TRIGGER review_sample_no_update BEFORE UPDATE ON review_sample
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_sample are never changed or deleted'); END;
CREATE TRIGGER review_sample_no_delete BEFORE DELETE ON review_sample
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_sample are never changed or deleted'); END;
CREATE TRIGGER review_sampleitem_no_update BEFORE UPDATE ON review_sampleitem
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_sampleitem are never changed or deleted'); END;
CREATE TRIGGER review_sampleitem_no_delete BEFORE DELETE ON review_sampleitem
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_sampleitem are never changed or deleted'); END;
CREATE TRIGGER review_samplenote_no_update BEFORE UPDATE ON review_samplenote
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_samplenote are never changed or deleted'); END;
CREATE TRIGGER review_samplenote_no_delete BEFORE DELETE ON review_samplenote
BEGIN SELECT RAISE(ABORT, 'insert-only: rows of review_samplenote are never changed or deleted'); END;
CREATE TABLE "review_samplefinished" ("sample_id" char(32) NOT NULL PRIMARY KEY REFERENCES "review_sample" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
CREATE TABLE "tallies_tally" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(16) NOT NULL, "label" varchar(32) NOT NULL, "value" bigint NOT NULL, CONSTRAINT "one_tally_of_a_name" UNIQUE ("name", "label"));
