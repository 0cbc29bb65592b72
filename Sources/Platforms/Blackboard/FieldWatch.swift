import Extractor
import JSON

/// Notices a lost privilege: a field that the platform used to send and that every row of a page lacks now.
///
/// The list then fails instead of emptying a column, so what is stored stays.
struct FieldWatch: Sendable {
    private let list: String
    private let fields: [(name: StaticString, inner: StaticString?)]

    /// Fields that Learn shows only to accounts with the privilege for them.
    static let courses = FieldWatch(
        list: "courses",
        fields: [("uuid", nil), ("externalId", nil), ("dataSourceId", nil), ("created", nil)]
    )
    static let users = FieldWatch(
        list: "users",
        fields: [("uuid", nil), ("externalId", nil), ("dataSourceId", nil), ("contact", "email"), ("name", "family")]
    )

    /// The list, in the connector's state, of fields that were seen.
    private static let seen = "seen_fields"
    /// Fewer rows say nothing: any of them may lack a field of its own accord.
    private static let rowsNeeded = 10

    /// The fields that no row of a page has, of so many rows that each may lack one of its own accord.
    func missing(in results: JSONValue) -> [String] {
        guard results.count >= Self.rowsNeeded else { return [] }
        return fields.filter { !Self.isThere($0, in: results) }.map { field in
            field.inner.map { "\(field.name).\($0)" } ?? "\(field.name)"
        }
    }

    private static func isThere(_ field: (name: StaticString, inner: StaticString?), in results: JSONValue) -> Bool {
        results.elements.contains { item in
            guard let outer = item[field.name] else { return false }
            guard let inner = field.inner else { return !outer.isNull }
            return outer[inner].map { !$0.isNull } ?? false
        }
    }

    /// Judges one page.
    func check(_ results: JSONValue, _ connectorState: ConnectorState) throws {
        guard results.count >= Self.rowsNeeded else { return }
        for field in fields {
            let name = field.inner.map { "\(list).\(field.name).\($0)" } ?? "\(list).\(field.name)"
            let isThere = Self.isThere(field, in: results)
            if isThere {
                connectorState.insert(name, in: Self.seen)
            } else if connectorState.contains(name, in: Self.seen) {
                var error = ExtractorError(
                    .objectUnreadable,
                    "\(name) is missing on every row, though the platform used to send it: has the account lost a privilege?"
                )
                error.stream = list == "users" ? "learners" : list
                throw error
            }
        }
    }
}
