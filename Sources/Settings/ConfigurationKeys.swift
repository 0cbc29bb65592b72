import Platforms

/// Every key of `registrar.yaml` outside of `options`.
package enum ConfigurationKeys {
    /// At the top of the file.
    package static let top = [
        KeyDescription("warehouse", "the PostgreSQL database to keep current"),
        KeyDescription("sources", "the schools to read, one entry each"),
        KeyDescription("serve", "the long-running service"),
    ]

    /// Under `warehouse`.
    package static let warehouse = [
        KeyDescription(
            "url",
            example: "postgresql://registrar_loader@db.example.org/warehouse",
            default: "embedded PostgreSQL",
            "libpq URI or conninfo; a host that is not local gets sslmode=verify-full unless the url says otherwise"
        )
    ]

    /// Of one source.
    package static let source = [
        KeyDescription(
            "id",
            example: "acme",
            "[a-z][a-z0-9_]{0,30}; first part of every primary key; never change it"
        ),
        KeyDescription("kind", example: "grow", "the platform"),
        KeyDescription(
            "url",
            example: "https://acme.example.org",
            "the platform's base address; http only for loopback"
        ),
        KeyDescription(
            "moved_from",
            example: "https://old.example.org",
            "the same school's former address, where its rows were loaded from; a list works too"
        ),
        KeyDescription("client_id", example: "registrar", "client id or application key"),
        KeyDescription(
            "client_secret",
            example: "${ACME_SECRET}",
            "${VAR} or ${file:/path}; a literal works, and every run warns of it"
        ),
        KeyDescription("api_key", example: "${ACME_KEY}", "a key sent with each call, where the platform wants one"),
        KeyDescription("access_token", example: "${ACME_TOKEN}", "pins a static token: nothing is ever minted"),
        KeyDescription("requests_per_second", example: "2.5", default: "by kind", "ceiling of requests a second"),
        KeyDescription(
            "requests_per_day",
            example: "10000",
            default: "by kind",
            "ceiling of requests in 24 hours, whatever the platform says of its own"
        ),
        KeyDescription("concurrency", standard: "\(SourceSettings.Standard.concurrency)", "requests in flight"),
        KeyDescription("streams", example: "[courses, learners]", default: "by kind", "what to read"),
        KeyDescription(
            "schedule",
            example: "\"*/15 * * * *\"",
            "used by serve: the incremental run; cron, in time_zone"
        ),
        KeyDescription(
            "full_refresh",
            example: "\"0 3 * * 0\"",
            "used by serve: the rolling full refresh; cron, in time_zone"
        ),
        KeyDescription(
            "time_zone",
            standard: SourceSettings.Standard.timeZone,
            "of the schedules and of the platform's bare dates"
        ),
        KeyDescription("learners", "what is kept of a person"),
        KeyDescription("scope", "which courses, and with them their enrollments, progress, grades; absent means all"),
        KeyDescription(
            "publish_interval",
            standard: "\(SourceSettings.Standard.publishInterval.components.seconds)s",
            "an incremental run that takes longer publishes in pieces"
        ),
        KeyDescription("deletions", "the guard against an answer that is empty by mistake"),
        KeyDescription("options", "settings of the platform"),
    ]

    /// Under a source's `learners`.
    package static let learners = [
        KeyDescription(
            "custom_fields",
            example: "all",
            default: "by kind",
            "all, none or [names]; a field dropped by default is kept when named"
        ),
        KeyDescription(
            "pseudonymize",
            example: "[email, first_name, last_name]",
            default: "[]",
            "columns stored as keyed hashes; the key (32 bytes or more) is in REGISTRAR_PSEUDONYM_KEY"
        ),
    ]

    /// Under a source's `scope`.
    package static let scope = [
        KeyDescription("created_after", example: "2024-08-01", "courses created at or after this date"),
        KeyDescription("availability", example: "[available]", "courses with one of these availabilities"),
        KeyDescription("term", example: "[2026-fall]", "courses of these terms"),
        KeyDescription("data_source", example: "[SIS]", "courses of these data sources"),
        KeyDescription("include", example: "[course-1]", "these course ids"),
        KeyDescription("exclude", example: "[course-2]", "not these course ids"),
    ]

    /// Under a source's `deletions`.
    package static let deletions = [
        KeyDescription(
            "max_fraction",
            standard: "\(SourceSettings.Standard.maxDeletionFraction)",
            "a sweep that would mark more than this share of a table's live rows as deleted marks none"
        )
    ]

    /// Under `serve`.
    package static let serve = [
        KeyDescription("listen", example: "127.0.0.1:8080", default: "127.0.0.1:8080", "address and port"),
        KeyDescription(
            "token",
            example: "${REGISTRAR_TOKEN}",
            "needed for any address that is not loopback"
        ),
    ]

    /// The columns of `learners` that may be pseudonymised.
    package static let pseudonymizable = PersonColumns.names

    /// Keys whose values are secrets: they are never quoted in a message.
    static let secrets: Set<String> = ["client_secret", "api_key", "access_token", "token"]
}
