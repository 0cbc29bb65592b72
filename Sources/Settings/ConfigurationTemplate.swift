package import Platforms

/// The commented `registrar.yaml` that `init` writes: made from the same descriptions that the reader checks against.
package enum ConfigurationTemplate {
    /// The text of the file: the first kind as a source to fill in, the others as examples to uncomment.
    package static func yaml(kinds: [KindDescription] = PlatformRegistry.kinds) -> String {
        var lines = [
            "# Registrar: which schools to read, and the PostgreSQL database to keep current.",
            "# Values may use ${VAR} and ${file:/path}. Check this file with `registrar doctor`.",
            "",
            "warehouse:",
        ]
        lines += ConfigurationKeys.warehouse.map { commented($0, indent: "  ") }
        lines += ["", "sources:"]
        for (index, kind) in kinds.enumerated() {
            lines += source(kind, isExample: index > 0, kinds: kinds)
            // Kinds of one connector have the same options: they are told once.
            let isSame = index > 0 && names(of: kinds[index - 1]) == names(of: kind)
            lines += isSame ? ["    # options: as for \(kinds[index - 1].kind)"] : options(of: kind)
            lines.append("")
        }
        lines.append("# serve:")
        lines += ConfigurationKeys.serve.map { "#   \($0.name): \($0.example)\(help($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func names(of kind: KindDescription) -> [String] { kind.options.map(\.name) }

    private static func source(_ kind: KindDescription, isExample: Bool, kinds: [KindDescription]) -> [String] {
        let required = Set(["id", "kind", "url"] + (kind.credentialSets.first ?? []))
        let credentials = Set(["client_id", "client_secret", "api_key", "access_token"])
        let accepted = Set(kind.credentialSets.flatMap(\.self))
        var lines = ["  # \(kind.title)"]
        var isFirst = true
        for key in ConfigurationKeys.source where key.name != "options" {
            guard !credentials.contains(key.name) || accepted.isEmpty || accepted.contains(key.name) else { continue }
            if let nested = nested(key.name) {
                lines.append("    # \(key.name):\(help(key))")
                let offered = nested.filter { key.name != "scope" || kind.scope.members.contains($0.name) }
                lines += offered.map { "    #   \($0.name): \(example(of: $0, for: kind))\(help($0))" }
                continue
            }
            let isActive = required.contains(key.name) && !isExample
            let mark = isFirst ? "- " : "  "
            isFirst = false
            let start = isActive ? "  \(mark)" : (mark == "- " ? "  # - " : "    # ")
            let remark = key.name == "kind" ? "  # \(kinds.map(\.kind).joined(separator: ", "))" : help(key)
            lines.append("\(start)\(key.name): \(example(of: key, for: kind))\(remark)")
        }
        return lines
    }

    private static func options(of kind: KindDescription) -> [String] {
        guard !kind.options.isEmpty else { return [] }
        return ["    # options:  # every assumption about the platform that a site may need to change"]
            + kind.options.map { option in
                let value = option.defaultValue.map(OptionText.yaml) ?? OptionText.example(of: option.shape)
                return "    #   \(option.name): \(value)  # \(option.help)"
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

    private static func example(of key: KeyDescription, for kind: KindDescription) -> String {
        switch key.name {
        case "id": kind.kind == "grow" ? key.example : kind.kind
        case "kind": kind.kind
        case "requests_per_second": number(kind.defaultRequestsPerSecond)
        case "requests_per_day": kind.defaultRequestsPerDay.map(String.init) ?? key.example
        case "streams": "[\(kind.defaultStreams.joined(separator: ", "))]"
        case "custom_fields": kind.defaultCustomFields == CustomFieldsPolicy.none ? "none" : key.example
        default: key.example
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    }

    private static func commented(_ key: KeyDescription, indent: String) -> String {
        "\(indent)# \(key.name): \(key.example)\(help(key))"
    }

    private static func help(_ key: KeyDescription) -> String {
        key.defaultText.isEmpty ? "  # \(key.help)" : "  # \(key.help) (default: \(key.defaultText))"
    }
}
