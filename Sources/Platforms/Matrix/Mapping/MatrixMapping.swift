import Extractor
import JSON
import Records
import Transformer

/// Turns the answers of MATRIX into records: the tables of Sources/Platforms/Matrix/README.md §3.
///
/// Pure functions of an answer and of what the call that brought it knows (the class). The API says class and student
/// where the product says course and learner. What is nowhere read is nowhere stored: a column is an allow-list of
/// fields, for embedded users too.
struct MatrixMapping: Sendable {
    /// Which of a person's data is stored, and how.
    let persons: PersonColumns
    /// How a time without a zone is read.
    let zone: ZoneRule
    /// The clock and the secrets that records are read by.
    let context: ReadingContext

    init(
        customFields: CustomFieldsPolicy = .none,
        pseudonymizer: Pseudonymizer? = nil,
        zone: ZoneRule = .utc,
        secrets: [String] = [],
        awaited: [String: Set<String>] = [:],
        now: Timestamp
    ) {
        persons = PersonColumns(
            policy: customFields,
            pseudonymizer: pseudonymizer,
            forbids: MatrixLearnerFields.forbids
        )
        self.zone = zone
        context = ReadingContext(
            now: now,
            screen: SecretScreen(secrets: secrets),
            awaited: awaited,
            dates: zone
        )
    }

    /// The mapping of a configured source at the platform's time `now`.
    init(settings: SourceSettings, now: Timestamp) {
        self.init(
            customFields: settings.customFields,
            pseudonymizer: Pseudonymizer(configured: settings),
            zone: .zone(settings.timeZone),
            secrets: settings.credentials.apiKey.map { [$0.reveal { $0 }] } ?? [],
            awaited: settings.awaited,
            now: now
        )
    }

    /// The id of the assessment that stands for a class's total.
    static func totalID(ofCourse course: String) -> String { "course:\(course)" }

    /// The id of the assessment that stands for a grading period of a class.
    static func periodID(_ name: String, ofCourse course: String) -> String { "period:\(course):\(name)" }

    /// A time of the platform: `YYYY-MM-DDThh:mmTZD`, and what else sites send.
    func time(_ reader: inout RecordReader, _ name: StaticString, window: TimeWindow? = nil) -> Timestamp? {
        reader.timestampISO(name, zone: zone, window: window)
    }
}
