/// The settings of a Grow or LearnWorlds source that a site may have to correct.
typealias LearnWorldsOptions = SourceOptions<LearnWorldsOptionKeys>

/// Their declarations; names and defaults are those of the guide beside them, README.md.
struct LearnWorldsOptionKeys: OptionKeys {
    /// What an activity that the guide does not name causes.
    enum UnknownActivity: String, Sendable, CaseIterable {
        case repull
        case ignore
    }

    static let declared = LearnWorldsOptionKeys()

    let apiRoot = SourceOption.text(
        "api_root",
        default: "/admin/api",
        help: "Path of the API on the school's host."
    )
    let paths = SourceOption.texts(
        "paths",
        example: ["/v2/courses": "/v3/courses"],
        help: "Paths of the guide that the site spells otherwise: guide's path to site's path."
    )
    let tokenPath = SourceOption.text(
        "token_path",
        default: "/oauth2/access_token",
        help: "Path, under the API root, that mints tokens."
    )
    let tokenBody = SourceOption<String>.choice(
        "token_body",
        of: ["data", "form", "json"],
        default: "data",
        help: "How the token request carries the credentials."
    )
    let eventPath = SourceOption.text(
        "event_path",
        default: "auto",
        help: "Path of the event log, or auto: the kind's own, then the other's."
    )
    let pageSizes = SourceOption.integers(
        "page_size",
        example: ["courses": 50, "certificates": 20],
        help: "Rows asked per page of courses and certificates; falls back by itself."
    )
    let visitInterval = SourceOption.duration(
        "visit_interval",
        default: .seconds(3_600),
        help: "Visits alone re-read a learner's progress at most once in this time."
    )
    let settleAgain = SourceOption.duration(
        "settle_again",
        default: .seconds(6 * 3_600),
        help: "A learner's progress is read once more this long after the last visit."
    )
    let eventSettle = SourceOption.duration(
        "event_settle",
        default: .seconds(120),
        help: "The newest part of the event log that the next run reads again."
    )
    let eventOverlap = SourceOption.duration(
        "event_overlap",
        default: .seconds(180),
        help: "Read again before the event watermark, on top of event_settle."
    )
    let eventsSince = SourceOption.duration(
        "events_since",
        example: .seconds(90 * 86_400),
        help: "How far back a baseline reads the event log; absent: all of it."
    )
    let unknownActivity = SourceOption<UnknownActivity>.word(
        "unknown_activity",
        default: .repull,
        help: "What an activity unknown to the guide causes."
    )
    let skipsNeverActive = SourceOption.flag(
        "skip_never_active",
        default: true,
        help: "A baseline asks nothing about people who never logged in and are on no roster."
    )
    let externalIDField = SourceOption.text(
        "external_id_field",
        example: "cf_student_number",
        reshapes: .learners,
        help: "The custom field (cf_…) that holds the school's or SIS's number of a person."
    )
    let assessmentUnitTypes = SourceOption.list(
        "assessment_unit_types",
        default: ["assessmentV2"],
        reshapes: .everything,
        help: "Unit types that are assessments."
    )
    let activeMaxAge = SourceOption.duration(
        "active_max_age",
        default: .seconds(7 * 86_400),
        help: "Rolling re-reads: partitions with open learners."
    )
    let coldMaxAge = SourceOption.duration(
        "cold_max_age",
        default: .seconds(30 * 86_400),
        help: "Rolling re-reads: all other partitions."
    )
    /// Read by nothing yet: the receiver of webhooks comes with a later release.
    let webhookSignature = SourceOption<String?>.choice(
        "webhook_signature",
        of: ["static", "hmac-sha256-hex"],
        example: "static",
        help: "How webhooks prove their origin."
    )
}

extension SourceOptions where Keys == LearnWorldsOptionKeys {
    init(_ values: [String: OptionValue]) { self.init(values: values) }

    /// Where the vendor's documents have the call that mints tokens.
    static var vendorTokenPath: String { Keys.declared.tokenPath.standard }

    /// Whether an activity unknown to the guide makes what it names be read again.
    var repullsUnknownActivities: Bool { self.unknownActivity == .repull }
}
