import JSON
import Records
import Transformer

/// Turns the answers of Grow and LearnWorlds into records: the tables of Sources/Platforms/LearnWorlds/README.md §3.
///
/// Pure functions of a page and of what the walk that read it knows (course, learner, unit). The functions of one
/// stream stand in the file of its name. What is nowhere read is nowhere stored: a column is an allow-list of fields.
struct LearnWorldsMapping: Sendable {
    /// Which of a person's data is stored, and how.
    let persons: PersonColumns
    /// The member of `fields` that is the school's own number of a person.
    let externalIDField: String?
    /// Unit types that are assessments.
    let assessmentUnitTypes: Set<String>
    /// The clock and the secrets that records are read by.
    let context: ReadingContext

    /// Whether some column that names a person is pseudonymised: free text may spell the name and is dropped then.
    var hidesPersons: Bool { persons.hidesFreeText }

    /// The user of a certificate or an event, of whom only the id is read.
    static let userObject = RecordShape.Inner(
        "user",
        path: "user.",
        known: ["id", "email", "username", "first_name", "last_name"]
    )

    /// The members of a course, wherever it stands: those of its own record are read, of an embedded one the id alone.
    static let courseMembers: [StaticString] = [
        "id", "title", "description", "expires", "expiresType", "afterPurchase", "categories", "label", "author",
        "courseImage", "original_price", "discount_price", "final_price", "dripFeed", "identifiers", "access",
        "created",
        "modified",
    ]

    init(
        customFields: CustomFieldsPolicy = .all,
        externalIDField: String? = nil,
        assessmentUnitTypes: [String] = ["assessmentV2"],
        pseudonymizer: Pseudonymizer? = nil,
        secrets: [String] = [],
        awaited: [String: Set<String>] = [:],
        dates: ZoneRule = .utc,
        now: Timestamp
    ) {
        persons = PersonColumns(policy: customFields, pseudonymizer: pseudonymizer, prefix: "fields.")
        self.externalIDField = externalIDField
        self.assessmentUnitTypes = Set(assessmentUnitTypes)
        context = ReadingContext(
            now: now,
            screen: SecretScreen(secrets: secrets),
            awaited: awaited,
            dates: dates
        )
    }

    /// The id of a unit that has none: its place, the same in contents and in progress.
    static func unitID(section: String?, sectionPosition: Int, unitPosition: Int) -> String {
        "s:\(section ?? "#\(sectionPosition)"):\(unitPosition)"
    }

    /// A filter for what the platform lets grow freely: event details and answers.
    func freeFormFilter(links: JSONFilter.Links = .kept) -> JSONFilter {
        let hidesPersons = hidesPersons
        return JSONFilter(screen: context.screen, links: links) { name in
            if Self.neverInFreeForm.contains(name.lowercased()) { return .never }
            if hidesPersons, Self.namesOfPersons.contains(name.lowercased()) { return .never }
            return NeverStore.verdict(on: name)
        }
    }

    /// Members that are dropped wherever they turn up, after Sources/Platforms/LearnWorlds/README.md §7.
    private static let neverInFreeForm: Set<String> = [
        "agent", "user_agent", "ip", "ip_address", "device_token", "billing_info", "utms", "form", "email", "short_url",
        "external_url", "download_url", "nps_score", "nps_comment",
    ]
    private static let namesOfPersons: Set<String> = [
        "username", "user_name", "first_name", "last_name", "firstname", "lastname", "full_name", "fullname",
        "display_name", "feedback",
    ]
}
