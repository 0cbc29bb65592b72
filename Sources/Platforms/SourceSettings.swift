package import Extractor

/// One configured source: which platform, how to reach it, and how much of it to read.
///
/// Built by `Configuration` from `registrar.yaml`; defaults of the kind are already filled in.
package struct SourceSettings: Sendable {
    /// What holds on every platform where the configuration says nothing.
    package enum Standard {
        package static let concurrency = 4
        package static let timeZone = "UTC"
        package static let publishInterval = Duration.seconds(60)
        package static let maxDeletionFraction = 0.2
    }

    /// First part of every primary key: `[a-z][a-z0-9_]{0,30}`.
    package var id: String
    /// The platform's kind: `grow`, `learnworlds`, ….
    package var kind: String
    /// The platform's base address as configured.
    package var url: String
    /// Addresses that the same school had before: rows loaded from there are its own.
    package var movedFrom: [String] = []
    /// What the platform wants to know who is asking.
    package var credentials: Credentials
    /// Ceiling of the host's limiter.
    package var requestsPerSecond: Double
    /// Ceiling for 24 hours, where the platform has one.
    package var requestsPerDay: Int?
    /// Whether that ceiling is only what the kind is taken to allow: then what the platform says of itself counts instead.
    package var assumesRequestsPerDay = false
    /// Requests in flight at most.
    package var concurrency: Int
    /// The streams to pull, in the kind's order.
    package var streams: [String]
    /// IANA name; bare dates of the platform are midnight there.
    package var timeZone: String
    /// Which of a learner's custom fields are kept.
    package var customFields: CustomFieldsPolicy
    /// Columns of `learners` stored as keyed hashes.
    package var pseudonymize: [String]
    /// The key of the hashes, from `REGISTRAR_PSEUDONYM_KEY`; present whenever `pseudonymize` is not empty.
    package var pseudonymKey: Secret?
    /// Which courses are read.
    package var scope: CourseScope
    /// How long an incremental run may hold back what it has read.
    package var publishInterval: Duration
    /// The largest share of a table's live rows that one sweep may mark as deleted.
    package var maxDeletionFraction: Double
    /// Settings of the platform, validated against ``KindDescription/options``.
    package var options: [String: OptionValue]
    /// Digest of everything that changes what is stored; kept in `sync.sources`.
    package var configDigest: String
    /// Natural keys of rejected records that have not arrived whole since, by stream: nothing that is configured, but known
    /// when a run begins.
    package var awaited: [String: Set<String>] = [:]

    package init(
        id: String,
        kind: String,
        url: String,
        credentials: Credentials,
        requestsPerSecond: Double,
        requestsPerDay: Int? = nil,
        concurrency: Int = Standard.concurrency,
        streams: [String],
        timeZone: String = Standard.timeZone,
        customFields: CustomFieldsPolicy = .all,
        pseudonymize: [String] = [],
        pseudonymKey: Secret? = nil,
        scope: CourseScope = CourseScope(),
        publishInterval: Duration = Standard.publishInterval,
        maxDeletionFraction: Double = Standard.maxDeletionFraction,
        options: [String: OptionValue] = [:],
        configDigest: String = ""
    ) {
        self.id = id
        self.kind = kind
        self.url = url
        self.credentials = credentials
        self.requestsPerSecond = requestsPerSecond
        self.requestsPerDay = requestsPerDay
        self.concurrency = concurrency
        self.streams = streams
        self.timeZone = timeZone
        self.customFields = customFields
        self.pseudonymize = pseudonymize
        self.pseudonymKey = pseudonymKey
        self.scope = scope
        self.publishInterval = publishInterval
        self.maxDeletionFraction = maxDeletionFraction
        self.options = options
        self.configDigest = configDigest
    }
}

/// What a platform accepts as proof of who is asking.
package struct Credentials: Sendable {
    /// Client id or application key.
    package var clientID: String?
    /// Client secret or application secret.
    package var clientSecret: Secret?
    /// A key sent with each call.
    package var apiKey: Secret?
    /// A pinned static token: nothing is ever minted.
    package var accessToken: Secret?

    package init(
        clientID: String? = nil,
        clientSecret: Secret? = nil,
        apiKey: Secret? = nil,
        accessToken: Secret? = nil
    ) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.apiKey = apiKey
        self.accessToken = accessToken
    }
}

/// Which custom fields of a learner are kept.
package enum CustomFieldsPolicy: Sendable, Equatable {
    /// Everything but what is dropped by default.
    case all
    /// Nothing.
    case none
    /// Only these, and these even when they are dropped by default.
    case named([String])
}

/// The value of one platform option.
package indirect enum OptionValue: Sendable, Equatable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case duration(Duration)
    case list([String])
    case map([String: OptionValue])
}
