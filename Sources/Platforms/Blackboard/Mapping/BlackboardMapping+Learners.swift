import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let learnerShape = RecordShape(
        key: [.member("id")],
        ignored: [
            "educationLevel", "gender", "pronouns", "pronunciation", "pronunciationAudio", "birthDate", "modified",
            "systemRoleIds", "address", "locale", "avatar", "nodes",
        ],
        rejectPayload: ["id", "uuid", "created", "modified", "lastLogin"]
    )
    private static let nameShape = RecordShape(
        key: [],
        ignored: ["middle", "other", "suffix", "title", "preferredDisplayName"],
        path: "name."
    )
    private static let contactShape = RecordShape(
        key: [],
        ignored: ["homePhone", "mobilePhone", "businessPhone", "businessFax", "webPage"],
        path: "contact."
    )
    private static let jobShape = RecordShape(key: [], path: "job.")
    private static let availabilityShape = RecordShape(key: [], path: "availability.")

    /// How the platform names the account by which an instructor sees a course as a student does.
    private static let previewSuffix = "_previewuser"

    /// Reads the users of one page.
    ///
    /// - Returns: The ids of the preview users that were left out.
    @discardableResult
    func learners(_ items: JSONValue, into batch: inout Batch<Learner>) -> [String] {
        items.elements.compactMap { learner($0, into: &batch) }
    }

    /// Reads one user, from the list of all or from a membership.
    ///
    /// - Returns: The id of a preview user, which is left out.
    func learner(_ item: JSONValue, into batch: inout Batch<Learner>) -> String? {
        let shape = Self.learnerShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return nil }
        var learner = Learner(learnerID: reader.key("id"))
        var fields = LearnerExtras(kept: keptFields)
        fields.add("uuid", reader.text("uuid", emptyIsNull: true))
        learner.externalID = reader.identifier("externalId")
        fields.add("dataSourceId", reader.text("dataSourceId", emptyIsNull: true))
        learner.username = reader.htmlText("userName", emptyIsNull: true)
        fields.add("studentId", reader.identifier("studentId"))
        learner.createdAt = reader.timestampISO("created")
        learner.lastLoginAt = reader.timestampISO("lastLogin")
        let roles = reader.texts("institutionRoleIds") ?? []
        learner.roles = roles.isEmpty ? nil : roles.map(Self.role)
        learner.role = learner.roles?.first
        fields.add("institutionRoleIds", Array(roles.dropFirst()))
        let (availability, name) = (reader.object("availability"), reader.object("name"))
        let (job, contact) = (reader.object("job"), reader.object("contact"))
        inside(availability, shape: Self.availabilityShape, drift: &batch.driftLog) { reader in
            learner.status = Self.learnerStatus(reader.text("available"))
        }
        inside(name, shape: Self.nameShape, drift: &batch.driftLog) { reader in
            learner.firstName = reader.htmlText("given", emptyIsNull: true)
            learner.lastName = reader.htmlText("family", emptyIsNull: true)
        }
        inside(job, shape: Self.jobShape, drift: &batch.driftLog) { reader in
            fields.add("job.title", reader.htmlText("title", emptyIsNull: true))
            fields.add("job.department", reader.htmlText("department", emptyIsNull: true))
            fields.add("job.company", reader.htmlText("company", emptyIsNull: true))
        }
        inside(contact, shape: Self.contactShape, drift: &batch.driftLog) { reader in
            let email = reader.text("email", emptyIsNull: true)
            let institution = reader.text("institutionEmail", emptyIsNull: true)
            learner.email = email ?? institution
        }
        if skipsPreviewUsers, reader.failure == nil, learner.username?.hasSuffix(Self.previewSuffix) == true {
            return learner.learnerID
        }
        let hidden = persons.hidden(of: learner)
        fields.remove(where: hidden.areSpelled)
        persons.hide(hidden, in: &learner)
        learner.customFields = fields.json
        batch.append(learner, from: reader, shape: shape)
        return nil
    }

    private static func role(_ institutionRole: String) -> String {
        switch institutionRole.uppercased() {
        case "STUDENT": "learner"
        case "FACULTY": "instructor"
        default: institutionRole.lowercased()
        }
    }

    private static func learnerStatus(_ available: String?) -> String? {
        switch available {
        case "Yes": "active"
        case "No": "suspended"
        case "Disabled": "archived"
        default: available?.lowercased()
        }
    }
}

/// `learners.custom_fields` of one user under construction: those that are kept.
private struct LearnerExtras {
    private let kept: Set<String>
    private var texts: [(name: StaticString, values: [String], isList: Bool)] = []

    init(kept: Set<String>) { self.kept = kept }

    mutating func add(_ name: StaticString, _ value: String?) {
        if let value, kept.contains("\(name)") { texts.append((name, [value], false)) }
    }

    mutating func add(_ name: StaticString, _ values: [String]) {
        if !values.isEmpty, kept.contains("\(name)") { texts.append((name, values, true)) }
    }

    /// Leaves out the texts that `condition` condemns.
    mutating func remove(where condition: (String) -> Bool) {
        texts.removeAll { $0.values.contains(where: condition) }
    }

    /// The object; `nil` where nothing is kept.
    var json: JSONText? {
        guard !texts.isEmpty else { return nil }
        var writer = JSONObjectBuilder()
        for (name, values, isList) in texts {
            let quoted = values.map(JSONWriter.quoted)
            let text = isList ? "[\(quoted.joined(separator: ","))]" : quoted[0]
            writer.add(name) { output in
                output.append(contentsOf: text.utf8)
                return true
            }
        }
        return writer.text
    }
}
