/// The settings of a Grow or LearnWorlds source that a site may have to correct, read once.
///
/// Names and defaults are those of Sources/Platforms/LearnWorlds/README.md.
struct LearnWorldsOptions: Sendable {
    var eventPath: String
    var tokenPath: String
    /// Where the vendor's documents have it.
    static let vendorTokenPath = "/oauth2/access_token"
    var tokenBody: String
    var apiRoot: String
    var paths: [String: String]
    var pageSizes: [String: Int]
    var visitInterval: Duration
    var settleAgain: Duration
    var eventSettle: Duration
    var eventOverlap: Duration
    var eventsSince: Duration?
    var repullsUnknownActivities: Bool
    var skipsNeverActive: Bool
    var externalIDField: String?
    var assessmentUnitTypes: [String]
    var activeMaxAge: Duration
    var coldMaxAge: Duration

    init(_ values: [String: OptionValue]) {
        func text(_ name: String) -> String? {
            if case .string(let value) = values[name] { value } else { nil }
        }
        func duration(_ name: String) -> Duration? {
            if case .duration(let value) = values[name] { value } else { nil }
        }
        func map(_ name: String) -> [String: OptionValue] {
            if case .map(let value) = values[name] { value } else { [:] }
        }
        eventPath = text("event_path") ?? "auto"
        tokenPath = text("token_path") ?? Self.vendorTokenPath
        tokenBody = text("token_body") ?? "data"
        apiRoot = text("api_root") ?? "/admin/api"
        paths = map("paths").compactMapValues { if case .string(let path) = $0 { path } else { nil } }
        pageSizes = map("page_size").compactMapValues { if case .integer(let size) = $0 { size } else { nil } }
        visitInterval = duration("visit_interval") ?? .seconds(3600)
        settleAgain = duration("settle_again") ?? .seconds(6 * 3600)
        eventSettle = duration("event_settle") ?? .seconds(120)
        eventOverlap = duration("event_overlap") ?? .seconds(180)
        eventsSince = duration("events_since")
        repullsUnknownActivities = text("unknown_activity") != "ignore"
        skipsNeverActive = values["skip_never_active"] != .boolean(false)
        externalIDField = text("external_id_field")
        activeMaxAge = duration("active_max_age") ?? .seconds(7 * 86_400)
        coldMaxAge = duration("cold_max_age") ?? .seconds(30 * 86_400)
        assessmentUnitTypes =
            if case .list(let types) = values["assessment_unit_types"] { types } else { ["assessmentV2"] }
    }

    /// What `registrar.yaml` accepts under `options:`.
    static let descriptions: [OptionDescription] = [
        OptionDescription(
            "api_root",
            .string,
            default: .string("/admin/api"),
            help: "Path of the API on the school's host."
        ),
        OptionDescription(
            "paths",
            .map(.string),
            help: "Paths of the guide that the site spells otherwise: guide's path to site's path."
        ),
        OptionDescription(
            "token_path",
            .string,
            default: .string(vendorTokenPath),
            help: "Path, under the API root, that mints tokens."
        ),
        OptionDescription(
            "token_body",
            .choice(["data", "form", "json"]),
            default: .string("data"),
            help: "How the token request carries the credentials."
        ),
        OptionDescription(
            "event_path",
            .string,
            default: .string("auto"),
            help: "Path of the event log, or auto: the kind's own, then the other's."
        ),
        OptionDescription(
            "page_size",
            .map(.integer),
            help: "Rows asked per page of courses and certificates; falls back by itself."
        ),
        OptionDescription(
            "visit_interval",
            .duration,
            default: .duration(.seconds(3600)),
            help: "Visits alone re-read a learner's progress at most once in this time."
        ),
        OptionDescription(
            "settle_again",
            .duration,
            default: .duration(.seconds(21_600)),
            help: "A learner's progress is read once more this long after the last visit."
        ),
        OptionDescription(
            "event_settle",
            .duration,
            default: .duration(.seconds(120)),
            help: "The newest part of the event log that the next run reads again."
        ),
        OptionDescription(
            "event_overlap",
            .duration,
            default: .duration(.seconds(180)),
            help: "Read again before the event watermark, on top of event_settle."
        ),
        OptionDescription(
            "events_since",
            .duration,
            help: "How far back a baseline reads the event log; absent: all of it."
        ),
        OptionDescription(
            "unknown_activity",
            .choice(["repull", "ignore"]),
            default: .string("repull"),
            help: "What an activity unknown to the guide causes."
        ),
        OptionDescription(
            "skip_never_active",
            .boolean,
            default: .boolean(true),
            help: "A baseline asks nothing about people who never logged in and are on no roster."
        ),
        OptionDescription(
            "external_id_field",
            .string,
            reshapes: .learners,
            help: "The custom field (cf_…) that holds the school's or SIS's number of a person."
        ),
        OptionDescription(
            "assessment_unit_types",
            .list,
            default: .list(["assessmentV2"]),
            reshapes: .everything,
            help: "Unit types that are assessments."
        ),
        OptionDescription(
            "active_max_age",
            .duration,
            default: .duration(.seconds(7 * 86_400)),
            help: "Rolling re-reads: partitions with open learners."
        ),
        OptionDescription(
            "cold_max_age",
            .duration,
            default: .duration(.seconds(30 * 86_400)),
            help: "Rolling re-reads: all other partitions."
        ),
        OptionDescription(
            "webhook_signature",
            .choice(["static", "hmac-sha256-hex"]),
            help: "How webhooks prove their origin."
        ),
    ]
}
