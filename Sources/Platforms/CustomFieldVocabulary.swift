import Transformer

/// Which names of `learners.custom_fields` a kind can hold at all.
package struct CustomFieldVocabulary: Sendable {
    /// The only names there are; `nil` where the school names its fields itself.
    package var names: [String]?
    /// Names that every school has, though no account may have a value.
    package var standard: Set<String>
    private let isNeverKept: @Sendable (String) -> Bool

    /// - Parameter isNeverKept: Whether a field is stored under no setting, beside what no kind ever stores.
    package init(
        names: [String]? = nil,
        standard: Set<String> = [],
        isNeverKept: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.names = names
        self.standard = standard
        self.isNeverKept = isNeverKept
    }

    /// What of the configured names comes to nothing; nothing is found where all can be kept.
    ///
    /// - Parameter known: The names that the school's accounts have, by ``bare(_:)``; `nil` where that is not known.
    package func findings(of configured: [String], known: Set<String>?) -> [AccessFinding] {
        var (forbidden, unknown): ([String], [String]) = ([], [])
        for name in configured {
            let bare = Self.bare(name)
            if NeverStore.forbids(bare) || isNeverKept(bare) {
                forbidden.append(name)
            } else if let names {
                if !names.contains(name) { unknown.append(name) }
            } else if let known, !known.contains(bare), !standard.contains(bare) {
                unknown.append(name)
            }
        }
        var findings: [AccessFinding] = []
        if !forbidden.isEmpty {
            findings.append(
                AccessFinding(
                    "learners.custom_fields names what is never kept there: \(forbidden.joined(separator: ", "))",
                    remedy: "take it out: it is a credential, an id or a private matter, or has a column of its own"
                )
            )
        }
        if !unknown.isEmpty {
            let remedy =
                names.map { "the kind has \($0.joined(separator: ", "))" }
                ?? "write the names as the platform spells them; sync.schema_drift shows those that were left out"
            findings.append(
                AccessFinding(
                    "learners.custom_fields names what no account of the platform has: "
                        + unknown.joined(separator: ", "),
                    remedy: remedy
                )
            )
        }
        return findings
    }

    /// The name under which a configured field stands in a learner's `custom_fields`: `fields.cf_badge` is `cf_badge`,
    /// `utms.source` a part of `utms`.
    package static func bare(_ name: String) -> String {
        let name = name.hasPrefix("fields.") ? String(name.dropFirst("fields.".count)) : name
        return name.hasPrefix("utms.") ? "utms" : name
    }
}
