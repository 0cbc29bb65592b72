import Extractor
import JSON
import Records
import Transformer

/// Turns the answers of Blackboard Learn into records: the tables of Sources/Platforms/Blackboard/README.md §3.
///
/// Pure functions of a page and of what the walk that read it knows (course, column, roster). The functions of one
/// stream stand in the file of its name. A column is an allow-list of fields: what
/// Sources/Platforms/Blackboard/README.md §7 forbids (birth date, feedback, access codes …) is nowhere read, so it is
/// nowhere stored.
struct BlackboardMapping: Sendable {
    /// Which of a person's data is stored, and how.
    let persons: PersonColumns
    /// The names of a person's further fields that are stored.
    let keptFields: Set<String>
    /// Whether accounts that look at a course as a student are left out.
    let skipsPreviewUsers: Bool
    /// The clock and the secrets that records are read by.
    let context: ReadingContext

    init(
        customFields: CustomFieldsPolicy = .all,
        skipsPreviewUsers: Bool = true,
        pseudonymizer: Pseudonymizer? = nil,
        secrets: [String] = [],
        awaited: [String: Set<String>] = [:],
        dates: ZoneRule = .utc,
        now: Timestamp
    ) {
        persons = PersonColumns(policy: customFields, pseudonymizer: pseudonymizer)
        keptFields = Set(Blackboard.customFieldNames.filter(persons.keeps))
        self.skipsPreviewUsers = skipsPreviewUsers
        context = ReadingContext(
            now: now,
            screen: SecretScreen(secrets: secrets),
            awaited: awaited,
            dates: dates
        )
    }

    /// The mapping of a configured source at the platform's time `now`.
    init(settings: SourceSettings, options: BlackboardOptions, now: Timestamp) {
        let credentials = settings.credentials
        self.init(
            customFields: settings.customFields,
            skipsPreviewUsers: options.skipsPreviewUsers,
            pseudonymizer: Pseudonymizer(configured: settings),
            secrets: [credentials.clientSecret, credentials.accessToken].compactMap { $0?.reveal { $0 } },
            awaited: settings.awaited,
            dates: .zone(settings.timeZone),
            now: now
        )
    }

    /// The id of a course's own total among its assessments.
    static func totalID(of course: String) -> String { "course:\(course)" }

    /// Reads the members of an object that is a member of a record, and notes what nobody knows of it.
    func inside(
        _ object: JSONValue?,
        shape: RecordShape,
        drift: inout DriftLog,
        _ body: (inout RecordReader) -> Void
    ) {
        guard let object else { return }
        var reader = RecordReader(object, context: context)
        body(&reader)
        reader.note(in: &drift, shape: shape)
    }
}

/// The release, the availability and the validity of a course or term, as both spell them.
struct BlackboardAvailability {
    var available: String?
    var durationType: String?
    var start: Timestamp?
    var end: Timestamp?

    private static let shape = RecordShape(key: [], path: "availability.")
    private static let durationShape = RecordShape(key: [], ignored: ["daysOfUse"], path: "availability.duration.")

    /// Reads `{"available": "Yes", "duration": {"type": "DateRange", "start": …, "end": …}}`.
    ///
    /// The dates are days that the platform writes as moments: they are kept as given.
    init(_ object: JSONValue?, mapping: BlackboardMapping, drift: inout DriftLog) {
        var duration: JSONValue?
        var available: String?
        mapping.inside(object, shape: Self.shape, drift: &drift) { reader in
            available = reader.text("available")
            duration = reader.object("duration")
        }
        self.available = available
        var (type, start, end): (String?, Timestamp?, Timestamp?) = (nil, nil, nil)
        mapping.inside(duration, shape: Self.durationShape, drift: &drift) { reader in
            type = reader.text("type")
            start = reader.timestampISO("start", zone: .utc, window: .planned)
            end = reader.timestampISO("end", zone: .utc, window: .planned)
        }
        (durationType, self.start, self.end) = (type, start, end)
    }
}
