/// What a kind of source offers and accepts, for the configuration, `init` and `doctor`.
package struct KindDescription: Sendable {
    /// The name used as `kind:` in `registrar.yaml`.
    package var kind: String
    /// The product's name for people.
    package var title: String
    /// Every stream that may be named, in the order of a run.
    package var streams: [String]
    /// The streams that are on when none is named.
    package var defaultStreams: [String]
    /// Streams that a stream cannot do without: what its rows belong to, and what its reads are found by.
    package var impliedStreams: [String: [String]]
    /// Streams that come of the same requests: where one is read, those of the others that are on are read with it.
    package var sharedStreams: [[String]]
    /// Streams that are read with another one where they are on, because they add to its rows.
    package var accompanyingStreams: [String: [String]]
    /// Columns that increments are not promised to bring at once.
    package var laggingColumns: [LaggingColumn]
    /// Streams that can be loaded later by their own lists alone, whatever they imply being loaded already.
    package var selfContainedStreams: Set<String>
    /// Ceiling of requests a second when none is configured.
    package var defaultRequestsPerSecond: Double
    /// The largest ceiling accepted for a host that is not loopback.
    package var largestRequestsPerSecond: Double?
    /// Calls in 24 hours when none is configured.
    package var defaultRequestsPerDay: Int?
    /// Which custom fields of learners are kept when nothing is configured.
    package var defaultCustomFields: CustomFieldsPolicy
    /// Sets of credential keys, one of which must be there in full (`["client_id", "client_secret"]`).
    package var credentialSets: [[String]]
    /// What a scope can ask of its courses.
    package var scope: CourseVocabulary
    /// Whether the platform sends dates without a zone, which the source's `time_zone` makes instants of.
    package var hasBareDates: Bool
    /// Streams with free text, which is left out where a column that names a person is pseudonymised.
    package var freeTextStreams: [String]
    /// The keys accepted under `options:`.
    package var options: [OptionDescription]
    /// Which columns the kind fills, and what it leaves out.
    package var data: DataDeclaration
    /// Which names `learners.custom_fields` can hold.
    package var customFields: CustomFieldVocabulary

    package init(
        kind: String,
        title: String,
        streams: [String],
        defaultStreams: [String],
        impliedStreams: [String: [String]] = [:],
        sharedStreams: [[String]] = [],
        accompanyingStreams: [String: [String]] = [:],
        laggingColumns: [LaggingColumn] = [],
        selfContainedStreams: Set<String> = [],
        defaultRequestsPerSecond: Double,
        largestRequestsPerSecond: Double? = nil,
        defaultRequestsPerDay: Int? = nil,
        defaultCustomFields: CustomFieldsPolicy = .all,
        credentialSets: [[String]],
        scope: CourseVocabulary = CourseVocabulary(),
        hasBareDates: Bool = true,
        freeTextStreams: [String] = [],
        options: [OptionDescription],
        data: DataDeclaration = DataDeclaration(),
        customFields: CustomFieldVocabulary = CustomFieldVocabulary()
    ) {
        self.kind = kind
        self.title = title
        self.streams = streams
        self.defaultStreams = defaultStreams
        self.impliedStreams = impliedStreams
        self.sharedStreams = sharedStreams
        self.accompanyingStreams = accompanyingStreams
        self.laggingColumns = laggingColumns
        self.selfContainedStreams = selfContainedStreams
        self.defaultRequestsPerSecond = defaultRequestsPerSecond
        self.largestRequestsPerSecond = largestRequestsPerSecond
        self.defaultRequestsPerDay = defaultRequestsPerDay
        self.defaultCustomFields = defaultCustomFields
        self.credentialSets = credentialSets
        self.scope = scope
        self.hasBareDates = hasBareDates
        self.freeTextStreams = freeTextStreams
        self.options = options
        self.data = data
        self.customFields = customFields
    }
}

extension KindDescription {
    /// Within what time everything of a source is read again: the options named `…_max_age`, with their values.
    package func verificationBounds(_ options: [String: OptionValue]) -> [(option: String, bound: Duration)] {
        self.options.compactMap { option in
            guard option.name.hasSuffix("_max_age"),
                case .duration(let bound) = options[option.name] ?? option.defaultValue
            else { return nil }
            return (option.name, bound)
        }
    }

    /// The streams of a run that is asked for `names`, or for none in particular, of a source where `configured` are on.
    package func chosen(_ names: [String], from configured: [String]) -> [String] {
        let configured = completed(configured)
        guard !names.isEmpty else { return configured }
        var chosen = Set(completed(names))
        for group in sharedStreams where !chosen.isDisjoint(with: group) {
            chosen.formUnion(Set(configured).intersection(group))
        }
        for (stream, others) in accompanyingStreams where chosen.contains(stream) {
            chosen.formUnion(Set(configured).intersection(others))
        }
        return streams.filter(chosen.contains)
    }

    /// Those of a baseline's streams that it has loaded, where some could not be read whole.
    ///
    /// Every list of a course is found through the courses: without them none of these streams is loaded. Other streams are
    /// loaded although one that they imply is not: they are followed by themselves, and what they lack comes with it.
    package func loaded(of streams: [String], without gaps: Set<String>) -> [String] {
        streams.filter { stream in
            !gaps.contains(stream) && !(gaps.contains("courses") && completed([stream]).contains("courses"))
        }
    }

    /// The named streams with all they need, in the kind's order.
    package func completed(_ names: [String]) -> [String] {
        var all = Set<String>()
        var open = names
        while let name = open.popLast() {
            if all.insert(name).inserted { open += impliedStreams[name] ?? [] }
        }
        return streams.filter(all.contains)
    }
}
