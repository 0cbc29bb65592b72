import JSON
import Transformer

/// Finds what nobody knows in the users that other answers embed: rosters, lists of teachers, completions.
///
/// What the walk of users keeps as a custom field is known; what it leaves out, and a field that stands nowhere else, is
/// named in the drift. Made once for each answer, since it remembers names.
struct EmbeddedUsers {
    private let path: StaticString
    private let screen: SecretScreen
    private var verdicts: NameVerdicts

    /// - Parameter path: What precedes a member's name in drift notes.
    init(mapping: MatrixMapping, path: StaticString = "") {
        self.path = path
        screen = mapping.context.screen
        verdicts = NameVerdicts { name in
            UserMembers.known.contains(name) || mapping.persons.keeps(field: name) ? .allowed : .never
        }
    }

    /// Notes the unknown members of one user.
    mutating func note(_ user: JSONValue, in drift: inout DriftLog) {
        for (key, value) in user.members where verdicts.verdict(on: key.bytes) != .allowed {
            drift.note(prefix: path, name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
        }
    }
}
