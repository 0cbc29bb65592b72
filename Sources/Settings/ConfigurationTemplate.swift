package import Platforms

/// The commented `registrar.yaml` that `init` writes: made from the same descriptions that the reader checks against.
///
/// A commented line shows the default, or says that its value is an example.
package enum ConfigurationTemplate {
    /// The text of the file: one source to fill in.
    ///
    /// - Parameters:
    ///   - kind: The kind of the source, with every option it has; `nil` for the first of `kinds` and the least that each
    ///     of the others needs.
    ///   - kinds: The kinds there are.
    package static func yaml(kind: String? = nil, kinds: [KindDescription] = PlatformRegistry.kinds) -> String {
        let chosen = kinds.first { $0.kind == kind } ?? kinds.first
        var lines = [
            "# Registrar: which schools to read, and the PostgreSQL database to keep current.",
            "# Values may use ${VAR} and ${file:/path}. Check this file with `registrar doctor`.",
            "# What is commented out shows the default, or an example where it says so.",
            "",
            "warehouse:",
        ]
        lines += ConfigurationKeys.warehouse.map { "  # \($0.name): \($0.example)\(help($0, shown: $0.example))" }
        lines += ["", "sources:"]
        if let chosen {
            lines += source(chosen, kinds: kinds)
            if kind == nil {
                lines.append("    # options: `registrar init --kind \(chosen.kind) --config FILE` writes all of them")
            } else {
                lines += options(of: chosen)
            }
            lines.append("")
        }
        if kind == nil {
            for other in kinds where other.kind != chosen?.kind { lines += example(of: other) + [""] }
        }
        lines.append("# serve:")
        lines += ConfigurationKeys.serve.map { "#   \($0.name): \($0.example)\(help($0, shown: $0.example))" }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Sources

    private static let credentials: Set = ["client_id", "client_secret", "api_key", "access_token"]

    private static func source(_ kind: KindDescription, kinds: [KindDescription]) -> [String] {
        let required = required(kind)
        let accepted = Set(kind.credentialSets.flatMap(\.self))
        var lines = ["  # \(kind.title)"]
        for key in ConfigurationKeys.source where key.name != "options" {
            guard !credentials.contains(key.name) || accepted.isEmpty || accepted.contains(key.name) else { continue }
            if let nested = nested(key.name) {
                lines.append("    # \(key.name):  # \(key.help)")
                let offered = nested.filter { key.name != "scope" || kind.scope.members.contains($0.name) }
                lines += offered.map { "    #   \(line($0, kind))" }
            } else if key.name == "kind" {
                lines.append("    kind: \(kind.kind)  # \(kinds.map(\.kind).joined(separator: ", "))")
            } else if required.contains(key.name) {
                let start = key.name == "id" ? "  - " : "    "
                lines.append("\(start)\(key.name): \(value(of: key, for: kind))  # \(key.help)")
            } else {
                lines.append("    # \(line(key, kind))")
            }
        }
        return lines
    }

    /// The least that a source of the kind needs, commented out.
    private static func example(of kind: KindDescription) -> [String] {
        let required = required(kind)
        let keys = ConfigurationKeys.source.filter { required.contains($0.name) }
        return ["  # \(kind.title), as an example; `registrar init --kind \(kind.kind)` writes all that it accepts"]
            + keys.map { key in
                let mark = key.name == "id" ? "- " : "  "
                return "  # \(mark)\(key.name): \(key.name == "kind" ? kind.kind : value(of: key, for: kind))"
            }
    }

    private static func required(_ kind: KindDescription) -> Set<String> {
        Set(["id", "kind", "url"] + (kind.credentialSets.first ?? []))
    }

    private static func options(of kind: KindDescription) -> [String] {
        guard !kind.options.isEmpty else { return [] }
        return ["    # options:  # every assumption about the platform that a site may need to change"]
            + kind.options.map { option in
                switch option.standard {
                case .value(let value): "    #   \(option.name): \(OptionText.yaml(value))  # \(option.help)"
                case .none(let example):
                    "    #   \(option.name): \(OptionText.yaml(example))  # \(option.help) (example)"
                }
            }
    }

    /// The keys under a key of a source, where it has any.
    static func nested(_ key: String) -> [KeyDescription]? {
        switch key {
        case "learners": ConfigurationKeys.learners
        case "scope": ConfigurationKeys.scope
        case "deletions": ConfigurationKeys.deletions
        default: nil
        }
    }

    // MARK: Values

    private static func line(_ key: KeyDescription, _ kind: KindDescription) -> String {
        if let value = defaultByKind(key, kind) { return "\(key.name): \(value)  # \(key.help)" }
        let value = value(of: key, for: kind)
        return "\(key.name): \(value)\(help(key, shown: value))"
    }

    /// What the kind itself decides.
    private static func defaultByKind(_ key: KeyDescription, _ kind: KindDescription) -> String? {
        switch key.name {
        case "requests_per_second": number(kind.defaultRequestsPerSecond)
        case "requests_per_day": kind.defaultRequestsPerDay.map(String.init)
        case "streams": "[\(kind.defaultStreams.joined(separator: ", "))]"
        case "custom_fields": kind.defaultCustomFields == CustomFieldsPolicy.none ? "none" : "all"
        default: nil
        }
    }

    /// An example of the kind's own: no source of one platform shows the address or the secret of another's.
    private static func value(of key: KeyDescription, for kind: KindDescription) -> String {
        guard kind.kind != "grow" else { return key.example }
        let variable = kind.kind.uppercased()
        return switch key.name {
        case "id": kind.kind
        case "url": "https://\(kind.kind).example.org"
        case "client_secret": "${\(variable)_SECRET}"
        case "api_key": "${\(variable)_KEY}"
        case "access_token": "${\(variable)_TOKEN}"
        default: key.example
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    }

    /// The help behind a commented value; one that is not the default is an example.
    private static func help(_ key: KeyDescription, shown: String) -> String {
        guard key.defaultText != shown else { return "  # \(key.help)" }
        let isOfKind = key.defaultText.isEmpty || key.defaultText == "by kind"
        return "  # \(key.help) (example\(isOfKind ? "" : "; default: \(key.defaultText)"))"
    }
}
