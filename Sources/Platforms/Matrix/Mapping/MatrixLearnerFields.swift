import JSON
import Records
import Transformer

/// Builds `learners.custom_fields` of one user after another: the school's own fields, flat beside the known ones.
///
/// None by default, since sites keep national ids there. Even what is named or `all` stays out where its name looks
/// like a national or tax id, a passport, a password, a PIN, a birth date or a bank account, or where its value is the
/// record's own `ssn` or `password`; drift notes say so (Sources/Platforms/Matrix/README.md §7).
struct MatrixLearnerFields {
    /// What the next user's fields must not spell.
    var hidden = HiddenTexts([])
    /// Whether the next user's teacher number is a further field, since the student number is the external id.
    var keepsTeacherID = false

    private let policy: CustomFieldsPolicy
    private let screen: SecretScreen
    private var filter: JSONFilter
    private var verdicts: NameVerdicts

    init(mapping: MatrixMapping) {
        policy = mapping.persons.policy
        screen = mapping.context.screen
        filter = JSONFilter(screen: screen) { Self.forbids($0) ? .never : NeverStore.verdict(on: $0) }
        verdicts = NameVerdicts(judge: mapping.persons.verdict)
    }

    /// Whether a field of this name is stored under no setting.
    static func forbids(_ name: String) -> Bool {
        if NeverStore.forbids(name) { return true }
        let letters = name.lowercased().filter(\.isLetter)
        return letters == "dob" || ["birth", "national", "bankacc", "accountnumber"].contains { letters.contains($0) }
    }

    /// The fields of the record that `reader` reads; `nil` where nothing is kept.
    ///
    /// Of a name that comes twice the first is the known field and the second the school's.
    mutating func read(_ reader: inout RecordReader, drift: inout DriftLog) -> JSONText? {
        guard policy != .none else { return nil }
        let secrets = ["ssn", "password"].compactMap { Self.text(of: reader.object.member(named: $0)) }
        var builder = JSONObjectBuilder()
        var (met, kept): (Set<String>, Set<String>) = ([], [])
        for (key, value) in reader.object.members {
            let name = key.string
            let isFirst = met.insert(name).inserted
            if isFirst, UserMembers.standard.contains(name), !isKeepable(name) {
                if !UserMembers.known.contains(name) {
                    drift.note(name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
                }
                continue
            }
            guard !value.isNull else { continue }
            guard !kept.contains(name) else { continue }
            switch verdicts.verdict(on: key.bytes) {
            case .contact where UserMembers.known.contains(name): continue
            case .contact: drift.note(name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
            case .allowed where screen.condemns(key.bytes): continue
            case .allowed where Self.text(of: value).map(secrets.contains) != true:
                kept.insert(name)
                if !hidden.areSpelled(by: value) { filter.addUnjudged(key.bytes, value, to: &builder) }
            case .allowed, .never:
                drift.note(name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
            }
        }
        reader.visitUnread { _, _ in }
        return builder.isEmpty ? nil : builder.text
    }

    private func isKeepable(_ name: String) -> Bool {
        if UserMembers.kept.contains(name) || name == "teacher_id" && keepsTeacherID { return true }
        guard case .named = policy else { return false }
        return UserMembers.keptWhenNamed.contains(name)
    }

    /// Whether a field of this name never lands in `custom_fields`, whatever is configured: its name forbids it, or the
    /// platform means something else by it.
    static func isNeverKept(_ name: String) -> Bool {
        if forbids(name) { return true }
        guard UserMembers.standard.contains(name), name != "teacher_id" else { return false }
        return !UserMembers.kept.contains(name) && !UserMembers.keptWhenNamed.contains(name)
    }

    /// The text of a value that could be compared with a secret one.
    private static func text(of value: JSONValue?) -> String? {
        guard let value, let text = value.string ?? value.numberToken else { return nil }
        let plain = text.lowercased().filter { !$0.isWhitespace }
        return plain.isEmpty ? nil : plain
    }
}
