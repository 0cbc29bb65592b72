/// Every switch of a Blackboard Learn simulator.
package typealias BlackboardFaults = FaultSwitches<BlackboardSwitches>

/// The switches that only Blackboard Learn has (Sources/Platforms/Blackboard/README.md §9).
///
/// A property that ends in `Calls` counts the next calls that are hit and goes down to 0 by itself.
package struct BlackboardSwitches: PlatformSwitches {
    // MARK: site

    /// The Learn version: what `GET /v1/system/version` says, and which filters, fields and endpoints there are.
    package var version = "3900.123.0"
    /// A query parameter that this version does not know: `400` or `ignore`.
    package var unknownFilters = "400"
    /// Query parameters that are refused like unknown ones, by list: `courses.dataSourceId`.
    package var refusedFilters: [String] = []
    /// A refusal does not say which parameter it means.
    package var vagueRefusals = false
    /// The REST application: `ok`, `disabled` (403 on every call) or `missing` (404).
    package var application = "ok"
    /// Every id names another record than before, as after a migration to another database.
    package var idShift = 0

    // MARK: credentials

    /// Life of a token in simulated seconds.
    package var tokenLife = 3600.0
    /// Tokens die after so many calls, whatever life they were promised; 0 never.
    package var tokenDiesAfterCalls = 0
    /// Every token that is out dies at the next call; switches itself off.
    package var revokeTokens = false
    /// Key and secret are refused: `invalid_client`, 401.
    package var refuseSecret = false
    /// The next so many token calls answer 500.
    package var tokenErrorCalls = 0
    /// The vendor's developer portal is in maintenance: token calls answer 503 while data calls go on.
    package var portalDown = false
    /// A token call hands out a new token instead of the living one.
    package var freshTokens = false

    // MARK: quota

    /// Calls in 24 simulated hours from the first one, token calls included; 0 for no quota and no headers.
    package var quotaLimit = 0
    /// `X-Rate-Limit-Limit` and `X-Rate-Limit-Remaining` on data answers, while there is a quota.
    package var quotaHeaders = true
    /// Value of `Retry-After` once the quota is spent; empty for the seconds that are left of the 24 hours.
    package var quotaRetryAfter = ""

    // MARK: lists

    /// Other caps of the page size by list name; a limit above is 400.
    package var pageSizeCaps: [String: Int] = [:]
    /// A limit above the cap is lowered silently.
    package var clampLimits = false
    /// What `nextPage` looks like: `full` (path with the whole query), `bare` (offset alone), `absolute` (this host),
    /// `foreign` (another host) or `loop` (the page itself).
    package var nextPage = "full"
    /// `paging` at the end of a list: `absent`, `empty` (`{}`) or `null` (`nextPage` null).
    package var endPaging = "absent"
    /// Every page but the last shows a row or more less than its limit, so that offsets are odd.
    package var shortPages = false
    /// Rows that move while a list is read: the last row of a page comes again on the next one.
    package var shifts: [ListShift] = []
    /// Lists whose path contains one of these texts answer with nothing: 200 and no results.
    package var emptyLists: [String] = []
    /// Lists whose path contains one of these texts lack every other row.
    package var halfLists: [String] = []
    /// Rows that vanish from the front of a list while it is read: `courses`, `users` or `memberships`.
    package var shrinks: [ListShift] = []
    /// Changes that happen right after a page was served.
    package var changesBetweenPages: [ChangeBetweenPages] = []
    /// Disabled memberships are listed only when asked for by `availability.available=Disabled`.
    package var hideDisabledMemberships = false
    /// `includeDisabledMemberships` has no effect: grades of disabled members are never listed.
    package var ignoreIncludeDisabled = false
    /// The content review status leaves out disabled members.
    package var reviewStatusHidesDisabled = false
    /// A column without grades answers `404`, `204` or `200` (empty body).
    package var emptyColumn = "404"

    // MARK: fields

    /// Nulls are `omit`ted or `explicit`.
    package var nulls = "omit"
    /// Members that are false are left out.
    package var omitFalse = false
    /// Rows come whole, whatever `fields` asks for.
    package var ignoreFields = false
    /// Decimals come without padding zeros.
    package var plainDecimals = false
    /// `status` of error bodies is a text.
    package var statusAsString = false
    /// Fields that no row has, as after the loss of an entitlement: `users.contact.email`, `courses.externalId` …
    package var hiddenFields: [String] = []
    /// `externalGrade` is never sent, so that the course total looks like any calculated column.
    package var externalGradeAbsent = false
    /// Attempts never carry `userId`.
    package var attemptsWithoutUser = false
    /// The gradebook log does not name the column.
    package var logsWithoutColumn = false

    // MARK: gradebook

    /// The list of one learner's grades leaves out calculated columns.
    package var learnerGradesLackCalculated = false
    /// `lastAccessed` shows only so many simulated seconds after the visit.
    package var lastAccessedDelay = 0.0
    /// A cleared grade stays listed without details and with its index moved; else it vanishes without a trace.
    package var clearMovesIndex = false
    /// Ungraded submissions are listed as rows without details and with an index.
    package var needsGradingRows = false

    /// No fault at all.
    package init() {}
}

/// A change of the school right after a page of a list was served.
package struct ChangeBetweenPages: Codable, Sendable, Equatable {
    /// The list's name.
    package var list: String
    /// The page after which it happens.
    package var afterPage: Int
    /// What happens.
    package var kind: ChangeKind
    /// Only after pages of paths that contain this text; empty for all.
    package var path: String
    /// How often it happens before it switches itself off.
    package var times: Int

    /// Makes a wish.
    package init(list: String, afterPage: Int = 1, kind: ChangeKind, path: String = "", times: Int = 1) {
        self.list = list
        self.afterPage = afterPage
        self.kind = kind
        self.path = path
        self.times = times
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        list = try values.decode(String.self, forKey: .list)
        kind = try values.decode(ChangeKind.self, forKey: .kind)
        afterPage = try values.decodeIfPresent(Int.self, forKey: .afterPage) ?? 1
        path = try values.decodeIfPresent(String.self, forKey: .path) ?? ""
        times = try values.decodeIfPresent(Int.self, forKey: .times) ?? 1
    }
}
