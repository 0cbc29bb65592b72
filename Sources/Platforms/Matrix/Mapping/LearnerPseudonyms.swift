import Extractor
import Records
import Transformer

/// Replaces the columns of a learner that name the person by keyed hashes, and whatever else spells one of them.
struct LearnerPseudonyms: Sendable {
    private let pseudonymizer: Pseudonymizer

    init(_ pseudonymizer: Pseudonymizer) {
        self.pseudonymizer = pseudonymizer
    }

    /// The pseudonymizer that the source's settings ask for.
    static func pseudonymizer(of settings: SourceSettings) -> Pseudonymizer? {
        guard !settings.pseudonymize.isEmpty else { return nil }
        var key = settings.pseudonymKey?.reveal { Array($0.utf8) } ?? []
        // The configuration refuses a short key. If one came here all the same, no name may be stored in clear.
        while key.count < Pseudonymizer.minimumKeyLength { key.append(0) }
        return Pseudonymizer(sourceID: settings.id, key: key, columns: settings.pseudonymize)
    }

    /// The lower-cased values that must not show in clear; those too short to name anybody are left out.
    func hiddenTexts(of learner: Learner) -> [String] {
        [
            ("username", learner.username), ("email", learner.email), ("first_name", learner.firstName),
            ("last_name", learner.lastName), ("external_id", learner.externalID),
        ].compactMap { column, value in
            guard let value, value.count >= 3, pseudonymizer.replaces(column) else { return nil }
            return value.lowercased()
        }
    }

    /// Whether a school field of this name holds in clear what a pseudonymised column holds.
    func hides(fieldNamed name: String) -> Bool {
        let bare = Self.bare(name)
        return ["username", "userid", "email", "first_name", "last_name", "external_id"].contains { column in
            pseudonymizer.replaces(column == "userid" ? "username" : column) && Self.bare(column) == bare
        }
    }

    private static func bare(_ name: String) -> String { name.lowercased().filter(\.isLetter) }

    /// Replaces what is to be replaced.
    func apply(to learner: inout Learner) {
        let hidden = hiddenTexts(of: learner)
        func replace(_ value: inout String?, _ column: String) {
            guard let plain = value else { return }
            // A user name is often the address or the name itself, even where only those are to be hidden.
            let lowered = plain.lowercased()
            guard pseudonymizer.replaces(column) || hidden.contains(where: { lowered.contains($0) }) else { return }
            value = pseudonymizer.pseudonym(of: plain, in: column)
        }
        replace(&learner.username, "username")
        replace(&learner.externalID, "external_id")
        replace(&learner.email, "email")
        replace(&learner.firstName, "first_name")
        replace(&learner.lastName, "last_name")
    }
}
