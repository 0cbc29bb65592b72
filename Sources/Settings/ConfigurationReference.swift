package import Platforms

/// The reference of `registrar.yaml` for the documentation, in Markdown.
package enum ConfigurationReference {
    /// Every key, then what each kind offers and every option of it.
    package static func markdown(kinds: [KindDescription] = PlatformRegistry.kinds) -> String {
        var lines: [String] = []
        lines += table("`warehouse`", ConfigurationKeys.warehouse)
        lines += table("An entry of `sources`", ConfigurationKeys.source)
        for key in ConfigurationKeys.source {
            if let nested = ConfigurationTemplate.nested(key.name) {
                lines += table("`\(key.name)` of a source", nested)
            }
        }
        lines += table("`serve`", ConfigurationKeys.serve)
        for kind in kinds { lines += describe(kind) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The table of a kind's options, a line each.
    package static func options(of kind: KindDescription) -> [String] {
        ["| option | values | default | meaning |", "|---|---|---|---|"]
            + kind.options.map { option in
                let standard =
                    switch option.standard {
                    case .value(let value): "`\(OptionText.yaml(value))`"
                    case .none(let example): "none; for example `\(OptionText.yaml(example))`"
                    }
                let cells = [OptionText.values(of: option), standard, option.help].map(cell)
                return "| `\(option.name)` | \(cells.joined(separator: " | ")) |"
            }
    }

    private static func table(_ title: String, _ keys: [KeyDescription]) -> [String] {
        ["### \(title)", "", "| key | default | meaning |", "|---|---|---|"]
            + keys.map { "| `\($0.name)` | \(cell($0.defaultText)) | \(cell($0.help)) |" } + [""]
    }

    private static func describe(_ kind: KindDescription) -> [String] {
        let extra = kind.streams.filter { !kind.defaultStreams.contains($0) }
        var lines = [
            "### Kind `\(kind.kind)`: \(cell(kind.title))", "",
            "Streams on by default: \(kind.defaultStreams.joined(separator: ", "))."
                + (extra.isEmpty ? "" : " On when named: \(extra.joined(separator: ", "))."),
            "A `scope` may name: \(kind.scope.members.joined(separator: ", ")).",
            "Credentials: \(kind.credentialSets.map { $0.joined(separator: " and ") }.joined(separator: ", or ")).",
        ]
        if !kind.options.isEmpty { lines += [""] + options(of: kind) }
        return lines + [""]
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
